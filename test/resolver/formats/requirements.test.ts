import { describe, expect, test } from 'vitest';
import type { Delivery, ResolveAnswer, ResolvedPackage } from '../../../resolver/answer.ts';
import type { MemberKind } from '../../../resolver/catalog.ts';
import { deliveryText } from '../../../resolver/compatibility/workerd.ts';
import { toRequirements } from '../../../resolver/index.ts';

const pinned = (name: string, version: string, filename: string): ResolvedPackage => ({
  name,
  version,
  evidence: null,
  kind: 'package',
  requested: true,
  required_by: [],
  depends: [],
  wheel: {
    filename,
    url: '',
    upstream_url: `https://files.example/${filename}`,
    sha256: '0'.repeat(64),
    size: null,
    patched: null,
  },
});

const own = (name: string): ResolvedPackage => {
  const { wheel, ...rest } = pinned(name, '1+pinwheel.1', `${name}-1+pinwheel.1-py3-none-any.whl`);
  return { ...rest, wheel: { ...wheel, upstream_url: null } };
};

const delivery: Delivery = {
  by: 'python_modules',
  reason: { code: 'not_embedded', message: 'No workerd embeds it.' },
};

/** pip reads what the wheels need, which the set need not have, and markers for its own machine: so without them. */
const OPTIONS =
  ' --platform 2025_0_wasm32 --python-version 3.13 --implementation cp --abi cp313 --abi abi3 --abi none' +
  ' --only-binary :all: --no-deps --target python_modules';

function write(
  packages: ResolvedPackage[],
  kinds: Record<string, MemberKind> = {},
  index: string | null = null,
): string[] {
  const target = {
    runtime: {
      pyodide: '0.28.2',
      python: '3.13.2',
      abi: '2025_0',
      platform: '2025_0',
      workerd_bundle: '0.28.2_1',
    },
    package_set: { flag: 'python_3.13_packages_2025_08_08', delivery },
  };
  const answer = { target, packages } as unknown as ResolveAnswer;
  const members = packages.map(({ name }) => ({ name, kind: kinds[name] ?? 'package' }));
  const text = toRequirements(answer, members, index);
  expect(text.endsWith('\n')).toBe(true);
  const [first, installed, ...lines] = text.split('\n').slice(0, -1);
  const delivered = lines.pop();
  expect(first).toBe('# Pyodide 0.28.2, Python 3.13.2, python_3.13_packages_2025_08_08');
  expect(installed).toBe(`# Install: pip install${OPTIONS} -r requirements.txt`);
  expect(delivered).toBe(`# Delivery: ${deliveryText(answer.target)}`);
  return lines;
}

const HASH = ` --hash=sha256:${'0'.repeat(64)}`;

describe('a requirements file', () => {
  test('is sorted, and has no pin of what pip cannot install', () => {
    const wheels = [pinned('b', '2', 'b-2-py3-none-any.whl'), pinned('a', '1', 'a-1-py3-none-any.whl')];
    expect(write(wheels)).toEqual([`a==1${HASH}`, `b==2${HASH}`]);
    expect(write([...wheels, pinned('c', '3', 'c-3.tar.gz')])).toEqual([
      ...[`a==1${HASH}`, `b==2${HASH}`],
      '# c 3 is an archive: pinwheel vendor unpacks it',
    ]);
  });

  test('names what comes with Pyodide, without its files', () => {
    const packages = [
      pinned('numpy', '2', 'numpy-2-cp313.whl'),
      pinned('libopenblas', '0.3', 'libopenblas.zip'),
    ];
    expect(write(packages, { libopenblas: 'shared_library' })).toEqual([
      `numpy==2${HASH}`,
      '# libopenblas 0.3 comes with Pyodide, not from an index',
    ]);
  });

  test('names the index of Pinwheel-built wheels, or says which one it is', () => {
    const wheels = [pinned('a', '1', 'a-1-py3-none-any.whl'), own('b')];
    const pins = [`a==1${HASH}`, `b==1+pinwheel.1${HASH}`];
    const index = 'https://registry.example/simple/python_3.13_packages_2025_08_08/';
    expect(write(wheels, {}, index)).toEqual([`--index-url ${index}`, ...pins]);
    expect(write(wheels)).toEqual([
      '# Only a registry of Pinwheel has b: --index-url https://REGISTRY/simple/python_3.13_packages_2025_08_08/',
      ...pins,
    ]);
    expect(write(wheels.slice(0, 1), {}, index)).toEqual(pins.slice(0, 1));
    // PyPI, too, where that one is in its place.
    const listed = pinned('c', '1', 'c-1-py3-none-any.whl');
    const more: ResolvedPackage = {
      ...listed,
      origin: 'index',
      wheel: { ...listed.wheel, index: 'https://pypi.org/simple/' },
    };
    expect(write([...wheels, more], {}, index).slice(0, 2)).toEqual([
      `--index-url ${index}`,
      '--extra-index-url https://pypi.org/simple/',
    ]);
    expect(write([more], {}, index)).toEqual([`c==1${HASH}`]);
    const long = `https://registry.example/${'a'.repeat(300)}/\n--pre \u2028`;
    expect(write(wheels, {}, long)[0]).toBe(
      `--index-url https://registry.example/${'a'.repeat(300)}/%0A--pre%20%E2%80%A8`,
    );
  });

  test('has one line for each, for any name', () => {
    const lines = write([pinned('a\n--index-url https://evil.example', '1\r2\u2028', 'a.whl')]);
    expect(lines).toEqual([`a\\u{a}--index-url https://evil.example==1\\u{d}2\\u{2028}${HASH}`]);
  });
});

const beyond = (
  name: string,
  index: string | null,
  filename = `${name}-1-py3-none-any.whl`,
): ResolvedPackage => {
  const { wheel, ...rest } = pinned(name, '1', filename);
  const url = `https://files.example/${filename}`;
  return {
    ...rest,
    origin: index === null ? 'file' : 'index',
    wheel: { ...wheel, url, index, upload_time: null },
  };
};

test('packages that are not of the set have their index and their hash', () => {
  const packages = [
    pinned('b', '2', 'b-2-py3-none-any.whl'),
    beyond('a', 'https://pypi.org/simple/'),
    beyond('c', 'https://packages.example/simple/'),
    beyond('d', 'file:///work/wheels/'),
    beyond('e', null),
  ];
  expect(write(packages)).toEqual([
    '--extra-index-url https://packages.example/simple/',
    '--find-links file:///work/wheels/',
    `a==1${HASH}`,
    `b==2${HASH}`,
    `c==1${HASH}`,
    `d==1${HASH}`,
    `e @ https://files.example/e-1-py3-none-any.whl${HASH}`,
  ]);
});
