/** How large a Worker is, part by part: as it is, which is what the platform limits, and gzipped. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FileDigests } from './files.ts';

export interface ModuleSize {
  part: string;
  /** Bytes, as they are and gzipped. */
  size: number;
  gzipped: number;
}

/**
 * The most that all modules of a Worker may have, on every plan, from 2026-09-04 on:
 * https://developers.cloudflare.com/changelog/post/2026-09-04-increased-worker-size-limit/
 */
export const LARGEST_WORKER = 64 * 1024 * 1024;

/** In the order of a table. */
const PARTS: readonly (readonly [part: string, file: RegExp])[] = [
  ['snapshot', /^snapshot\//],
  ['Pyodide', /^pyodide\/pyodide/],
  ['standard library', /^pyodide\/python_stdlib\.bin$/],
  ['libraries of packages', /^lib\//],
  ['packages', /^packages\.bin$/],
  ['project', /^project\.bin$/],
  ['start', /\.(?:js|wasm)$/],
];

/** Of the modules in a folder, of whose files these are the digests; what is not a module is not counted. */
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
  const sum = (key: 'size' | 'gzipped') => sizes.reduce((all, one) => all + one[key], 0);
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
