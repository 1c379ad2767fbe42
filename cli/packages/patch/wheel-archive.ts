/** Wheels as maps of path to bytes: read strictly, written so that equal files make equal archives. */
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { type AsyncZippable, zipSync } from 'fflate';

export type WheelFiles = Map<string, Uint8Array>;

const MAX_ARCHIVE = 64 * 2 ** 20;
const MAX_FILES = 20_000;
const MAX_CONTENT = 256 * 2 ** 20;

/** @throws if the archive is damaged, ambiguous, too large, or names a file outside of itself */
export async function readWheel(archive: Uint8Array): Promise<WheelFiles> {
  if (archive.length > MAX_ARCHIVE)
    throw new Error(`a wheel of ${archive.length} bytes: the limit is ${MAX_ARCHIVE}`);
  const reader = new ZipReader(new Uint8ArrayReader(archive), {
    strictness: 'strict',
    filenameValidation: 'strict',
    checkSignature: true,
    checkOverlappingEntry: true,
    useWebWorkers: false,
  });
  const files: WheelFiles = new Map();
  let content = 0;
  for await (const entry of reader.getEntriesGenerator()) {
    if (entry.directory) continue;
    content += entry.uncompressedSize;
    if (files.size >= MAX_FILES) throw new Error(`a wheel of more than ${MAX_FILES} files`);
    if (content > MAX_CONTENT) throw new Error(`a wheel with more than ${MAX_CONTENT} bytes in it`);
    if (entry.encrypted || entry.symlink) throw new Error(`${entry.filename} is encrypted or a link`);
    if (files.has(entry.filename)) throw new Error(`${entry.filename} is in the wheel twice`);
    files.set(entry.filename, await entry.getData(new Uint8ArrayWriter()));
  }
  await reader.close();
  return files;
}

/** The writer that a wheel's statement names, because a wheel's bytes depend on it. */
export const WRITER = 'fflate 0.8.3, level 9';

/** ZIP has local times without a zone. No zone skipped this noon, which is written from local components. */
const TIME = new Date(1980, 0, 1, 12);
const UNIX = 3;
const REGULAR_FILE = 0o100644 << 16;

/** The same files make the same archive, in any order, at any time, in any zone, and on any host. */
export function writeWheel(files: WheelFiles): Uint8Array {
  const options = { level: 9, mtime: TIME, os: UNIX, attrs: REGULAR_FILE } as const;
  const entries: AsyncZippable = {};
  for (const path of [...files.keys()].sort(byInstallOrder)) entries[path] = [files.get(path)!, options];
  return zipSync(entries as Parameters<typeof zipSync>[0]);
}

/** Sorts by code units, but `.dist-info` last, as PEP 427 recommends: installers read it from the end. */
function byInstallOrder(a: string, b: string): number {
  const late = Number(a.includes('.dist-info/')) - Number(b.includes('.dist-info/'));
  return late || (a < b ? -1 : a > b ? 1 : 0);
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** @throws if the bytes are not UTF-8 */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}
