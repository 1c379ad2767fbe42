import { drizzle } from 'drizzle-orm/d1';
import { LRUCache } from 'lru-cache';
import type { CatalogView } from '../../resolver/compatibility/view.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import type { Bindings, Call } from '../env.ts';
import { setsWithFile } from '../storage/history.ts';
import { openSet, openSnapshot } from '../storage/isolate.ts';
import { within } from '../storage/operations.ts';
import { headWheel } from '../storage/wheel-objects.ts';
import { type PinnedWheel, readStored, type WheelFacts } from '../storage/wheels.ts';
import { logWarning } from '../structured-log.ts';

/** The oldest sets with a file, whose documents are read for its URLs: they are mostly the same. */
const MOST_SETS = 3;

/** Files that are pinned and stored, which never changes. */
const known = new LRUCache<string, PinnedWheel>({ max: 4_096 });

/**
 * The file that some published set pins with this name and hash, or undefined. If D1 is down, what R2 has of it counts.
 */
export async function findPinnedWheel(
  c: Pick<Call, 'env' | 'executionCtx'>,
  sha256: string,
  filename: string,
): Promise<PinnedWheel | undefined> {
  const key = `${sha256}/${filename}`;
  const held = known.get(key);
  if (held) return held;
  const { head } = await openSnapshot(c);
  const stored = await within(readStored(drizzle(c.env.DB), sha256, filename)).catch((cause: unknown) => {
    logWarning('D1 could not be read; a wheel is served as R2 has it', cause);
    return null;
  });
  const { flags, facts } = stored ?? { flags: [], facts: await factsOfR2(c.env, sha256) };
  const file = { sha256, filename };
  // D1 only says where to look.
  const found =
    (await pinnedBy(c.env, head, flags, file)) ??
    (await pinnedBy(c.env, head, await setsWithFile(c.env, head, file), file));
  if (!found) return undefined;
  if (stored?.facts) known.set(key, { urls: found, facts });
  return { urls: found, facts };
}

async function factsOfR2({ STORE }: Bindings, sha256: string): Promise<WheelFacts | null> {
  const object = await headWheel(STORE, sha256);
  return object && { size: object.size, metadata_sha256: null };
}

/** The URLs of a file in the documents of some sets, which are tried one after another; null if none pins it. */
async function pinnedBy(
  env: Bindings,
  { sets }: CatalogView,
  flags: readonly string[],
  { sha256, filename }: { sha256: string; filename: string },
): Promise<string[] | null> {
  const heads = flags.flatMap((flag) => sets.get(flag) ?? []);
  const urls = new Set<string | null>();
  for (const { digest } of sortedBy(heads, ({ revision }) => revision).slice(0, MOST_SETS)) {
    const { members } = await openSet(env, digest);
    for (const member of members) {
      if (member.sha256 === sha256 && member.filename === filename) urls.add(member.url);
    }
  }
  return urls.size === 0 ? null : [...urls].filter((url) => url !== null);
}
