import { describe, expect, test } from 'vitest';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { canonicalJson, sha256 } from '../../../resolver/digest.ts';
import { type Ingredient, makeReleaseSet, type Plan } from '../../../scripts/release/release-set.ts';
import { packageSetOf } from '../../test-set.ts';

const DAY = '2026-11-20';
const NO_EVIDENCE = 'no evidence says that what the default imports can be imported from it';
const at = 'https://example.com/';

/** A set of Pyodide's, of Python 3.13.2 and ABI 2025_0. */
const base: PackageSet = packageSetOf(
  [
    { filename: 'aiosignal-1.3.2-py3-none-any.whl', sha256: 'a'.repeat(64), url: at },
    { filename: 'app-1.0-py3-none-any.whl', sha256: 'b'.repeat(64), url: at, depends: ['client'] },
    {
      filename: 'client-3.11-cp313-cp313-pyemscripten_2025_0_wasm32.whl',
      sha256: 'c'.repeat(64),
      url: at,
      imports: ['client', '_client'],
      depends: ['aiosignal'],
      unvendored_tests: true,
      patched: { by: 'pyodide' },
    },
    { filename: 'typing_extensions-4.14.1-py3-none-any.whl', sha256: 'd'.repeat(64), url: at },
  ],
  'python_3.13_packages_2026_09_16',
);

/** The patched client, with the METADATA that a test gives it. */
function client(requires_dist: string[], requires_python: string | null = null): Ingredient {
  const version = '3.14+pinwheel.2';
  const manifest = { package: 'client', release: 2, summary: '', upstream: [], add: [], replace: [] };
  return {
    requirements: { requires_dist, requires_python },
    wheel: {
      filename: `client-${version}-py3-none-any.whl`,
      version,
      bytes: new Uint8Array(321),
      sha256: 'e'.repeat(64),
      upstream: { version: '3.14', filename: 'client-3.14-py3-none-any.whl', sha256: 'f'.repeat(64) },
      patch: {
        manifest: { ...manifest, append: [], remove: [], tag: null, requires_dist: {} },
        files: new Map(),
        recipe: '1'.repeat(64),
      },
    },
  };
}

function plan(ingredients: Ingredient[], more: Partial<Plan> = {}): Plan {
  return { base, others: [], defaults: [], ingredients, released: DAY, ...more };
}

async function errors(...ingredients: Ingredient[]): Promise<string[]> {
  const outcome = await makeReleaseSet(plan(ingredients));
  if (outcome.ok) throw new Error('it was not refused');
  return outcome.errors.map((error) => error.replace('client 3.14+pinwheel.2 is refused for 2025_0: ', ''));
}

describe('a Pinwheel-built set', () => {
  test('is the upstream set with the patched wheel', async () => {
    const outcome = await makeReleaseSet(plan([client(['Typing_Extensions>=4', 'aiosignal>=1.1'])]));
    if (!outcome.ok) throw new Error(outcome.errors.join());
    const { packages, ...head } = outcome.set;
    const { packages: before, ...baseHead } = base;
    expect(head).toEqual({
      ...baseHead,
      flag: 'python_3.13_packages_2026_11_20',
      released: DAY,
      default_from: null,
      source: {
        ...{ registry: 'pinwheel', package: base.flag, version: base.runtime },
        ...{ file: `sets/${base.flag}.json`, sha256: await sha256(canonicalJson(base)) },
      },
    });
    const isClient = ({ name }: { name: string }) => name === 'client';
    expect(packages.filter((member) => !isClient(member))).toEqual(
      before.filter((member) => !isClient(member)),
    );
    expect(packages.find(isClient)).toEqual({
      ...before.find(isClient),
      version: '3.14+pinwheel.2',
      filename: 'client-3.14+pinwheel.2-py3-none-any.whl',
      url: null,
      sha256: 'e'.repeat(64),
      size: 321,
      depends: ['typing-extensions', 'aiosignal'],
      written_depends: ['Typing_Extensions', 'aiosignal'],
      unvendored_tests: false,
      patched: {
        by: 'pinwheel',
        patch: 'client',
        release: 2,
        upstream: { filename: 'client-3.14-py3-none-any.whl', sha256: 'f'.repeat(64) },
        recipe: '1'.repeat(64),
      },
    });
  });

  test('has the dependencies for its Python on Emscripten, without extras', async () => {
    const ingredient = client([
      'aiosignal; python_version >= "3.13"',
      'missing; python_version < "3.13"',
      'absent; sys_platform != "emscripten"',
      'typing-extensions; platform_machine == "wasm32"',
      'elsewhere; extra == "speedups"',
    ]);
    const outcome = await makeReleaseSet(plan([ingredient]));
    const made = outcome.ok ? outcome.set.packages.find(({ name }) => name === 'client') : null;
    expect(made?.depends).toEqual(['aiosignal', 'typing-extensions']);
  });
});

describe('as a default', () => {
  const earlier = (...filenames: string[]) =>
    packageSetOf(
      filenames.map((filename) => ({ filename, sha256: '0'.repeat(64), url: at })),
      'python_3.13_packages_2025_08_08',
    );
  const made = async (more: Partial<Plan>) => {
    const outcome = await makeReleaseSet(plan([client([])], more));
    if (!outcome.ok) throw new Error(outcome.errors.join());
    return { losses: outcome.losses, default_from: outcome.set.default_from };
  };

  test('it is not used without evidence that its packages run', async () => {
    const defaults = [earlier('app-1.0-py3-none-any.tar.gz', 'client-3.14-py3-none-any.whl')];
    expect(await made({ defaults })).toEqual({ losses: [NO_EVIDENCE], default_from: null });
  });

  test('it is not used if a package of any earlier default would be missing or older', async () => {
    const defaults = [earlier('gone-1.0-py3-none-any.tar.gz'), earlier('aiosignal-1.4-py3-none-any.whl')];
    expect(await made({ defaults })).toEqual({
      losses: [
        NO_EVIDENCE,
        'gone 1.0 of python_3.13_packages_2025_08_08 is missing',
        'aiosignal 1.3.2 is older than 1.4 of python_3.13_packages_2025_08_08',
      ],
      default_from: null,
    });
  });

  test('shared libraries may be added and removed', async () => {
    const set = earlier('lib-1.0-py3-none-any.whl');
    const packages = set.packages.map((member) => ({ ...member, kind: 'shared_library' as const }));
    expect((await made({ defaults: [{ ...set, packages }] })).losses).toEqual([NO_EVIDENCE]);
  });
});

describe('a release is rejected, by name,', () => {
  test('for every requirement that the set does not satisfy', async () => {
    const outcome = await makeReleaseSet(plan([client(['aiosignal >=1.4.0; python_version > "3"', 'yarl'])]));
    expect(outcome).toEqual({
      ok: false,
      errors: [
        'client 3.14+pinwheel.2 is refused for 2025_0: it requires aiosignal >=1.4.0, the set pins 1.3.2',
        'client 3.14+pinwheel.2 is refused for 2025_0: it requires yarl, which the set does not have',
      ],
    });
  });

  test.each([
    [['aiosignal[fast]'], 'it requires aiosignal[fast], and the set does not record extras'],
    [['aiosignal=1'], 'it requires aiosignal=1, which cannot be read'],
    [['x; os_name ~= "posix"'], 'it requires x; os_name ~= "posix", whose marker has no meaning'],
  ])('for %s', async (requires, error) => {
    expect(await errors(client(requires))).toEqual([error]);
  });

  test('for its Python', async () => {
    const error = 'it requires Python >=3.14, the set is of Python 3.13.2';
    expect(await errors(client([], '>=3.14'))).toEqual([error]);
    expect((await makeReleaseSet(plan([client([], '>=3.10, !=3.13.1')]))).ok).toBe(true);
  });

  test('for the tag of one platform', async () => {
    const ingredient = client([]);
    ingredient.wheel.filename = 'client-3.14+pinwheel.2-cp313-cp313-manylinux_2_28_x86_64.whl';
    expect(await errors(ingredient)).toEqual(['its tag is not that of every platform']);
  });

  test('if the set has nothing to replace', async () => {
    const ingredient = client([]);
    ingredient.wheel.patch.manifest.package = 'other';
    const outcome = await makeReleaseSet(plan([ingredient]));
    const error = 'other 3.14+pinwheel.2 is refused for 2025_0: the set has no other to replace';
    expect(outcome).toEqual({ ok: false, errors: [error] });
  });

  test('if one patched wheel requires another version of the other', async () => {
    const other = client(['client<3.14']);
    other.wheel.patch.manifest.package = 'app';
    other.wheel.version = '1.0+pinwheel.1';
    const outcome = await makeReleaseSet(plan([other, client([])]));
    expect(outcome).toEqual({
      ok: false,
      errors: [
        'app 1.0+pinwheel.1 is refused for 2025_0: it requires client<3.14, the set pins 3.14+pinwheel.2',
      ],
    });
  });

  test('if the upstream set is incomplete', async () => {
    const broken = { ...base, packages: base.packages.filter(({ name }) => name !== 'typing-extensions') };
    broken.packages = broken.packages.map((member) => ({
      ...member,
      depends: [...member.depends, 'gone'].slice(0, 1),
    }));
    const outcome = await makeReleaseSet(plan([client([])], { base: broken }));
    expect(outcome).toEqual({
      ok: false,
      errors: ['python_3.13_packages_2026_11_20 is refused: aiosignal needs gone, which it does not have'],
    });
  });
});
