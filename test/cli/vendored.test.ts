import { readdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { shellWord } from '../../resolver/text/printable.ts';
import { makeSoundWheel } from '../zip.ts';
import { usePinwheel, wranglerToml } from './pinwheel.ts';

const pinwheel = await usePinwheel();

/** A compiled package as an installer leaves it. */
function installed(name: string, version: string, tag: string, suffix: string): Record<string, string> {
  const info = `python_modules/${name}-${version}.dist-info`;
  return {
    [`python_modules/${name}/__init__.py`]: '',
    [`python_modules/${name}/_c${suffix}`]: '',
    [`${info}/METADATA`]: `Name: ${name}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nTag: ${tag}\n`,
    [`${info}/RECORD`]: `${name}/__init__.py,,\n${name}/_c${suffix},,\n`,
  };
}

const project = (date: string, files: Record<string, string>) => ({
  'wrangler.toml': wranglerToml(date, ['python_workers', 'disable_python_external_sdk']),
  'requirements.txt': 'markupsafe\n',
  'src/entry.py': 'import markupsafe\nDefault = entrypoint()\n',
  ...files,
});
const NATIVE = '.cpython-313-wasm32-emscripten.so';
const OF_2025 = installed('MarkupSafe', '3.0.2', 'cp313-cp313-pyodide_2025_0_wasm32', NATIVE);
const AS_OF = ['--as-of', '2026-11-20'];

test('a folder passes at its date, and fails at a date with another Python', async () => {
  const cwd = await pinwheel.folderWith(project('2025-11-02', OF_2025));
  const fine = await pinwheel.run(['check', '--json', ...AS_OF], { cwd });
  expect(JSON.parse(fine.stdout).findings).toEqual([]);
  expect(fine.code).toBe(0);

  const later = await pinwheel.run(['check', '--date', '2026-11-01', '--json', ...AS_OF], { cwd });
  expect(later.code).toBe(1);
  expect(JSON.parse(later.stdout).findings).toMatchObject([
    {
      severity: 'error',
      code: 'vendored_abi',
      path: 'python_modules/MarkupSafe-3.0.2.dist-info',
      message: expect.stringMatching(/^markupsafe 3\.0\.2 is built for Python 3\.13, which Python 3\.14/),
    },
  ]);

  const moved = await pinwheel.run(['diff', '--to', '2026-11-01', ...AS_OF], { cwd });
  expect(moved.code).toBe(1);
  expect(moved.stdout).toContain('markupsafe 3.0.2 is built for Python 3.13');
});

test('a folder for another target is reported', async () => {
  const cwd = await pinwheel.folderWith(project('2026-11-01', OF_2025));
  const marker = {
    made_by: 'pinwheel vendor',
    target: { runtime: { python: '3.13.2', abi: '2025_0', pyodide: '0.28.2' } },
    package_set: { flag: 'python_3.13_packages_2025_08_08', digest: '0'.repeat(64) },
  };
  const marked = await pinwheel.folderWith({
    ...project('2026-11-01', OF_2025),
    'python_modules/.pinwheel.json': JSON.stringify(marker),
  });
  expect(await readdir(join(cwd, 'python_modules'))).not.toContain('.pinwheel.json');
  const codesIn = async (folder: string) => {
    const { stdout } = await pinwheel.run(['check', '--json', ...AS_OF], { cwd: folder });
    return JSON.parse(stdout).findings.map(({ code }: { code: string }) => code);
  };
  expect(await codesIn(cwd)).toEqual(['vendored_abi']);
  expect(await codesIn(marked)).toEqual(['vendored_for_another_target', 'vendored_abi']);
  // The command of the fix is about that folder, from where it was checked.
  const [above, name] = [dirname(marked), basename(marked)];
  for (const [place, words] of [
    [above, ['check', name]],
    [above, ['-C', name, 'check', 'src']],
    [above, ['-C', join(name, 'src'), 'check', '..']],
    [cwd, ['check', marked]],
  ] as const) {
    const { stdout } = await pinwheel.run([...words, ...AS_OF], { cwd: place });
    const vendor = `pinwheel -C ${place === cwd ? shellWord(marked) : name} vendor again`;
    expect(stdout).toContain(`Run ${vendor} for`);
    expect(stdout).toContain(`instead: run ${vendor}.`);
  }

  // Unpacked archives have no ABI.
  const archived = await pinwheel.folderWith({
    ...project('2026-11-01', { 'python_modules/markupsafe/_c.so': '' }),
    'python_modules/.pinwheel.json': JSON.stringify(marker),
  });
  expect(await codesIn(archived)).toEqual(['vendored_for_another_target', 'vendored_abi']);
  const moved = await pinwheel.run(['diff', '--from', '2025-11-02', '--to', '2026-11-01', ...AS_OF], {
    cwd: archived,
  });
  expect(moved.code).toBe(1);
  expect(moved.stdout).toContain('is built for Python 3.13.2, ABI 2025_0');
});

test('sync and vendor say which bytes came from a folder of this machine', async () => {
  const cwd = await pinwheel.folderWith({ ...project('2025-11-02', {}), 'requirements.txt': 'zig\n' });
  const wheel = join(cwd, 'zig-1.0-py3-none-any.whl');
  await writeFile(wheel, await makeSoundWheel('zig', '1.0'));
  const { size } = await stat(wheel);
  const said = `0 B downloaded, 0 B from the cache, ${size} B from this machine.\n`;
  const links = ['--find-links', '.', ...AS_OF];
  const synced = await pinwheel.run(['sync', ...links], { cwd });
  expect(synced.stdout, synced.stderr).toContain(`python_modules has 1 package: ${said}`);
  const vendored = await pinwheel.run(['vendor', 'zig', ...links], { cwd });
  expect(vendored.stdout, vendored.stderr).toContain(`1 package in python_modules: ${said}`);
});
