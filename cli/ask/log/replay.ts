/** Replays a log: repeats every publication from its document, and compares the results with the log. */

import { canonicalJson } from '../../../resolver/digest.ts';
import type { Catalog } from '../../../resolver/index.ts';
import { logBroken } from '../../../resolver/issues/documents.ts';
import { changeOf, emptyCatalog } from '../../../resolver/publication.ts';
import { Publication, RegistryDocument } from '../../../resolver/schemas.ts';
import { unanswered } from '../../common/failure.ts';

const FIX = 'Do not trust its answers, and tell its operator.';

/** A failure of the command: the log is not consistent with its documents, catalog or signature. */
export function broken(message: string, fix: string = FIX) {
  return unanswered([logBroken({ message, fix })]);
}

/**
 * The catalog that publishing all documents of a log makes.
 * @param documentOf gives the JSON of an entry's document
 */
export async function replay(
  log: readonly unknown[],
  documentOf: (entry: Publication) => Promise<unknown>,
): Promise<Catalog> {
  let catalog = emptyCatalog;
  for (const [at, given] of log.entries()) {
    const read = Publication.safeParse(given);
    if (!read.success) throw broken(`Entry ${at + 1} of the log is not a publication.`);
    const entry = read.data;
    const document = RegistryDocument.safeParse(await documentOf(entry));
    if (!document.success)
      throw broken(`The document of revision ${entry.revision} is not a registry document.`);
    const indexed = entry.index !== undefined;
    const change = await changeOf(catalog, document.data, entry.published, { indexed });
    const made = change.publication;
    const wrong = (Object.keys(made) as (keyof Publication)[]).find((field) => made[field] !== entry[field]);
    if (wrong) {
      throw broken(
        `Revision ${at + 1} (${entry.kind} ${entry.subject}) has the wrong ${wrong} for its document: ` +
          `${entry[wrong]} instead of ${made[wrong]}.`,
      );
    }
    catalog = change.after;
  }
  return catalog;
}

/** Whether two catalogs say the same. */
export const isSameCatalog = (a: Catalog, b: Catalog): boolean => canonicalJson(a) === canonicalJson(b);
