/** Built Workers on workerd: first requests with a snapshot and without, warm ones beside JavaScript, sizes, builds. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import prepareShared from '../common/setup.ts';
import { NO_WHEELHOUSE, openWorkshop, type Workshop, wheelhouse } from '../runtime/project.ts';
import { serve } from '../runtime/workerd.ts';
import { atMost, line, median, type Report, ratio } from './report.ts';

const ROUNDS = 5;
const WARM = 300;
const MEGABYTE = 1_000_000;
/** Seconds. */
const EDIT = 2;

export async function benchRuntime(report: Report): Promise<void> {
  const removeShared = await prepareShared();
  const workshop = await openWorkshop();
  try {
    await benchWorker(workshop, report, {
      name: 'hello',
      path: '/',
      words: [],
      first: 0,
      start: 6,
      size: 6,
    });
    if (wheelhouse === null) line(`FastAPI: ${NO_WHEELHOUSE}`);
    else {
      const words = ['--set', wheelhouse];
      await benchWorker(workshop, report, {
        name: 'fastapi',
        path: '/hi/bob',
        words,
        first: 10,
        start: 0,
        size: 11,
      });
    }
  } finally {
    await removeShared();
  }
}

interface Subject {
  name: string;
  path: string;
  words: string[];
  /** The speed-up that a snapshot must give the first request, and the time from process start to the answer. */
  first: number;
  start: number;
  /** Megabytes, gzipped. */
  size: number;
}

async function benchWorker(workshop: Workshop, report: Report, subject: Subject): Promise<void> {
  const { name, words } = subject;
  const [folder, plain] = [
    await workshop.example(name, ...words),
    await workshop.example(name, ...words, '--no-snapshot'),
  ];
  const runs = { snapshot: [] as Answered[], plain: [] as Answered[] };
  for (let round = 0; round < ROUNDS; round++) {
    runs.snapshot.push(await answered(join(folder, 'dist/worker'), subject.path));
    runs.plain.push(await answered(join(plain, 'dist/worker'), subject.path));
  }
  const of = (runs: Answered[], key: keyof Answered) => median(runs.map((run) => run[key]));
  for (const [key, what, goal] of [
    ['first', 'first request', subject.first],
    ['start', 'process start to first answer', subject.start],
  ] as const) {
    const [without, withOne] = [of(runs.plain, key), of(runs.snapshot, key)];
    line(`${name}, ${what}: ${without.toFixed(0)} ms, from a snapshot ${withOne.toFixed(0)} ms`);
    if (goal > 0) report(ratio(`${name}: ${what}, times as fast from a snapshot`, without / withOne, goal));
  }
  const script = await answered(await scriptWorker(workshop), '/');
  line(
    `${name}, warm: ${of(runs.snapshot, 'warm').toFixed(2)} ms, the same in JavaScript ${script.warm.toFixed(2)} ms`,
  );
  await benchBuilds(workshop, folder, report, subject);
}

interface Answered {
  first: number;
  start: number;
  warm: number;
}

async function answered(folder: string, path: string): Promise<Answered> {
  const served = await serve(folder);
  try {
    const ask = async () => {
      const begun = performance.now();
      const response = await fetch(served.origin + path);
      await response.text();
      if (!response.ok) throw new Error(`${response.status}: ${served.said()}`);
      return performance.now() - begun;
    };
    const first = await ask();
    const warm: number[] = [];
    for (let at = 0; at < WARM; at++) warm.push(await ask());
    return { first, start: served.listening + first, warm: median(warm) };
  } finally {
    await served.stop();
  }
}

/** A Worker that says the same without Python. */
function scriptWorker({ pinwheel }: Workshop): Promise<string> {
  const settings = { main: 'index.js', compatibility_date: '2025-11-02', compatibility_flags: [] };
  return pinwheel.folderWith({
    'wrangler.json': JSON.stringify(settings),
    'index.js': `export default { fetch: () => Response.json({ message: 'Hello, bob!' }) };\n`,
  });
}

async function benchBuilds(
  workshop: Workshop,
  folder: string,
  report: Report,
  { name, words, size }: Subject,
) {
  const timed = async () => {
    const begun = performance.now();
    const { stdout } = await workshop.built(folder, ...words, '--json');
    return { seconds: (performance.now() - begun) / 1000, sizes: JSON.parse(stdout).sizes };
  };
  const entry = join(folder, 'src', name === 'hello' ? 'entry.py' : 'worker.py');
  const same = await timed();
  const edited: number[] = [];
  for (let round = 0; round < 3; round++) {
    await appendFile(entry, `\n# ${Math.random()}\n`);
    edited.push((await timed()).seconds);
  }
  line(`${name}, build: ${same.seconds.toFixed(1)} s if nothing changed`);
  const seconds = median(edited);
  report(
    atMost(`${name}: build after an edit of the entry`, seconds, EDIT, (time) => `${time.toFixed(1)} s`),
  );
  const bytes = same.sizes.reduce((sum: number, { gzipped }: { gzipped: number }) => sum + gzipped, 0);
  // As precise as it is shown.
  const gzipped = Math.round((bytes / MEGABYTE) * 10) / 10;
  report(atMost(`${name}: gzipped, with its snapshot`, gzipped, size, (of) => `${of.toFixed(1)} MB`));
}
