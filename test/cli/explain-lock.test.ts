/** `pinwheel explain-lock`: the entries of locks that people make by hand, and the same for another Pyodide. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { loadPyodide, version } from 'pyodide';
import { describe, expect, test } from 'vitest';
import type { PackageSet } from '../../resolver/catalog.ts';
import { type LockPackage, type PyodideLock, toPyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import { root } from '../../scripts/root.ts';
import { newFolder } from '../common/own.ts';
import { makeSoundWheel, utf8 } from '../zip.ts';
import { usePinwheel } from './pinwheel.ts';

const pinwheel = await usePinwheel();
const setAt = (flag: string) =>
  JSON.parse(readFileSync(join(root, `data/sets/${flag}.json`), 'utf8')) as PackageSet;
const set = setAt('python_3.13_packages_2025_10_20');
const lockOf = (names: readonly string[]) =>
  toPyodideLock(
    set,
    set.packages.filter(({ name }) => names.includes(name)),
    ({ url }) => url!,
  );
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function entryOf(
  name: string,
  release: string,
  bytes: Uint8Array,
  more: Partial<LockPackage> = {},
): LockPackage {
  return {
    ...{ name, version: release, file_name: `${name}-${release}-py3-none-any.whl`, install_dir: 'site' },
    ...{ sha256: sha256(bytes), package_type: 'package', imports: [name], depends: [] },
    ...{ unvendored_tests: false, shared_library: false, ...more },
  };
}

/** Runs the command on a lock in a folder with these wheels. */
async function explain(lock: PyodideLock, wheels: Record<string, Uint8Array>, ...args: string[]) {
  const cwd = newFolder();
  for (const [name, bytes] of Object.entries(wheels)) await writeFile(join(cwd, name), bytes);
  await writeFile(join(cwd, 'lock.json'), JSON.stringify(lock));
  const ended = await pinwheel.run(['explain-lock', 'lock.json', ...args], { cwd });
  return { ...ended, cwd };
}

const loud = await makeSoundWheel('loud', '1.0', {
  metadata: 'Metadata-Version: 2.1\nName: loud\nVersion: 1.0\nRequires-Dist: soft\nRequires-Dist: six\n',
  more: {
    'loud/__init__.py': utf8('from soft import say\n\ndef shout(text):\n    return say(text).upper()\n'),
  },
});
const soft = await makeSoundWheel('soft', '2.0', {
  more: { 'soft/__init__.py': utf8('def say(text):\n    return text\n') },
});
const WHEELS = { 'loud-1.0-py3-none-any.whl': loud, 'soft-2.0-py3-none-any.whl': soft };

describe('entries', () => {
  test('each has a verdict beside the set of its Pyodide', async () => {
    const lock = lockOf(['idna', 'jinja2', 'numpy', 'six']);
    Object.assign(lock.packages.jinja2!, {
      version: '3.0',
      sha256: '0'.repeat(64),
      file_name: 'https://x.example/j.whl',
    });
    lock.packages.loud = entryOf('loud', '1.0', loud);
    lock.packages.soft = entryOf('soft', '2.0', soft, { sha256: 'a'.repeat(64) });
    lock.packages.idna!.sha256 = 'b'.repeat(64);
    const file_name = 'https://x.example/old-1.0-cp312-cp312-pyodide_2024_0_wasm32.whl';
    lock.packages.old = entryOf('old', '1.0', utf8(''), { file_name });
    const { code, stdout } = await explain(lock, WHEELS, '--json');
    expect(code).toBe(1);
    const { packages, package_set, unseen_files } = JSON.parse(stdout);
    expect(package_set).toBe(set.flag);
    const short = packages.map((entry: Record<string, unknown>) => [entry.name, entry.verdict, entry.in_set]);
    const pinned = (name: string) => set.packages.find((member) => member.name === name)!;
    expect(short).toEqual([
      ['idna', 'wrong_digest', '3.10'],
      ['jinja2', 'behind', '3.1.6'],
      ['loud', 'needed', null],
      ['numpy', 'redundant', '2.2.5'],
      ['old', 'other_abi', null],
      ['six', 'redundant', '1.17.0'],
      ['soft', 'wrong_digest', null],
    ]);
    expect(packages[0].sha256).toBe(pinned('idna').sha256);
    expect(packages[1].lacking).toEqual(['markupsafe']);
    expect(packages[6].sha256).toBe(sha256(soft));
    expect(unseen_files).toBe(3);
  });

  test.each([
    [
      'idna',
      'idna-3.11-py3-none-any.whl',
      { version: '3.11', file_name: 'https://x.example/idna-3.11-py3-none-any.whl' },
    ],
    ['idna', 'idna-3.10-py3-none-any.whl', { version: '3.9' }],
    [
      'numpy',
      'numpy-2.2.5-cp312-cp312-pyodide_2024_0_wasm32.whl',
      { file_name: 'numpy-2.2.5-cp312-cp312-pyodide_2024_0_wasm32.whl' },
    ],
  ])('%s as %s with the digest of the set is of no use, and not dropped', async (name, filename, changed) => {
    const lock = lockOf(['idna', 'numpy']);
    const { filename: other } = set.packages.find((member) => member.name === name)!;
    Object.assign(lock.packages[name]!, changed);
    const { code, stdout, cwd } = await explain(lock, {});
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(
        new RegExp(`^${name} .* wrong digest +the set has that digest for ${other}$`, 'm'),
      ),
    });
    const moved = await pinwheel.run(['explain-lock', 'lock.json', '--rebase', version], { cwd });
    expect({ code: moved.code, stdout: moved.stdout }).toEqual({ code: 1, stdout: '' });
    const { version: release } = lock.packages[name]!;
    expect(moved.stderr).toContain(
      `error: ${filename} of lock.json, version ${release}, has the SHA-256 of ${other}.\n`,
    );
  });

  test('Pyodide finds no entry whose key is not its canonical name', async () => {
    const lock = lockOf(['idna', 'jinja2', 'markupsafe']);
    const { idna, jinja2, markupsafe } = lock.packages;
    const own = entryOf('my_pkg', '1.0', soft, { file_name: 'soft-2.0-py3-none-any.whl', imports: ['soft'] });
    lock.packages = { idna2: idna!, Jinja2: jinja2!, markupsafe: markupsafe!, my_pkg: own };
    const { code, stdout, cwd } = await explain(lock, WHEELS);
    expect(code).toBe(1);
    const unfound = [...stdout.matchAll(/entry (\S+) has to have the key (\S+)$/gm)].map(
      ([, ...keys]) => keys,
    );
    expect(unfound.sort()).toEqual([
      ['Jinja2', 'jinja2'],
      ['idna2', 'idna'],
      ['my_pkg', 'my-pkg'],
    ]);
    const found = async ({ packages, info }: PyodideLock) => {
      const file_name = 'soft-2.0-py3-none-any.whl';
      const local = Object.entries(packages).map(([key, entry]) => [
        key,
        { ...entry, file_name, sha256: sha256(soft), depends: [] },
      ]);
      const lockFileContents = JSON.stringify({ info, packages: Object.fromEntries(local) });
      const pyodide = await loadPyodide({ lockFileContents, packageBaseUrl: `${cwd}/` });
      const answers: string[] = [];
      for (const name of ['my_pkg', 'Jinja2', 'idna', 'MarkupSafe']) {
        const loaded = pyodide.loadPackage(name, { messageCallback: () => {} });
        answers.push(await loaded.then(() => name).catch(({ message }: Error) => message));
      }
      return answers;
    };
    const none = (name: string) => `No known package with name '${name}'`;
    expect(await found(lock)).toEqual([none('my_pkg'), none('Jinja2'), none('idna'), 'MarkupSafe']);
    lock.packages = { idna: idna!, jinja2: jinja2!, markupsafe: markupsafe!, 'my-pkg': own };
    expect(await found(lock)).toEqual(['my_pkg', 'Jinja2', 'idna', 'MarkupSafe']);
    await writeFile(join(cwd, 'lock.json'), JSON.stringify(lock));
    const fixed = await pinwheel.run(['explain-lock', 'lock.json'], { cwd });
    expect(fixed).toMatchObject({ code: 0, stderr: '' });
  });

  test('a lock of which nothing is wrong ends with 0, and names what is its own', async () => {
    const lock = lockOf(['six']);
    lock.packages.soft = entryOf('soft', '2.0', soft);
    const { code, stdout, stderr } = await explain(lock, WHEELS);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^soft +2\.0 +needed$/m);
    expect(stdout).not.toMatch(/^six/m);
    expect(stdout).toContain('1 needed, 1 redundant.');
  });

  test('the lock of an npm package, which does not say its Pyodide, is known by its files', async () => {
    const file = join(dirname(createRequire(import.meta.url).resolve('pyodide')), 'pyodide-lock.json');
    const cwd = newFolder();
    await cp(file, join(cwd, 'lock.json'));
    const { code, stdout, stderr } = await pinwheel.run(['explain-lock', 'lock.json'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toContain(`is ${version}.`);
    expect(stdout).toMatch(/: \d+ redundant\.\n$/);
  });

  test('the lock of a Pyodide that was never released, as those of 0.28 say, is known by its files', async () => {
    const own = setAt('python_3.13_packages_2025_09_22');
    const lock = toPyodideLock(own, own.packages, ({ url }) => url!);
    lock.info.version = '0.28.0.dev0';
    const { code, stderr, stdout, cwd } = await explain(lock, {});
    const asSet = await pinwheel.run(['resolve', 'six', '--set', 'lock.json'], { cwd });
    expect([asSet.code, asSet.stderr]).toEqual([0, stderr]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `info: lock.json is for Pyodide 0.28.0.dev0, which has no package set: that of its ABI with most of its files, ${own.packages.length}, is ${own.runtime}.\n  fix: Name another one with --pyodide.\n`,
    });
    expect(stdout).toContain(`: ${own.packages.length} redundant.`);

    for (const entry of Object.values(lock.packages)) entry.sha256 = 'c'.repeat(64);
    const unlike = await explain(lock, {});
    expect(unlike.stderr).toContain('which has no package set: the newest of its ABI is 0.29.5.');
  });

  test.skipIf(!process.env.PINNED_WHEELS)('files in folders have the digests of the lock', async () => {
    const lock = lockOf(set.packages.map(({ name }) => name));
    lock.packages.six!.sha256 = 'c'.repeat(64);
    const links = join(process.env.PINNED_WHEELS!, set.flag);
    const { stdout } = await explain(lock, {}, '--find-links', links, '--json');
    const { packages } = JSON.parse(stdout) as { packages: { name: string; verdict: string }[] };
    expect(packages.filter(({ verdict }) => verdict !== 'redundant')).toEqual([
      expect.objectContaining({ name: 'six', verdict: 'wrong_digest' }),
    ]);
  });

  test.each([
    ['no lock', '{}', 2, 'lacks the packages, or the python and platform of info'],
    [
      'an unknown Pyodide',
      JSON.stringify({
        ...lockOf([]),
        info: { ...lockOf([]).info, abi_version: '1', version: '9.9.9', platform: 'x' },
      }),
      2,
      '9.9.9',
    ],
  ])('%s is a wrong question', async (_, text, code, said) => {
    const cwd = await pinwheel.folderWith({ 'lock.json': text });
    const ended = await pinwheel.run(['explain-lock', 'lock.json'], { cwd });
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
    expect(ended.stderr).toContain(said);
  });

  test.each([
    ['pyodide-lock.json', JSON.stringify(lockOf(['six'])), 'pinwheel explain-lock pyodide-lock.json'],
    ['pylock.toml', 'lock-version = "1.0"\n', 'pinwheel lock --check'],
  ])('check says what checks a %s', async (file, text, command) => {
    const cwd = await pinwheel.folderWith({ [file]: text });
    const { code, stderr } = await pinwheel.run(['check', file], { cwd });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `error: ${file} is a lock, not the wrangler file of a Worker.\n  fix: Check it with ${command}.\n`,
    });
  });

  test('a file that is not there cannot be reached', async () => {
    expect((await pinwheel.run(['explain-lock', 'none.json'])).code).toBe(3);
  });
});

describe('--rebase', () => {
  test('Pyodide loads the moved lock, with the entries of its own', async () => {
    const lock = lockOf(['six', 'numpy']);
    lock.packages.loud = entryOf('loud', '1.0', loud, { depends: ['six'] });
    lock.packages.soft = entryOf('soft', '2.0', soft);
    const { code, stderr, cwd } = await explain(lock, WHEELS, '--rebase', version, '-o', 'moved.json');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `info: Kept: loud, soft. All else is the set of Pyodide ${version}.\n`,
    });
    const lockFileContents = await readFile(join(cwd, 'moved.json'), 'utf8');
    const moved = JSON.parse(lockFileContents) as PyodideLock;
    const target = setAt('python_3.13_packages_2026_09_16');
    expect(Object.keys(moved.packages)).toHaveLength(target.packages.length + 2);
    expect(moved.info).toMatchObject({ version, python: target.python, abi_version: target.abi });
    // Its METADATA says what the lock did not.
    expect(moved.packages.loud!.depends.toSorted()).toEqual(['six', 'soft']);
    const { sha256: pinned } = target.packages.find(({ name }) => name === 'numpy')!;
    expect(moved.packages.numpy!.sha256).toBe(pinned);
    moved.packages.loud!.depends = ['soft'];
    const pyodide = await loadPyodide({ lockFileContents: JSON.stringify(moved), packageBaseUrl: `${cwd}/` });
    await pyodide.loadPackage(['loud'], { messageCallback: () => {} });
    expect(pyodide.runPython('import loud; loud.shout("moved")')).toBe('MOVED');
  });

  test.each([
    ['.', ['-o', 'moved.json'], './wheels/'],
    ['.', ['-o', 'out/moved.json'], '../wheels/'],
    ['.', [], './wheels/'],
    ['out', ['-o', '../moved.json'], './wheels/'],
    ['out', [], null],
  ])('names its own files from where it is written: in %s, %j', async (folder, args, place) => {
    const lock = lockOf(['six']);
    const filename = 'soft-2.0-py3-none-any.whl';
    const entry = { file_name: `./wheels/${filename}` };
    lock.packages.soft = entryOf('soft', '2.0', soft, entry);
    const cwd = await pinwheel.folderWith({ 'lock.json': JSON.stringify(lock), 'wheels/x': '', 'out/x': '' });
    await writeFile(join(cwd, entry.file_name), soft);
    const words = ['-C', folder, 'explain-lock', relative(folder, 'lock.json'), '--rebase', '314.0.7'];
    const { code, stdout } = await pinwheel.run([...words, ...args], { cwd });
    expect(code).toBe(0);
    const [, file] = args;
    const text = file ? await readFile(join(cwd, folder, file), 'utf8') : stdout;
    const moved = JSON.parse(text) as PyodideLock;
    expect(moved.packages.soft!.file_name).toBe(`${place ?? `${cwd}/wheels/`}${filename}`);
  });

  test('what does not run there is refused, or comes from the index', async () => {
    const lock = lockOf(['six']);
    const filename = 'old-1.0-cp313-cp313-pyodide_2025_0_wasm32.whl';
    lock.packages.old = entryOf('old', '1.0', utf8(''), { file_name: `https://x.example/${filename}` });
    const refused = await explain(lock, {}, '--rebase', '314.0.7');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`${filename} of lock.json does not run on Pyodide 314.0.7`);
    expect(refused.stderr).toContain('--index');
    const other = await explain(
      lock,
      { 'old-1.1-py3-none-any.whl': await makeSoundWheel('old', '1.1') },
      ...['--rebase', '314.0.7', '--find-links', '.'],
    );
    expect(other.code).toBe(0);
    const { packages } = JSON.parse(other.stdout) as PyodideLock;
    expect(packages.old!.version).toBe('1.1');
  });

  test('a file with other bytes than the lock says is refused', async () => {
    const lock = lockOf(['six']);
    lock.packages.soft = entryOf('soft', '2.0', loud);
    const { code, stderr, stdout } = await explain(lock, WHEELS, '--rebase', '314.0.7');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`has the SHA-256 ${sha256(soft)}, but the lock says ${sha256(loud)}.`);
  });
});

test('a lock for installers is checked by another command', async () => {
  const cwd = await pinwheel.folderWith({ 'pylock.toml': 'lock-version = "1.0"\n' });
  expect(await pinwheel.run(['explain-lock', 'pylock.toml'], { cwd })).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error: pylock.toml is a lock, not a pyodide-lock.json.\n  fix: Check it with pinwheel lock --check.\n',
  });
});
