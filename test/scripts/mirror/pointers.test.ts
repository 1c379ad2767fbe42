/** Sizes that Git LFS pointers say, from a checkout to the catalog. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import type { SeenFile } from '../../../resolver/catalog.ts';
import { seenIn } from '../../../resolver/closure/seen.ts';
import { levelsOf } from '../../../resolver/evidence-level.ts';
import { filesDocument, pointersIn } from '../../../scripts/mirror/facts.ts';
import { root } from '../../../scripts/root.ts';
import { newFolder } from '../../common/own.ts';
import { packageSetOf } from '../../test-set.ts';

const SOURCE = 'https://github.example/wheels/tree/0123';
const pin = (name: string, digit: string) => ({
  filename: `${name}-1.0-py3-none-any.whl`,
  sha256: digit.repeat(64),
  url: `https://files.example.com/${name}.whl`,
});
const TEST_SET = packageSetOf([pin('a', '1'), pin('b', '2')]);
const [first, second] = TEST_SET.packages;
const pointer = (sha256: string, size: number | string) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`;

test('say sizes of pinned files, whose level stays listed until somebody has the bytes', async () => {
  const checkout = newFolder();
  await mkdir(join(checkout, 'deep/below'), { recursive: true });
  const files = {
    'deep/below/a.whl': pointer(first!.sha256, 1234),
    'b.whl': pointer('f'.repeat(64), 5),
    'none.txt': `${pointer(second!.sha256, 'many')}`,
    'long.txt': pointer(second!.sha256, 1) + ' '.repeat(2000),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(checkout, name), text);
  const seen = await pointersIn(checkout, SOURCE);
  const document = filesDocument(TEST_SET, seen, [])!;
  const described = { summary: null, license: null, home_page: null };
  expect(document.files).toEqual([
    { sha256: first!.sha256, size: 1234, ...described, pointer: SOURCE },
  ] satisfies SeenFile[]);

  const levels = (of: typeof document) => {
    const row = { ...seenIn(TEST_SET, of, '0'.repeat(64)), revision: 1, withdrawn: null };
    return [row.sizes[first!.name], levelsOf([], row).get(first!.name)?.level];
  };
  expect(levels(document)).toEqual([1234, undefined]);

  // The same pointer adds nothing; the bytes take its place.
  expect(filesDocument(TEST_SET, seen, document.files)).toBeNull();
  const had = new Map([[first!.sha256, { sha256: first!.sha256, size: 1234, ...described }]]);
  const later = filesDocument(TEST_SET, had, document.files)!;
  expect(later.files).toEqual([...had.values()]);
  expect(levels(later)).toEqual([1234, 'obtainable']);
  expect(filesDocument(TEST_SET, seen, later.files)).toBeNull();
});

test('are only counted in a dry run', async () => {
  const [checkout, files] = [newFolder(), join(root, 'data/files')];
  const flag = 'python_3.14_packages_2026_08_25';
  const set = JSON.parse(await readFile(join(root, `data/sets/${flag}.json`), 'utf8'));
  await writeFile(join(checkout, 'a.whl'), pointer(set.packages[0].sha256, 1234));
  const before = await readdir(files);
  onTestFinished(async () => {
    const more = (await readdir(files)).filter((name) => !before.includes(name));
    for (const name of more) await rm(join(files, name));
  });
  const words = ['--pointers', checkout, '--source', SOURCE, '--set', flag, '--dry-run'];
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/mirror/main.ts', ...words], {
    cwd: root,
  });
  expect(stdout).toBe(`  ${flag}: the sizes of 1 file\n`);
  expect(await readdir(files)).toEqual(before);
});
