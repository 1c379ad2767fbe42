import type { Screen } from './screen.ts';
import { printable, wrap } from './text.ts';

export interface Field {
  label: string;
  value: string;
  /** Below the value, in a quieter tone. */
  reason?: string;
}

/** Labelled values below each other. */
export function fieldLines(fields: readonly Field[], { columns, colors }: Screen): string[] {
  const indent = Math.max(...fields.map(({ label }) => label.length)) + 2;
  const broken = (text: string) =>
    columns === null ? [printable(text)] : wrap(printable(text), Math.max(20, columns - indent));
  return fields.flatMap(({ label, value, reason }) => [
    ...broken(value).map(
      (line, at) => (at === 0 ? colors.dim(label.padEnd(indent)) : ' '.repeat(indent)) + line,
    ),
    ...(reason === undefined ? [] : broken(reason).map((line) => ' '.repeat(indent) + colors.dim(line))),
  ]);
}
