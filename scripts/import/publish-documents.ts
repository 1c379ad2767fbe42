/** Makes the files of `data/` from documents. */
import type { Catalog, Publication, RegistryDocument } from '../../resolver/catalog.ts';
import { emptyCatalog, publishInto } from '../../resolver/publication.ts';
import { catalogPath, documentPath, formatJson } from './data-files.ts';
import { inPublicationOrder } from './publication-order.ts';

export interface DataFiles {
  catalog: Catalog;
  /** Texts by their path inside `data/`. */
  files: Map<string, string>;
}

/** The first publication of `data/` that has an index: those before it are older than indexes are. */
const FIRST_INDEXED = 51;

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
  for (const { document, published: day } of inPublicationOrder(documents, log)) {
    const indexed = catalog.log.length + 1 >= FIRST_INDEXED;
    catalog = await publishInto(catalog, document, day, { indexed });
    files.set(documentPath(catalog.log.at(-1)!), formatJson(document));
  }
  files.set(catalogPath, formatJson(catalog));
  const changed = log.find((entry, index) => entry.document !== catalog.log[index]?.document);
  if (changed) {
    throw new Error(
      `revision ${changed.revision} published another ${changed.kind} ${changed.subject}: ` +
        'what is published never changes',
    );
  }
  return { catalog, files };
}
