/** How large a Worker is said to be. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
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
