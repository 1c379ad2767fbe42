/** The scan finds what CPython's `ast` finds in programs that import behind every form of expression. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { newFolder } from '../../common/own.ts';
import { askAst, scanFile } from './python-files.ts';

const SCRIPT = fileURLToPath(new URL('generate_programs.py', import.meta.url));
const SEED = process.env.PYTHON_PROGRAMS_SEED ?? '1';
const COUNT = process.env.TEST_ALL ? 12_000 : 500;

test(`agrees with CPython on ${COUNT} programs of seed ${SEED}`, async () => {
  const folder = newFolder();
  await promisify(execFile)('python3', [SCRIPT, SEED, String(COUNT), folder]);
  const files = (await readdir(folder)).sort().map((name) => join(folder, name));
  const wanted = await askAst(files);
  let imports = 0;
  const differences: object[] = [];
  for (const [at, file] of files.entries()) {
    const found = await scanFile(file);
    imports += wanted[at]?.length ?? 0;
    if (JSON.stringify(found) === JSON.stringify({ imports: wanted[at], isBroken: false })) continue;
    differences.push({ source: await readFile(file, 'utf8'), found, wanted: wanted[at] });
  }
  console.log(`${files.length} programs, ${imports} imports`);
  expect(differences.slice(0, 3)).toEqual([]);
  expect(imports).toBeGreaterThan(COUNT * 3);
});
