/** Issues, remarks and findings as lines: a severity, a message, and below them a fix. */

import type { Fix } from '../../resolver/issues/fix.ts';
import {
  type FixOf,
  type FixWords,
  indexMayHave,
  letCount,
  membersOf,
  orPywrangler,
  sayFixes,
  WIRE_WORDS,
} from '../../resolver/issues/fixes.ts';
import type { Finding } from '../../resolver/python/index.ts';
import { optionOf } from '../../resolver/question/fields.ts';
import { shellWord } from '../../resolver/text/printable.ts';
import type { Remark } from '../common/listener.ts';
import { visible } from '../common/text.ts';
import { hanging, type Screen } from './table.ts';
import { commandIn } from './words.ts';

/** Remarks on delivery, which only a full answer has. */
const DETAILS = new Set(['packages_not_in_runtime', 'archives_not_wheels', 'not_vendored', 'files_left_out']);

/** A remark or an issue, told beside an answer. `where`: the file and line that an issue comes from. */
export type Aside = Remark & { code?: string; where?: string };

export function diagnosticLines(remarks: readonly Aside[], screen: Screen): string[] {
  const { detail = 'short' } = screen;
  const shown = remarks.filter(({ severity, code }) => {
    if (severity === 'error' || detail === 'full') return true;
    return detail === 'short' && !DETAILS.has(code ?? '');
  });
  return shown.flatMap((remark) => [
    ...messageLines(remark.severity, remark.message, screen),
    ...(remark.where ? hanging('  in:  ', 7, remark.where, screen.columns) : []),
    ...fixLines(fixOf(remark), screen),
  ]);
}

/**
 * An empty line comes before the next file.
 * @param home the folder of the project
 */
export function findingsLines(findings: readonly Finding[], screen: Screen, home = '.'): string[] {
  return findings.flatMap((finding, at) => [
    ...(at > 0 && findings[at - 1]!.path !== finding.path ? [''] : []),
    ...findingLines(finding, screen, home),
  ]);
}

function findingLines(finding: Finding, screen: Screen, home: string): string[] {
  const { path, line, column, severity, message } = finding;
  const { columns, colors } = screen;
  const paint = { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
  const label = `  ${severity}: `;
  const [first = '', ...more] = message.split('\n');
  // On a narrow terminal, the position is on its own line.
  return [
    colors.bold(`${visible(path)}:${line}:${column}`),
    ...hanging(label.replace(/\w+:/, paint), label.length, first, columns),
    ...more.flatMap((line) => hanging('    ', 4, line, columns)),
    ...fixLines(fixOf(finding, home), screen),
  ];
}

/** A message may show a position in the input below it, so its line ends stay. The lines after the first are indented. */
function messageLines(severity: Remark['severity'], message: string, { columns, colors }: Screen): string[] {
  const paint = { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
  const label = `${severity}: `;
  const [first = '', ...excerpt] = message.split('\n');
  const isPointedAt = excerpt.some((line) => line.trim() === '^');
  return [
    ...hanging(paint(colors.bold(label)), label.length, first, columns),
    ...excerpt.flatMap((line) =>
      isPointedAt || /^(?:\s|$)/.test(line)
        ? `  ${visible(line)}`.trimEnd()
        : hanging('  ', 4, line, columns),
    ),
  ];
}

/** A command or code after a colon keeps its lines, so that it can be copied. */
export function fixLines(fix: string | null, { columns, colors }: Screen): string[] {
  const label = '  fix: ';
  let isCopied = false;
  return (fix?.split('\n') ?? []).flatMap((line, at, lines) => {
    isCopied = lines[at - 1]?.endsWith(':') || (isCopied && CODE.test(line));
    const start = at === 0 ? colors.green(label) : ' '.repeat(label.length);
    return hanging(isCopied ? '' : start, isCopied ? 0 : label.length, line, isCopied ? null : columns);
  });
}

/** How lines of Python or TOML begin that follow others. */
const CODE = /^(?:\s|async |class |from |\w+ = )/;

/** The options of this program that have the same names in texts and in `pinwheel-py/project`. */
const OPTIONS = new Set(['bucket', 'config', 'env', 'force', 'index', 'place', 'registry', 'timeout', 'to']);
/** The others, by their names there. */
const OTHER_OPTIONS: Readonly<Record<string, string>> = {
  extras: '--extra',
  findLinks: '--find-links',
  flags: '--flag',
  pyodide: '--pyodide',
  requirements: '-r',
  set: '--set',
};

/** A text with each `name` of an option, or `name=value`, as it is written on a command line. */
const withOptions = (text: string): string =>
  text.replace(/`(\w+)(?:=([^`]*))?`/g, (written, name: string, value?: string) => {
    const option = OPTIONS.has(name) ? `--${name}` : OTHER_OPTIONS[name];
    if (option === undefined || value === undefined) return option ?? written;
    // Quotes are there already for the empty value.
    const word = value === '""' ? value : shellWord(value);
    return `${name === 'index' ? optionOf(name) : option} ${word}`;
  });

/** @param home the folder in which to run commands of this program */
const commandWords = (home: string): FixWords => ({
  ...WIRE_WORDS,
  use_index: (fix) =>
    `${indexMayHave(fix)} ${fix.packages.length === 0 && !fix.urls ? '--index for PyPI, or --index-url URL' : optionsOf(fix)}.`,
  take_from_index: (fix) => `${letCount(fix)} ${optionsOf(fix)}.`,
  vendor: ({ package_flag, simple_index }) =>
    `Run pinwheel vendor --flag ${package_flag} with your requirements${orPywrangler(simple_index)}.`,
  advice: ({ text }) => withOptions(text),
  run_command: ({ command, text }) => withOptions(text).replace(command, () => commandIn(command, home)),
});

/** The options that apply a fix. */
export function optionsOf(fix: FixOf<'use_index' | 'take_from_index'>): string {
  return membersOf(fix)
    .map(([field, value]) => (value === null ? '--index' : `${optionOf(field)} ${shellWord(value)}`))
    .join(' ');
}

/** The fix of a remark or an issue. Remarks of a command itself have only its words. */
export function fixOf(
  { fix, fixes }: { fix: string | null; fixes?: readonly Fix[] | undefined },
  home = '.',
): string | null {
  if (fixes === undefined) return fix;
  // Advice after another fix is a line of its own: how to give on a command line what the first one asks for.
  const end = fixes.findIndex(({ kind }, at) => at > 0 && kind === 'advice');
  const words = commandWords(home);
  const lines = end < 0 ? [fixes] : [fixes.slice(0, end), fixes.slice(end)];
  return lines.flatMap((line) => sayFixes(line, words) ?? []).join('\n') || null;
}
