/** Reports the results of fuzzing a parser. */
import type { Word } from './worker.ts';

/** Time may grow that many times faster than length: measurements are rough, and caches are finite. */
export const MOST_GROWTH = 2.5;
/** The longest excerpt of a text, in UTF-16 units. */
const SHOWN = 200;

export function reportLines({ name, result, growth }: Extract<Word, { kind: 'ended' }>): {
  lines: string[];
  failed: boolean;
} {
  const { strings, taken, exceptions, thrown, slowest } = result;
  const isSlow = growth !== null && growth.factor > MOST_GROWTH;
  const failed = exceptions > 0 || isSlow;
  const time = slowest === null ? '' : `, at most ${(slowest.nanoseconds / 1_000).toFixed(2)} µs a character`;
  const grows = growth === null ? 'too quick to tell' : `${growth.factor.toFixed(2)} of linear`;
  const lines = [
    `${failed ? 'FAILED' : 'fine  '}  ${name.padEnd(36)} ${strings.toLocaleString('en-US').padStart(7)} strings, ` +
      `${Math.round((100 * taken) / strings)}% taken, ${exceptions} exceptions${time}; growth: ${grows}`,
    ...thrown.flatMap(({ text, error }) => [`          ${shown(text)}`, ...error.split('\n').slice(0, 4)]),
    ...(isSlow ? [`          grows with ${shown(growth.unit)} behind ${shown(growth.head)}`] : []),
  ];
  return { lines, failed };
}

function shown(text: string): string {
  const whole = JSON.stringify(text);
  return whole.length > SHOWN ? `${whole.slice(0, SHOWN)}… (${text.length} characters)` : whole;
}
