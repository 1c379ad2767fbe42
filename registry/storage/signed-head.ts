/**
 * The signed head in R2, which answers start from. It is made from the ledger and from documents, so any request that finds
 * it outdated can update it.
 */

import { canonicalJson } from '../../resolver/digest.ts';
import type { Catalog } from '../../resolver/index.ts';
import { catalogDocument, isSigned, logTree, newestProblem } from '../../resolver/log/entries.ts';
import {
  type NoteKey,
  openCheckpoint,
  readSigner,
  type SigningKey,
  signCheckpoint,
} from '../../resolver/log/note.ts';
import { newestOf } from '../../resolver/publication.ts';
import type { NewestIndex } from '../../resolver/schemas.ts';
import { putDocument } from './documents.ts';
import { storeTable } from './files.ts';
import { ifUnchanged, operations, read, readBody, StorageUnavailableError } from './operations.ts';

export interface LogStorage {
  STORE: R2Bucket;
  /** The private key of the log, `PRIVATE+KEY+name+id+key`. While a key is replaced, the older one comes after a space. */
  LOG_KEY?: string;
}

export interface RegistryStorage extends LogStorage {
  DB: D1Database;
  /** The hosts from which pinned files may come, by default those of `resolver/public-host.ts`. */
  UPSTREAM_HOSTS?: string;
}

/** Thrown if a log does not continue the one that was signed before, or if that one cannot be read. */
export class LogForked extends Error {}

/** Thrown for a head that is no head any more, whoever signed it. */
export class DamagedHead extends LogForked {}

let known: { text: string; key: SigningKey } | undefined;

/** The key of the log, read once, or null for a registry that signs nothing. */
export async function signingKey({ LOG_KEY }: Pick<LogStorage, 'LOG_KEY'>): Promise<SigningKey | null> {
  if (!LOG_KEY) return null;
  if (known?.text === LOG_KEY) return known.key;
  const key = await readSigner(LOG_KEY);
  if (!key) throw new StorageUnavailableError('LOG_KEY is not a key of a log: npm run log:key makes one');
  known = { text: LOG_KEY, key };
  return key;
}

/** The head in R2, as it is sent to clients. */
export interface StoredHead {
  newest: NewestIndex;
  etag: string;
}

/**
 * The head that was stored last, or null. Throws {@link DamagedHead} for one that was changed, and {@link LogForked} for
 * one that this key has not signed. One that nobody has signed was stored by a seed without the key.
 */
export async function readStoredHead(
  store: R2Bucket,
  key: NoteKey | null,
  reading = read,
): Promise<StoredHead | null> {
  const object = await reading(() => store.get(HEAD));
  if (!object) return null;
  const text = await readBody(() => object.text());
  let newest: NewestIndex;
  let problem: string | null;
  try {
    newest = JSON.parse(text) as NewestIndex;
    problem = await newestProblem(newest);
  } catch (cause) {
    throw new DamagedHead('the head in R2 is corrupted', { cause });
  }
  if (problem !== null) throw new DamagedHead(`the head in R2 was changed: ${problem}`);
  if (key && newest.checkpoint !== null && !(await isSigned(newest, key))) {
    throw new LogForked(
      'the head in R2 is not signed by the key of the log, or by one that npm run log:key -- --rotate made of it',
    );
  }
  return { newest, etag: object.etag };
}

/** How often a head is stored again that another request has replaced meanwhile. */
const MOST_TRIES = 5;

/**
 * Writes what R2 lacks of a catalog: the table of files and the catalog, and last the signed head, which leads to them, and
 * is signed again when it is a day old. Never signs a log that does not continue the one signed before.
 */
export async function integrate(storage: LogStorage, catalog: Catalog): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) if (await integrateOnce(storage, catalog)) return;
  throw new StorageUnavailableError('the head in R2 is replaced all the time');
}

/** @returns false if another request has stored a head meanwhile */
async function integrateOnce(storage: LogStorage, catalog: Catalog): Promise<boolean> {
  const { STORE } = storage;
  const { log } = catalog;
  const head = log.at(-1);
  if (!head) return true;
  const key = await signingKey(storage);
  const before = await readStoredHead(STORE, key);
  const { revision = 0, root } = before?.newest.publication ?? {};
  if (revision > log.length) return true;
  if (revision > 0 && log[revision - 1]!.root !== root) {
    throw new LogForked(`the log is not the one of which ${revision} entries were signed, continued`);
  }
  const wasSigned = before !== null && before.newest.checkpoint !== null;
  // The Worker has the key, and goes on from the ledger.
  if (wasSigned && !key) return true;
  if (revision === log.length && (!key || (wasSigned && (await isFresh(before, key))))) return true;
  await storeTable(STORE, catalog);
  const newest = await newestOf(catalog, key && (await signCheckpoint(await logTree(log), key)));
  operations.r2 += 2;
  await putDocument(STORE, newest.index.catalog, catalogDocument(catalog));
  const stored: unknown = await STORE.put(HEAD, canonicalJson(newest), {
    httpMetadata: { contentType: 'application/json' },
    onlyIf: ifUnchanged(before),
  });
  return stored !== null;
}

/** Whether a head was signed less than a day ago: clients can tell from it that a registry is not kept as it was. */
async function isFresh({ newest }: StoredHead, { previous: _, ...key }: NoteKey): Promise<boolean> {
  const signed = (await openCheckpoint(newest.checkpoint!, key))?.signed ?? 0;
  return signed >= Date.now() - SIGNED_FOR_MS;
}

/** Less than the day from one scheduled look to the next. */
const SIGNED_FOR_MS = 20 * 3_600_000;

/** Whether R2 has a signed head. Not counted. */
export async function wasSigned(store: R2Bucket): Promise<boolean> {
  const head = await readStoredHead(store, null, (work) => work());
  return head !== null && head.newest.checkpoint !== null;
}

/** The signed head, the one object that is ever replaced. */
export const HEAD = 'head.json';
