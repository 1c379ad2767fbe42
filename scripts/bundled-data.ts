/**
 * Turns `data/` into modules that any bundler can split: one for the catalog, and one for each package set, with what
 * the sets of an ABI have in common in another.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { type Base, NO_BASE, type PackedSet, packSet, unpackSet } from '../resolver/bundled/packed-set.ts';
import type { Catalog, PackageSet } from '../resolver/catalog.ts';
import { root } from './root.ts';

const PREFIX = 'bundled:';

/** The documents of `loadStandardLibrary`, by their names in its result. */
const STANDARD_LIBRARY = {
  facts: 'standard-library/facts.json',
  measured: 'standard-library/measured.json',
  packages: 'package-facts.json',
};

/** Provides the imports of `resolver/bundled.ts`; see `resolver/bundled/data.d.ts`. */
export const bundledData: Plugin = {
  name: 'bundled-data',
  setup(build) {
    let modules: Promise<Map<string, string>> | undefined;
    build.onResolve({ filter: /^bundled:/ }, ({ path }) => ({
      path: path.slice(PREFIX.length),
      namespace: 'bundled',
      sideEffects: false,
    }));
    build.onLoad({ filter: /./, namespace: 'bundled' }, async ({ path }) => {
      modules ??= modulesOf();
      return { contents: (await modules).get(path)!, resolveDir: root };
    });
  },
};

const advisoriesPath = (day: string) => `advisories/${day}.json`;
const setPath = (flag: string) => `sets/${flag}.json`;
const read = async (path: string) => JSON.parse(await readFile(join(root, 'data', path), 'utf8'));

/** Every module, by the path after the prefix. */
async function modulesOf(): Promise<Map<string, string>> {
  const catalog: Catalog = await read('catalog.json');
  const sets: PackageSet[] = await Promise.all(catalog.sets.map(({ flag }) => read(`sets/${flag}.json`)));
  const days = catalog.advisories.flatMap(({ day, range }) => (range ? [] : day));
  const json = ['catalog.json', ...days.map(advisoriesPath), ...Object.values(STANDARD_LIBRARY)];
  return new Map([
    ['data', loaders(sets, days)],
    ['pins', moduleOf(pinsOf(sets))],
    ...(await Promise.all(json.map(async (path) => [path, moduleOf(await read(path))] as const))),
    ...setModules(sets),
  ]);
}

/** Every `import()` names its module, so that bundlers see it. Sets are in the order of the catalog, which names them. */
function loaders(sets: readonly PackageSet[], days: readonly string[]): string {
  const load = (path: string) => `import('${PREFIX}${path}').then(documentOf)`;
  return `
const documentOf = ({ default: document }) => document;
const sets = [
${sets.map(({ flag }) => `  () => import('${PREFIX}${setPath(flag)}'),`).join('\n')}
];
export const loadCatalog = () => ${load('catalog.json')};
export async function loadSet(flag) {
  const catalog = await loadCatalog();
  const set = await sets[catalog.sets.findIndex((known) => known.flag === flag)]();
  return set.open().set;
}
const advisories = {
${days.map((day) => `  '${day}': () => ${load(advisoriesPath(day))},`).join('\n')}
};
export const loadAdvisories = (day) => advisories[day]();
export const loadPins = () => ${load('pins')};
export const loadStandardLibrary = async () => {
  const [${Object.keys(STANDARD_LIBRARY).join(', ')}] = await Promise.all([
${Object.values(STANDARD_LIBRARY)
  .map((path) => `    ${load(path)},`)
  .join('\n')}
  ]);
  return { ${Object.keys(STANDARD_LIBRARY).join(', ')} };
};
`;
}

/** Engines read JSON faster than JavaScript. */
const parsed = (document: unknown) => `JSON.parse(${JSON.stringify(JSON.stringify(document))})`;
const moduleOf = (document: unknown) => `export default /* @__PURE__ */ ${parsed(document)};`;

/**
 * The module of a set, which is opened and parsed only when the set is asked for.
 * @param base the module of its base
 */
function setModule(packed: PackedSet, base: string | null): string {
  return `
import { NO_BASE, unpackSet } from './resolver/bundled/packed-set.ts';
${base === null ? 'const openBase = () => ({ facts: NO_BASE })' : `import { open as openBase } from '${PREFIX}${base}';`}
const read = () => ${parsed(packed)};
export const open = () => unpackSet(read(), openBase().facts);
`;
}

/**
 * Most sets are packed as differences from what the first set of their ABI has but digests, which are a module of their
 * own: whoever opens one set then loads only two modules. If most digests are those of another set, that is the base.
 */
function setModules(sets: readonly PackageSet[]): Map<string, string> {
  const modules = new Map<string, string>();
  const common = new Map<string, Base>();
  const bases: { path: string; base: Base }[] = [];
  for (const set of sets) {
    const like = `abis/${set.abi}.json`;
    if (!common.has(like)) {
      const packed = { ...packSet(set, NO_BASE), digests: '' };
      modules.set(like, setModule(packed, null));
      common.set(like, unpackSet(packed, NO_BASE).facts);
    }
    const hasMost = ({ base }: { base: Base }) =>
      set.packages.filter(({ name, sha256 }) => base.get(name)?.sha256 === sha256).length >
      set.packages.length / 2;
    const near = bases.find(hasMost) ?? { path: like, base: common.get(like)! };
    const packed = packSet(set, near.base);
    modules.set(setPath(set.flag), setModule(packed, near.path));
    if (near.path === like) bases.push({ path: setPath(set.flag), base: unpackSet(packed, near.base).facts });
  }
  return modules;
}

/** The sets, and by name and version the indexes of the sets that have it. */
function pinsOf(sets: readonly PackageSet[]) {
  const pins: Record<string, Record<string, number[]>> = Object.create(null);
  for (const [at, { packages }] of sets.entries()) {
    for (const { name, version } of packages) {
      pins[name] ??= Object.create(null);
      const versions = pins[name]!;
      versions[version] ??= [];
      versions[version].push(at);
    }
  }
  return { flags: sets.map(({ flag }) => flag), pins };
}
