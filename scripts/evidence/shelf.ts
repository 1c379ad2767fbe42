/** The pinned files that are at hand, and the packages whose files, with those of all they need, are among them. */
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeWhole } from '../../cli/common/folders.ts';
import { filesAtHand } from '../../cli/packages/at-hand.ts';
import { hashFile } from '../../cli/packages/cache.ts';
import { readPinned } from '../../cli/packages/download.ts';
import type { Member, PackageSet } from '../../resolver/catalog.ts';
import { prepareSet, walk, wholeIn } from '../../resolver/closure/prepare.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';

/** Files by their SHA-256, in a folder of the cache. */
export type Shelf = ReadonlyMap<string, string>;

/** A package, and everything that it needs, itself included, in load order. */
export interface Candidate {
  member: Member;
  closure: Member[];
}

/** Copies files that sets pin, from folders and those in them, into the cache: a file that changes afterwards changes nothing. */
export async function fillShelf(
  folders: readonly string[],
  sets: readonly PackageSet[],
  cache: string,
): Promise<Shelf> {
  const pinned = new Map(sets.flatMap(({ packages }) => packages.map((member) => [member.sha256, member])));
  const { paths } = await filesAtHand(folders, [...pinned.values()]);
  const shelf = new Map<string, string>();
  for (const [sha256, path] of paths) {
    const kept = join(cache, sha256, basename(pinned.get(sha256)!.filename));
    if ((await hashFile(kept))?.hash.digest('hex') !== sha256) {
      await mkdir(dirname(kept), { recursive: true });
      await writeWhole(kept, await readPinned(path, sha256));
    }
    shelf.set(sha256, kept);
  }
  return shelf;
}

/** The packages with whole closures on the shelf, by name. */
export function candidatesOf(set: PackageSet, shelf: Shelf): Candidate[] {
  const prepared = prepareSet(set);
  const { members } = prepared;
  const isWhole = wholeIn(prepared, ({ sha256 }) => shelf.has(sha256));
  const candidates = members.flatMap((member, at) =>
    isWhole[at] ? { member, closure: walk(prepared, [at]).members.map((index) => members[index]!) } : [],
  );
  return sortedBy(candidates, ({ member }) => member.name);
}
