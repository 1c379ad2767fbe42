/** Issues and diagnostics as lines: a severity, a message, and below them a fix. */
import type { LocatedIssue } from '../common/failure.ts';
import type { Remark } from '../common/listener.ts';
import { visible, wrap } from '../common/text.ts';
import { fixOf } from './fixes.ts';
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
