import { type Grammar, type KnownOption, NAMES_COMMAND, type Value } from './grammar.ts';

/** A script that bash sources. */
export function bashScript({ flags, options, commands }: Grammar): string {
  const names = commands.map(({ name }) => name);
  return `# Completion of pinwheel for bash: source <(pinwheel completion bash)
_pinwheel() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= word
  local IFS=$'\\n' flags=$'${flags.join('\\n')}'
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      ${names.join('|')}) command=$word; break ;;
    esac
  done
  case $command:$previous in
${commands.flatMap(({ name, options }) => options.flatMap((option) => afterOption(name, option))).join('\n')}
  esac
  case $command in
    '') COMPREPLY=(${words([...names, ...options.flatMap(namesOf)])}) ;;
${commands
  .map(({ name, options, value }) => {
    const own = words(options.flatMap(namesOf));
    const free = replies(value);
    return `    ${name}) if [[ $current == -* ]]; then COMPREPLY=(${own}); ${free ? `else ${free}; ` : ''}fi ;;`;
  })
  .join('\n')}
  esac
}
complete -F _pinwheel pinwheel
`;
}

function namesOf({ short, long }: KnownOption): string[] {
  return short === null ? [long] : [short, long];
}

/** What completes the word after an option that takes one. */
function afterOption(command: string, option: KnownOption): string[] {
  if (option.value.kind === 'none') return [];
  const pattern = namesOf(option)
    .map((name) => `${command}:${name}`)
    .join('|');
  return [`    ${pattern}) ${[replies(option.value), 'return'].filter(Boolean).join('; ')} ;;`];
}

function replies(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `COMPREPLY=(${words(value.words)})`;
    case 'flag':
      return 'COMPREPLY=($(compgen -W "$flags" -- "$current"))';
    case 'package':
      return `COMPREPLY=($(compgen -W "$(command pinwheel ${NAMES_COMMAND} 2>/dev/null)" -- "$current"))`;
    case 'file':
      return 'compopt -o filenames; COMPREPLY=($(compgen -f -- "$current"))';
    case 'folder':
      return 'compopt -o filenames; COMPREPLY=($(compgen -d -- "$current"))';
    default:
      return '';
  }
}

/** The words are Pinwheel's own names: no character in them is special to a shell. */
function words(list: readonly string[]): string {
  return `$(compgen -W $'${list.join('\\n')}' -- "$current")`;
}
