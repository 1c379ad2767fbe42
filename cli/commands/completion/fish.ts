import { type Grammar, type KnownOption, NAMES_COMMAND, type Value } from './grammar.ts';

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
