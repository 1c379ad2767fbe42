/** Small package sets for tests, and the real ones. */
import type { Member, PackageSet } from '../../../resolver/catalog.ts';
import { prepareSet } from '../../../resolver/closure/prepare.ts';
import type { Pin, ResolveSource } from '../../../resolver/closure/source.ts';
import { loadDocuments } from '../../../scripts/import/data-files.ts';

/** A set of packages at 1.0, given as `{name: [dependencies]}`; `name==2.0` pins another version. */
export function setOf(packages: Record<string, string[]>): PackageSet {
  const members = Object.entries(packages).map(([key, depends]): Member => {
    const [name, version = '1.0'] = key.split('==');
    return {
      name: name!,
      written_name: name!,
      version,
      kind: 'package',
      filename: `${name}-${version}-py3-none-any.whl`,
      url: `https://wheels.example/${name}-${version}-py3-none-any.whl`,
      sha256: '0'.repeat(64),
      size: null,
      imports: [name!],
      depends,
      written_depends: depends,
      install_dir: 'site',
      unvendored_tests: false,
      patched: null,
    };
  });
  return {
    kind: 'set',
    flag: 'python_3.13_packages_2025_08_08',
    python: '3.13.2',
    abi: '2025_0',
    platform: 'emscripten_4_0_9',
    runtime: '0.28.2',
    released: '2025-08-08',
    default_from: '2025-08-08',
    source: {
      registry: 'npm',
      package: 'pyodide',
      version: '0.28.2',
      file: 'pyodide-lock.json',
      sha256: null,
    },
    packages: members,
  };
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
