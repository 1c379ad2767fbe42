/** The table of the files that all sets pin, by its digest in the newest index: from R2, or from the sets' documents. */

import { LRUCache } from 'lru-cache';
import { sha256 } from '../../resolver/digest.ts';
import type { Catalog } from '../../resolver/index.ts';
import { emptyTable, type FileTable, readTable, tableText, withSet } from '../../resolver/pinned-files.ts';
import { logWarning } from '../structured-log.ts';
import { DocumentMissing, parseSetDocument, putDocument, readDocument } from './documents.ts';
import { operations, within } from './operations.ts';

/** The number of cached tables, of some megabytes each: of the newest revision, and of those just before. */
const KEPT = 3;

const tables = new LRUCache<string, FileTable>({ max: KEPT });
/** A table that this isolate could not finish in one request, as far as it is made. */
let unfinished: { digest: string; count: number; table: FileTable } | undefined;

type Sets = Pick<Catalog, 'files' | 'sets'>;

/** The digest of the newest table of a catalog; null without sets. */
export function tableDigestOf({ files }: Pick<Catalog, 'files'>): string | null {
  return files.find(({ withdrawn }) => withdrawn === null)?.digest ?? null;
}

/** Caches a table that was made here. */
export function keepTable(catalog: Pick<Catalog, 'files'>, table: FileTable): void {
  const digest = tableDigestOf(catalog);
  if (digest !== null) tables.set(digest, table);
}

/**
 * The table of a catalog's sets. If R2 lacks it, it is made from documents. If that takes more than `most` of them,
 * throws, and the next call continues where this one ended.
 */
export async function openTable(
  STORE: R2Bucket,
  catalog: Sets,
  most = Number.POSITIVE_INFINITY,
): Promise<FileTable> {
  const digest = tableDigestOf(catalog);
  if (digest === null) return emptyTable;
  const known = tables.get(digest);
  if (known) return known;
  operations.r2++;
  const text = await within(readDocument(STORE, digest)).catch((error: unknown) => {
    if (error instanceof DocumentMissing) return null;
    throw error;
  });
  const table = text === null ? await makeTable(STORE, catalog, digest, most) : readTable(text);
  tables.set(digest, table);
  return table;
}

/** Stores the table of a catalog's sets, also if R2 has it: what is newly stored is not removed as superseded. */
export async function storeTable(STORE: R2Bucket, catalog: Sets): Promise<void> {
  const digest = tableDigestOf(catalog);
  if (digest !== null) await putTable(STORE, digest, await openTable(STORE, catalog));
}

async function makeTable(STORE: R2Bucket, { sets }: Sets, digest: string, most: number): Promise<FileTable> {
  let { count, table } = unfinished?.digest === digest ? unfinished : { count: 0, table: emptyTable };
  const end = Math.min(sets.length, count + most);
  for (const { digest: ofSet, revision } of sets.slice(count, end)) {
    operations.r2++;
    table = withSet(table, parseSetDocument(await within(readDocument(STORE, ofSet))), revision);
    count++;
  }
  if (count < sets.length) {
    unfinished = { digest, count, table };
    throw new DocumentMissing(
      `R2 has no table of the files of these sets: ${count} of ${sets.length} are read again`,
    );
  }
  unfinished = undefined;
  await putTable(STORE, digest, table).catch((cause: unknown) =>
    logWarning('the table of files could not be stored', cause),
  );
  return table;
}

async function putTable(STORE: R2Bucket, digest: string, table: FileTable): Promise<void> {
  const text = tableText(table);
  if ((await sha256(text)) !== digest) throw new Error('the table of files is not that of the sets');
  operations.r2++;
  await putDocument(STORE, digest, text);
}
