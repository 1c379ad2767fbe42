/** Pinned files in folders of this machine: whoever has their bytes need not download them. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from './cache.ts';

export interface AtHand {
  /** The paths of files with pinned bytes, by their SHA-256. */
  paths: ReadonlyMap<string, string>;
  /** The paths of files with other bytes, by the pinned name that they have. */
  others: ReadonlyMap<string, string>;
}

/** Pinned files in folders, and in those in them, by their names, or by their SHA-256 as a name. */
export async function filesAtHand(
  folders: readonly string[],
  pinned: readonly { filename: string; sha256: string }[],
): Promise<AtHand> {
  const names = new Set(pinned.flatMap(({ filename, sha256 }) => [filename, sha256]));
  const digests = new Set(pinned.map(({ sha256 }) => sha256));
  const [paths, others] = [new Map<string, string>(), new Map<string, string>()];
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause) => {
      throw new Error(`${folder} is no folder that can be read (${cause.code})`, { cause });
    });
    for (const entry of entries) {
      if (!names.has(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      const digest = (await hashFile(path))?.hash.digest('hex');
      if (digest === undefined) continue;
      if (digests.has(digest)) paths.set(digest, path);
      else others.set(entry.name, path);
    }
  }
  return { paths, others };
}
