/** Fuzzes one parser after the other in a thread, which can be terminated if it hangs. */
import { parentPort, workerData } from 'node:worker_threads';
import { fuzz, type Result } from './fuzz.ts';
import { type Growth, measureOf, worstGrowth } from './growth.ts';
import { parsers } from './parsers.ts';
import { MOST_GROWTH } from './report.ts';

/** A task: so many strings for a parser. */
export interface Task {
  name: string;
  strings: number;
}

export type Word =
  | { kind: 'ready' }
  /** Progress in the strings, or with null in measuring growth. */
  | { kind: 'progress'; name: string; done: number | null }
  | { kind: 'ended'; name: string; result: Result; growth: Growth | null };

const { seed } = workerData as { seed: number };
const port = parentPort!;
const say = (word: Word) => port.postMessage(word);

port.on('message', async ({ name, strings }: Task) => {
  const parser = parsers.find((candidate) => candidate.name === name)!;
  const result = await fuzz(parser, seed, strings, (done) => say({ kind: 'progress', name, done }));
  const measure = () =>
    worstGrowth(parser, seed, measureOf(parser), () => say({ kind: 'progress', name, done: null }));
  let growth = await measure();
  // Other work on the machine makes a text take longer, never shorter.
  for (let again = 0; again < 2 && growth !== null && growth.factor > MOST_GROWTH; again++) {
    const next = await measure();
    if (next === null || next.factor < growth.factor) growth = next;
  }
  say({ kind: 'ended', name, result, growth });
});
say({ kind: 'ready' });
