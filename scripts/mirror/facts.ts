/** The facts that follow from the bytes of pinned files, as documents of the kind `files`. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesDocument, type Member, type PackageSet, type SeenFile } from '../../resolver/catalog.ts';
import { describedIn } from '../../resolver/wheels/files.ts';
import { isWheel, readMetadata } from '../../resolver/wheels/read-metadata.ts';

const UNKNOWN = { summary: null, license: null, home_page: null };
/** In bytes. A pointer is shorter. */
const LONGEST_POINTER = 1024;

/** @param bytes that are pinned */
export async function seenFile({ sha256, filename }: Member, bytes: Uint8Array): Promise<SeenFile> {
  const size = bytes.length;
  if (!isWheel(filename)) return { sha256, size, ...UNKNOWN };
  const metadata = await readMetadata(size, async (offset, length) => bytes.slice(offset, offset + length));
  return { sha256, size, ...(metadata.ok ? describedIn(new TextDecoder().decode(metadata.bytes)) : UNKNOWN) };
}

const POINTER = /^version \S+\noid sha256:([0-9a-f]{64})\nsize ([1-9]\d*)\n$/;

/**
 * The sizes that Git LFS pointers of a checkout say, by SHA-256.
 * @param pointer the address of that checkout, with its commit
 */
export async function pointersIn(folder: string, pointer: string): Promise<Map<string, SeenFile>> {
  const seen = new Map<string, SeenFile>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || (await stat(path)).size > LONGEST_POINTER) continue;
    const [, sha256, size] = POINTER.exec(await readFile(path, 'utf8')) ?? [];
    if (sha256 !== undefined) seen.set(sha256, { sha256, size: Number(size), ...UNKNOWN, pointer });
  }
  return seen;
}

/** The set's next document, with what the one before it has; null if there is nothing new. */
export function filesDocument(
  { flag, packages }: PackageSet,
  seen: ReadonlyMap<string, SeenFile>,
  before: readonly SeenFile[],
): FilesDocument | null {
  const known = new Map(before.map((file) => [file.sha256, file]));
  const pinned = new Set(packages.map(({ sha256 }) => sha256));
  const files = [...pinned].flatMap((sha256) => {
    const [older, newer] = [known.get(sha256), seen.get(sha256)];
    // Bytes say more than a pointer, and the same at every time.
    return (older?.pointer === undefined ? (older ?? newer) : (newer ?? older)) ?? [];
  });
  const isNew = ({ sha256, pointer }: SeenFile) =>
    !known.has(sha256) || known.get(sha256)!.pointer !== pointer;
  if (!files.some(isNew)) return null;
  const day = new Date().toISOString().slice(0, 10);
  return FilesDocument.parse({ kind: 'files', set: flag, day, files });
}
