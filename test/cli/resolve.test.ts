/** `pinwheel resolve`, `target` and `packages`, with the bundled data. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Catalog, PackageSet } from '../../resolver/catalog.ts';
import { answerResolve } from '../../resolver/closure/resolve.ts';
import type { PyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import {
  ANSWER_VERSION,
  canonicalName,
  prepareSet,
  selectTarget,
  viewCatalog,
} from '../../resolver/index.ts';
import { root } from '../../scripts/root.ts';
import { installPinwheel, TARGET, withoutRevision } from './pinwheel.ts';

const readData = (path: string) => JSON.parse(readFileSync(join(root, 'data', path), 'utf8'));
const catalog: Catalog = readData('catalog.json');
const readSet = (flag: string): PackageSet => readData(`sets/${flag}.json`);

const asked = {
  compatibility_date: '2025-11-02',
  compatibility_flags: ['python_workers'],
  as_of: '2026-11-20',
};
const view = viewCatalog(catalog);
if (!view.ok) throw new Error('the catalog is empty');
const source = {
  openSet: async ({ flag }: { flag: string }) => prepareSet(readSet(flag)),
  readPins: async () => new Map(),
};

const pinwheel = await installPinwheel();
afterAll(() => pinwheel.remove());

/** Standard output of a successful run. */
async function output(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await pinwheel.run(args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}

describe('JSON', () => {
  test('is the answer of the resolver, byte for byte', async () => {
    for (const requirements of [['fastapi'], ['Jinja2>=3', 'httpx[http2]', 'numpy; python_version < "3"']]) {
      const answer = await answerResolve(view.value, { ...asked, requirements }, source);
      if (!answer.ok) throw new Error('no answer');
      const expected = `${JSON.stringify(answer.value)}\n`;
      expect(await output('resolve', ...requirements, ...TARGET, '--json')).toBe(expected);
      expect(await output('resolve', ...requirements, ...TARGET, '--format', 'json')).toBe(expected);
    }
  });

  test('of a target begins with the registry', async () => {
    const target = selectTarget(view.value, asked);
    if (!target.ok) throw new Error('no target');
    const expected = { registry: view.value.stamp, answer_version: ANSWER_VERSION, ...target.value };
    expect(await output('target', ...TARGET, '--json')).toBe(`${JSON.stringify(expected)}\n`);
  });

  test('of packages is the set, or those whose name matches', async () => {
    const flag = 'python_3.13_packages_2025_08_08';
    const set = JSON.parse(await output('packages', ...TARGET, '--json'));
    const { kind: _, ...document } = readSet(flag);
    const { digest, package_count } = catalog.sets.find((one) => one.flag === flag)!;
    expect(set).toEqual({ ...document, digest, package_count });
    const found = JSON.parse(await output('packages', 'Typing_', ...TARGET, '--json'));
    const packages = document.packages.filter(({ name }) => name.includes('typing-'));
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

  test('replays an earlier revision', async () => {
    const revision = view.value.stamp.revision - 1;
    const answer = JSON.parse(await output('target', ...TARGET, '--json', '--revision', String(revision)));
    expect(answer.registry).toEqual({ revision, digest: catalog.log[revision - 1]!.root });
  });

  test('accepts experimental flags only with --experimental', async () => {
    const args = ['target', ...TARGET, '--flag', 'python_workers_development', '--json'];
    expect((await pinwheel.run(args)).code).toBe(2);
    expect(JSON.parse(await output(...args, '--experimental')).runtime.id).toBe('dev');
  });
});

describe('tables', () => {
  test('of a closure', async () => {
    expect(await output('resolve', 'fastapi', ...TARGET)).toMatchInlineSnapshot(`
      "Pyodide      0.28.2, in workerd as 0.28.2_2025-01-16_22
                   python_workers implies python_workers_20250116 from 2025-09-29 on; its release is Pyodide 0.28.2.
      Python       3.13.2, ABI 2025_0
      Package set  python_3.13_packages_2025_08_08, released 2025-08-08
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
      "
    `);
  });

  test('of a closure with sizes unknown, extras, markers and a pinned set', async () => {
    const flag = 'python_3.12_packages_2025_03_01';
    const requirements = ['aiohttp[speedups]', 'httpx; python_version < "3"'];
    expect(
      await output('resolve', ...requirements, '--flag', flag, '--as-of', '2026-11-20'),
    ).toMatchInlineSnapshot(`
      "Pyodide      0.27.3, which the Worker must include
                   python_3.12_packages_2025_03_01 needs ABI 2024_0, which Pyodide 0.27.3 has.
      Python       3.12.7, ABI 2024_0
      Package set  python_3.12_packages_2025_03_01, released 2025-03-01
                   python_3.12_packages_2025_03_01 is named.
      Delivery     the Worker's own python_modules, where pinwheel vendor puts them

      Package             Version  Why
      frozenlist          1.4.1    required by aiosignal, aiohttp
      aiosignal           1.3.1    required by aiohttp
      async-timeout       4.0.3    required by aiohttp
      six                 1.16.0   required by attrs
      attrs               23.2.0   required by aiohttp
      charset-normalizer  3.3.2    required by aiohttp
      multidict           6.0.5    required by yarl, aiohttp
      idna                3.7      required by yarl
      yarl                1.9.4    required by aiohttp
      aiohttp             3.9.5    requested

      10 packages in load order, of unknown size

      info: No date is given: python_3.12_packages_2025_03_01 sets it to 2025-03-01.
      warning: The date 2025-03-01 and the flags alone give Pyodide 0.26.0a2 (ABI emscripten_3_1_52), but python_3.12_packages_2025_03_01 needs ABI 2024_0, which no workerd release has.
        fix: The Worker must include Pyodide 0.27.3 itself.
      info: No workerd embeds python_3.12_packages_2025_03_01. Packages come from the Worker's own python_modules folder.
        fix: Run pinwheel vendor --flag python_3.12_packages_2025_03_01 with your requirements, or let pywrangler install them from the simple index of a registry, /simple/python_3.12_packages_2025_03_01/.
      warning: The package set does not record what aiohttp[speedups] adds to aiohttp.
        fix: Require the packages of the extra by name.
      info: The marker of httpx; python_version < "3" does not hold in this runtime.
      "
    `);
  });

  test('of a closure of nothing', async () => {
    const stdout = await output('resolve', 'numpy; python_version < "3"', ...TARGET);
    expect(stdout.split('\n').slice(-4).join('\n')).toMatchInlineSnapshot(`
      "info: workerd 1.20260609.1 embeds python_3.13_packages_2025_08_08; workerd 1.20261117.1 does not. Packages come from the Worker's own python_modules folder.
        fix: Run pinwheel vendor --flag python_3.13_packages_2025_08_08 with your requirements.
      info: The marker of numpy; python_version < "3" does not hold in this runtime.
      "
    `);
  });

  test('of a target', async () => {
    expect(withoutRevision(await output('target', ...TARGET))).toMatchInlineSnapshot(`
      "Date         2025-11-02
      Flags        python_workers
      As of        2026-11-20, revision N of the registry
      Pyodide      0.28.2, in workerd as 0.28.2_2025-01-16_22
                   python_workers implies python_workers_20250116 from 2025-09-29 on; its release is Pyodide 0.28.2.
      Python       3.13.2, ABI 2025_0
      Package set  python_3.13_packages_2025_08_08, released 2025-08-08
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

  test('of a target that moves forward', async () => {
    const args = ['--date', '2025-11-02', '--flag', 'python_workers', '--as-of', '2030-01-01'];
    expect(withoutRevision(await output('target', ...args))).toMatchInlineSnapshot(`
      "Date         2025-11-02
      Flags        python_workers
      As of        2030-01-01, revision N of the registry
      Pyodide      314.0.6, in workerd as 314.0.6_2026-08-17_11
                   Python 3.13 is out of support since 2029-10-07, so as of 2030-01-01 this target moves forward to Python 3.14, Pyodide 314.0.6.
      Python       3.14.2, ABI 2026_0
      Package set  python_3.14_packages_2026_08_25, released 2026-08-25
                   python_3.14_packages_2026_08_25 is the set of Pyodide 314.0.6.
      Delivery     the Worker's own python_modules, where pinwheel vendor puts them
      Published    by Pyodide: pyodide-lock.json of pyodide 314.0.6, from npm

      In wrangler.jsonc:
        {
          "compatibility_date": "2025-11-02",
          "compatibility_flags": ["python_workers", "python_workers_314"]
        }
      In wrangler.toml:
        compatibility_date = "2025-11-02"
        compatibility_flags = ["python_workers", "python_workers_314"]
      To vendor its packages:
        pinwheel vendor -r requirements.txt --date 2025-11-02 --flag python_3.14_packages_2026_08_25

      warning: Python 3.13 is out of support since 2029-10-07, so as of 2030-01-01 this target moves forward to Python 3.14, Pyodide 314.0.6.
        fix: To make workerd run Pyodide 314.0.6, add python_workers_314.
      info: No workerd embeds python_3.14_packages_2026_08_25. Packages come from the Worker's own python_modules folder.
        fix: Run pinwheel vendor --flag python_3.14_packages_2026_08_25 with your requirements, or let pywrangler install them from the simple index of a registry, /simple/python_3.14_packages_2026_08_25/.
      info: The newest known workerd is 1.20261117.1: anything after 2026-11-24 is a forecast.
      "
    `);
  });

  test('of packages', async () => {
    expect(await output('packages', 'py', ...TARGET)).toMatchInlineSnapshot(`
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
  test('of a misspelt name and of a version that no set has', async () => {
    const { stdout, stderr } = await pinwheel.run(['resolve', 'fastapii', 'numpy>=99', ...TARGET]);
    expect(stdout).toBe('');
    expect(stderr).toMatchInlineSnapshot(`
      "error: The package set python_3.13_packages_2025_08_08 has no package "fastapii".
        fix: Did you mean fastapi?
      error: numpy>=99 cannot be satisfied: the package set python_3.13_packages_2025_08_08 pins numpy 2.3.1.
        fix: No package set pins a version that numpy>=99 allows. An index may have one: --index --unpin numpy. To stay with this set, ask for numpy or numpy==2.3.1.
      "
    `);
  });

  test('of a module whose package is only in other sets', async () => {
    const { code, stderr } = await pinwheel.run(['resolve', 'PIL', 'nope-x', ...TARGET]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /no package "pil"\.\n {2}fix: The module pil comes with pillow: ask for that\. Name the package flag python_3/,
    );
    expect(stderr).toContain('fix: No package set has nope-x');
  });

  test('of another date that would help', async () => {
    const { stderr } = await pinwheel.run(['resolve', 'numpy<2', ...TARGET]);
    expect(stderr.replace(/\(.*?other sets?.*?\)/, '(…)')).toMatchInlineSnapshot(`
      "error: numpy<2 cannot be satisfied: the package set python_3.13_packages_2025_08_08 pins numpy 2.3.1.
        fix: With the compatibility date 2025-09-28, python_3.12_packages_2024_08_29 has numpy 1.26.4. To stay with this set, ask for numpy or numpy==2.3.1.
      "
    `);
  });

  test('of an invalid requirement', async () => {
    const requirements = ['pip @ file:///etc/passwd', './local', 'numpy=1'];
    const { stderr } = await pinwheel.run(['resolve', ...requirements, ...TARGET]);
    expect(stderr).toMatchInlineSnapshot(`
      "error: A URL is not accepted as a requirement, at column 5:
            pip @ file:///etc/passwd
                ^
        fix: Name the package instead: a package set pins each package to one wheel.
      error: A file or folder is not accepted as a requirement, at column 1:
            ./local
            ^
        fix: Name the package instead: a package set pins each package to one wheel.
      error: Expected a specifier such as >=1.0, \`;\` or the end, found \`=\`, at column 6:
            numpy=1
                 ^
        fix: Write == instead of =.
      "
    `);
  });

  test('of a query that finds nothing', async () => {
    const { stderr } = await pinwheel.run(['packages', 'pydentic', ...TARGET]);
    expect(stderr).toMatchInlineSnapshot(`
      "error: The package set python_3.13_packages_2025_08_08 has no package whose name contains "pydentic".
        fix: Did you mean pydantic?
      "
    `);
  });
});

describe('requirements', () => {
  test('have hashes if every file is a wheel, and nothing that an index does not have', async () => {
    const flag = 'python_3.13_packages_2025_09_22';
    const stdout = await output(
      'resolve',
      'ssl',
      'numpy',
      'micropip',
      '--flag',
      flag,
      '--format',
      'requirements',
    );
    const { packages } = readSet(flag);
    const line = (name: string) => {
      const { version, sha256 } = packages.find((one) => one.name === name)!;
      return `${name}==${version} --hash=sha256:${sha256}`;
    };
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^# Pyodide 0\.28\.\d, Python 3\.13\.2, python_3\.13_packages_2025_09_22$/),
      line('micropip'),
      line('numpy'),
      expect.stringMatching(/^# libopenssl .* comes with Pyodide, not from an index$/),
      expect.stringMatching(/^# ssl .* comes with Pyodide, not from an index$/),
      "# Delivery: the Worker's own python_modules, where pinwheel vendor puts them",
      '',
    ]);
  });

  test('resolve to the same packages again', async () => {
    const wheels = ['--flag', 'python_3.13_packages_2025_09_22', '--format', 'requirements'];
    const file = await output('resolve', 'pandas', ...wheels);
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
      const member = packages.find((one) => one.name === name)!;
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
