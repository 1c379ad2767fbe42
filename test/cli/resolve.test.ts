import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Catalog, PackageSet } from '../../resolver/catalog.ts';
import { LISTED } from '../../resolver/evidence-level.ts';
import type { PyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import { canonicalName } from '../../resolver/index.ts';
import { root } from '../../scripts/root.ts';
import { TARGET, usePinwheel, withoutRevision } from './pinwheel.ts';

const readData = (path: string) => JSON.parse(readFileSync(join(root, 'data', path), 'utf8'));
const catalog: Catalog = readData('catalog.json');
const readSet = (flag: string): PackageSet => readData(`sets/${flag}.json`);

const run = promisify(execFile);
const pinwheel = await usePinwheel();

/** Standard output of a successful run. */
async function output(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await pinwheel.run(args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}

describe('JSON', () => {
  test('of packages is the set, or those whose name matches', async () => {
    const flag = 'python_3.13_packages_2025_08_08';
    const set = JSON.parse(await output('packages', ...TARGET, '--json'));
    const { kind: _, ...document } = readSet(flag);
    const { digest, package_count } = catalog.sets.find((candidate) => candidate.flag === flag)!;
    const all = document.packages.map((member) => ({ ...member, evidence: LISTED }));
    expect(set).toEqual({ ...document, packages: all, digest, package_count });
    const found = JSON.parse(await output('packages', 'Typing_', ...TARGET, '--json'));
    const packages = all.filter(({ name }) => name.includes('typing-'));
    expect(packages.length).toBeGreaterThan(0);
    expect(found).toEqual({ ...set, packages });
  });

  test('is printed alone, and is of today without --as-of', async () => {
    const args = ['resolve', 'fastapi[all]', '--date', '2025-11-02', '--flag', 'python_workers', '--json'];
    const before = new Date().toISOString().slice(0, 10);
    const { stdout, stderr } = await pinwheel.run(args);
    const after = new Date().toISOString().slice(0, 10);
    expect([before, after]).toContain(JSON.parse(stdout).target.as_of);
    expect(stderr).toBe('');
  });

  test('accepts experimental flags only with --experimental', async () => {
    const args = ['target', ...TARGET, '--flag', 'python_workers_development', '--json'];
    expect((await pinwheel.run(args)).code).toBe(2);
    expect(JSON.parse(await output(...args, '--experimental')).runtime.id).toBe('dev');
  });
});

describe('short by default', () => {
  test('an answer has no provenance and no delivery, and the next command', async () => {
    expect(await output('resolve', 'six', ...TARGET)).toMatchInlineSnapshot(`
      "Python       3.13.2, Pyodide 0.28.2
      Package set  python_3.13_packages_2025_08_08

      Package  Version  Why
      six      1.17.0   requested

      1 package, of unknown size

      Next: pinwheel vendor six --date 2025-11-02 --flag python_workers --as-of 2026-11-20
      "
    `);
    expect(await output('target', ...TARGET)).toMatchInlineSnapshot(`
      "Date         2025-11-02
      Flags        python_workers
      Pyodide      0.28.2, in workerd as 0.28.2_2025-01-16_22
                   python_workers implies python_workers_20250116 from 2025-09-29 on; its release is Pyodide 0.28.2.
      Python       3.13.2, ABI 2025_0
      Package set  python_3.13_packages_2025_08_08
                   python_3.13_packages_2025_08_08 is the set that workerd pairs with Pyodide 0.28.2.

      In wrangler.jsonc:
        {
          "compatibility_date": "2025-11-02",
          "compatibility_flags": ["python_workers"]
        }
      To vendor its packages:
        pinwheel vendor -r requirements.txt --date 2025-11-02 --flag python_3.13_packages_2025_08_08
      "
    `);
    expect(await output('when', 'numpy', '--as-of', '2026-11-20')).toMatchInlineSnapshot(`
      "With python_workers, numpy is satisfied at every date.

      Compatibility date             Version  Python
      until 2025-09-28               1.26.4   3.12.1
      from 2025-09-29 to 2026-09-07  2.3.1    3.13.2
      from 2026-09-08 on             2.4.6    3.14.2

      38 package sets have it: -v lists them.
      "
    `);
  });

  test('the next command is the same question, without how to print', async () => {
    const cwd = await pinwheel.folderWith({ 'r 1.txt': 'six\n' });
    const words = ['resolve', '-r', 'r 1.txt', '--offline', '--format', 'table', ...TARGET];
    const { stdout } = await pinwheel.run(words, { cwd });
    const next = /^Next: pinwheel (.*)$/m.exec(stdout)?.[1];
    expect(next).toBe(
      "vendor -r 'r 1.txt' --offline --date 2025-11-02 --flag python_workers --as-of 2026-11-20",
    );
    const line = ['-c', `"$0" "$1" ${next} --dry-run`, process.execPath, pinwheel.script];
    const { stdout: pasted } = await run('sh', line, { cwd });
    expect(pasted).toContain('six');
    const piped = await pinwheel.run(['resolve', '-r', '-', ...TARGET], { input: 'six\n' });
    expect(piped.stdout).not.toContain('Next:');
  });

  test('-q has the answer alone', async () => {
    expect(await output('resolve', 'six', '-q', ...TARGET)).toBe(
      'Package  Version  Why\nsix      1.17.0   requested\n',
    );
    expect(await output('why', 'six', 'six', '-q', ...TARGET)).toBe(
      'six 1.17.0 is requested:\n  it is a requirement itself\n',
    );
  });
});

describe('tables', () => {
  test('of a closure', async () => {
    expect(await output('resolve', 'fastapi', '-v', ...TARGET)).toMatchInlineSnapshot(`
      "Pyodide      0.28.2, in workerd as 0.28.2_2025-01-16_22
                   python_workers implies python_workers_20250116 from 2025-09-29 on; its release is Pyodide 0.28.2.
      Python       3.13.2, ABI 2025_0
      Package set  python_3.13_packages_2025_08_08
                   python_3.13_packages_2025_08_08 is the set that workerd pairs with Pyodide 0.28.2.
      Delivery     the Worker's own python_modules, where pinwheel vendor puts them

      Package            Version  Why
      annotated-types    0.7.0    required by pydantic
      libopenssl         1.1.1w   required by ssl
      ssl                1.0.0    in the runtime, required by anyio
      sniffio            1.3.1    required by anyio
      typing-extensions  4.14.1   required by anyio, pydantic-core, pydantic
      anyio              4.9.0    required by fastapi
      httpx              0.28.1   required by fastapi
      markupsafe         3.0.2    required by jinja2
      jinja2             3.1.6    required by fastapi
      pydantic-core      2.27.2   required by pydantic
      pydantic           2.10.6   required by fastapi
      starlette          0.47.2   required by fastapi
      fastapi            0.116.1  requested

      13 packages in load order, of unknown size

      info: workerd 1.20260609.1 embeds python_3.13_packages_2025_08_08; workerd 1.20261117.1 does not. Packages come from the Worker's own python_modules folder.
        fix: Run pinwheel vendor --flag python_3.13_packages_2025_08_08 with your requirements.
      info: pip, uv and pylock.toml need wheels, but the set has archives of annotated-types, sniffio, typing-extensions, anyio, httpx and 6 more.
        fix: pinwheel vendor unpacks them. Or name python_3.13_packages_2026_11_20, a set of wheels for the same ABI.

      Next: pinwheel vendor fastapi --date 2025-11-02 --flag python_workers --as-of 2026-11-20
      "
    `);
  });

  test('of a target', async () => {
    expect(withoutRevision(await output('target', '--verbose', ...TARGET))).toMatchInlineSnapshot(`
      "Date         2025-11-02
      Flags        python_workers
      As of        2026-11-20, revision N of the registry
      Pyodide      0.28.2, in workerd as 0.28.2_2025-01-16_22
                   python_workers implies python_workers_20250116 from 2025-09-29 on; its release is Pyodide 0.28.2.
      Python       3.13.2, ABI 2025_0
      Package set  python_3.13_packages_2025_08_08
                   python_3.13_packages_2025_08_08 is the set that workerd pairs with Pyodide 0.28.2.
      Delivery     the Worker's own python_modules, where pinwheel vendor puts them
      Published    by Cloudflare: pyodide-lock_20250808.json of @cloudflare/workerd-linux-64 1.20251001.0, from npm

      In wrangler.jsonc:
        {
          "compatibility_date": "2025-11-02",
          "compatibility_flags": ["python_workers"]
        }
      In wrangler.toml:
        compatibility_date = "2025-11-02"
        compatibility_flags = ["python_workers"]
      To vendor its packages:
        pinwheel vendor -r requirements.txt --date 2025-11-02 --flag python_3.13_packages_2025_08_08

      info: workerd 1.20260609.1 embeds python_3.13_packages_2025_08_08; workerd 1.20261117.1 does not. Packages come from the Worker's own python_modules folder.
        fix: Run pinwheel vendor --flag python_3.13_packages_2025_08_08 with your requirements.
      "
    `);
  });

  test('of packages', async () => {
    expect(await output('packages', 'py', '-v', ...TARGET)).toMatchInlineSnapshot(`
      "Package           Version  Kind              Imports
      aiohappyeyeballs  2.6.1                      aiohappyeyeballs
      numpy             2.3.1                      numpy
      pycparser         2.22                       pycparser
      pydantic          2.10.6                     pydantic
      pydantic-core     2.27.2                     pydantic_core
      pydecimal         1.0.0    standard library  _pydecimal
      pydoc-data        1.0.0    standard library  pydoc_data
      pyparsing         3.2.1                      pyparsing
      pyyaml            6.0.2                      _yaml, yaml

      9 packages of python_3.13_packages_2025_08_08, for Pyodide 0.28.2 and Python 3.13.2
      Delivery: the Worker's own python_modules, where pinwheel vendor puts them
      "
    `);
  });
});

describe('explanations', () => {
  test('of an invalid requirement', async () => {
    const requirements = ['pip @ file:///etc/passwd', './local', 'numpy=1'];
    const { stderr } = await pinwheel.run(['resolve', ...requirements, ...TARGET]);
    expect(stderr).toMatchInlineSnapshot(`
      "error: pip comes from file:///etc/passwd, which is neither a folder nor a wheel.
        fix: Build a wheel of it, and name that file: pip = { path = "FILE.whl" } under [tool.uv.sources] of pyproject.toml. Then require pip by its name, without the place.
      error: local comes from ./local, which does not exist.
        fix: Correct the path of the source.
      error: Expected a specifier such as >=1.0, \`;\` or the end, found \`=\`, at column 6:
            numpy=1
                 ^
        fix: Write == instead of =.
      "
    `);
  });

  test('a query finds modules, too', async () => {
    const { packages } = JSON.parse((await pinwheel.run(['packages', 'yaml', '--json', ...TARGET])).stdout);
    expect(packages.map(({ name }: { name: string }) => name)).toContain('pyyaml');
    const { stdout } = await pinwheel.run([
      'packages',
      'sklearn',
      '--date',
      '2026-11-20',
      '--flag',
      'python_workers',
      '--json',
    ]);
    expect(JSON.parse(stdout).packages).toMatchObject([{ name: 'scikit-learn' }]);
  });

  test('of a query that finds nothing', async () => {
    const { stderr } = await pinwheel.run(['packages', 'pydentic', ...TARGET]);
    expect(stderr).toMatchInlineSnapshot(`
      "error: The package set python_3.13_packages_2025_08_08 has no package whose name contains "pydentic", and no module of that name.
        fix: Did you mean pydantic?
      "
    `);
  });
});

describe('requirements', () => {
  test('call the file by its name', async () => {
    const cwd = await pinwheel.folderWith({});
    const asked = [
      'resolve',
      'idna',
      '--flag',
      'python_3.13_packages_2025_09_22',
      '--format',
      'requirements',
    ];
    expect((await pinwheel.run([...asked, '-o', 'my pins.txt'], { cwd })).code).toBe(0);
    expect(await readFile(join(cwd, 'my pins.txt'), 'utf8')).toContain(" python_modules -r 'my pins.txt'\n");
  });

  test('resolve to the same packages again', async () => {
    const wheels = ['--flag', 'python_3.13_packages_2025_09_22', '--format', 'requirements'];
    const file = await output('resolve', 'pandas', 'ssl', ...wheels);
    expect(file).toMatch(/^# ssl .* comes with Pyodide, not from an index$/m);
    const again = await pinwheel.run(['resolve', '-r', '-', ...wheels], { input: file });
    const pins = (text: string) => text.split('\n').filter((line) => line.includes('=='));
    expect(pins(again.stdout)).toEqual(pins(file));
    expect(pins(file).length).toBeGreaterThan(3);
  });
});

describe('pyodide-lock', () => {
  test('has the closure with the URLs of its files', async () => {
    const flag = 'python_3.13_packages_2025_09_22';
    const stdout = await output('resolve', 'scikit-learn', '--flag', flag, '--format', 'pyodide-lock');
    const lock: PyodideLock = JSON.parse(stdout);
    const { packages, python, platform, abi, runtime } = readSet(flag);
    expect(lock.info).toEqual({ arch: 'wasm32', platform, version: runtime, python, abi_version: abi });
    expect(Object.keys(lock.packages)).toContain('numpy');
    for (const [name, { file_name, sha256, depends }] of Object.entries(lock.packages)) {
      const member = packages.find((candidate) => candidate.name === name)!;
      expect({ file_name, sha256 }).toEqual({ file_name: member.url, sha256: member.sha256 });
      for (const dependency of depends) expect(lock.packages).toHaveProperty([canonicalName(dependency)]);
    }
  });

  test('has its diagnostics outside of the document', async () => {
    const args = ['resolve', 'aiohttp[speedups]', ...TARGET, '--format', 'pyodide-lock'];
    const { stdout, stderr } = await pinwheel.run(args);
    expect(stderr).toContain('warning: The package set does not record');
    expect(stdout).toBe(`${JSON.stringify(JSON.parse(stdout))}\n`);
  });
});
