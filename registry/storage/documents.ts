/** Documents in R2, whole, under the SHA-256 of their canonical JSON. */

import { sha256 } from '../../resolver/digest.ts';
import type { PackageSet } from '../../resolver/index.ts';
import type { FilesDocument, SeenFile } from '../../resolver/schemas.ts';
import { listObjects, operations, readBody, StorageUnavailableError, within } from './operations.ts';

/** The folder of documents in R2. */
export const DOCUMENTS = 'documents/';

/** Stores a document's canonical JSON. It is content-addressed, so repeating it is harmless. */
export async function putDocument(store: R2Bucket, digest: string, canonical: string): Promise<void> {
  await store.put(documentKey(digest), canonical, {
    sha256: digest,
    httpMetadata: { contentType: 'application/json' },
  });
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

/** The canonical JSON of a document, within the time that requests wait. Throws {@link StorageUnavailableError} alone. */
export function needDocument(store: R2Bucket, digest: string, failure: string): Promise<string> {
  operations.r2++;
  return within(readDocument(store, digest)).catch((cause: unknown) => {
    throw new StorageUnavailableError(failure, { cause });
  });
}

export async function readSet(store: R2Bucket, { digest }: { digest: string }): Promise<PackageSet> {
  return parseSetDocument(await readDocument(store, digest));
}

export function parseSetDocument(canonical: string): PackageSet {
  return JSON.parse(canonical) as PackageSet;
}

/** The files of a set, as a published document has them. */
export async function readFiles(store: R2Bucket, digest: string): Promise<readonly SeenFile[]> {
  return (JSON.parse(await readDocument(store, digest)) as FilesDocument).files;
}

/** The given digests of which R2 has no document. This look is not counted. */
export async function absentDocuments(store: R2Bucket, digests: readonly string[]): Promise<string[]> {
  const stored = new Set<string>();
  for await (const { key } of listObjects(store, { prefix: DOCUMENTS }, readBody)) stored.add(key);
  return digests.filter((digest) => !stored.has(documentKey(digest)));
}

export const documentKey = (digest: string): string => `${DOCUMENTS}${digest}.json`;
