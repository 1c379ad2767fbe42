/** Documents by their digests in the log: those that were published, and the catalog and the index of every revision. */
import * as z from 'zod';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { catalogAt, catalogDocument, indexOf } from '../../resolver/publication.ts';
import type { Bindings } from '../env.ts';
import { described } from '../http/described.ts';
import { problem } from '../http/problem.ts';
import { reply } from '../http/reply.ts';
import { getRoute, notModified, problemResponse } from '../http/route.ts';
import { readDocument } from '../storage/documents.ts';
import { openSnapshot, type Snapshot } from '../storage/isolate.ts';
import { operations, StorageUnavailableError, within } from '../storage/operations.ts';

export const documentRoute = getRoute(
  {
    path: '/v1/documents/{digest}',
    tags: ['History'],
    summary:
      'A document as it was published, or the catalog or index that an entry of the log names, as the canonical JSON that ' +
      'its SHA-256 is of',
    request: {
      params: z.object({
        digest: described(z.string(), {
          example: '5868a737289b9b239edb6dc95d5217b5ffbfb4793f27d7fbbad6e157cb4e14f3',
        }),
      }),
    },
    responses: {
      200: {
        description: 'The document',
        content: { 'application/json': { schema: z.looseObject({}) } },
      },
      304: notModified,
      default: problemResponse,
    },
  },
  async (c, { digest = '' }) => {
    const body = await documentOf(await openSnapshot(c), c.env, digest);
    if (body === null) {
      return problem('unknown_document', 'No entry of /v1/log names a document by this digest.');
    }
    return reply(c, { body, etag: `"${digest}"`, immutable: true });
  },
);

async function documentOf(
  { catalog }: Snapshot,
  { STORE }: Bindings,
  digest: string,
): Promise<string | null> {
  // A set inside a correction has a digest of its own.
  const isPublished =
    catalog.log.some(({ document }) => document === digest) ||
    catalog.sets.some((set) => set.digest === digest);
  if (isPublished) {
    operations.r2++;
    return within(readDocument(STORE, digest)).catch((cause: unknown) => {
      throw new StorageUnavailableError('a document could not be read from R2', { cause });
    });
  }
  const entry = catalog.log.find((one) => one.catalog === digest || one.index === digest);
  if (!entry) return null;
  const then = catalogAt(catalog, entry.revision);
  const text = entry.catalog === digest ? catalogDocument(then) : canonicalJson(indexOf(then));
  if ((await sha256(text)) === digest) return text;
  throw new StorageUnavailableError('the catalog of that revision is not the one that was published');
}
