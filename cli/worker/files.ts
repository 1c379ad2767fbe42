/** Files of a Worker as bytes: their digests, many as one, and compressed by Zstandard. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import zlib, { gzip } from 'node:zlib';
import { groupedBy } from '../../resolver/sorted-by.ts';
import { type FileIndex, sizeOfBlob } from '../../runtime/site.ts';
import { writeFile } from '../common/folders.ts';
import type { BuildPackage, PackagesLayer, ProjectFile } from './inputs.ts';

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

/** Levels for files that are deployed, and for those that are served here. */
export const LEVELS = { once: 22, served: 3 } as const;

const {
  ZSTD_c_checksumFlag: CHECKSUM,
  ZSTD_c_compressionLevel: LEVEL,
  ZSTD_c_windowLog: WINDOW,
} = zlib.constants;
/**
 * How far back compressed bytes refer, as powers of two: over all that comes before, or over as much as a decoder can
 * remember beside an instance's memory, if it decompresses in steps.
 */
export const WINDOW_LOGS = { whole: 25, streamed: 24 } as const;

export function compress(
  bytes: Uint8Array,
  level: number,
  windowLog: number = WINDOW_LOGS.whole,
): Promise<Buffer> {
  // With a checksum, a decoder rejects bytes that have changed.
  const params = { [LEVEL]: level, [WINDOW]: windowLog, [CHECKSUM]: 1 };
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
  const sizes = await Promise.all(modulesAmong(files).map((module) => sizeOf(module, folder, cache)));
  return PARTS.flatMap(([part]) => {
    const total = totalOf(sizes.filter((size) => size.part === part));
    return total.size > 0 ? { ...total, part } : [];
  });
}

interface Module {
  path: string;
  part: string;
  digest: string;
}

function modulesAmong(files: FileDigests): Module[] {
  return Object.entries(files).flatMap(([path, digest]) => {
    const part = PARTS.find(([, pattern]) => pattern.test(path))?.[0];
    return part === undefined ? [] : { path, part, digest };
  });
}

async function sizeOf({ path, part, digest }: Module, folder: string, cache: string): Promise<ModuleSize> {
  const file = join(folder, path);
  const gzipped = await gzippedSize(file, join(cache, 'gzipped', digest));
  return { part, size: (await stat(file)).size, gzipped };
}

export interface LargePart extends ModuleSize {
  /** The shortest way from a requirement to the package whose files they are; null for what is of no package. */
  chain: string[] | null;
}

const EXPLAINED = 10;

/**
 * The largest modules, those of a package as one. The files of all packages are compressed as one: a package has the
 * share of it that it has of their bytes.
 */
export async function largestParts(
  folder: string,
  files: FileDigests,
  cache: string,
  { index, libraries, owners }: Pick<PackagesLayer, 'index' | 'libraries' | 'owners'>,
  packages: readonly Pick<BuildPackage, 'name' | 'chain'>[],
): Promise<LargePart[]> {
  const chains = new Map(packages.map(({ name, chain }) => [name, chain]));
  const parts: ModuleSize[] = [];
  for (const module of modulesAmong(files)) {
    const { part, path } = module;
    const whole = await sizeOf(module, folder, cache);
    const library = libraries.find((_, at) => path === `lib/${at}.wasm`);
    if (library !== undefined) parts.push({ ...whole, part: owners[library[0]]! });
    else if (part !== 'packages') parts.push({ ...whole, part: path });
    else {
      for (const [file, , length] of index) {
        const share = length / sizeOfBlob(index);
        const { size, gzipped } = whole;
        parts.push({ part: owners[file] ?? 'Pinwheel', size: size * share, gzipped: gzipped * share });
      }
    }
  }
  const merged = [...groupedBy(parts, ({ part }) => part)].map(([part, all]) => {
    const { size, gzipped } = totalOf(all);
    return { part, size: Math.round(size), gzipped: Math.round(gzipped), chain: chains.get(part) ?? null };
  });
  return merged.sort((a, b) => b.gzipped - a.gzipped).slice(0, EXPLAINED);
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
