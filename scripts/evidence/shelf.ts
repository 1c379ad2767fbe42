/** The pinned files that are at hand, and the packages whose files, with those of all they need, are among them. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeWhole } from '../../cli/common/folders.ts';
import type { Member, PackageSet } from '../../resolver/catalog.ts';
import { prepareSet } from '../../resolver/index.ts';

/** Files by their SHA-256, in a folder of the cache. */
export type Shelf = ReadonlyMap<string, string>;

/** A package, and everything that it needs, itself included, in load order. */
export interface Candidate {
  member: Member;
  closure: Member[];
}

/**
 * Copies files that sets pin, from folders and those in them, into the cache. Each is read once, and what is written is
 * what was hashed: a file that changes afterwards changes nothing.
 */
export async function fillShelf(
  folders: readonly string[],
  sets: readonly PackageSet[],
  cache: string,
): Promise<Shelf> {
  const pinned = new Map(sets.flatMap(({ packages }) => packages.map((member) => [member.sha256, member])));
  const names = new Set([...pinned.values()].map(({ filename }) => filename));
  const shelf = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const isNamed = names.has(entry.name) || pinned.has(entry.name);
      if (!isNamed || entry.isDirectory()) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const member = pinned.get(sha256);
      if (member === undefined || shelf.has(sha256)) continue;
      const path = join(cache, sha256, basename(member.filename));
      const kept = await readFile(path).catch(() => null);
      if (!kept?.equals(bytes)) {
        await mkdir(dirname(path), { recursive: true });
        await writeWhole(path, bytes);
      }
      shelf.set(sha256, path);
    }
  }
  return shelf;
}

/** The packages with whole closures on the shelf, by name. */
export function candidatesOf(set: PackageSet, shelf: Shelf): Candidate[] {
  const { members, edges, dangling } = prepareSet(set);
  return members
    .flatMap((member, at) => {
      const needed = new Set([at]);
      for (const index of needed) for (const edge of edges[index]!) needed.add(edge);
      const indexes = [...needed].sort((a, b) => a - b);
      const isWhole = indexes.every(
        (index) => shelf.has(members[index]!.sha256) && dangling[index]!.length === 0,
      );
      return isWhole ? [{ member, closure: indexes.map((index) => members[index]!) }] : [];
    })
    .sort((a, b) => (a.member.name < b.member.name ? -1 : 1));
}
