/** Makes the files of `data/` from documents, in the order and with the days of their publications. */

import {
  type Catalog,
  type CatalogSet,
  DOCUMENT_KINDS,
  type PackageSet,
  type Publication,
  type RegistryDocument,
} from '../../resolver/catalog.ts';
import { addDays } from '../../resolver/compatibility/date.ts';
import { emptyTable } from '../../resolver/pinned-files.ts';
import {
  changeOf,
  dayOf,
  documentPath,
  emptyCatalog,
  factsOf,
  subjectOf,
} from '../../resolver/publication.ts';
import { order } from '../../resolver/sorted-by.ts';
import { catalogPath, formatJson, type PublishedDocument } from './data-files.ts';

/**
 * The day of a document's fact: a first release, the date in a version, a set's release, that of a run, or the last day
 * before a yank or an announcement takes effect. A withdrawal has no day.
 */
export function factDate(document: RegistryDocument): string {
  switch (document.kind) {
    case 'python':
      return document.first_release;
    case 'workerd':
      return document.workerd.replace(/^1\.(\d{4})(\d{2})(\d{2})\..*$/, '$1-$2-$3');
    case 'set':
      return document.released;
    case 'yank':
      return addDays(document.from, -1);
    case 'correction':
      return factDate(document.document);
    case 'announcement':
      return addDays(document.takes_effect, -1);
    case 'withdrawal':
      return '';
    case 'files':
    case 'evidence':
      return document.day;
    case 'advisories':
      return dayOf(document);
  }
}

/**
 * Entries of the log keep their order and days. New documents follow by the day of their fact (on one day: Pythons,
 * workerds, sets, each by name), and none is dated before its predecessor.
 * @throws if two documents have one name, or one of the log is missing
 */
export function inPublicationOrder(
  documents: RegistryDocument[],
  log: readonly Publication[],
): PublishedDocument[] {
  const fresh = new Map<string, RegistryDocument>();
  for (const document of documents) {
    const key = `${document.kind} ${subjectOf(document)}`;
    if (fresh.has(key)) throw new Error(`two documents are named ${key}`);
    fresh.set(key, document);
  }
  const ordered: PublishedDocument[] = log.map(({ kind, name, day }) => {
    const key = `${kind} ${name}`;
    const document = fresh.get(key);
    if (!document) throw new Error(`${key} is published, but is no longer imported`);
    fresh.delete(key);
    return { document, day };
  });
  for (const document of [...fresh.values()].sort(byDate)) {
    const head = ordered.at(-1)?.day ?? '';
    const date = factDate(document);
    ordered.push({ document, day: order(date, head) < 0 ? head : date });
  }
  return ordered;
}

function byDate(a: RegistryDocument, b: RegistryDocument): number {
  return (
    order(factDate(a), factDate(b)) ||
    DOCUMENT_KINDS.indexOf(a.kind) - DOCUMENT_KINDS.indexOf(b.kind) ||
    order(subjectOf(a), subjectOf(b))
  );
}

export interface DataFiles {
  catalog: Catalog;
  /** Texts by their path inside `data/`. */
  files: Map<string, string>;
}

/**
 * Publishes all documents again, those of the log first, in its order.
 * @param log the entries that must not change
 * @throws if one of them would change: the log is append-only
 */
export async function publishDocuments(
  documents: RegistryDocument[],
  log: readonly Publication[],
): Promise<DataFiles> {
  let catalog = emptyCatalog;
  const files = new Map<string, string>();
  let table = emptyTable;
  const ordered = inPublicationOrder(documents, log);
  const openSet = ({ revision }: CatalogSet) => factsOf(ordered[revision - 1]!.document) as PackageSet;
  for (const { document, day } of ordered) {
    ({ after: catalog, table } = await changeOf(catalog, document, { day }, table, openSet));
    files.set(documentPath(catalog.log.at(-1)!), formatJson(document));
  }
  files.set(catalogPath, formatJson(catalog));
  const changed = log.find((entry, index) => entry.digest !== catalog.log[index]?.digest);
  if (changed) {
    throw new Error(
      `revision ${changed.revision} published another ${changed.kind} ${changed.name}: ` +
        'what is published never changes',
    );
  }
  return { catalog, files };
}
