/** Makes the files of `data/` from documents. */
import type { Catalog, Publication, RegistryDocument } from '../../resolver/catalog.ts';
import { emptyTable } from '../../resolver/pinned-files.ts';
import { changeOf, emptyCatalog } from '../../resolver/publication.ts';
import { catalogPath, documentPath, formatJson } from './data-files.ts';
import { inPublicationOrder } from './publication-order.ts';

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
  for (const { document, day } of inPublicationOrder(documents, log)) {
    ({ after: catalog, table } = await changeOf(catalog, document, day, table));
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
