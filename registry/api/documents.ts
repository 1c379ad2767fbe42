/** Documents by their digests: those that were published, the index of every revision, and what the newest one names. */
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { catalogAt, catalogDocument } from '../../resolver/log/entries.ts';
import { indexOf } from '../../resolver/publication.ts';
import type { Bindings, Call } from '../env.ts';
import { problem } from '../http/problem.ts';
import { reply } from '../http/reply.ts';
import { needDocument } from '../storage/documents.ts';
import { tableDigestOf } from '../storage/files.ts';
import { openSnapshot, type Snapshot } from '../storage/isolate.ts';
import { StorageUnavailableError } from '../storage/operations.ts';

export async function sendDocument(c: Call, { digest = '' }: Record<string, string>): Promise<Response> {
  const body = await documentOf(await openSnapshot(c), c.env, digest);
  if (body === null) {
    return problem('unknown_document', 'No entry of /v1/log names a document by this digest.');
  }
  return reply(c, { body, etag: `"${digest}"`, immutable: true });
}

async function documentOf(
  { catalog, newest }: Snapshot,
  { STORE }: Bindings,
  digest: string,
): Promise<string | null> {
  // The document inside a correction has a digest of its own.
  const isPublished =
    catalog.log.some((entry) => entry.digest === digest) ||
    [...catalog.sets, ...catalog.seen].some((row) => row.digest === digest) ||
    tableDigestOf(catalog) === digest;
  if (isPublished) return needDocument(STORE, digest, 'a document could not be read from R2');
  if (newest.index.catalog === digest) return catalogDocument(catalog);
  const entry = catalog.log.find((publication) => publication.index === digest);
  if (!entry) return null;
  const text = canonicalJson(await indexOf(catalogAt(catalog, entry.revision)));
  if ((await sha256(text)) === digest) return text;
  throw new StorageUnavailableError('the index of that revision is not the one that was published');
}
