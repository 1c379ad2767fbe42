/** Packages that no Worker can have: each is named, and nothing half-written is left. */
import { existsSync } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashSeedOf, NO_SEED } from '../../cli/worker/environment.ts';
import { patchGlue } from '../../cli/worker/releases.ts';
import { utf8 } from '../zip.ts';
import { writeWheel } from './own-wheel.ts';
import { FLAG_0_29_5, useWorkshop } from './project.ts';

const workshop = useWorkshop();

/** Builds a project that needs one wheel, of a lock beside it. */
async function buildWith(filename: string, files: Record<string, Uint8Array>) {
  const folder = await workshop.project({ 'src/entry.py': 'import mine\n', 'requirements.txt': 'mine\n' });
  const set = await writeWheel(join(folder, 'wheels'), filename, files);
  return { folder, ...(await workshop.build(folder, '--flag', FLAG_0_29_5, '--set', set)) };
}

test.each([
  'mine-1.0-cp312-cp312-pyodide_2024_0_wasm32.whl',
  'mine-1.0-cp313-cp313-manylinux_2_17_x86_64.whl',
])('%s, with another ABI than the runtime', async (filename) => {
  const { folder, code, stderr } = await buildWith(filename, {
    'mine/__init__.py': utf8(''),
    'mine/_c.so': utf8('\x7fELF'),
  });
  expect(code).toBe(1);
  expect(stderr).toContain(`error: ${filename} of `);
  expect(stderr).toContain(
    'does not run on Pyodide 0.29.5, which has Python 3.13.2 and ABI 2025_0.\n  fix: Replace it with a wheel for this ABI',
  );
  expect(existsSync(join(folder, 'dist'))).toBe(false);
  expect(existsSync(join(folder, '.wrangler'))).toBe(false);
});

test('more than a Worker may have, with what is largest of it', async () => {
  const folder = await workshop.project({ 'src/entry.py': 'async def on_fetch(request):\n    pass\n' });
  await writeFile(join(folder, 'src/data.bin'), '');
  await truncate(join(folder, 'src/data.bin'), 60 * 1024 * 1024);
  const { code, stderr } = await workshop.build(folder, '--flag', FLAG_0_29_5, '--no-snapshot');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(
      /error: The Worker has \d+\.\d MB, but Workers have 67\.1 MB at most\. The largest of it: data\.bin \(62\.9 MB\)/,
    ),
  });
  expect(existsSync(join(folder, 'dist/worker'))).toBe(false);
  expect(existsSync(join(folder, '.wrangler'))).toBe(false);
});

test('a compiled module of the project', async () => {
  const folder = await workshop.project({
    'src/entry.py': 'import fast\n',
    'python_modules/fast.cpython-313-wasm32-emscripten.so': '\x7fELF',
  });
  const { code, stderr } = await workshop.build(folder);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining(
      'error: python_modules/fast.cpython-313-wasm32-emscripten.so is compiled: a Worker can load compiled ' +
        'modules only from packages that the build installs.\n  fix: Add its package',
    ),
  });
  expect(existsSync(join(folder, 'dist'))).toBe(false);
});

test('unexpected glue code of a release', () => {
  expect(() => patchGlue('0.29.5', 'pyodide.asm.js', 'function other(){}')).toThrow(
    'The JavaScript of Pyodide 0.29.5 is not as expected',
  );
});

test('a seed of hashes is a number that Python accepts, and never zero', () => {
  const seeds = Array.from({ length: 1000 }, (_, at) => hashSeedOf(`${at}`));
  expect(new Set(seeds).size).toBe(1000);
  for (const seed of seeds) {
    expect(seed).toMatch(/^\d{10}$/);
    expect(Number(seed)).toBeGreaterThan(0);
    expect(Number(seed)).toBeLessThan(2 ** 32);
    expect(seed.length).toBe(NO_SEED.length);
  }
});
