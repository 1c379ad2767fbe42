import type { Screen } from './screen.ts';
import { printable, wrap } from './text.ts';

/** Names listed before the rest is only counted. */
const MOST_NAMES = 24;

/** A label and what it counts, in a few lines; none where there is nothing. */
export function nameLines(label: string, names: readonly string[], { columns, colors }: Screen): string[] {
  if (names.length === 0) return [];
  const more = names.length - MOST_NAMES;
  const listed = names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
  const lines = columns === null ? [printable(listed)] : wrap(printable(listed), Math.max(20, columns - 2));
  return [`${colors.bold(label)} (${names.length})`, ...lines.map((line) => `  ${line}`)];
}
