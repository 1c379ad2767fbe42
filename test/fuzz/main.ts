/**
 * `npm run fuzz [-- --seed N] [--strings N] [PARSER…]`: a million hostile strings through everything that reads
 * external text. Prints the measurements, and exits with 1 if a parser throws something that is not its own error, if
 * time is not linear, or if a string takes a minute.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { USUAL_SEED } from './parser.ts';
import { parsers } from './parsers.ts';
import { reportLines } from './report.ts';
import type { Task, Word } from './worker.ts';

const LONGEST_SILENCE_MS = 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, strings: { type: 'string', default: '1000000' } },
});
const seed = Number(values.seed ?? USUAL_SEED);
const total = Number(values.strings);
const chosen = parsers.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (chosen.length === 0 || !Number.isSafeInteger(seed) || !Number.isSafeInteger(total)) {
  console.error(`npm run fuzz [-- --seed N] [--strings N] [${parsers.map(({ name }) => name).join(' | ')}]`);
  process.exit(2);
}

const shares = chosen.reduce((sum, { share }) => sum + share, 0);
const tasks = chosen.map(({ name, share }): Task => ({ name, strings: Math.ceil((total * share) / shares) }));
console.log(
  `seed ${seed}, ${tasks.reduce((sum, { strings }) => sum + strings, 0).toLocaleString('en-US')} strings`,
);

let failures = 0;
const started = performance.now();
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(`${failures === 0 ? 'nothing to complain of' : `${failures} parsers failed`}, in ${seconds} s`);
process.exit(failures > 0 ? 1 : 0);

/** A thread that runs one task after the other; one that hangs is replaced. */
async function work(): Promise<void> {
  while (tasks.length > 0) {
    const hung = await runThread();
    if (hung === null) continue;
    failures++;
    console.log(hung);
  }
}

function runThread(): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('worker.ts', import.meta.url), { workerData: { seed } });
    let last: Word = { kind: 'ready' };
    const end = (result: string | null) => {
      clearTimeout(silence);
      void thread.terminate().then(() => resolve(result));
    };
    const silence = setTimeout(() => end(hangingAt(last)), LONGEST_SILENCE_MS);
    thread.on('error', reject);
    thread.on('message', (word: Word) => {
      last = word;
      silence.refresh();
      if (word.kind === 'ended') {
        const { lines, failed } = reportLines(word);
        if (failed) failures++;
        console.log(lines.join('\n'));
      }
      if (word.kind === 'progress') return;
      const next = tasks.shift();
      if (next) thread.postMessage(next);
      else end(null);
    });
  });
}

function hangingAt(word: Word): string {
  if (word.kind !== 'progress') return 'FAILED  a thread said nothing for a minute';
  const where = word.done === null ? 'while its growth is measured' : `soon after string ${word.done}`;
  return `FAILED  ${word.name} hangs, ${where}`;
}
