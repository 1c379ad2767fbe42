import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { canRun, fitOf, isPure, parseWheelName } from '../../../resolver/wheels/wheel-name.ts';
import { askPackaging, installPackaging } from '../requirements/packaging.ts';

const ORACLE = fileURLToPath(new URL('tags_oracle.py', import.meta.url));

const pyodide028 = { python: '3.13.2', abi: '2025_0', platform: 'emscripten_4_0_9' };
const pyodide026a2 = { python: '3.12.1', abi: 'emscripten_3_1_52', platform: 'emscripten_3_1_52' };

describe('parseWheelName', () => {
  test('parses a file name', () => {
    expect(parseWheelName('pydantic_core-2.27.2-cp313-cp313-pyodide_2025_0_wasm32.whl')).toEqual({
      project: 'pydantic_core',
      version: '2.27.2',
      build: '',
      pythons: ['cp313'],
      abis: ['cp313'],
      platforms: ['pyodide_2025_0_wasm32'],
    });
  });

  test.each([
    ...'demo-1.0.tar.gz demo-1.0-py3-none-any.tar.gz demo-1.0-py3-none-any.whl.metadata .whl'.split(' '),
    ...'demo-1.0-py3-none.whl demo-1.0-b1-py3-none-any.whl demo-1.0-1-2-py3-none-any.whl'.split(' '),
    ...'demo--py3-none-any.whl -1.0-py3-none-any.whl demo-1.0-py3..py2-none-any.whl'.split(' '),
    ...'../demo-1.0-py3-none-any.whl démo-1.0-py3-none-any.whl demo-<b>-py3-none-any.whl'.split(' '),
    'demo-1.0-py3-none-any\u202e.whl',
    `demo-1.${'0'.repeat(10_000)}-py3-none-any.whl`,
  ])('%s is not the name of a wheel', (filename) => {
    expect(parseWheelName(filename)).toBeUndefined();
  });
});

test.each([
  ['PyJWT-2.10.1-py3-none-any.tar.gz', true],
  ['six-1.16.0-py2.py3-none-any.whl', true],
  ['PyYAML-6.0.1-cp312-cp312-emscripten_3_1_52_wasm32.tar.gz', false],
  ['numpy-2.4.6-cp314-cp314-pyemscripten_2026_0_wasm32.whl', false],
  ['ssl-1.0.0.tar.gz', null],
  ['numpy-tests.tar', null],
])('isPure(%s) is %s', (filename, pure) => {
  expect(isPure({ filename })).toBe(pure);
});

/** The wheel tags that Python's `packaging` generates for these interpreters. */
describe('canRun', () => {
  const runs = (tags: string, runner = pyodide028) => canRun(runner, parseWheelName(`demo-1.0-${tags}.whl`)!);

  // The oracle below has every tag that runs.
  test('one of several compressed tags is enough', () => {
    expect(runs('py2.py3-none-any')).toBe(true);
    expect(runs('cp312.cp313-cp312.cp313-linux_x86_64.pyodide_2025_0_wasm32')).toBe(true);
  });

  test.each(
    `py2-none-any py314-none-any cp312-none-any cp3-none-any py3-abi3-any cp313-cp313-any pp313-none-any
    cp313-cp312-pyodide_2025_0_wasm32 cp312-cp312-pyodide_2025_0_wasm32 cp314-abi3-pyodide_2025_0_wasm32
    cp3-abi3-pyodide_2025_0_wasm32 cp312-none-pyodide_2025_0_wasm32 cp313-cp313-pyodide_2024_0_wasm32
    cp313-cp313-pyodide_2025_0_wasm64 cp313-cp313-emscripten_3_1_58_wasm32 cp313-cp313-manylinux_2_17_x86_64
    cp313-cp313-macosx_11_0_arm64 cp313t-cp313t-pyodide_2025_0_wasm32`.split(/\s+/),
  )('%s does not run on Python 3.13 of ABI 2025_0', (tags) => expect(runs(tags)).toBe(false));

  test('before Pyodide numbered its ABIs, the platform is Emscripten’s', () => {
    expect(runs('cp312-cp312-emscripten_3_1_52_wasm32', pyodide026a2)).toBe(true);
    expect(runs('cp312-cp312-pyodide_emscripten_3_1_52_wasm32', pyodide026a2)).toBe(false);
    expect(runs('cp312-cp312-pyodide_2024_0_wasm32', pyodide026a2)).toBe(false);
  });

  test.each([
    [
      { python: [3, 13], platforms: ['pyemscripten_2025_0', 'pyodide_2025_0', 'emscripten_4_0_9'] },
      pyodide028,
    ],
    [
      { python: [3, 13], platforms: ['pyemscripten_2025_0', 'pyodide_2025_0', 'emscripten_4_0_9'] },
      { ...pyodide028, platform: 'pyemscripten_2025_0' },
    ],
    [
      { python: [3, 15], platforms: ['pyemscripten_2027_0', 'pyodide_2027_0'] },
      { python: '3.15.0', abi: '2027_0', platform: 'pyemscripten_2027_0' },
    ],
    [{ python: [3, 12], platforms: ['emscripten_3_1_52'] }, pyodide026a2],
  ])('wheels are preferred in the order of packaging: %j', (question, runner) => {
    installPackaging();
    const [tags] = askPackaging<string[]>([question], ORACLE) as [string[]];
    expect(tags.length).toBeGreaterThan(40);
    const order = [...tags, `py3${question.python[1]! + 1}-none-any`];
    const fits = order.map((tags) => fitOf(runner, parseWheelName(`demo-1.0-${tags}.whl`)!));
    expect(fits).toEqual(fits.toSorted((a, b) => b - a));
    expect(new Set(fits).size).toBe(order.length);
    expect(fits.at(-1)).toBe(0);
  });
});
