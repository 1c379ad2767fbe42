/** Sets are packed without a loss: those of the package, as bundles have them, and any other. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { NO_BASE, packSet, unpackSet } from '../../../resolver/bundled/packed-set.ts';
import type { Member, PackageSet } from '../../../resolver/catalog.ts';
import { canonicalJson, sha256 } from '../../../resolver/digest.ts';
import { bundledData } from '../../../scripts/bundled-data.ts';
import { newFolder } from '../../common/own.ts';
import { catalog, readData } from '../client/registry.ts';

let data: {
  loadSet(flag: string): Promise<PackageSet>;
  loadPins(): Promise<{ flags: string[]; pins: Record<string, Record<string, number[]>> }>;
};
beforeAll(async () => {
  const folder = newFolder();
  await build({
    stdin: { contents: "export * from 'bundled:data';" },
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: folder,
    plugins: [bundledData],
    logLevel: 'error',
  });
  data = await import(/* @vite-ignore */ pathToFileURL(join(folder, 'stdin.js')).href);
});

test.each(catalog.sets)('$flag has its digest', async ({ flag, digest }) => {
  const set = await data.loadSet(flag);
  expect(await sha256(canonicalJson(set))).toBe(digest);
  // Answers have the members of a set in the order of its schema.
  expect(JSON.stringify(set)).toBe(JSON.stringify(readData(`sets/${flag}.json`)));
});

test('the pins are those of the sets', async () => {
  const { flags, pins } = await data.loadPins();
  const found = Object.entries(pins).flatMap(([name, versions]) =>
    Object.entries(versions).flatMap(([version, sets]) =>
      sets.map((at) => `${flags[at]} ${name} ${version}`),
    ),
  );
  const expected = catalog.sets.flatMap(({ flag }) =>
    (readData(`sets/${flag}.json`) as PackageSet).packages.map(
      ({ name, version }) => `${flag} ${name} ${version}`,
    ),
  );
  expect(found.sort()).toEqual(expected.sort());
});

const texts = fc.array(fc.string());
const sha = fc.stringMatching(/^[0-9a-f]{64}$/);
const name = fc.constantFrom('a', 'b-c', 'constructor', 'numpy', 'to-string', 'x');
const member = (name: string): fc.Arbitrary<Member> =>
  fc.record({
    name: fc.constant(name),
    written_name: fc.oneof(fc.constant(name), fc.string()),
    version: fc.constantFrom('1.0', '1.0+$&', '2'),
    kind: fc.constantFrom('package' as const, 'shared_library' as const),
    filename: fc.constantFrom(
      'x-1.0-py3-none-any.whl',
      'y-2-cp312-cp312-pyodide_2024_0_wasm32.whl',
      'z.zip',
      '',
    ),
    url: fc.option(fc.constantFrom('https://a/x-1.0-py3-none-any.whl', 'https://a/z.zip', 'https://b/z.zip')),
    sha256: sha,
    size: fc.option(fc.nat()),
    imports: texts,
    depends: texts,
    written_depends: texts,
    install_dir: fc.constantFrom('site', 'dynlib'),
    unvendored_tests: fc.boolean(),
    patched: fc.option(fc.constant({ by: 'pyodide' as const })),
  });
const head = readData('sets/python_3.12_packages_2024_05_27.json') as PackageSet;
const anySet: fc.Arbitrary<PackageSet> = fc
  .uniqueArray(name)
  .chain((names) => fc.tuple(...names.sort().map(member)))
  .map((packages) => ({ ...head, packages }));

test('any set is unpacked as it was, from any base', () => {
  const property = fc.property(anySet, anySet, fc.boolean(), (first, second, isBlank) => {
    const packed = packSet(first, NO_BASE);
    const { set, facts } = unpackSet(packed, NO_BASE);
    expect(set).toEqual(first);
    const base = isBlank ? unpackSet({ ...packed, digests: '' }, NO_BASE).facts : facts;
    const other = JSON.parse(JSON.stringify(packSet(second, base)));
    expect(unpackSet(other, base).set).toEqual(second);
  });
  fc.assert(property, { numRuns: 300 });
});

test('a set that cannot be packed is not', () => {
  const [first, second] = head.packages as [Member, Member];
  expect(() => packSet({ ...head, packages: [second, first] }, NO_BASE)).toThrow('is not sorted by name');
  const odd = { ...first, filename: 'a*b.whl' };
  expect(() => packSet({ ...head, packages: [odd] }, NO_BASE)).toThrow('a*b.whl has a * or a ? of its own');
});
