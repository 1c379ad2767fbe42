/** The packages of a `python_modules` folder, and whether a target can run them. */
import { describe, expect, test } from 'vitest';
import type { Target } from '../../../resolver/answer.ts';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { readInstalled, readMarker, vendorMarker } from '../../../resolver/vendored/folder.ts';
import { unrunnable, type VendoredContext, vendoredFindings } from '../../../resolver/vendored/judge.ts';
import { parseWheelName } from '../../../resolver/wheels/wheel-name.ts';
import { catalog, readData } from '../client/registry.ts';

const RUNTIMES = {
  emscripten_3_1_52: { pyodide: '0.26.0a2', python: '3.12.1', platform: 'emscripten_3_1_52' },
  '2024_0': { pyodide: '0.27.7', python: '3.12.7', platform: 'emscripten_3_1_58' },
  '2025_0': { pyodide: '0.28.2', python: '3.13.2', platform: 'emscripten_4_0_9' },
  '2026_0': { pyodide: '314.0.6', python: '3.14.2', platform: 'emscripten_5_0_3' },
};
type Abi = keyof typeof RUNTIMES;
const ABIS = Object.keys(RUNTIMES) as Abi[];

function targetOf(abi: Abi): Target {
  const runtime = { id: RUNTIMES[abi].pyodide, abi, workerd_bundle: null, ...RUNTIMES[abi] };
  return {
    compatibility_date: '2026-11-01',
    compatibility_flags: ['python_workers'],
    workerd_flags: ['python_workers'],
    as_of: '2026-11-20',
    runtime,
    package_set: { flag: `python_${abi}`, released: '2026-01-01', digest: abi },
    reasons: { runtime: { code: 'a', message: 'b' }, package_set: { code: 'a', message: 'b' } },
    moved_forward: null,
    diagnostics: [],
  } as unknown as Target;
}

/** A folder with one package of one compiled file, as an installer leaves it. */
function folderOf(tag: string, suffix: string) {
  const info = 'Pydantic_Core-2.27.2.dist-info';
  const texts = new Map([
    [`${info}/WHEEL`, `Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: ${tag}\n`],
    [`${info}/RECORD`, `pydantic_core/__init__.py,,\npydantic_core/_core${suffix},,\n${info}/RECORD,,\n`],
  ]);
  const paths = [`pydantic_core/_core${suffix}`, 'pydantic_core/__init__.py', ...texts.keys()];
  return readInstalled({ paths, texts });
}

test('what is installed has canonical names, versions, tags and the compiled files that its RECORD lists', () => {
  const installed = folderOf('cp313-cp313-pyodide_2025_0_wasm32', '.cpython-313-wasm32-emscripten.so');
  expect(installed).toEqual({
    packages: [
      {
        name: 'pydantic-core',
        version: '2.27.2',
        path: 'Pydantic_Core-2.27.2.dist-info',
        tags: ['cp313-cp313-pyodide_2025_0_wasm32'],
        files: [
          'pydantic_core/__init__.py',
          'pydantic_core/_core.cpython-313-wasm32-emscripten.so',
          'Pydantic_Core-2.27.2.dist-info/RECORD',
        ],
        compiled: ['pydantic_core/_core.cpython-313-wasm32-emscripten.so'],
      },
    ],
    stray: [],
  });
});

describe('a compiled package', () => {
  const cases = ABIS.flatMap((built) => ABIS.map((runs) => [built, runs] as const));
  test('of any published set runs only on runtimes of its ABI', () => {
    const tags = new Map(ABIS.map((abi) => [abi, new Set<string>()]));
    for (const { flag, abi } of catalog.sets) {
      const set: PackageSet = readData(`sets/${flag}.json`);
      for (const { filename } of set.packages) {
        const wheel = parseWheelName(filename);
        if (!wheel || wheel.platforms.includes('any')) continue;
        tags.get(abi as Abi)!.add(filename.slice(0, -'.whl'.length).split('-').slice(-3).join('-'));
      }
    }
    // Cloudflare's archives are all that the oldest has.
    expect(ABIS.filter((abi) => tags.get(abi)!.size === 0)).toEqual(['emscripten_3_1_52']);
    for (const [built, runs] of cases) {
      for (const tag of tags.get(built)!) {
        const context = { target: targetOf(runs), closure: new Map(), marker: null };
        const found = unrunnable(folderOf(tag, '.so'), context);
        expect(found.length, `${tag} on ${runs}`).toBe(built === runs ? 0 : 1);
      }
    }
  });

  test.each(cases)('of an archive, vendored for %s, runs on %s only if they are the same', (built, runs) => {
    // Archives of tests have no record, and two of the ABIs have the same Python, so the same names of files.
    const python = RUNTIMES[built].python.replace(/^3\.(\d+)\..*/, '3$1');
    const registry = { revision: 1, digest: 'd' };
    const marker = readMarker(
      JSON.stringify(vendorMarker('0.2.0', { registry, target: targetOf(built) }, [])),
    );
    for (const name of [`.cpython-${python}-wasm32-emscripten.so`, '.so']) {
      const stray = readInstalled({ paths: [`numpy/tests/_c${name}`], texts: new Map() });
      const info = 'numpy-1.0.dist-info';
      const record = new Map([[`${info}/RECORD`, `numpy/_c${name},,\n`]]);
      const untagged = readInstalled({ paths: [`numpy/_c${name}`, `${info}/RECORD`], texts: record });
      for (const installed of [stray, untagged]) {
        const found = unrunnable(installed, { target: targetOf(runs), closure: new Map(), marker });
        expect(found.map(({ code, severity }) => `${severity} ${code}`)).toEqual(
          built === runs ? [] : ['error vendored_abi'],
        );
      }
    }
  });

  test.each([
    ['.cpython-313-wasm32-emscripten.so', null],
    ['.abi3.so', null],
    ['.so', null],
    ['.cpython-312-wasm32-emscripten.so', 'Python 3.12'],
    ['.cpython-313-x86_64-linux-gnu.so', 'Python 3.13 on x86_64-linux-gnu'],
    ['.pyd', 'Windows'],
    ['.dylib', 'macOS'],
  ])('whose file ends with %s is judged by that: %s', (suffix, built) => {
    const target = targetOf('2025_0');
    const [owned] = unrunnable(folderOf('py3-none-any', suffix), {
      target,
      closure: new Map(),
      marker: null,
    });
    const stray = readInstalled({ paths: [`a${suffix}`], texts: new Map() });
    const [alone] = unrunnable(stray, { target, closure: new Map(), marker: null });
    for (const found of [owned, alone]) {
      if (built === null) expect(found).toBeUndefined();
      else expect(found?.message).toContain(`is built for ${built}, which Python 3.13.2`);
    }
  });

  test('has a fix with the version of the set', () => {
    const closure = new Map([['pydantic-core', { version: '2.41.5' }]]);
    const installed = folderOf('cp313-cp313-pyodide_2025_0_wasm32', '.cpython-313-wasm32-emscripten.so');
    expect(unrunnable(installed, { target: targetOf('2026_0'), closure, marker: null })[0]).toMatchObject({
      path: 'Pydantic_Core-2.27.2.dist-info',
      name: 'pydantic-core',
      message:
        'pydantic-core 2.27.2 is built for Python 3.13, which Python 3.14.2 of Pyodide 314.0.6 (ABI 2026_0) cannot load.',
      fix: 'Vendor pydantic-core 2.41.5 of python_2026_0 instead: run pinwheel vendor again.',
    });
  });
});

describe('compared with the closure', () => {
  const context: VendoredContext = {
    folder: 'python_modules',
    target: targetOf('2025_0'),
    closure: new Map([
      ['idna', { version: '3.10' }],
      ['six', { version: '1.17.0' }],
    ]),
    expected: new Set(['workers-runtime-sdk']),
    isWhole: true,
    filledLater: false,
    marker: null,
  };
  const paths = ['idna-3.9.dist-info', 'odd-1.0.dist-info', 'workers_runtime_sdk-1.1.dist-info'];
  const installed = readInstalled({ paths: paths.map((path) => `${path}/METADATA`), texts: new Map() });

  test('a package may differ, be left over or missing', () => {
    expect(vendoredFindings(installed, context).map(({ code, path }) => [code, path])).toEqual([
      ['vendored_version', 'python_modules/idna-3.9.dist-info'],
      ['vendored_leftover', 'python_modules/odd-1.0.dist-info'],
      ['not_vendored', 'python_modules'],
    ]);
  });

  test('nothing is missing if the folder is filled later, or is not there', () => {
    const codes = (more: Partial<VendoredContext>, some = installed) =>
      vendoredFindings(some, { ...context, ...more }).map(({ code }) => code);
    expect(codes({ filledLater: true })).not.toContain('not_vendored');
    expect(codes({ isWhole: false })).not.toContain('vendored_leftover');
    expect(codes({}, { packages: [], stray: [] })).toEqual([]);
  });

  test('the marker says for which target the folder was filled', () => {
    const registry = { revision: 1, digest: 'd' };
    const marker = (abi: Abi) =>
      readMarker(JSON.stringify(vendorMarker('0.2.0', { registry, target: targetOf(abi) }, [])));
    const said = (abi: Abi) =>
      vendoredFindings({ packages: [], stray: [] }, { ...context, marker: marker(abi) }).map(
        ({ message }) => message,
      );
    expect(said('2025_0')).toEqual([]);
    expect(said('2024_0')).toEqual([
      'python_modules was vendored for Python 3.12.7, ABI 2024_0, and python_2024_0; this target has Python 3.13.2, ABI 2025_0, and python_2025_0.',
    ]);
    for (const text of ['', '[]', 'null', '{"made_by":"pinwheel vendor"}', '{"made_by":"x"}']) {
      expect(readMarker(text)).toBeNull();
    }
  });
});
