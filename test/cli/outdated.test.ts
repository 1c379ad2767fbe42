/** `pinwheel tree` and `pinwheel outdated`. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Catalog, PackageSet } from '../../resolver/catalog.ts';
import { compareWritten } from '../../resolver/time/version-order.ts';
import { root } from '../../scripts/root.ts';
import { newFolder } from '../common/own.ts';
import { makeWheel } from '../zip.ts';
import { TARGET, usePinwheel, wranglerToml } from './pinwheel.ts';

const pinwheel = await usePinwheel();
const run = (...args: string[]) => pinwheel.run([...args, ...TARGET]);
const read = (path: string) => JSON.parse(readFileSync(join(root, 'data', path), 'utf8'));

test('tree shows each package below what needs it, and what that needs once', async () => {
  expect(await run('tree', 'jinja2', 'six')).toEqual({
    code: 0,
    stderr: '',
    stdout: 'jinja2 3.1.6\n└── markupsafe 3.0.2\nsix 1.17.0\n',
  });
  const { stdout } = await run('tree', 'fastapi', 'pydantic');
  expect(stdout).toContain('├── pydantic 2.10.6\n│   ├── typing-extensions 4.14.1\n');
  expect(stdout).toMatch(/\npydantic 2\.10\.6 \*\n\n\* What it needs is above\.\n$/);
});

test('a project that requires nothing is told so', async () => {
  const pyproject = '[project]\nname = "app"\nversion = "1"\n';
  const cwd = await pinwheel.folderWith({ 'pyproject.toml': pyproject });
  for (const command of ['resolve', 'tree', 'outdated', 'audit']) {
    const { code, stdout } = await pinwheel.run([command, ...TARGET], { cwd });
    expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      last: 'Nothing is required.',
    });
  }
});

test('outdated lists what the newest set for the same ABI has newer, and says with which flag', async () => {
  const { code, stdout } = await run('outdated', 'fastapi', 'numpy', '--json');
  expect(code).toBe(0);
  const { packages, target } = JSON.parse(stdout);
  const { sets } = read('catalog.json') as Catalog;
  const later = sets.filter(
    ({ abi, released }) => abi === target.runtime.abi && released > target.package_set.released,
  );
  const documents = later.map(({ flag }) => read(`sets/${flag}.json`) as PackageSet);
  for (const { name, version, newer } of packages) {
    const versions = documents.flatMap((set) => set.packages.filter((entry) => entry.name === name));
    const best = versions
      .map((entry) => entry.version)
      .sort(compareWritten)
      .at(-1);
    const isNewer = best !== undefined && compareWritten(version, best) < 0;
    expect([name, newer?.version ?? null]).toEqual([name, isNewer ? best : null]);
    const pinned = documents.find(({ flag }) => flag === newer?.package_flag)?.packages;
    if (newer) expect(pinned!.find((entry) => entry.name === name)!.version).toBe(newer.version);
  }
  const newest = packages.filter(({ newer }: { newer: object | null }) => newer !== null);
  expect(newest.map(({ name }: { name: string }) => name)).toContain('pydantic');
});

test('outdated says what was seen of a package, and of what is newer', async () => {
  const flag = 'python_3.13_packages_2025_10_20';
  const { stdout } = await pinwheel.run(['outdated', 'pydantic', '--flag', flag, '--json']);
  const { packages } = JSON.parse(stdout);
  expect(packages.find(({ name }: { name: string }) => name === 'pydantic')).toMatchObject({
    evidence: { level: 'tested' },
    newer: { evidence: { level: 'listed' } },
  });
});

test('outdated says what an index has newer, and of a project which command comes next', async () => {
  const cwd = newFolder();
  await writeFile(join(cwd, 'six-9.0-py3-none-any.whl'), makeWheel('six', '9.0'));
  const links = await pinwheel.run(['outdated', 'six', '--find-links', '.', ...TARGET], { cwd });
  expect(links.stdout).toMatch(/^six +1\.17\.0 +9\.0$/m);
  expect(links.stdout).not.toContain('Next:');
  // It is not in the set, and what is newer may be too new.
  await writeFile(join(cwd, 'shout-1.0-py3-none-any.whl'), makeWheel('shout', '1.0'));
  const shout = await pinwheel.run(['outdated', 'shout', '--find-links', '.', ...TARGET], { cwd });
  expect(shout.stdout).toBe(
    'Nothing is newer than the 1 package with python_3.13_packages_2025_08_08; the index counts up to 2025-11-02, which --exclude-newer changes.\n',
  );
  expect((await run('outdated', 'six')).stdout).toBe(
    'Nothing is newer than the 1 package with python_3.13_packages_2025_08_08; --index asks PyPI, too.\n',
  );
  await writeFile(join(cwd, 'requirements.txt'), 'pydantic\n');
  const project = await pinwheel.run(['outdated', ...TARGET], { cwd });
  const [, next = ''] =
    /\nNext: pinwheel (diff .* --to python_3\.13_packages_\w+)\n$/.exec(project.stdout) ?? [];
  expect((await pinwheel.run([...next.split(' '), '--json'], { cwd })).stdout).toContain('"from":{');
});

test.each([
  [
    'of its settings',
    ['python_workers'],
    '[tool.pinwheel]\npackage-set = "python_3.13_packages_2025_08_08"\n',
  ],
  ['of its wrangler file', ['python_workers', 'python_3.13_packages_2025_08_08'], ''],
])('outdated names a command that compares with the package set %s', async (_, flags, settings) => {
  const cwd = await pinwheel.folderWith({
    'wrangler.toml': wranglerToml('2025-11-02', flags),
    'pyproject.toml': settings,
    'requirements.txt': 'pydantic\n',
    'src/entry.py': '',
  });
  const { stdout } = await pinwheel.run(['outdated'], { cwd });
  const [, next = ''] = /\nNext: pinwheel (.*)\n$/.exec(stdout) ?? [];
  const flag = next.split(' ').at(-1)!;
  for (const words of [next.split(' '), ['diff', '--from', flag, '--to', flag]]) {
    const compared = await pinwheel.run([...words, '--json'], { cwd });
    expect(compared.code, compared.stderr).toBeLessThan(2);
    const { package_set } = JSON.parse(compared.stdout);
    const from = words.includes('--from') ? flag : 'python_3.13_packages_2025_08_08';
    expect(package_set).toEqual({ changed: from !== flag, from, to: flag });
  }
});
