/** Measures patched clients in Pyodide and plain fetch in the same process: milliseconds, and live objects. */
import { readFile } from 'node:fs/promises';
import { median } from '../bench/report.ts';
import { readQuestion, reply } from './host-process.ts';
import { liveObjects } from './live-objects.ts';

const ROUNDS = 20;

/** `httpx` or `aiohttp`. */
type ClientName = string;

export interface Measured {
  small: Timed;
  stream: Timed;
  /** For each client: [Python objects that JavaScript holds, JavaScript objects that Python holds]. */
  live: Record<ClientName, { before: number[]; after: number[] }>;
}

export interface Timed {
  /** Milliseconds of plain fetch, the median. */
  fetch: number;
  /** Milliseconds, the median, and how many times as long as plain fetch, the median of pairs. */
  clients: Record<ClientName, { time: number; ratio: number }>;
}

interface Client {
  small(count: number): Promise<void>;
  stream(size: number): Promise<void>;
}

const question = await readQuestion<{
  pyodide: string;
  wheels: string[];
  clients: ClientName[];
  origin: string;
  requests: number;
  bytes: number;
}>();
const { origin, requests, bytes } = question;
const { loadPyodide } = await import(`${question.pyodide}/pyodide.mjs`);
const pyodide = await loadPyodide({ indexURL: `${question.pyodide}/` });
for (const wheel of question.wheels) pyodide.unpackArchive(new Uint8Array(await readFile(wheel)), 'whl');
const program = await readFile(new URL('bench_clients.py', import.meta.url), 'utf8');
// Python looks for modules in the folder in which Pyodide starts.
pyodide.FS.writeFile('bench_clients.py', program);
// Each access to an attribute creates a proxy, so all runs share one.
const { start, settled } = pyodide.pyimport('bench_clients');
const count = liveObjects(pyodide);
async function live(): Promise<number[]> {
  await settled();
  return count();
}

const clients: [name: ClientName, client: Client][] = [];
for (const name of question.clients) {
  const [small, stream] = (await start(name, origin)).toJs({ depth: 1 });
  clients.push([name, { small, stream }]);
}

async function fetchSmall(): Promise<void> {
  for (let index = 0; index < requests; index++) {
    const response = await fetch(`${origin}/bytes/100`);
    if ((await response.arrayBuffer()).byteLength !== 100) throw new Error('other bytes');
  }
}

async function fetchStream(): Promise<void> {
  let total = 0;
  const reader = (await fetch(`${origin}/stream/${bytes}`)).body!.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) total += chunk.value.length;
  if (total !== bytes) throw new Error(`${total} bytes`);
}

async function time(run: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

/**
 * Pairs of runs, one directly after the other, whose order alternates, so that other load on the machine affects both.
 * The first pair of each client only warms them up.
 */
async function compare(plain: () => Promise<void>, work: (client: Client) => Promise<void>): Promise<Timed> {
  const pairs = clients.map(() => [] as { plain: number; client: number }[]);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, [, client]] of clients.entries()) {
      const patched = () => work(client);
      const [earlier, later] = round % 2 === 0 ? [plain, patched] : [patched, plain];
      const [a, b] = [await time(earlier), await time(later)];
      if (round > 0) pairs[index]!.push(round % 2 === 0 ? { plain: a, client: b } : { plain: b, client: a });
    }
  }
  return {
    fetch: median(pairs.flat().map((pair) => pair.plain)),
    clients: Object.fromEntries(
      clients.map(([name], index) => [
        name,
        {
          time: median(pairs[index]!.map((pair) => pair.client)),
          ratio: median(pairs[index]!.map((pair) => pair.client / pair.plain)),
        },
      ]),
    ),
  };
}

const measured: Measured = {
  small: await compare(fetchSmall, (client) => client.small(requests)),
  stream: await compare(fetchStream, (client) => client.stream(bytes)),
  live: {},
};
for (const [name, client] of clients) {
  const before = await live();
  await client.small(1000);
  measured.live[name] = { before, after: await live() };
}
reply(measured);
