/**
 * `npm run fuzz:requests [-- --seed N] [--requests N] [--check]`: a million requests, nearly sound and hostile, over
 * everything that the registry's OpenAPI document describes, to the real Worker. Ends with what was measured, and with
 * 1 if one is answered with 5xx or not at all, or if the Worker's memory grows; with `--check` also if one takes more
 * than 50 ms of CPU, which on a busy machine says little.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type LocalRegistry, startLocalRegistry } from '../../../scripts/local-registry.ts';
import { workerdCpu } from '../../bench/workerd-cpu.ts';
import { Random } from '../../resolver/requirements/random.ts';
import { USUAL_SEED } from '../parser.ts';
import { openIsolateHeap } from './isolate-heap.ts';
import { type FuzzedRequest, makeRequest } from './make.ts';
import { operationsOf } from './operations.ts';
import { createSender } from './send.ts';
import { valuesOf } from './values.ts';

const MOST_MS = 50;
/** So many of the slow requests are repeated, each with a new Worker. */
const ASKED_AGAIN = 12;
const TRIES = 3;
const MEGABYTE = 1e6;
/** An isolate has 128 MB, and an answer in progress needs some of it. */
const MOST_MEMORY = 100 * MEGABYTE;
/** The report has so many parts, each with so many samples of the heap. */
const PARTS = 10;
const LOOKS = 40;

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string' },
    requests: { type: 'string', default: '1000000' },
    check: { type: 'boolean', default: false },
  },
});
const seed = Number(options.seed ?? USUAL_SEED);
const total = Number(options.requests);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(total) || total < 1) {
  console.error('npm run fuzz:requests [-- --seed N] [--requests N] [--check]');
  process.exit(2);
}
console.log(`seed ${seed}, ${total.toLocaleString('en-US')} requests`);

const persist = await mkdtemp(join(tmpdir(), 'pinwheel-fuzz-'));
const failures: string[] = [];
try {
  const slow = await sendAll();
  await askAgain(slow);
} finally {
  await rm(persist, { recursive: true });
}
for (const failure of failures.slice(0, 20)) console.log(`FAILED  ${failure}`);
console.log(failures.length === 0 ? 'nothing to complain of' : `${failures.length} failures`);
process.exit(failures.length > 0 ? 1 : 0);

/** Sends everything, and returns the slow requests, which may be due to the machine. */
async function sendAll(): Promise<FuzzedRequest[]> {
  const registry = await startLocalRegistry({ persist, inspect: true });
  const direct = await registry.miniflare.unsafeGetDirectURL('pinwheel');
  const operations = operationsOf(await (await fetch(new URL('/openapi.json', direct))).json());
  const known = await valuesOf(direct);
  const random = new Random(seed);
  const { send, close } = createSender(direct);
  const statuses = new Map<number, number>();
  const slow: { request: FuzzedRequest; milliseconds: number }[] = [];
  const started = performance.now();
  const heap = await openIsolateHeap(registry);
  // The least of many samples has the least garbage.
  const looks = Math.max(1, Math.floor(total / (PARTS * LOOKS)));
  let [bytes, live, floors] = [0, Number.POSITIVE_INFINITY, [] as number[]];
  for (let count = 1; count <= total; count++) {
    const request = makeRequest(operations, known, random);
    const answered = await send(request);
    const { status, milliseconds, error } = answered;
    if (status === null || status >= 500) failures.push(`${status ?? error}  ${shown(request)}`);
    if (status !== null) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (milliseconds > MOST_MS) slow.push({ request, milliseconds });
    bytes += answered.bytes;
    if (count % looks === 0) live = Math.min(live, await heap.used());
    if (count % Math.ceil(total / PARTS) === 0 || count === total) {
      console.log(`  ${count.toLocaleString('en-US')} requests, ${megabytes(live)} of live heap`);
      floors.push(live);
      live = Number.POSITIVE_INFINITY;
    }
  }
  heap.close();
  close();
  await registry.stop();
  const seconds = (performance.now() - started) / 1000;
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  console.log(
    `${(total / seconds).toFixed(0)} requests a second, ${megabytes(bytes)} of answers; ${counts.join(', ')}`,
  );
  const most = Math.max(...floors);
  if (most > MOST_MEMORY) failures.push(`the live heap grew to ${megabytes(most)}`);
  return slow.toSorted((a, b) => b.milliseconds - a.milliseconds).map(({ request }) => request);
}

/** Repeats slow requests, each in a new isolate, by their CPU: the machine may have been busy. */
async function askAgain(slow: readonly FuzzedRequest[]): Promise<void> {
  console.log(`${slow.length} took more than ${MOST_MS} ms at first`);
  if (slow.length === 0) return;
  const registry = await startLocalRegistry({ persist });
  let slowest = 0;
  for (const request of slow.slice(0, ASKED_AGAIN)) {
    let best = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < TRIES && best > MOST_MS; attempt++) {
      best = Math.min(best, await firstLook(registry, request));
    }
    slowest = Math.max(slowest, best);
    if (best <= MOST_MS) continue;
    const said = `${best.toFixed(0)} ms  ${shown(request)}`;
    if (options.check) failures.push(said);
    else console.log(`SLOW    ${said}`);
  }
  await registry.stop();
  console.log(`asked again, the slowest takes ${slowest.toFixed(0)} ms of CPU`);
}

/** The CPU of a request to a new isolate, which has loaded the catalog and the code. */
async function firstLook(registry: LocalRegistry, request: FuzzedRequest): Promise<number> {
  await registry.restart();
  const { send, close } = createSender(await registry.miniflare.unsafeGetDirectURL('pinwheel'));
  for (const path of ['/v1/sets', '/v1/resolve?date=2025-11-02&flag=python_workers&requirement=fastapi']) {
    await send({ method: 'GET', target: path, headers: {}, body: null });
  }
  const before = await workerdCpu();
  await send(request);
  const after = await workerdCpu();
  close();
  return after.thread - before.thread;
}

function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(0)} MB`;
}

function shown(request: FuzzedRequest): string {
  const text = JSON.stringify(request);
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text;
}
