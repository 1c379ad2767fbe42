/** What pip answered to the lists of some seeds (test/fixtures/pip-answers.jsonl.gz). */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';

const FILE = new URL('../../fixtures/pip-answers.jsonl.gz', import.meta.url);

/** By seed: `name==version` of each package, or null if pip found no answer. */
export type PipAnswers = Map<number, string[] | null>;

export function readPipAnswers(): PipAnswers {
  const lines = existsSync(FILE) ? gunzipSync(readFileSync(FILE)).toString().split('\n') : [];
  const answers: { seed: number; answer: string[] | null }[] = lines
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return new Map(answers.map(({ seed, answer }) => [seed, answer]));
}

export function writePipAnswers(answers: PipAnswers): void {
  const lines = [...answers].sort(([a], [b]) => a - b);
  const text = lines.map(([seed, answer]) => `${JSON.stringify({ seed, answer })}\n`).join('');
  writeFileSync(FILE, gzipSync(text, { level: 9 }));
}
