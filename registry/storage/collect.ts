/**
 * Removes from R2 what nothing needs any longer: catalogs and tables of files of earlier revisions, facts of an index
 * that are too old, and what was laid aside. Published documents are never removed.
 */
import { isTable } from '../../resolver/formats/table.ts';
import { DOCUMENTS, documentKey, putDocument } from './documents.ts';
import { FACTS, FACTS_MS } from './index-facts.ts';
import { openNewest, readWhole } from './newest.ts';
import { listObjects, read, readBody, write } from './operations.ts';
import { integrate, type RegistryStorage, readStoredHead } from './signed-head.ts';
import { INCOMING } from './wheels.ts';

const DAY_MS = 86_400_000;
/** The documents that one call reads again: a request may use R2 a thousand times. */
const MOST_READ = 250;
/** The objects that R2 deletes at once. */
const MOST_DELETED = 1_000;

/** The objects that nothing needed at a time, in milliseconds: those that nothing needs a day later either are removed. */
interface Marks {
  at: number;
  keys: string[];
  /** Documents that were never part of the log, but are not derived: a refused publication may come again. */
  kept: string[];
}

const MARKS = 'superseded.json';

/**
 * Called each day. A derived object is removed if the head did not lead to it a day ago, nor does so now, and if it was
 * stored before: so whoever reads or writes it has ended. Interrupted publications are finished first, because those
 * would need theirs.
 *
 * @returns the number of derived objects that were removed
 */
export async function collect(storage: RegistryStorage): Promise<number> {
  const { STORE } = storage;
  for (const [prefix, age] of [
    [FACTS, FACTS_MS],
    [INCOMING, DAY_MS],
  ] as const) {
    const keys = await listOld(STORE, prefix, age);
    for (let at = 0; at < keys.length; at += MOST_DELETED) {
      await write(() => STORE.delete(keys.slice(at, at + MOST_DELETED)));
    }
  }
  const marks = await readMarks(STORE);
  if (marks && Date.now() - marks.at < DAY_MS) return 0;
  await integrate(storage, await readWhole(storage));
  const head = await headOf(STORE);
  if (!head) return 0;
  const needed = await neededBy(STORE, head);
  const kept = new Set(marks?.kept);
  const old = await listOld(STORE, DOCUMENTS, DAY_MS);
  const superseded = new Set(old.filter((key) => !needed.has(key) && !kept.has(key)));
  let removed = 0;
  for (const key of (marks?.keys ?? []).filter((marked) => superseded.has(marked)).slice(0, MOST_READ)) {
    const outcome = await removeDerived(STORE, key);
    if (outcome === 'kept') kept.add(key);
    if (outcome === 'removed') removed++;
    if (outcome !== 'needed') superseded.delete(key);
  }
  const next: Marks = { at: Date.now(), keys: [...superseded], kept: [...kept] };
  await write(() => STORE.put(MARKS, JSON.stringify(next)));
  return removed;
}

/** Removes a derived object, and puts it back if a backup with an older head was restored meanwhile. */
async function removeDerived(STORE: R2Bucket, key: string): Promise<'removed' | 'kept' | 'needed'> {
  const object = await read(() => STORE.get(key));
  if (!object) return 'removed';
  const text = await readBody(() => object.text());
  if (!isDerived(text)) return 'kept';
  const isNeeded = async () => (await derivedOf(STORE)).includes(key);
  if (Date.now() - object.uploaded.getTime() < DAY_MS || (await isNeeded())) return 'needed';
  await write(() => STORE.delete(key));
  if (!(await isNeeded())) return 'removed';
  await write(() => putDocument(STORE, key.slice(DOCUMENTS.length).replace('.json', ''), text));
  return 'needed';
}

/** A table is a list, and a catalog has no kind. */
function isDerived(text: string): boolean {
  const document: unknown = JSON.parse(text);
  return Array.isArray(document) || (isTable(document) && !('kind' in document) && 'log' in document);
}

const headOf = async (STORE: R2Bucket) => (await readStoredHead(STORE, null))?.newest;

/** The derived objects that the head leads to now. */
async function derivedOf(STORE: R2Bucket): Promise<string[]> {
  const { catalog, files } = (await headOf(STORE))?.index ?? {};
  return [catalog, files].flatMap((digest) => (digest ? [documentKey(digest)] : []));
}

/** Every document of which the head's catalog has the digest, but for earlier tables. */
async function neededBy(STORE: R2Bucket, head: NonNullable<Awaited<ReturnType<typeof headOf>>>) {
  const { catalog } = await openNewest(STORE, head);
  const files = catalog.files.filter(({ withdrawn }) => withdrawn === null);
  const text = JSON.stringify([{ ...catalog, files }, head.index.catalog]);
  return new Set([...text.matchAll(/[0-9a-f]{64}/g)].map(([digest]) => documentKey(digest)));
}

async function readMarks(STORE: R2Bucket): Promise<Marks | null> {
  const object = await read(() => STORE.get(MARKS));
  return object && readBody(() => object.json<Marks>());
}

/** The keys of objects that were last stored before some time. */
async function listOld(STORE: R2Bucket, prefix: string, age: number): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key, uploaded } of listObjects(STORE, { prefix })) {
    if (Date.now() - uploaded.getTime() >= age) keys.push(key);
  }
  return keys;
}
