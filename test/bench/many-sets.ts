/** A registry with a hundred times as many package sets as today, compared with one with today's. */
import { gzipSync } from 'node:zlib';
import { putDocument } from '../../registry/storage/documents.ts';
import { keepTable, openTable } from '../../registry/storage/files.ts';
import { insertRows, runTogether, writePublication } from '../../registry/storage/ledger.ts';
import { publications } from '../../registry/storage/schema.ts';
import { integrate } from '../../registry/storage/signed-head.ts';
import type { Catalog, CatalogSet, PackageSet } from '../../resolver/catalog.ts';
import { createClient } from '../../resolver/client.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { withEntry } from '../../resolver/log/entries.ts';
import { changeOf } from '../../resolver/publication.ts';
import { loadCatalog, loadDocument } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { openIsolateHeap } from '../fuzz/requests/isolate-heap.ts';
import { syntheticSet } from '../synthetic-set.ts';
import { load } from './load.ts';
import { atMost, line, type Report, ratio } from './report.ts';
import { newQuestions, operationsOf } from './requests.ts';
import { medianRatio } from './rounds.ts';

const TIMES = 100;
const BASE = 'python_3.14_packages_2026_08_25';
/** Sets that also have a document: more than an isolate keeps. */
const WHOLE = 120;
/** Older revisions in questions: more than an isolate keeps. */
const OLDER = 80;
/** D1 accepts texts of up to 2 MB. */
const ROWS_AT_ONCE = 1_000;
const ROUNDS = 15;
const SECONDS = 1;
const MEGABYTE = 1e6;
const MOST_HEAP = 100 * MEGABYTE;
const MOST_DOWNLOAD = 300_000;
const bytes = (number: number) => `${number.toLocaleString('en-US')} bytes`;

export async function benchManySets(report: Report): Promise<void> {
  const few = await startLocalRegistry();
  const many = await startLocalRegistry({ inspect: true });
  try {
    const flags = await addSets(many);
    const origins = {
      few: await few.miniflare.unsafeGetDirectURL('pinwheel'),
      many: await many.miniflare.unsafeGetDirectURL('pinwheel'),
    };
    const question = `/v1/resolve?flag=${BASE}&as_of=2026-11-20&requirement=`;
    const first = await fetch(new URL(`${question}fastapi`, origins.many));
    if (!first.ok) throw new Error(await first.text());
    const { registry } = (await first.json()) as { registry: { revision: number } };
    // The look at the revision is that of this request, the second one.
    const { d1, r2 } = await operationsOf(origins.many);
    line(`revision ${registry.revision}, ${flags.length} synthetic sets beside today's`);
    report(atMost('D1 and R2 operations of an isolate that knows nothing', d1 + r2, 3));

    const unseen = newQuestions();
    const ask = (origin: URL) => load(origin, unseen.take(20_000), SECONDS);
    const rates = await medianRatio(
      () => ask(origins.few),
      () => ask(origins.many),
      ROUNDS,
    );
    line(`every question new: ${rates.first.toFixed(0)}/s with today's sets, ${rates.second.toFixed(0)}/s`);
    report(ratio(`warm resolve with ${TIMES} times the sets : today's`, rates.ratio, 0.9));

    const heap = await openIsolateHeap(many);
    let live = Number.POSITIVE_INFINITY;
    const addresses = [
      ...flags.slice(-WHOLE).map((flag) => `${question.replace(BASE, flag)}numpy`),
      ...Array.from({ length: OLDER }, (_, at) => `${question}numpy&revision=${registry.revision - at}`),
    ];
    for (const [at, address] of addresses.entries()) {
      const response = await fetch(new URL(address, origins.many));
      if (!response.ok) throw new Error(`${address}: ${await response.text()}`);
      await response.arrayBuffer();
      // Includes garbage: the live part is the minimum of many readings after every cache is full.
      if (at >= addresses.length - OLDER / 2) live = Math.min(live, await heap.used());
    }
    heap.close();
    report(atMost(`live heap after ${WHOLE} sets and ${OLDER} revisions`, live, MOST_HEAP, bytes));

    const downloads: string[] = [];
    const client = createClient({
      registry: origins.many.href,
      fetch: async (url, init) => {
        const response = await fetch(url, init as RequestInit);
        const text = await response.text();
        downloads.push(text);
        return new Response(text, response);
      },
    });
    await client.resolve({ compatibility_flags: [BASE], as_of: '2026-11-20', requirements: ['fastapi'] });
    // workerd on this machine sends texts as they are; Cloudflare compresses them on the way.
    const compressed = downloads.reduce((sum, text) => sum + gzipSync(text).length, 0);
    report(atMost("a client's first download, compressed", compressed, MOST_DOWNLOAD, bytes));
  } finally {
    await few.stop();
    await many.stop();
  }
}

/**
 * Adds the sets to a registry that has not been asked yet, and returns their flags. Entries in between have an index
 * that no request needs, and no files; the last one is published as any other, and so its head covers all.
 */
async function addSets({ miniflare, logKey }: LocalRegistry): Promise<string[]> {
  const DB = await miniflare.getD1Database('DB');
  const STORE = (await miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
  const base = (await loadDocument({ kind: 'set', name: BASE })) as PackageSet;
  const today = await loadCatalog();
  const row = today.sets.find(({ flag }) => flag === BASE)!;
  const count = today.sets.length * (TIMES - 1);
  let { log } = today;
  const sets: CatalogSet[] = [];
  for (let at = 0; at < count - 1; at++) {
    const set = syntheticSet(base, at);
    const { flag, released } = set;
    const text = at >= count - WHOLE ? canonicalJson(set) : flag;
    const digest = await sha256(text);
    if (text !== flag) await putDocument(STORE, digest, text);
    const { revision: before, day } = log.at(-1)!;
    const revision = before + 1;
    const index = await sha256(`index with ${flag}`);
    log = await withEntry(log, { revision, day, kind: 'set', name: flag, digest, index });
    const source = { ...row.source, sha256: await sha256(`source of ${flag}`) };
    sets.push({ ...row, flag, released, default_from: null, digest, source, revision });
  }
  const added = log.slice(today.log.length);
  for (let at = 0; at < added.length; at += ROWS_AT_ONCE) {
    await runTogether(DB, insertRows(publications, added.slice(at, at + ROWS_AT_ONCE)));
  }
  const catalog: Catalog = { ...today, log, sets: [...today.sets, ...sets] };
  const last = syntheticSet(base, count - 1);
  const change = await changeOf(catalog, last, log.at(-1)!, await openTable(STORE, today));
  const { publication, after, table, document } = change;
  await putDocument(STORE, publication.digest, document);
  await writePublication(DB, publication, log.at(-1), last);
  keepTable(after, table);
  await integrate({ STORE, LOG_KEY: logKey }, after);
  return [...sets, last].map(({ flag }) => flag);
}
