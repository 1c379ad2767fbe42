/** Text for a terminal. */
import { LARGEST_WORKER } from '../../resolver/closure/sizes.ts';
import { FIRST_DATE } from '../../resolver/compatibility/date.ts';
import type { DateRange } from '../../resolver/time/answers.ts';

export { visible } from '../../resolver/text/printable.ts';

export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Breaks printable text between words into lines of at most `width`. A longer word is on its own line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The different values, by their JSON. */
export function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** `1 package`, `1,204 packages`. */
export function count(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** `1,204`: without Intl, whose first use takes 12 ms. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `512 B`, `3.4 kB`, `12 MB`: powers of a thousand, two digits at least. */
export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = size;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `from D on`, `until D`, `from D to E`, `on D` or `at every date`. A period until `asOf` has no end. */
export function datesOf({ from, to }: DateRange, asOf: string): string {
  if (to === asOf) return from === FIRST_DATE ? 'at every date' : `from ${from} on`;
  if (from === FIRST_DATE) return `until ${to}`;
  return from === to ? `on ${from}` : `from ${from} to ${to}`;
}

/** The size that a Worker may have. */
export const WORKER_LIMIT = `${LARGEST_WORKER / 1024 / 1024} MiB (${bytes(LARGEST_WORKER)})`;

/** `3.2 MB`, `45 kB and 2 files of unknown size` or `of unknown size`. */
export function sizeOf(sizes: readonly (number | null)[]): string {
  const known = sizes.filter((size) => size !== null);
  const unknown = sizes.length - known.length;
  const sum = bytes(known.reduce((total, size) => total + size, 0));
  if (unknown === 0) return sum;
  return known.length === 0 ? 'of unknown size' : `${sum} and ${count(unknown, 'file')} of unknown size`;
}
