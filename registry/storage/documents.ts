/** Documents in R2, whole, under the SHA-256 of their canonical JSON. */

import type { PackageSet } from '../../resolver/catalog.ts';
import { sha256 } from '../../resolver/digest.ts';

/** Stores a document's canonical JSON. Harmless to repeat: the key is the content. */
export async function putDocument(store: R2Bucket, digest: string, canonical: string): Promise<void> {
  await store.put(documentKey(digest), canonical, {
    sha256: digest,
    httpMetadata: { contentType: 'application/json' },
  });
}

/** The canonical JSON of a package set. Throws where the object is missing or is not what its name says. */
export async function readSetDocument(store: R2Bucket, digest: string): Promise<string> {
  const object = await store.get(documentKey(digest));
  if (!object) throw new Error(`R2 has no document ${digest}`);
  const text = await object.text();
  if ((await sha256(text)) !== digest) throw new Error(`the document ${digest} in R2 is corrupted`);
  return text;
}

export function parseSetDocument(canonical: string): PackageSet {
  return JSON.parse(canonical) as PackageSet;
}

const documentKey = (digest: string) => `documents/${digest}.json`;
