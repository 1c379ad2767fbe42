/** `pinwheel lock`: the same versions for Workers and for the CPython here, in one file that installers read. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { ending } from '../common/own.ts';
import { askPackaging, installPackaging } from '../resolver/requirements/packaging.ts';
import { hostVariables } from '../resolver/solver/ask-pip.ts';
import { type ServedIndex, serveIndex } from '../resolver/solver/served-index.ts';
import { usePinwheel } from './pinwheel.ts';

const ORACLE = fileURLToPath(new URL('pylock_oracle.py', import.meta.url));
/** Their sets pin idna 3.10 and 3.7. */
const [NEW, OLD] = ['python_3.13_packages_2025_09_22', 'python_3.12_packages_2025_03_01'];

interface Lock {
  targets: {
    name: string;
    target?: { package_set: { flag: string } };
    host?: { sys_platform: string };
    packages: { name: string; version: string; origin: string; depends: string[] }[];
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
      idna: { '3.7': [], '3.10': [], '3.11': [] },
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
    const args = ['idna', 'django', '--targets', `${NEW},${OLD},host`];
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
    const chosen = askPackaging<[string, string, string, string[]][]>(
      environments.map((environment) => ({ text, environment, tags: ['py3-none-any'] })),
      ORACLE,
    );
    expect(chosen.map((packages) => packages.map(([name, version]) => `${name}==${version}`))).toEqual(
      targets.map(pinsOf),
    );
    // The entries of each Python refer to its own idna, of which there are two versions.
    expect(chosen.map((packages) => packages.map(([name, , , depends]) => [name, depends]))).toEqual(
      targets.map(({ packages }) =>
        packages.map(({ name, depends }) => [name, depends]).sort(([a], [b]) => (a! < b! ? -1 : 1)),
      ),
    );
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
});
