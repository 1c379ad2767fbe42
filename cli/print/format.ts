/** Formats labelled values, lists of names and sections. */
import { listed } from '../../resolver/text/listed.ts';
import { visible, wrap } from '../common/text.ts';
import type { Screen } from './screen.ts';

export interface Field {
  label: string;
  value: string;
  /** Below the value, dimmed. */
  reason?: string;
}

/** Labelled values, one below the other. */
export function fieldLines(fields: readonly Field[], { columns, colors }: Screen): string[] {
  const indent = Math.max(...fields.map(({ label }) => label.length)) + 2;
  const broken = (text: string) =>
    columns === null ? [visible(text)] : wrap(visible(text), Math.max(20, columns - indent));
  return fields.flatMap(({ label, value, reason }) => [
    ...broken(value).map(
      (line, at) => (at === 0 ? colors.dim(label.padEnd(indent)) : ' '.repeat(indent)) + line,
    ),
    ...(reason === undefined ? [] : broken(reason).map((line) => ' '.repeat(indent) + colors.dim(line))),
  ]);
}

/** At most this many names are listed; the rest are counted. */
const MOST_NAMES = 24;

/** A label, a count and names, in a few lines; empty if there are no names. */
export function nameLines(label: string, names: readonly string[], { columns, colors }: Screen): string[] {
  if (names.length === 0) return [];
  const text = visible(listed(names, MOST_NAMES));
  const lines = columns === null ? [text] : wrap(text, Math.max(20, columns - 2));
  return [`${colors.bold(label)} (${names.length})`, ...lines.map((line) => `  ${line}`)];
}

/** Sections that have lines, with an empty line between two. */
export function joinSections(sections: readonly (readonly string[])[]): string[] {
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, at) => (at > 0 ? ['', ...lines] : [...lines]));
}
