/** How large a Worker is, part by part: as it is, which is what the platform limits, and gzipped. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { sha256Of } from './digests.ts';

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

/** Of the modules in a folder; what is not a module is not counted. */
export async function moduleSizes(folder: string, cache: string): Promise<ModuleSize[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const sizes = new Map<string, ModuleSize>(PARTS.map(([part]) => [part, { part, size: 0, gzipped: 0 }]));
  await Promise.all(
    files.map(async (file) => {
      const path = relative(folder, file).split(sep).join('/');
      const part = PARTS.find(([, pattern]) => pattern.test(path))?.[0];
      if (part === undefined) return;
      const bytes = await readFile(file);
      const total = sizes.get(part)!;
      total.size += bytes.length;
      const gzipped = await gzippedSize(bytes, join(cache, 'gzipped'));
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
async function gzippedSize(bytes: Buffer, cache: string): Promise<number> {
  const file = join(cache, sha256Of(bytes));
  if (existsSync(file)) return Number(await readFile(file, 'utf8'));
  const { length } = await promisify(gzip)(bytes, { level: 6 });
  await mkdir(cache, { recursive: true });
  await writeFile(file, String(length));
  return length;
}
