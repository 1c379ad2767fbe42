/** Issues and diagnostics as lines: a severity, a message, and below them a fix. */

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
import { optionOf } from '../../resolver/question/fields.ts';
import type { LocatedIssue } from '../common/failure.ts';
import type { Remark } from '../common/listener.ts';
import { visible, wrap } from '../common/text.ts';
import type { Screen } from './table.ts';

export function issueLines(
  issues: readonly Pick<LocatedIssue, 'message' | 'fix' | 'fixes' | 'where'>[],
  screen: Screen,
): string[] {
  return issues.flatMap((issue) => [
    ...messageLines('error', issue.message, screen),
    ...(issue.where ? [`  in:  ${visible(issue.where)}`] : []),
    ...fixLines(fixOf(issue), screen),
  ]);
}

export function diagnosticLines(remarks: readonly Remark[], screen: Screen): string[] {
  return remarks.flatMap((remark) => [
    ...messageLines(remark.severity, remark.message, screen),
    ...fixLines(fixOf(remark), screen),
  ]);
}

/**
 * A message may show a position in the input below it, so its line ends stay, and the lines after the first are
 * indented.
 */
function messageLines(severity: Remark['severity'], message: string, { columns, colors }: Screen): string[] {
  const paint = { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
  const label = `${severity}: `;
  const [first = '', ...excerpt] = message.split('\n').map(visible);
  const [start = '', ...rest] = columns === null ? [first] : wrap(first, columns - label.length);
  return [
    paint(colors.bold(label)) + start,
    ...rest.map((line) => ' '.repeat(label.length) + line),
    ...excerpt.map((line) => `  ${line}`.trimEnd()),
  ];
}

function fixLines(fix: string | null, { columns, colors }: Screen): string[] {
  if (fix === null) return [];
  const label = '  fix: ';
  const lines = fix
    .split('\n')
    .flatMap((line) => (columns === null ? [visible(line)] : wrap(visible(line), columns - label.length)));
  return lines.map((line, at) => (at === 0 ? colors.green(label) : ' '.repeat(label.length)) + line);
}

const COMMAND_WORDS: FixWords = {
  ...WIRE_WORDS,
  use_index: (fix) =>
    `${indexMayHave(fix)} ${fix.packages.length === 0 ? '--index for PyPI, or --index-url URL' : optionsOf(fix)}.`,
  take_from_index: (fix) => `${letCount(fix)} ${optionsOf(fix)}.`,
  vendor: ({ package_flag, simple_index }) =>
    `Run pinwheel vendor --flag ${package_flag} with your requirements${orPywrangler(simple_index)}.`,
};

function optionsOf(fix: FixOf<'use_index' | 'take_from_index'>): string {
  return membersOf(fix)
    .map(([field, value]) => (value === null ? '--index' : `${optionOf(field)} ${value}`))
    .join(' ');
}

/** What a remark or an issue says to do. Remarks of a command itself have only its words. */
export function fixOf({
  fix,
  fixes,
}: {
  fix: string | null;
  fixes?: readonly Fix[] | undefined;
}): string | null {
  if (fixes === undefined) return fix;
  // Advice after another fix is a line of its own: how to give on a command line what the first one asks for.
  const end = fixes.findIndex(({ kind }, at) => at > 0 && kind === 'advice');
  const lines = end < 0 ? [fixes] : [fixes.slice(0, end), fixes.slice(end)];
  return lines.flatMap((line) => sayFixes(line, COMMAND_WORDS) ?? []).join('\n') || null;
}
