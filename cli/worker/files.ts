/** Files of a Worker as bytes: their digests, many as one, and compressed by Zstandard. */

import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { FileIndex } from '../../runtime/site.ts';
import type { ProjectFile } from './inputs.ts';

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

export async function writeBlob(to: string, files: readonly ProjectFile[]): Promise<FileIndex> {
  const index: [string, number, number][] = [];
  const parts: Buffer[] = [];
  let offset = 0;
  for (const { path, file } of files) {
    const bytes = await readFile(file);
    index.push([path, offset, bytes.length]);
    parts.push(bytes);
    offset += bytes.length;
  }
  await writeFile(to, Buffer.concat(parts));
  return index;
}

/**
 * The levels for files that are compressed once and cached; for the part of a snapshot that each edit changes; and
 * for what is only served locally.
 */
export const LEVELS = { once: 19, changes: 12, served: 3 } as const;

const { ZSTD_c_compressionLevel: LEVEL, ZSTD_c_windowLog: WINDOW } = zlib.constants;
/** Larger than most snapshots, so that each part can refer to everything before it. Decoders accept up to 27. */
const WINDOW_LOG = 25;

export function compress(bytes: Uint8Array, level: number): Promise<Buffer> {
  const params = { [LEVEL]: level, [WINDOW]: WINDOW_LOG };
  // A decoder that knows the size decompresses straight into its output.
  return promisify(zlib.zstdCompress)(bytes, { params, pledgedSrcSize: bytes.length });
}
