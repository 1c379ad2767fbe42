import { type Grammar, type KnownOption, NAMES_COMMAND, type Value } from './grammar.ts';

/** A script that zsh sources, or loads as a function from `fpath`. */
export function zshScript({ flags, options, commands }: Grammar): string {
  const described = commands.map(({ name, summary }) => quote(`${name}:${summary}`));
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
  return names.map((name) => quote(`${exclusive}${name}[${explained}]${action(value)}`));
}

function argumentSpecs(value: Value): string[] {
  return value.kind === 'none' ? [] : [quote(`*${action(value)}`)];
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

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
