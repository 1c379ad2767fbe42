/** `pinwheel completion`: a script by which a shell completes command lines. It asks this program what may follow. */
import type { Command } from 'commander';
import type { Catalog, PackageSet } from '../../resolver/index.ts';
import { openBackend } from '../ask/backend.ts';
import { readPackageJson } from '../common/package-root.ts';
import { print, printText } from '../print/print.ts';
import { terminal } from '../print/progress.ts';
import { output } from '../print/table.ts';
import { readQuestion } from '../project/question.ts';

/** Each asks with the words of the line so far. The replies are words with descriptions, `:file` or `:folder`. */
const SCRIPTS = {
  bash: `# Completion of pinwheel for bash: source <(pinwheel completion bash)
_pinwheel() {
  local current=\${COMP_WORDS[COMP_CWORD]} word rest
  COMPREPLY=()
  while IFS=$'\\t' read -r word rest; do
    local IFS=$'\\n'
    case $word in
      :file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")) ;;
      :folder) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")) ;;
      *) COMPREPLY+=("$word") ;;
    esac
  done < <(command pinwheel __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _pinwheel pinwheel
`,
  zsh: `#compdef pinwheel
# Completion of pinwheel for zsh: source <(pinwheel completion zsh)
_pinwheel() {
  local -a lines replies
  local line
  lines=(\${(f)"$(command pinwheel __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  case $lines[1] in
    :file) _files; return ;;
    :folder) _files -/; return ;;
  esac
  for line in $lines; do replies+=("\${line%%$'\\t'*}:\${line#*$'\\t'}"); done
  _describe pinwheel replies
}
if [[ $funcstack[1] == _pinwheel ]]; then _pinwheel "$@"; else compdef _pinwheel pinwheel; fi
`,
  fish: `# Completion of pinwheel for fish: pinwheel completion fish | source
function __pinwheel_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l replies (command pinwheel __complete -- $words[2..-1] "$current" 2>/dev/null)
  switch "$replies[1]"
    case :file
      __fish_complete_path "$current"
    case :folder
      __fish_complete_directories "$current"
    case '*'
      printf '%s\\n' $replies
  end
end
complete -c pinwheel -f -a '(__pinwheel_complete)'
`,
};

export function completionCommand(shell: keyof typeof SCRIPTS): void {
  printText(SCRIPTS[shell]);
}

/** Words with descriptions, or what a shell completes by itself. */
type Replies = 'file' | 'folder' | readonly (readonly [word: string, description: string])[];

export async function completeCommand(program: Command, words: readonly string[]): Promise<void> {
  output.detail = 'answer';
  const [current = '', ...before] = words.toReversed();
  const replies = await repliesTo(program, before.toReversed(), current.startsWith('-'));
  if (typeof replies === 'string') return print([`:${replies}`]);
  const fitting = replies.filter(([word]) => word.startsWith(current));
  print(fitting.map(([word, description]) => `${word}\t${description}`));
}

async function repliesTo(program: Command, before: readonly string[], isOption: boolean): Promise<Replies> {
  const commands = program.createHelp().visibleCommands(program);
  const names = commands.map((command) => [command.name(), command.summary()] as const);
  const [command] = before.flatMap((word) => commands.find((known) => known.name() === word) ?? []);
  const options = program.createHelp().visibleOptions(command ?? program);
  const described = options.flatMap(({ short, long, description }) =>
    [short, long].flatMap((name) => (name ? [[name, description] as const] : [])),
  );
  if (!command) return [...names, ...described];
  const previous = options.find(({ short, long }) => [short, long].includes(before.at(-1)));
  if (previous?.required) return valuesOf(previous.argChoices, /<(.*)>$/.exec(previous.flags)?.[1]);
  if (isOption) return described;
  const [argument] = command.registeredArguments;
  if (argument?.name() === 'command') return names;
  return valuesOf(argument?.argChoices, argument?.name());
}

/** The values of an option or an argument, by those that it has, or by the kind that its usage names. */
async function valuesOf(choices: readonly string[] | undefined, kind = ''): Promise<Replies> {
  if (choices) return plain(choices);
  if (kind === 'file' || kind === 'folder') return kind;
  if (kind === 'path') return 'file';
  if (kind === 'flag') return plain(knownFlags());
  return ['requirement', 'package', 'query'].includes(kind) ? plain(await packageNames()) : [];
}

const plain = (words: readonly string[]): Replies => words.map((word) => [word, '']);

/** The package flags, and workerd's flags that are about Python; workerd has too many others. */
function knownFlags(): string[] {
  const { flags, sets } = readPackageJson('data/catalog.json') as Catalog;
  const current = flags.filter(({ withdrawn, field }) => withdrawn === null && /python/i.test(field));
  const names = current.flatMap(({ enable, disable }) => [enable, disable]).filter((name) => name !== null);
  return [...new Set([...names, ...sets.map(({ flag }) => flag)])];
}

/** The names of the packages of the project's package set, or of all sets if there is no project. */
async function packageNames(): Promise<string[]> {
  const flag = await projectSet().catch(() => null);
  const { sets } = readPackageJson('data/catalog.json') as Catalog;
  const flags = flag === null ? sets.map((set) => set.flag) : [flag];
  const names = flags.flatMap((flag) => {
    const { packages } = readPackageJson(`data/sets/${flag}.json`) as PackageSet;
    return packages.map(({ name }) => name);
  });
  return [...new Set(names)].sort();
}

async function projectSet(): Promise<string> {
  const { pinwheel } = await openBackend({ listener: terminal });
  const question = await readQuestion({ flag: [], format: 'table', listener: terminal });
  return (await pinwheel.target(question)).package_set.flag;
}
