/** Wheels as maps of path to bytes, written so that equal files make equal archives. */
import { type AsyncZippable, unzipSync, zipSync } from 'fflate';
import { order } from '../../../resolver/sorted-by.ts';

export type WheelFiles = Map<string, Uint8Array>;

/** The files of a wheel that was written here, or whose bytes are those of a pinned digest. */
export function readWheel(archive: Uint8Array): WheelFiles {
  return new Map(Object.entries(unzipSync(archive)).filter(([path]) => !path.endsWith('/')));
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
  return late || order(a, b);
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** @throws if the bytes are not UTF-8 */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}
