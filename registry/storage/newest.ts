/**
 * The newest catalog, verified: the head of the log comes from D1, and the rest from R2 by the digest in the head. If
 * one of them is lost or was changed, the other one replaces it, verified by the same digests.
 */
import { drizzle } from 'drizzle-orm/d1';
import { sha256 } from '../../resolver/digest.ts';
import type { Catalog, Publication } from '../../resolver/index.ts';
import type { NoteKey } from '../../resolver/log/note.ts';
import { catalogDocument } from '../../resolver/publication.ts';
import type { Bindings } from '../env.ts';
import { logError } from '../structured-log.ts';
import { readCatalog, readHead } from './catalog.ts';
import { DocumentMissing, isSealed, readDocument, readNotedHead } from './documents.ts';
import { LogForked, readCheckpoint, wasSigned } from './log-files.ts';
import { operations, read, StorageUnavailableError, within } from './operations.ts';

/** Failures of the storage that the registry works around. */
export const TROUBLES = [
  // D1 or R2 cannot be reached, or takes too long.
  'd1_unreachable',
  'r2_unreachable',
  // Rows of D1 do not match the log.
  'd1_changed',
  // D1 lacks the newest publications, for example because it was restored from a backup.
  'd1_behind',
  // The log of D1 does not continue the one that was seen before.
  'd1_forked',
  // R2 lacks the catalog, or has a corrupted one.
  'catalog_missing',
  // The checkpoint in R2 is not signed by the key of the log, so that no later one can be signed.
  'log_forked',
  // The Worker lacks the key that signed the log in R2, or has a LOG_KEY that is no key.
  'log_key_missing',
] as const;
export type Trouble = (typeof TROUBLES)[number];

/** After this long without an answer of D1, R2 is asked too. */
const SLOW_MS = 500;

/**
 * Whether R2 answers now, with the checkpoint that was signed last. This look is not counted.
 * @param key null for a registry that signs nothing, undefined if its key is invalid
 */
export async function troublesOfR2(
  { STORE }: Pick<Bindings, 'STORE'>,
  key: NoteKey | null | undefined,
): Promise<Trouble[]> {
  try {
    const uncounted: typeof read = (work) => work();
    if (key) await within(readCheckpoint(STORE, key, uncounted));
    else if ((await within(wasSigned(STORE))) || key === undefined) return ['log_key_missing'];
    return [];
  } catch (error) {
    return [error instanceof LogForked ? 'log_forked' : 'r2_unreachable'];
  }
}

export interface Newest {
  catalog: Catalog;
  troubles: Trouble[];
}

/** Reads the newest catalog that D1 or R2 has. Throws {@link StorageUnavailableError} if none can be verified. */
export async function readNewest(env: Bindings): Promise<Newest> {
  const [head, troubles] = await openHead(env);
  const { catalog, troubles: more } = await openCatalog(env, head);
  return { catalog, troubles: [...troubles, ...more] };
}

async function openHead(env: Bindings): Promise<[head: Publication, Trouble[]]> {
  // Both may be silent, and a request should not wait for one after the other.
  let noted: Promise<Publication | null> | undefined;
  const timer = setTimeout(() => {
    noted = notedHead(env);
  }, SLOW_MS);
  let trouble: Trouble = 'd1_changed';
  let cause: unknown;
  try {
    operations.d1++;
    const head = await within(readHead(env.DB));
    if (!head) throw new StorageUnavailableError('the registry is empty: nothing has been published yet');
    if (await isSealed(head)) return [head, []];
    logError('the newest entry of the log in D1 is not what its digest says');
  } catch (error) {
    if (error instanceof StorageUnavailableError) throw error;
    trouble = 'd1_unreachable';
    cause = error;
  } finally {
    clearTimeout(timer);
  }
  const head = await (noted ?? notedHead(env));
  if (head) return [head, [trouble]];
  throw new StorageUnavailableError('D1 could not be read', { cause });
}

/** The head that is stored in R2; null if there is none to trust. */
async function notedHead(env: Bindings): Promise<Publication | null> {
  operations.r2++;
  const noted = await within(readNotedHead(env.STORE)).catch(() => null);
  return noted && (await isSealed(noted)) ? noted : null;
}

/** The catalog of a sealed entry of the log. */
export async function openCatalog(env: Bindings, head: Publication): Promise<Newest> {
  try {
    operations.r2++;
    const { log, ...facts } = JSON.parse(await within(readDocument(env.STORE, head.catalog))) as Catalog;
    return { catalog: { log: [...log, head], ...facts }, troubles: [] };
  } catch (cause) {
    const trouble = cause instanceof DocumentMissing ? 'catalog_missing' : 'r2_unreachable';
    return { catalog: await openRows(env, cause), troubles: [trouble] };
  }
}

/** The catalog from the rows of D1, which have to match its log. */
async function openRows(env: Bindings, cause: unknown): Promise<Catalog> {
  operations.d1++;
  const catalog = await within(readCatalog(drizzle(env.DB))).catch(() => null);
  const head = catalog?.log.at(-1);
  if (!catalog || !head) throw new StorageUnavailableError('the catalog could not be read', { cause });
  if ((await isSealed(head)) && (await sha256(catalogDocument(catalog))) === head.catalog) return catalog;
  throw new StorageUnavailableError('the rows of D1 are not those that the log vouches for', { cause });
}

/**
 * Throws {@link StorageUnavailableError} if the log in D1 lacks entries that R2 has, for example because a backup was
 * restored: publishing on top of it would fork the log.
 */
export async function expectNothingLost(STORE: R2Bucket, { log }: Catalog): Promise<void> {
  const noted = await read(() => readNotedHead(STORE));
  if (!noted || !(await isSealed(noted)) || log[noted.revision - 1]?.digest === noted.digest) return;
  throw new StorageUnavailableError(
    noted.revision > log.length
      ? `D1 ends at revision ${log.length}, but R2 has noted revision ${noted.revision}; a newer backup has to be restored before anything is published`
      : `D1 has another revision ${noted.revision} than R2 has noted; the backup that belongs to R2 has to be restored before anything is published`,
  );
}
