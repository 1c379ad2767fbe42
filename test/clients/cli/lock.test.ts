/** `pinwheel lock`: the lock of a project, and the same versions for Workers and for the CPython here, in one file that installers read. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Issue } from '../../../resolver/index.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import { usePinwheel, wranglerToml } from '../../cli/pinwheel.ts';
import { ending } from '../../common/own.ts';
import { askPackaging, installPackaging } from '../../resolver/requirements/packaging.ts';
import { hostVariables } from '../../resolver/solver/ask-pip.ts';
import { type ServedIndex, serveIndex } from '../../resolver/solver/served-index.ts';

const ORACLE = fileURLToPath(new URL('../../resolver/formats/pylock_oracle.py', import.meta.url));
/** Their sets pin idna 3.10 and 3.7. */
const [NEW, OLD] = ['python_3.13_packages_2025_09_22', 'python_3.12_packages_2025_03_01'];

interface Lock {
  targets: {
    name: string;
    target?: { package_set: { flag: string } };
    host?: { sys_platform: string };
    packages: {
      name: string;
      version: string;
      origin: string;
      depends: string[];
      wheel: { filename: string; sha256: string; size: number };
    }[];
    moved: { name: string; alone: string | null; version: string | null }[];
  }[];
  unshared: { name: string; versions: Record<string, string>; reason: string }[];
}

const pinwheel = await usePinwheel();
let index: ServedIndex;
beforeAll(async () => {
  installPackaging();
  index = ending(
    await serveIndex({
      django: {
        '5.2': { requires: ['asgiref', 'sqlparse'] },
        '6.0': { requires: ['asgiref', 'sqlparse'], requiresPython: '>=3.12.8' },
      },
      asgiref: { '3.8': ['idna'], '3.9': ['idna'] },
      sqlparse: { '0.5': [] },
      sympy: { '1.13.3': ['mpmath'] },
      mpmath: { '1.3.0': [] },
      idna: { '3.7': [], '3.10': [], '3.11': [] },
      growing: {
        '1.0': { requires: ['idna'], uploaded: '2025-01-02T00:00:00Z' },
        '1.1': { requires: ['idna'], uploaded: '2025-06-01T00:00:00Z' },
      },
    }),
  );
});

const env = { PATH: process.env.PATH! };
const run = (...args: string[]) =>
  pinwheel.run(
    ['lock', ...args, '--as-of', '2026-11-20', '--index-url', index.url, '--exclude-newer', 'false'],
    { env },
  );

async function locked(...args: string[]): Promise<Lock> {
  const { code, stdout, stderr } = await run(...args, '--json');
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Lock;
}

const pinsOf = ({ packages }: Lock['targets'][number]) =>
  packages.map(({ name, version }) => `${name}==${version}`).sort();

describe('pinwheel lock', () => {
  test("the host gets the pins of the Worker's set, with a remark", async () => {
    const { targets, unshared } = await locked('idna', 'django', '--targets', `${NEW},host`);
    expect(targets.map(({ name }) => name)).toEqual([NEW, 'host']);
    expect(targets[0]!.target!.package_set.flag).toBe(NEW);
    expect(targets[1]!.host!.sys_platform).toBe(hostVariables.sys_platform);
    expect(pinsOf(targets[0]!)).toEqual(pinsOf(targets[1]!));
    expect(pinsOf(targets[1]!)).toContain('idna==3.10');
    expect(targets[1]!.moved).toContainEqual({ name: 'idna', alone: '3.11', version: '3.10' });
    expect(unshared).toEqual([]);
  });

  test('differences are reported, as text too', async () => {
    const args = ['idna', 'django', '--targets', NEW, '--targets', OLD];
    const { targets, unshared } = await locked(...args);
    expect(unshared).toEqual([{ name: 'idna', versions: { [NEW]: '3.10', [OLD]: '3.7' }, reason: 'pins' }]);
    // Python 3.12.7 has no Django 6.
    expect(pinsOf(targets[0]!)).toContain('django==5.2');
    expect(targets[0]!.moved).toEqual([{ name: 'django', alone: '6.0', version: '5.2' }]);
    const { stdout } = await run(...args);
    expect(stdout).toMatch(/^django +5\.2 +5\.2$/m);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('their package sets pin different versions');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('django is 5.2, and alone would be 6.0');
  });

  test('pylock.toml has packages for each Python, as packaging evaluates it', async () => {
    // The sets have the same versions of sympy and mpmath, and other wheels of the same names.
    const args = ['idna', 'django', 'sympy', '--targets', `${NEW},${OLD},host`];
    const { targets } = await locked(...args);
    const { stdout: text, code } = await run(...args, '--format', 'pylock');
    expect(code).toBe(0);
    const pyodide = (python: string) => ({
      ...hostVariables,
      sys_platform: 'emscripten',
      platform_machine: 'wasm32',
      python_version: python.slice(0, 4),
      python_full_version: python,
    });
    const environments = [pyodide('3.13.2'), pyodide('3.12.7'), hostVariables];
    const chosen = askPackaging<object>(
      environments.map((environment) => ({ text, environment, platforms: [], depends: true })),
      ORACLE,
    );
    // The entries of each Python refer to its own idna, of which there are two versions.
    const expected = targets.map(({ packages }) => ({
      selected: Object.fromEntries(
        packages.map(({ name, version, wheel: { filename, sha256, size } }) => [
          name,
          [version, filename, expect.stringContaining(`/${filename}`), { sha256 }, size],
        ]),
      ),
      depends: Object.fromEntries(packages.map(({ name, depends }) => [name, depends])),
    }));
    expect(chosen).toEqual(expected);
  });

  test.each([
    [
      'two that markers cannot tell apart',
      [`${NEW},python_3.13_packages_2026_09_16`, '--format', 'pylock'],
      2,
      'apart',
    ],
    ['the same twice', [`${NEW},${NEW}`], 2, 'twice'],
    ['two dates at once', ['2025-11-02+2026-01-01'], 2, 'two dates'],
    ['an invalid Python', ['host=/nowhere/python'], 3, 'did not report its Python version'],
    ['an invalid Pyodide', ['9.9.9'], 2, '9.9.9'],
    ['an invalid flag', ['2025-11-02+python_wokers'], 2, 'python_wokers'],
  ])('refuses %s', async (_, targets, exitCode, words) => {
    const { code, stderr } = await run('idna', '--targets', ...targets);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(words);
    expect(code).toBe(exitCode);
  });

  test('names the environments that a pylock.toml would leave packages out of, and writes none', async () => {
    const targets = ['--targets', `${NEW},2025-11-02,2026-11-02`];
    const { code, stdout, stderr } = await run('yarl', ...targets, '--format', 'pylock');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const text = stderr.replaceAll(/\s+/g, ' ');
    expect(text).toContain('error: 2025-11-02: A file for installers cannot list idna, multidict');
    expect(text).not.toContain(`${NEW}: A file`);
    expect(text).not.toContain('2026-11-02: A file');
  });

  test('names the environment without an answer', async () => {
    const { code, stderr } = await run('django>=6', '--targets', `${NEW},${OLD}`);
    expect(code).toBe(1);
    expect(stderr).toContain(`${OLD}: You require django>=6`);
    expect(stderr).not.toContain(`${NEW}: `);
  });

  test('names no target if there is one, and says how to give what is missing', async () => {
    const { code, stderr } = await pinwheel.run(['lock', 'numpy']);
    expect(code).toBe(2);
    expect(stderr).toContain('error: Worker must specify compatibilityDate.');
    expect(stderr).toContain('Give --date YYYY-MM-DD and --flag, or name a wrangler file with --config.');
  });
});

describe('the lock of a project', () => {
  const [BEFORE, AFTER] = ['2025-03-01', 'false'];
  const pyproject = (...dependencies: string[]) =>
    `[project]\nname = "app"\nversion = "1"\ndependencies = ${JSON.stringify(dependencies)}\n`;

  async function project(more: Record<string, string> = {}) {
    const cwd = await pinwheel.folderWith({
      'wrangler.toml': wranglerToml('2026-11-02'),
      'pyproject.toml': pyproject('growing'),
      'src/entry.py': '',
      ...more,
    });
    const ask = (until: string, ...args: string[]) =>
      pinwheel.run([...args, '--index-url', index.url, '--exclude-newer', until], { cwd, env });
    return { cwd, ask, file: join(cwd, 'pylock.toml') };
  }
  const versionIn = (text: string) => /^growing +(\S+)/m.exec(text)?.[1];

  test('is written beside the wrangler file, and holds what an index has got meanwhile', async () => {
    const { cwd, ask, file } = await project();
    expect(await ask(BEFORE, 'lock', '--check')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no pylock.toml'),
    });
    const { code, stdout } = await ask(BEFORE, 'lock');
    expect({ code, version: versionIn(stdout) }).toEqual({ code: 0, version: '1.0' });
    expect(stdout).toContain('Wrote pylock.toml.');
    const text = await readFile(file, 'utf8');

    expect(await ask(AFTER, 'lock', '--check')).toMatchObject({
      code: 0,
      stdout: 'pylock.toml is up to date.\n',
    });
    const answer = await ask(AFTER, 'resolve');
    expect(versionIn(answer.stdout)).toBe('1.0');
    expect(answer.stderr).not.toContain('stale');
    // What is named is no question about the project, and neither is another date.
    expect(versionIn((await ask(AFTER, 'resolve', 'growing')).stdout)).toBe('1.1');
    expect((await ask(AFTER, 'resolve', '--date', '2025-11-02')).stderr).not.toContain('stale');
    expect((await pinwheel.run(['lock', 'idna'], { cwd })).stdout).not.toContain('Wrote');
    expect(await readFile(file, 'utf8')).toBe(text);

    expect(versionIn((await ask(AFTER, 'lock')).stdout)).toBe('1.1');
    expect(versionIn((await ask(AFTER, 'resolve')).stdout)).toBe('1.1');
  });

  test.each([
    ['a requirement more', pyproject('growing', 'attrs'), 'it does not have .*attrs'],
    [
      'a requirement that the locked version does not meet',
      pyproject('growing>=1.1'),
      'it does not have growing 1.1',
    ],
    ['a requirement less', pyproject('idna'), 'it was made from other requirements'],
  ])('is stale after %s', async (_, changed, reason) => {
    const { cwd, ask } = await project();
    await ask(BEFORE, 'lock');
    await writeFile(join(cwd, 'pyproject.toml'), changed);
    const { code, stderr } = await ask(AFTER, 'lock', '--check');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        `error: pylock.toml is stale: ${reason}.*\n  fix: Write it: pinwheel lock --index-url ${index.url} --exclude-newer false`,
      ),
    });
    const vendored = await ask(AFTER, 'vendor', '--dry-run');
    expect(vendored.stderr).toMatch(new RegExp(`warning: pylock.toml is stale: ${reason}`));
    expect((await ask(AFTER, 'lock')).code).toBe(0);
    expect((await ask(AFTER, 'lock', '--check')).code).toBe(0);
  });

  test('keeps its targets, and uses the set of the project', async () => {
    const { ask, file } = await project({
      'pyproject.toml': `${pyproject('growing')}[tool.pinwheel]\npackage-set = "${OLD}"\n`,
    });
    await ask(AFTER, 'lock', '--targets', 'worker,host');
    expect(await readFile(file, 'utf8')).toMatch(/name = "idna"\nversion = "3.7"/);
    await ask(AFTER, 'lock');
    expect(await readFile(file, 'utf8')).toContain('targets = ["worker", "host"]');
    expect((await ask(AFTER, 'lock', '--check')).code).toBe(0);
  });

  test('does not hide what resolve knows, nor which index the project names', async () => {
    const own = '[[tool.uv.index]]\nurl = "https://index.example/simple"\ndefault = true\n';
    const { cwd } = await project({ 'pyproject.toml': pyproject('idna') + own });
    const lock = (...args: string[]) => pinwheel.run(['lock', ...args], { cwd });
    expect((await lock()).code).toBe(0);
    await writeFile(join(cwd, 'pyproject.toml'), pyproject('gunicorn', 'nowhere') + own);
    for (const args of [[], ['--targets', 'worker,host']]) {
      const { code, stderr } = await lock(...args);
      expect(code).toBe(1);
      expect(stderr).toContain('Leave out gunicorn:');
      expect(stderr).toContain('The index that the project names may have it:');
      expect(stderr).not.toContain('--index for PyPI');
    }
  });

  test('does not replace that of another tool', async () => {
    const foreign = 'lock-version = "1.0"\ncreated-by = "uv"\npackages = []\n';
    const { ask, file } = await project({ 'pylock.toml': foreign });
    const { code, stderr } = await ask(AFTER, 'lock');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('was not made by pinwheel lock'),
    });
    expect(await readFile(file, 'utf8')).toBe(foreign);
    expect((await pinwheel.run(['lock', 'idna', '--check'])).code).toBe(2);
  });

  test('is not written if the set has archives, names each of them, and the set that it proposes has wheels', async () => {
    const cwd = await pinwheel.folderWith({
      'wrangler.toml': wranglerToml('2025-10-20'),
      'requirements.txt': 'jinja2\nnumpy',
      'src/entry.py': '',
    });
    const asked = ['lock', '--as-of', '2026-11-20'];
    const table = await pinwheel.run(asked, { cwd });
    expect(table.code).toBe(1);
    expect(table.stdout).toMatch(/^numpy +2\.3\.1\n\n3 packages for 1 target\n$/m);
    expect(table.stderr).toContain('cannot list markupsafe, jinja2, numpy: python_3.13_packages_2025_08_08');
    expect(existsSync(join(cwd, 'pylock.toml'))).toBe(false);
    const { stdout, stderr, code } = await pinwheel.run([...asked, '--json'], { cwd });
    expect({ code, names: pinsOf((JSON.parse(stdout) as Lock).targets[0]!) }).toEqual({
      code: 1,
      names: ['jinja2==3.1.6', 'markupsafe==3.0.2', 'numpy==2.3.1'],
    });
    const { code: name, fixes } = JSON.parse(stderr.trim().split('\n').at(-1)!) as Issue;
    expect({ name, kinds: fixes.map(({ kind }) => kind) }).toEqual({
      name: 'no_wheels',
      kinds: ['package_flag', 'advice'],
    });
    const [named] = fixes as [FixOf<'package_flag'>];
    const applied = await pinwheel.run([...asked, '--flag', named.flag], { cwd });
    expect(applied.stderr).not.toContain('error:');
    const text = await readFile(join(cwd, 'pylock.toml'), 'utf8');
    for (const { name, version } of named.has)
      expect(text).toContain(`name = "${name}"\nversion = "${version}"`);
  });

  test('of uv holds what comes from an index; the set has its own versions', async () => {
    const locked = (name: string, version: string, source = '{ registry = "https://pypi.org/simple" }') =>
      `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = ${source}\n\n`;
    const { ask } = await project({
      'uv.lock': `version = 1\nrevision = 3\n\n${locked('app', '1', '{ virtual = "." }')}${locked('growing', '1.0')}${locked('idna', '3.7')}`,
    });
    const { code, stdout, stderr } = await ask(AFTER, 'resolve');
    expect({ code, version: versionIn(stdout) }).toEqual({ code: 0, version: '1.0' });
    expect(stderr).toMatch(/info: uv.lock has other versions of what is pinned here: idna /);
  });
});
