/**
 * `npm run soak [-- --minutes N]`: ten minutes of mixed load on the real Worker while a package set is published every
 * second. Every answer has to equal, byte for byte, that of the library at the revision that the answer names, and what
 * the isolate keeps has to stay small. Prints what it measured, and exits with 1 if an answer differs or a request fails.
 */
import { parseArgs } from 'node:util';
import { publish } from '../../registry/publish/publish.ts';
import type { Catalog, PackageSet } from '../../resolver/catalog.ts';
import { createResolver } from '../../resolver/documents.ts';
import { loadDocuments } from '../../scripts/import/data-files.ts';
import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { workerdMemory } from '../clients/workerd-memory.ts';
import { openIsolateHeap } from '../fuzz/requests/isolate-heap.ts';
import { syntheticSet } from '../synthetic-set.ts';
import { type Answered, readers } from './readers.ts';

const PUBLISH_EVERY_MS = 1_000;
const READERS = 8;
const LOOK_EVERY_MS = 250;
/** Bytes that the isolate may keep. The rest of a Worker's 128 MB is for garbage and for requests. */
const MOST_HEAP = 80e6;

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error('npm run soak [-- --minutes N]');
  process.exit(2);
}

const documents = await loadDocuments();
const sets = new Map(
  documents.flatMap(({ document }) => (document.kind === 'set' ? [[document.flag, document]] : [])),
);
const base = sets.get('python_3.14_packages_2026_08_25')!;
const registry = await startLocalRegistry({ inspect: true });
const direct = await registry.miniflare.unsafeGetDirectURL('pinwheel');
const until = performance.now() + minutes * 60_000;
const reading = readers(direct, READERS, () => performance.now() < until);
const watching = leastHeap();
const { catalog, slowest } = await publishing();
const { requests, answered, failed, seconds, percentile } = await reading;
const memory = workerdMemory();
const heap = await watching;
const differing = await compare(answered);
if (heap > MOST_HEAP) differing.push(`the isolate keeps ${megabytes(heap)}`);
await registry.stop();

console.log(`${requests} requests in ${seconds.toFixed(0)} s, ${failed.length} failed;`);
console.log(`half within ${percentile(50)} ms, 99 of 100 within ${percentile(99)} ms;`);
console.log(`revision ${catalog.log.length}, each published within ${slowest.toFixed(0)} ms;`);
// workerd grows with the number of requests, whatever a Worker keeps: by as much with one that keeps nothing.
console.log(`the isolate keeps ${megabytes(heap)} or less, and workerd has ${megabytes(memory)};`);
for (const failure of failed.slice(0, 10)) console.log(`FAILED  ${failure}`);
for (const difference of differing.slice(0, 10)) console.log(`DIFFERS ${difference}`);
const bad = failed.length + differing.length;
console.log(bad === 0 ? 'every answer is the library’s' : `${bad} are not as they should be`);
process.exit(bad === 0 ? 0 : 1);

/** Bytes that the isolate keeps in the second half: the least reading, as each includes garbage. */
async function leastHeap(): Promise<number> {
  const heap = await openIsolateHeap(registry);
  const half = performance.now() + minutes * 30_000;
  let least = Number.POSITIVE_INFINITY;
  while (performance.now() < until) {
    const used = await heap.used();
    if (performance.now() > half) least = Math.min(least, used);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  heap.close();
  return least;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

/** Publishes one set after the other, and returns the catalog with all of them. */
async function publishing(): Promise<{ catalog: Catalog; slowest: number }> {
  const [DB, STORE] = [
    await registry.miniflare.getD1Database('DB'),
    await registry.miniflare.getR2Bucket('STORE'),
  ];
  const storage = { DB, STORE: STORE as unknown as R2Bucket, LOG_KEY: registry.logKey };
  let catalog = (await (await fetch(new URL('/v1/catalog', direct))).json()) as Catalog;
  let [slowest, count] = [0, 0];
  const today = new Date().toISOString().slice(0, 10);
  while (performance.now() < until) {
    const started = performance.now();
    const set = syntheticSet(base, count++);
    sets.set(set.flag, set);
    const outcome = await publish(storage, catalog, set, today);
    if (!outcome.ok) throw new Error(outcome.issues.map(({ message }) => message).join('\n'));
    catalog = outcome.value.catalog;
    const took = performance.now() - started;
    slowest = Math.max(slowest, took);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, PUBLISH_EVERY_MS - took)));
  }
  return { catalog, slowest };
}

/** The answers for which the library has others, at the revision that each names. */
async function compare(answers: readonly Answered[]): Promise<string[]> {
  const library = createResolver({
    catalog: async () => catalog,
    openSet: async ({ flag }) => sets.get(flag) as PackageSet,
  });
  const differing: string[] = [];
  for (const { question, target, body } of answers) {
    const { revision } = (JSON.parse(body) as { registry: { revision: number } }).registry;
    const answer = await library.resolve({ ...question, revision });
    if (JSON.stringify(answer) !== body) differing.push(`revision ${revision}: ${target}`);
  }
  const revisions = new Set(answers.map(({ body }) => JSON.parse(body).registry.revision));
  console.log(`${answers.length} answers of ${revisions.size} revisions compared with the library;`);
  if (revisions.size < 2) differing.push('no answer knows of a publication');
  return differing;
}
