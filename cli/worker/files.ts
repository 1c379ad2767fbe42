/** Files of a Worker as bytes: their digests, many as one, and compressed by Zstandard. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import zlib, { gzip } from 'node:zlib';
import type { FileIndex } from '../../runtime/site.ts';
import { writeFile } from '../common/folders.ts';
import type { ProjectFile } from './inputs.ts';

export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function digestOfFiles(files: readonly { path: string; file: string }[]): Promise<string> {
  const hash = createHash('sha256');
  for (const { path, file } of files) hash.update(`${path}\0${sha256Of(await readFile(file))}\n`);
  return hash.digest('hex');
}

export type FileDigests = Record<string, string>;

export async function digestsBelow(folder: string): Promise<FileDigests> {
  const pairs = (await filesBelow(folder)).map(async (path) => {
    return [path, sha256Of(await readFile(join(folder, path)))] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}

/** Sorted, with `/` between their parts. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
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

/** Levels for files cached once compressed, parts of a snapshot that each edit changes, and files served here. */
export const LEVELS = { once: 19, changes: 12, served: 3 } as const;

const {
  ZSTD_c_checksumFlag: CHECKSUM,
  ZSTD_c_compressionLevel: LEVEL,
  ZSTD_c_windowLog: WINDOW,
} = zlib.constants;
/** Larger than most snapshots, so that each part can refer to everything before it. Decoders accept up to 27. */
const WINDOW_LOG = 25;

export function compress(bytes: Uint8Array, level: number): Promise<Buffer> {
  // With a checksum, a decoder rejects bytes that have changed.
  const params = { [LEVEL]: level, [WINDOW]: WINDOW_LOG, [CHECKSUM]: 1 };
  // A decoder that knows the size decompresses straight into its output.
  return promisify(zlib.zstdCompress)(bytes, { params, pledgedSrcSize: bytes.length });
}

export interface ModuleSize {
  part: string;
  /** Bytes, as they are and gzipped. */
  size: number;
  gzipped: number;
}

/** The most memory that a Worker may have: https://developers.cloudflare.com/workers/platform/limits/#memory */
export const MOST_MEMORY = 128_000_000;

const PARTS: readonly (readonly [part: string, file: RegExp])[] = [
  ['snapshot', /^snapshot\//],
  ['Pyodide', /^pyodide\/pyodide/],
  ['standard library', /^pyodide\/python_stdlib\.bin$/],
  ['libraries of packages', /^lib\//],
  ['packages', /^packages\.bin$/],
  ['project', /^project\.bin$/],
  ['start', /\.(?:js|wasm)$/],
];

/** The parts whose bytes each instance has in memory. */
export const HELD: ReadonlySet<string> = new Set(['snapshot', 'standard library', 'packages', 'project']);

/** Sizes of the modules among the files of a folder, by their digests. */
export async function moduleSizes(folder: string, files: FileDigests, cache: string): Promise<ModuleSize[]> {
  const sizes = new Map<string, ModuleSize>(PARTS.map(([part]) => [part, { part, size: 0, gzipped: 0 }]));
  await Promise.all(
    Object.entries(files).map(async ([path, digest]) => {
      const part = PARTS.find(([, pattern]) => pattern.test(path))?.[0];
      if (part === undefined) return;
      const file = join(folder, path);
      const { size } = await stat(file);
      const gzipped = await gzippedSize(file, join(cache, 'gzipped', digest));
      const total = sizes.get(part)!;
      total.size += size;
      total.gzipped += gzipped;
    }),
  );
  return [...sizes.values()].filter(({ size }) => size > 0);
}

export function totalOf(sizes: readonly ModuleSize[]): ModuleSize {
  const sum = (key: 'size' | 'gzipped') => sizes.reduce((all, size) => all + size[key], 0);
  return { part: 'all', size: sum('size'), gzipped: sum('gzipped') };
}

/** Most modules are the same from build to build. */
async function gzippedSize(file: string, cached: string): Promise<number> {
  if (existsSync(cached)) return Number(await readFile(cached, 'utf8'));
  const { length } = await promisify(gzip)(await readFile(file), { level: 6 });
  await mkdir(dirname(cached), { recursive: true });
  await writeFile(cached, String(length));
  return length;
}
