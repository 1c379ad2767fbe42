/**
 * The newest catalog: the signed head in R2 leads to it, by digests alone. D1 decides nothing of an answer. Entries
 * that only its ledger has, after an interrupted publication, are published again from the documents.
 */
import type { Catalog, Publication } from '../../resolver/index.ts';
import type { NoteKey } from '../../resolver/log/note.ts';
import type { FileTable } from '../../resolver/pinned-files.ts';
import { changeOf, emptyCatalog, newestOf, type SealedChange } from '../../resolver/publication.ts';
import { type NewestIndex, RegistryDocument } from '../../resolver/schemas.ts';
import type { Bindings } from '../env.ts';
import { logWarning } from '../structured-log.ts';
import { DocumentMissing, needDocument, readDocument, readSet } from './documents.ts';
import { keepTable, openTable } from './files.ts';
import { readEntries, readHead } from './ledger.ts';
import { operations, type read, StorageUnavailableError, within } from './operations.ts';
import {
  DamagedHead,
  integrate,
  LogForked,
  type RegistryStorage,
  readStoredHead,
  signingKey,
  wasSigned,
} from './signed-head.ts';

/** Failures of the storage, of which an operator can mend each. */
export const TROUBLES = [
  // D1 cannot be reached, or takes too long.
  'ledger_unreachable',
  // The ledger in D1 is not the one that was signed: an older backup was restored, or rows were changed.
  'ledger_changed',
  // D1 lacks pins of sets: npm run rebuild makes them again.
  'pins_missing',
  // R2 has lost published documents: a seed stores those of data/ again, and a backup has all.
  'documents_missing',
  // R2 cannot be reached, or takes too long.
  'store_unreachable',
  // The head in R2 was changed, or is not signed by the key of the log.
  'head_changed',
  // The Worker lacks the key that signed the log in R2, or has a LOG_KEY that is no key.
  'log_key_missing',
] as const;
export type Trouble = (typeof TROUBLES)[number];

/**
 * Whether R2 answers now, with the head that was signed last. This look is not counted.
 * @param key null for a registry that signs nothing, undefined if its key is invalid
 */
export async function troublesOfR2(
  { STORE }: Pick<Bindings, 'STORE'>,
  key: NoteKey | null | undefined,
): Promise<Trouble[]> {
  try {
    const uncounted: typeof read = (work) => work();
    if (key) await within(readStoredHead(STORE, key, uncounted));
    else if ((await within(wasSigned(STORE))) || key === undefined) return ['log_key_missing'];
    return [];
  } catch (error) {
    return [error instanceof LogForked ? 'head_changed' : 'store_unreachable'];
  }
}

export interface Newest {
  catalog: Catalog;
  /** The index of the catalog, as clients get it. */
  newest: NewestIndex;
}

/** The signed catalog in R2. Throws {@link StorageUnavailableError} if it cannot be read. */
export async function readNewest(env: RegistryStorage): Promise<Newest> {
  // Without a valid key, questions are answered, and the health says so.
  const key = await signingKey(env).catch(() => null);
  const stored = await unlessForked(within(readStoredHead(env.STORE, key)));
  if (stored && (!key || stored.newest.checkpoint !== null)) return openNewest(env.STORE, stored.newest);
  // A new registry, whose seed could not sign; or somebody has deleted the head.
  const catalog = await withLedger(env, stored && (await openNewest(env.STORE, stored.newest)).catalog);
  if (catalog.log.length === 0) {
    throw new StorageUnavailableError('the registry is empty: nothing has been published yet');
  }
  await integrate(env, catalog).catch((error: unknown) => logWarning('the head could not be stored', error));
  return { catalog, newest: await newestOf(catalog) };
}

/** The catalog that a head leads to. */
export async function openNewest(STORE: R2Bucket, newest: NewestIndex): Promise<Newest> {
  operations.r2++;
  const text = await within(readDocument(STORE, newest.index.catalog)).catch((cause: unknown) => {
    const remedy = cause instanceof DocumentMissing ? '; npm run rebuild makes it again' : '';
    throw new StorageUnavailableError(`the catalog could not be read from R2${remedy}`, { cause });
  });
  const { log, ...facts } = JSON.parse(text) as Catalog;
  return { catalog: { log: [...log, newest.publication], ...facts }, newest };
}

/**
 * The catalog with everything that the ledger has, for publishing on top of it. Throws {@link StorageUnavailableError}
 * if the ledger is not the one that was signed: publishing on top of it would fork the log.
 */
export async function readWhole(env: RegistryStorage): Promise<Catalog> {
  const key = await signingKey(env);
  const stored = await unlessForked(within(readStoredHead(env.STORE, key)));
  return withLedger(env, stored && (await openNewest(env.STORE, stored.newest)).catalog);
}

/** A catalog with what the ledger has more, of which each entry is made again from its document. */
export async function withLedger({ DB, STORE }: RegistryStorage, signed: Catalog | null): Promise<Catalog> {
  let catalog = signed ?? emptyCatalog;
  const { length } = catalog.log;
  const ledger = await within(readEntries(DB, Math.max(0, length - 1))).catch((cause: unknown) => {
    throw new StorageUnavailableError('D1 could not be read', { cause });
  });
  const more = ledger.filter(({ revision }) => revision > length);
  if (
    length > 0 &&
    ledger.find(({ revision }) => revision === length)?.root !== catalog.log[length - 1]!.root
  ) {
    const end = ledger.at(-1)?.revision ?? (await within(readHead(DB, 'first-primary')))?.revision ?? 0;
    const what =
      end < length
        ? `ends at revision ${end}, but R2 has signed revision ${length}`
        : `has another revision ${length} than R2 has signed`;
    throw new LedgerChanged(
      `D1 ${what}; nothing can be published before npm run rebuild makes D1 again from R2`,
    );
  }
  if (more.length === 0) return catalog;
  let table = await openTable(STORE, catalog);
  for (const entry of more) {
    const { root, revision, digest } = entry;
    const text = await needDocument(STORE, digest, `the document of revision ${revision} could not be read`);
    const change = await replay(STORE, catalog, text, entry, table);
    if (change.publication.root !== root) {
      throw new LedgerChanged(`revision ${revision} of D1 is not what its document says`);
    }
    catalog = change.after;
    table = change.table;
    keepTable(catalog, table);
  }
  return catalog;
}

/**
 * The change that the text of a document makes. The gate has it made here as well, before anything is written: a log of
 * what it accepts is replayed with the same digests.
 */
export function replay(
  STORE: R2Bucket,
  catalog: Catalog,
  text: string,
  by: Pick<Publication, 'day' | 'publisher'>,
  table?: FileTable,
): Promise<SealedChange> {
  const document = RegistryDocument.parse(JSON.parse(text));
  return changeOf(catalog, document, by, table, (head) => within(readSet(STORE, head)));
}

/** Thrown if the ledger in D1 is not the one that was signed. */
export class LedgerChanged extends StorageUnavailableError {}

/** A head that was changed is as unavailable as one that cannot be read. */
async function unlessForked<Found>(work: Promise<Found>): Promise<Found> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StorageUnavailableError) throw error;
    const { message } = error as Error;
    const remedy = error instanceof DamagedHead ? '; npm run rebuild makes it again from D1' : '';
    throw new StorageUnavailableError(
      error instanceof LogForked ? message + remedy : 'the head could not be read from R2',
      { cause: error },
    );
  }
}
