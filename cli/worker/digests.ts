import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** In hexadecimal. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The digest of files and their names, in this order. */
export async function digestOfFiles(files: readonly { path: string; file: string }[]): Promise<string> {
  const hash = createHash('sha256');
  for (const { path, file } of files) hash.update(`${path}\0${sha256Of(await readFile(file))}\n`);
  return hash.digest('hex');
}

/** SHA-256 in hexadecimal, by path. */
export type FileDigests = Record<string, string>;

/** The digests of all files in a folder. */
export async function digestsBelow(folder: string): Promise<FileDigests> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const pairs = files.sort().map(async (file) => {
    return [relative(folder, file).split(sep).join('/'), sha256Of(await readFile(file))] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}
