/** Small package sets for tests, and the real ones. */
import type { PackageSet } from '../../../resolver/catalog.ts';
import { prepareSet } from '../../../resolver/closure/prepare.ts';
import type { Pin, ResolveSource } from '../../../resolver/closure/source.ts';
import { loadDocuments } from '../../../scripts/import/data-files.ts';
import { type Pin as Pinned, packageSetOf } from '../../test-set.ts';

/** A set of packages at 1.0, given as `{name: [dependencies]}`; `name==2.0` pins another version. */
export function setOf(packages: Record<string, string[]>): PackageSet {
  const pins = Object.entries(packages).map(([key, depends]): Pinned => {
    const [name, version = '1.0'] = key.split('==') as [string, string?];
    const filename = `${name}-${version}-py3-none-any.whl`;
    const url = `https://wheels.example/${filename}`;
    return { name, version, filename, url, sha256: '0'.repeat(64), imports: [name], depends };
  });
  return packageSetOf(pins, 'python_3.13_packages_2025_08_08');
}

export const realSets: PackageSet[] = (await loadDocuments())
  .map(({ document }) => document)
  .filter((document) => document.kind === 'set');

/** Every pin of every name in some sets. */
function pinsOf(sets: readonly PackageSet[]): Map<string, Pin[]> {
  const pins = new Map<string, Pin[]>();
  for (const { flag, packages } of sets) {
    for (const { name, version } of packages) pins.set(name, [...(pins.get(name) ?? []), { flag, version }]);
  }
  return pins;
}

export function sourceOf(sets: readonly PackageSet[]): ResolveSource {
  const prepared = new Map(sets.map((set) => [set.flag, prepareSet(set)]));
  const pins = pinsOf(sets);
  return {
    openSet: async ({ flag }) => prepared.get(flag)!,
    readPins: async (names) => new Map(names.map((name) => [name, pins.get(name) ?? []])),
  };
}

export const allPins = pinsOf(realSets);
export const realSource = sourceOf(realSets);
