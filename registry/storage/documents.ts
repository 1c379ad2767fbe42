/** Documents in R2, whole, under the SHA-256 of their canonical JSON. */

import { type Catalog, type PackageSet, Publication } from '../../resolver/catalog.ts';
import { sha256 } from '../../resolver/digest.ts';
import { catalogDocument } from '../../resolver/publication.ts';

/** Stores a document's canonical JSON. It is content-addressed, so repeating it is harmless. */
export async function putDocument(store: R2Bucket, digest: string, canonical: string): Promise<void> {
  await store.put(documentKey(digest), canonical, {
    sha256: digest,
    httpMetadata: { contentType: 'application/json' },
  });
}

/** Stores the catalog of a publication under the digest that its log entry names. */
export async function putCatalog(store: R2Bucket, catalog: Catalog): Promise<void> {
  await putDocument(store, catalog.log.at(-1)!.catalog, catalogDocument(catalog));
}

/** Thrown for a document that is missing, or does not match its digest. */
export class DocumentMissing extends Error {}

/** The canonical JSON of a document. Throws {@link DocumentMissing} if it is missing or corrupted. */
export async function readDocument(store: R2Bucket, digest: string): Promise<string> {
  const object = await store.get(documentKey(digest));
  if (!object) throw new DocumentMissing(`R2 has no document ${digest}`);
  const text = await object.text();
  if ((await sha256(text)) !== digest) {
    throw new DocumentMissing(`the document ${digest} in R2 is corrupted`);
  }
  return text;
}

export function parseSetDocument(canonical: string): PackageSet {
  return JSON.parse(canonical) as PackageSet;
}

/**
 * Stores the newest entry of the log, in case D1 is lost. It is not signed: like an entry of D1, it is checked by its
 * digest.
 */
export async function putHead(store: R2Bucket, head: Publication): Promise<void> {
  await store.put(HEAD, JSON.stringify(head), { httpMetadata: { contentType: 'application/json' } });
}

/** The last stored entry, or null. */
export async function readNotedHead(store: R2Bucket): Promise<Publication | null> {
  const object = await store.get(HEAD);
  if (!object) return null;
  const read = Publication.safeParse(await object.json().catch(() => null));
  return read.success ? read.data : null;
}

const HEAD = 'head.json';
const documentKey = (digest: string) => `documents/${digest}.json`;
