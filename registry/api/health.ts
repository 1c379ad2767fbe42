import { drizzle } from 'drizzle-orm/d1';
import * as z from 'zod';
import type { Catalog, CatalogView } from '../../resolver/index.ts';
import type { Fields } from '../../resolver/question/fields.ts';
import { RegistryStamp } from '../../resolver/schemas.ts';
import type { Bindings, Call } from '../env.ts';
import { problemOf } from '../http/problem.ts';
import { addressReader } from '../http/question.ts';
import { absentDocuments } from '../storage/documents.ts';
import { pinnedFilesOf } from '../storage/history.ts';
import { openSnapshot } from '../storage/isolate.ts';
import { countAllPins } from '../storage/ledger.ts';
import { TROUBLES, type Trouble, troublesOfR2 } from '../storage/newest.ts';
import { operations, within } from '../storage/operations.ts';
import { signingKey } from '../storage/signed-head.ts';
import { countStored } from '../storage/wheels.ts';

export const Health = z
  .strictObject({
    status: z
      .enum(['ok', 'stale', 'degraded'])
      .describe(
        '`stale` while D1 cannot be asked, `degraded` while answers go on without some of the storage.',
      ),
    degraded: z.array(z.enum(TROUBLES)).describe('What is wrong with the storage.'),
    registry: RegistryStamp,
    files: z
      .strictObject({ pinned: z.int(), stored: z.int() })
      .nullable()
      .describe(
        'How many files the package sets pin, and how many are stored here; null if nothing could say.',
      ),
    operations: z.strictObject({ d1: z.int(), r2: z.int(), revision_checks: z.int() }),
  })
  .meta({ id: 'Health' });

export const HEALTH_QUERY = {
  strict: {
    kind: 'text',
    meaning:
      'with this parameter, the status is 503 unless all is well, for monitors that look at nothing else',
    example: '',
  },
} as const satisfies Fields;
const readQuery = addressReader(HEALTH_QUERY, []);

export async function sendHealth(c: Call): Promise<Response> {
  const read = readQuery(c.req.url, {});
  if (!read.ok) return problemOf(read.issues);
  const { strict = 'false' } = read.value.query;
  const { head, stale, troubles, catalog } = await openSnapshot(c);
  // The checks below do operations of their own, which do not count.
  const before = { ...operations };
  // An invalid key is a trouble to report, like any other.
  const key = await signingKey(c.env).catch(() => undefined);
  const degraded = [
    ...new Set([
      ...troubles,
      ...(await troublesOfR2(c.env, key)),
      ...(await troublesOfDocuments(c.env, catalog)),
      ...(await troublesOfPins(c.env, catalog)),
    ]),
  ];
  const health: z.infer<typeof Health> = {
    status: stale ? 'stale' : degraded.length > 0 ? 'degraded' : 'ok',
    degraded,
    registry: head.stamp,
    files: await filesOf(c.env, head).catch(() => null),
    operations: before,
  };
  const status = strict === 'false' || health.status === 'ok' ? 200 : 503;
  return Response.json(health, { status, headers: { 'cache-control': 'no-store' } });
}

/** Answers that an isolate has made go on without their documents: the next isolate cannot make them. */
async function troublesOfDocuments({ STORE }: Bindings, { log }: Catalog): Promise<Trouble[]> {
  const digests = log.map(({ digest }) => digest);
  // Another check reports that R2 cannot be reached.
  const absent = await within(absentDocuments(STORE, digests)).catch(() => []);
  return absent.length > 0 ? ['documents_missing'] : [];
}

/** No answer is made from the pins of D1, but an operator's SQL is. */
async function troublesOfPins({ DB }: Bindings, { sets }: Catalog): Promise<Trouble[]> {
  const due = sets.reduce((sum, { package_count }) => sum + package_count, 0);
  // Another check reports that D1 cannot be reached.
  const pinned = await within(countAllPins(drizzle(DB))).catch(() => due);
  return pinned < due ? ['pins_missing'] : [];
}

async function filesOf(env: Bindings, view: CatalogView): Promise<z.infer<typeof Health>['files']> {
  const [files, stored] = await Promise.all([pinnedFilesOf(env, view), within(countStored(drizzle(env.DB)))]);
  return { pinned: new Set(files.map(({ sha256 }) => sha256)).size, stored };
}
