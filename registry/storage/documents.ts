/** Documents in R2, whole, under the SHA-256 of their canonical JSON. */

import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import type { Catalog, PackageSet } from '../../resolver/index.ts';
import { catalogDocument } from '../../resolver/publication.ts';
import { Publication } from '../../resolver/schemas.ts';
import { ifUnchanged } from './operations.ts';

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
  const bytes = await object.bytes();
  if ((await sha256(bytes)) !== digest) {
    throw new DocumentMissing(`the document ${digest} in R2 is corrupted`);
  }
  return new TextDecoder().decode(bytes);
}

export function parseSetDocument(canonical: string): PackageSet {
  return JSON.parse(canonical) as PackageSet;
}

/**
 * Stores the newest entry of the log, in case D1 is lost, unless another request has stored a newer one. It is not
 * signed: like an entry of D1, it is checked by its digest.
 */
export async function putHead(store: R2Bucket, head: Publication): Promise<void> {
  let isStored = false;
  while (!isStored) {
    const before = await store.get(HEAD);
    const noted = before && (await headIn(before));
    if (noted && noted.revision > head.revision && (await isSealed(noted))) return;
    const stored: unknown = await store.put(HEAD, JSON.stringify(head), {
      httpMetadata: { contentType: 'application/json' },
      onlyIf: ifUnchanged(before),
    });
    isStored = stored !== null;
  }
}

/** The last stored entry, or null. */
export async function readNotedHead(store: R2Bucket): Promise<Publication | null> {
  const object = await store.get(HEAD);
  return object && headIn(object);
}

async function headIn(object: R2ObjectBody): Promise<Publication | null> {
  const read = Publication.safeParse(await object.json().catch(() => null));
  return read.success ? read.data : null;
}

/** Whether an entry matches its own digest. */
export async function isSealed({ digest, ...entry }: Publication): Promise<boolean> {
  return (await sha256(canonicalJson(entry))) === digest;
}

const HEAD = 'head.json';
const documentKey = (digest: string) => `documents/${digest}.json`;
