/** The scripts by which shells complete command lines. */
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

const PACKAGES = `'(command pinwheel ${NAMES_COMMAND} 2>/dev/null)'`;

/** A script that fish sources. */
export function fishScript({ flags, options, commands }: Grammar): string {
  const lines = [
    '# Completion of pinwheel for fish: pinwheel completion fish | source',
    `set -g __pinwheel_flags ${flags.join(' ')}`,
    'complete -c pinwheel -f',
    ...options.map((option) => `complete -c pinwheel -n __fish_use_subcommand ${optionOf(option)}`),
  ];
  for (const { name, summary, options, value } of commands) {
    const inside = `complete -c pinwheel -n '__fish_seen_subcommand_from ${name}'`;
    lines.push(`complete -c pinwheel -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`);
    if (value.kind === 'words') lines.push(`${inside} -a ${quote(value.words.join(' '))}`);
    if (value.kind === 'file') lines.push(`${inside} -F`);
    if (value.kind === 'package') lines.push(`${inside} -a ${PACKAGES}`);
    for (const option of options) lines.push(`${inside} ${optionOf(option)}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function optionOf({ short, long, description, value }: KnownOption): string {
  const names = `${short === null ? '' : `-s ${short.slice(1)} `}-l ${long.slice(2)}`;
  return `${names} ${valueAfter(value)}-d ${quote(description)}`;
}

function valueAfter(value: Value): string {
  switch (value.kind) {
    case 'none':
      return '';
    case 'words':
      return `-x -a ${quote(value.words.join(' '))} `;
    case 'flag':
      return "-x -a '$__pinwheel_flags' ";
    case 'package':
      return `-x -a ${PACKAGES} `;
    case 'file':
      return '-r -F ';
    case 'folder':
      return "-x -a '(__fish_complete_directories)' ";
    case 'text':
      return '-x ';
  }
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** A script that zsh sources, or loads as a function from `fpath`. */
export function zshScript({ flags, options, commands }: Grammar): string {
  const described = commands.map(({ name, summary }) => quotedForZsh(`${name}:${summary}`));
  return `#compdef pinwheel
# Completion of pinwheel for zsh: source <(pinwheel completion zsh)
_pinwheel() {
  local -a commands flags
  flags=(${flags.join(' ')})
  commands=(
${described.map((line) => `    ${line}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe -t commands command commands
    _arguments ${options.flatMap(optionSpecs).join(' ')}
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands
  .map(({ name, options, value }) => {
    const specs = [...options.flatMap(optionSpecs), ...argumentSpecs(value)];
    return `    ${name})\n      _arguments -s \\\n${specs.map((spec) => `        ${spec}`).join(' \\\n')} ;;`;
  })
  .join('\n')}
  esac
}
if [[ $funcstack[1] == _pinwheel ]]; then _pinwheel "$@"; else compdef _pinwheel pinwheel; fi
`;
}

/** `'(-r --requirements)'{-r,--requirements}'[what it does]:file:_files'`, one for each name. */
function optionSpecs({ short, long, description, value, repeatable }: KnownOption): string[] {
  const names = short === null ? [long] : [short, long];
  const exclusive = repeatable ? '*' : `(${names.join(' ')})`;
  const explained = description.replace(/[\\[\]:]/g, '\\$&');
  return names.map((name) => quotedForZsh(`${exclusive}${name}[${explained}]${action(value)}`));
}

function argumentSpecs(value: Value): string[] {
  return value.kind === 'none' ? [] : [quotedForZsh(`*${action(value)}`)];
}

function action(value: Value): string {
  switch (value.kind) {
    case 'none':
      return '';
    case 'words':
      return `:value:(${value.words.join(' ')})`;
    case 'flag':
      return ':flag:{ compadd -a flags }';
    case 'package':
      return `:package:{ compadd -- \${(f)"$(command pinwheel ${NAMES_COMMAND} 2>/dev/null)"} }`;
    case 'file':
      return ':file:_files';
    case 'folder':
      return ':folder:_files -/';
    case 'text':
      return ':value:()';
  }
}

function quotedForZsh(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
