import { drizzle } from 'drizzle-orm/d1';
import { LRUCache } from 'lru-cache';
import { type CatalogView, canonicalName } from '../../resolver/index.ts';
import { parseWheelName } from '../../resolver/wheels/wheel-name.ts';
import type { Bindings, Call } from '../env.ts';
import { historyOf } from '../storage/history.ts';
import { entryAt, openSnapshot } from '../storage/isolate.ts';
import { StorageUnavailableError, within } from '../storage/operations.ts';
import { proveRows } from '../storage/packages.ts';
import { headWheel } from '../storage/wheel-objects.ts';
import { type PinnedWheel, readPins } from '../storage/wheels.ts';
import { logWarning } from '../structured-log.ts';

/** Files that are pinned and stored, which never changes. */
const known = new LRUCache<string, PinnedWheel>({ max: 4_096 });

/**
 * The file that some published set pins with this name and hash, or undefined. If D1 is down, a file that R2 has under
 * this name counts: only pinned files are stored, and sets never change.
 */
export async function findPinnedWheel(
  c: Pick<Call, 'env' | 'executionCtx'>,
  sha256: string,
  filename: string,
): Promise<PinnedWheel | undefined> {
  const key = `${sha256}/${filename}`;
  const held = known.get(key);
  if (held) return held;
  try {
    const found = await readPinned(c, sha256, filename);
    if (found?.facts) known.set(key, found);
    return found;
  } catch (cause) {
    const object = await headWheel(c.env.STORE, sha256);
    if (object?.customMetadata?.filename !== filename) {
      throw new StorageUnavailableError('D1 could not be read', { cause });
    }
    logWarning('D1 could not be read; a wheel is served as R2 has it', cause);
    return { urls: [], facts: { size: object.size, metadata_sha256: null } };
  }
}

async function readPinned(
  c: Pick<Call, 'env' | 'executionCtx'>,
  sha256: string,
  filename: string,
): Promise<PinnedWheel | undefined> {
  const { rows, facts } = await within(readPins(drizzle(c.env.DB), sha256, filename));
  const { head } = await openSnapshot(c);
  if (rows.length === 0) return expectUnpinned(c.env, head, sha256, filename);
  const pins = await proveRows(rows, head, (revision) => entryAt(revision)?.members ?? null);
  return pins.length === 0
    ? undefined
    : { urls: [...new Set(pins.flatMap(({ row }) => row.url ?? []))], facts };
}

/** Throws {@link StorageUnavailableError} if the row that pins a wheel was changed or lost. */
async function expectUnpinned(
  env: Bindings,
  view: CatalogView,
  sha256: string,
  filename: string,
): Promise<undefined> {
  const wheel = parseWheelName(filename);
  const versions = wheel ? await historyOf(env, view, canonicalName(wheel.project)) : [];
  if (versions.some((one) => one.sha256 === sha256 && one.filename === filename)) {
    throw new StorageUnavailableError('D1 has lost the row of a wheel');
  }
}
