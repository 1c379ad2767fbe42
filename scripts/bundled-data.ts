/** Turns `data/` into modules that any bundler can split: one for the catalog, and one for each package set. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Plugin } from 'esbuild';
import type { Catalog, PackageSet } from '../resolver/catalog.ts';
import { root } from './root.ts';

const PREFIX = 'bundled:';

/** Provides the imports of `resolver/bundled.ts`; see `resolver/bundled/data.d.ts`. */
export const bundledData: Plugin = {
  name: 'bundled-data',
  setup(build) {
    build.onResolve({ filter: /^bundled:/ }, ({ path }) => ({
      path: path.slice(PREFIX.length),
      namespace: 'bundled',
      sideEffects: false,
    }));
    build.onLoad({ filter: /^data$/, namespace: 'bundled' }, async () => ({ contents: await loaders() }));
    build.onLoad({ filter: /^pins$/, namespace: 'bundled' }, async () => ({
      contents: moduleOf(await pins()),
    }));
    build.onLoad({ filter: /\.json$/, namespace: 'bundled' }, async ({ path }) => ({
      contents: moduleOf(JSON.parse(await readFile(join(root, 'data', path), 'utf8'))),
    }));
  },
};

/** Every `import()` names its module, so that bundlers see it. */
async function loaders(): Promise<string> {
  const files = (await readdir(join(root, 'data/sets'))).filter((file) => file.endsWith('.json')).sort();
  const load = (path: string) => `import('${PREFIX}${path}').then(({ default: document }) => document)`;
  const sets = files.map((file) => `${basename(file, '.json')}: () => ${load(`sets/${file}`)},`);
  return `
const sets = {
${sets.map((line) => `  ${line.replace(/^[^:]+/, (flag) => JSON.stringify(flag))}`).join('\n')}
};
export const loadCatalog = () => ${load('catalog.json')};
export const loadSet = (flag) => sets[flag]();
export const loadPins = () => ${load('pins')};
export const loadStandardLibrary = async () => {
  const [facts, measured] = await Promise.all([
    ${load('standard-library/facts.json')},
    ${load('standard-library/measured.json')},
  ]);
  return { facts, measured };
};
`;
}

/** Engines read JSON faster than JavaScript. */
function moduleOf(document: unknown): string {
  return `export default /* @__PURE__ */ JSON.parse(${JSON.stringify(JSON.stringify(document))});`;
}

/** By name: the flag and the version of each set that has the package, in the order of publication. */
async function pins(): Promise<Record<string, [string, string][]>> {
  const read = async (path: string) => JSON.parse(await readFile(join(root, 'data', path), 'utf8'));
  const { sets }: Catalog = await read('catalog.json');
  const found: Record<string, [string, string][]> = Object.create(null);
  for (const { flag } of sets) {
    const { packages }: PackageSet = await read(`sets/${flag}.json`);
    for (const { name, version } of packages) {
      found[name] ??= [];
      found[name].push([flag, version]);
    }
  }
  return found;
}
