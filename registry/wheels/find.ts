import { drizzle } from 'drizzle-orm/d1';
import { LRUCache } from 'lru-cache';
import type { Bindings } from '../env.ts';
import { StorageUnavailableError } from '../storage/operations.ts';
import { headWheel } from '../storage/wheel-objects.ts';
import { type PinnedWheel, readPinnedWheel } from '../storage/wheels.ts';

/** Files that this isolate knows to be pinned and stored. Neither ever changes. */
const known = new LRUCache<string, PinnedWheel>({ max: 4_096 });

/**
 * The file that some published set pins under this name and these bytes, or undefined. While D1 is gone, what
 * lies in R2 under this name has been pinned once, and so it is for ever.
 */
export async function findPinnedWheel(
  env: Bindings,
  sha256: string,
  filename: string,
): Promise<PinnedWheel | undefined> {
  const key = `${sha256}/${filename}`;
  const held = known.get(key);
  if (held) return held;
  try {
    const found = await readPinnedWheel(drizzle(env.DB), sha256, filename);
    if (found?.facts) known.set(key, found);
    return found;
  } catch (cause) {
    const object = await headWheel(env.STORE, sha256);
    if (object?.customMetadata?.filename !== filename) {
      throw new StorageUnavailableError('D1 could not be read', { cause });
    }
    console.warn('D1 could not be read; a wheel is served as R2 has it', cause);
    return { urls: [], facts: { size: object.size, metadata_sha256: null } };
  }
}
