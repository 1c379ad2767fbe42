import type { Catalog, RegistryDocument } from '../resolver/catalog.ts';
import type { FileTable } from '../resolver/pinned-files.ts';
import { changeOf } from '../resolver/publication.ts';

/** The catalog after a publication, without a registry. */
export async function publishInto(
  catalog: Catalog,
  document: RegistryDocument,
  day: string,
  table?: FileTable,
): Promise<Catalog> {
  return (await changeOf(catalog, document, { day }, table)).after;
}
