/** How large a Worker is said to be. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { buildLines } from '../../cli/commands/build.ts';
import type { Built } from '../../cli/project/build.ts';
import { digestsBelow, moduleSizes } from '../../cli/worker/files.ts';
import { newFolder } from '../common/own.ts';

const folder = newFolder();
test('all modules of a part are counted, now and from the cache, and nothing else', async () => {
  const worker = join(folder, 'worker');
  await mkdir(join(worker, 'lib'), { recursive: true });
  const files = { 'lib/0.wasm': 1000, 'lib/1.wasm': 2000, 'lib/2.wasm': 3000, 'index.js': 7, NOTICE: 500 };
  for (const [path, size] of Object.entries(files)) await writeFile(join(worker, path), 'a'.repeat(size));
  const sizes = async () => moduleSizes(worker, await digestsBelow(worker), join(folder, 'cache'));
  const gzipped = (size: number) => gzipSync('a'.repeat(size), { level: 6 }).length;
  const first = await sizes();
  expect(first).toEqual([
    { part: 'libraries of packages', size: 6000, gzipped: gzipped(1000) + gzipped(2000) + gzipped(3000) },
    { part: 'start', size: 7, gzipped: gzipped(7) },
  ]);
  expect(await sizes()).toEqual(first);
});

test('the memory that an instance starts with, and what to do if it is too much', () => {
  const said = (size: number) => {
    const runtime = { python: '3.13.2', pyodide: '0.29.5' };
    const document = { runtime, packages: [], package_set: { name: 'set' }, snapshot: { size } };
    const report = { document, sizes: [], remarks: [], folder: 'dist/worker' } as unknown as Built;
    return buildLines(report, { columns: 80, colors: pc.createColors(false) }).at(-1);
  };
  expect(said(28e6)).toBe(
    'An instance starts with 28 MB for Python and 0 B of files: of 128 MB, 100 MB are left for JavaScript and requests.',
  );
  expect(said(263e6)).toBe(
    'An instance starts with 263 MB for Python and 0 B of files, but may have 128 MB at most: make large values in a handler, and not at import.',
  );
});
