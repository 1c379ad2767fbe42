/** The facts that follow from the bytes of pinned files, as documents of the kind `files`. */
import { FilesDocument, type Member, type PackageSet, type SeenFile } from '../../resolver/catalog.ts';
import { today } from '../../resolver/compatibility/date.ts';
import { describedIn } from '../../resolver/wheels/files.ts';
import { isWheel, readMetadata } from '../../resolver/wheels/read-metadata.ts';

const UNKNOWN = { summary: null, license: null, home_page: null };

/** @param bytes that are pinned */
export async function seenFile({ sha256, filename }: Member, bytes: Uint8Array): Promise<SeenFile> {
  const size = bytes.length;
  if (!isWheel(filename)) return { sha256, size, ...UNKNOWN };
  const metadata = await readMetadata(size, async (offset, length) => bytes.slice(offset, offset + length));
  return { sha256, size, ...(metadata.ok ? describedIn(new TextDecoder().decode(metadata.bytes)) : UNKNOWN) };
}

/** The set's next document, with what the one before it has; null if there is nothing new. */
export function filesDocument(
  { flag, packages }: PackageSet,
  seen: ReadonlyMap<string, SeenFile>,
  before: readonly SeenFile[],
): FilesDocument | null {
  const known = new Map(before.map((file) => [file.sha256, file]));
  const pinned = new Set(packages.map(({ sha256 }) => sha256));
  const files = [...pinned].flatMap((sha256) => seen.get(sha256) ?? known.get(sha256) ?? []);
  // Bytes say more than a pointer.
  const isNew = ({ sha256, pointer }: SeenFile) =>
    !known.has(sha256) || known.get(sha256)!.pointer !== pointer;
  if (!files.some(isNew)) return null;
  return FilesDocument.parse({ kind: 'files', set: flag, day: today(), files });
}
