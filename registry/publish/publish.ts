/** The one way into the registry, for the seed and for publishers alike. */
import { type Catalog, RegistryDocument } from '../../resolver/catalog.ts';
import { canonicalJson } from '../../resolver/digest.ts';
import type { Outcome } from '../../resolver/issue.ts';
import { setExists } from '../../resolver/issues/documents.ts';
import { applyChange, changeOf, nextPublication, subjectOf } from '../../resolver/publication.ts';
import { writeChange } from '../storage/catalog.ts';
import { putDocument } from '../storage/documents.ts';
import { checkOwnWheels, type OwnWheels, storeOwnWheels } from './own-wheels.ts';

/** The storage that publishing needs, as bound to the Worker. */
export interface PublishingStorage {
  DB: D1Database;
  STORE: R2Bucket;
}

/** What publishing led to: the catalog with the document in it, and whether it was there before. */
export interface Published {
  catalog: Catalog;
  status: 'published' | 'unchanged';
}

/**
 * Publishes one document on top of `catalog`, which must be the registry's newest. A set's own wheels and the
 * document go to R2 first, where they are content-addressed and harmless if the rest fails; one D1 batch then
 * makes them visible. What is there already is left alone, but for wheels whose bytes were still to come; a
 * package set of the same name with other content is an issue, and so are wheels that are not the set's.
 */
export async function publish(
  storage: PublishingStorage,
  catalog: Catalog,
  input: RegistryDocument,
  published: string,
  wheels: OwnWheels = {},
): Promise<Outcome<Published>> {
  const document = RegistryDocument.parse(input);
  const publication = await nextPublication(catalog.log.at(-1), document, published);
  const last = catalog.log.findLast(
    (entry) => entry.kind === document.kind && entry.subject === subjectOf(document),
  );
  const unchanged = last?.document === publication.document;
  if (document.kind === 'set') {
    if (last && !unchanged) {
      const fields = { package_set: document.flag, revision: last.revision };
      return { ok: false, issues: [setExists(fields)] };
    }
    const issues = await checkOwnWheels(storage.STORE, document, wheels);
    if (issues.length > 0) return { ok: false, issues };
    await storeOwnWheels(storage.STORE, document, wheels);
  }
  if (unchanged) return { ok: true, value: { catalog, status: 'unchanged' } };

  await putDocument(storage.STORE, publication.document, canonicalJson(document));
  const change = changeOf(catalog, publication, document);
  await writeChange(storage.DB, change, document);
  return { ok: true, value: { catalog: applyChange(catalog, change), status: 'published' } };
}
