/** Replays a log: repeats every publication from its document, and compares the results with the log. */

import { canonicalJson } from '../../../resolver/digest.ts';
import type { Catalog } from '../../../resolver/index.ts';
import { logBroken } from '../../../resolver/issues/log.ts';
import { emptyTable } from '../../../resolver/pinned-files.ts';
import { changeOf, emptyCatalog } from '../../../resolver/publication.ts';
import { LogEntry, RegistryDocument } from '../../../resolver/schemas.ts';
import { unanswered } from '../../common/failure.ts';

/** A failure of the command: the log is not consistent with its documents, catalog or signature. */
export function broken(given: Parameters<typeof logBroken>[0]) {
  return unanswered([logBroken(given)]);
}

/**
 * The catalog that publishing all documents of a log makes.
 * @param documentOf gives the JSON of an entry's document
 */
export async function replay(
  log: readonly unknown[],
  documentOf: (entry: LogEntry) => Promise<unknown>,
): Promise<Catalog> {
  let catalog = emptyCatalog;
  let table = emptyTable;
  for (const [at, given] of log.entries()) {
    const read = LogEntry.safeParse(given);
    if (!read.success) throw broken({ problem: 'no_publication', revision: at + 1 });
    const entry = read.data;
    const document = RegistryDocument.safeParse(await documentOf(entry));
    if (!document.success) throw broken({ problem: 'no_document', revision: entry.revision });
    const change = await changeOf(catalog, document.data, entry.day, table);
    const made = change.publication;
    const wrong = (Object.keys(entry) as (keyof LogEntry)[]).find((field) => made[field] !== entry[field]);
    if (wrong) {
      throw broken({
        problem: 'wrong_field',
        revision: at + 1,
        entry: `${entry.kind} ${entry.name}`,
        field: wrong,
        stated: `${entry[wrong]}`,
        made: `${made[wrong]}`,
      });
    }
    ({ after: catalog, table } = change);
  }
  return catalog;
}

/** Whether two catalogs say the same. */
export const isSameCatalog = (a: Catalog, b: Catalog): boolean => canonicalJson(a) === canonicalJson(b);
