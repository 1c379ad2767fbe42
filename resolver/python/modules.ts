/** The modules of a project's files or of its vendored packages, and the packages that provide modules. */
import type { Member } from '../catalog.ts';
import type { PinwheelSource } from '../closure/source.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { sortedBy } from '../sorted-by.ts';
import type { StandardLibraryFacts } from './standard-library-document.ts';

export class ModuleTree {
  /** The paths of the files that importing a dotted name runs itself: none for a folder without `__init__.py`. */
  readonly #files = new Map<string, string | null>();

  /** Paths of files below one folder of `sys.path`, with `/` between their parts. */
  constructor(paths: Iterable<string>) {
    for (const path of paths) {
      const name = moduleOf(path);
      if (name === null) continue;
      for (const folder of parentsOf(name)) if (!this.#files.has(folder)) this.#files.set(folder, null);
      // A folder goes before a file of the same name, and an extension before its source.
      if (!this.#files.get(name) || path.endsWith('/__init__.py')) this.#files.set(name, path);
    }
  }

  has(module: string): boolean {
    return this.#files.has(module);
  }

  /** The file of a module; null for a folder, and for what is not a module. */
  fileOf(module: string): string | null {
    return this.#files.get(module) ?? null;
  }

  /** Whether a package with an `__init__.py`, or a module, is above a dotted name: nothing else provides what is below it. */
  isInPackage(module: string): boolean {
    return parentsOf(module).some((parent) => this.fileOf(parent) !== null);
  }

  names(): Iterable<string> {
    return this.#files.keys();
  }

  /** The names that can be imported without a dot. */
  top(): string[] {
    return [...this.#files.keys()].filter((name) => !name.includes('.'));
  }
}

/** The dotted name of the module in a file; null for what cannot be imported by a name. */
export function moduleOf(path: string): string | null {
  // Extensions are tagged: `_speedups.cpython-313-wasm32-emscripten.so`.
  const stem = /^(?:(.*)\/__init__\.py|(.*?)\.py|(.*\/)?([^/.]+)(?:\.[^/]*)?\.so)$/.exec(path);
  const plain = stem && (stem[1] ?? stem[2] ?? `${stem[3] ?? ''}${stem[4]}`);
  if (!plain) return null;
  const parts = plain.split('/');
  return parts.every((part) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(part)) ? parts.join('.') : null;
}

/** The dotted name that a relative import means; null if the dots lead out of every package. */
export function absoluteName(path: string, module: string, level: number): string | null {
  const folders = path.split('/').slice(0, -1);
  if (level > folders.length) return null;
  const base = folders.slice(0, folders.length - level + 1);
  return [...base, ...(module === '' ? [] : [module])].join('.');
}

export type Package = Pick<Member, 'name' | 'version' | 'kind'> & { readonly imports: readonly string[] };

/** The modules of a package: of a namespace that others share, its part. */
export function modulesOf(
  { name, imports }: Pick<Package, 'name' | 'imports'>,
  { namespaces = [] }: Pick<StandardLibraryFacts, 'namespaces'>,
): readonly string[] {
  for (const part of namespaces) {
    if (part.package !== name) continue;
    return imports.flatMap((module) => (module === part.namespace ? part.modules : module));
  }
  return imports;
}

export class PackageIndex {
  /** By the names that packages declare: mostly top-level ones, except namespaces such as `arro3.core`. */
  readonly #byImport = new Map<string, Package[]>();
  readonly #namespaces = new Set<string>();
  readonly #byName = new Map<string, Package>();
  /** The most parts that a stated name has. */
  #deepest = 1;

  constructor(packages: readonly Package[], facts: Pick<StandardLibraryFacts, 'namespaces'>) {
    for (const member of packages) {
      this.#byName.set(member.name, member);
      for (const module of modulesOf(member, facts)) {
        const others = this.#byImport.get(module);
        if (others) others.push(member);
        else this.#byImport.set(module, [member]);
        this.#deepest = Math.max(this.#deepest, module.split('.').length);
        for (const parent of parentsOf(module)) this.#namespaces.add(parent);
      }
    }
  }

  named(name: string): Package | null {
    return this.#byName.get(name) ?? null;
  }

  /** The packages that provide a module, by the longest prefix of its name that any of them declares. */
  having(module: string): readonly Package[] {
    const start = module.split('.', this.#deepest).join('.');
    for (let name = start; ; name = name.slice(0, name.lastIndexOf('.'))) {
      const known = this.#byImport.get(name);
      if (known) return known;
      if (!name.includes('.')) return [];
    }
  }

  /** Whether packages share this name, and provide what is below it. */
  isNamespace(module: string): boolean {
    return this.#namespaces.has(module);
  }

  /** The names without dots that can be imported. */
  top(): string[] {
    return [...new Set([...this.#byImport.keys()].map((module) => firstPart(module)))];
  }
}

/** The dotted names that a module is below, the outermost first: `a` and `a.b` of `a.b.c`. */
export function parentsOf(module: string): string[] {
  return [...module.matchAll(/\./g)].map(({ index }) => module.slice(0, index));
}

export function firstPart(module: string): string {
  const dot = module.indexOf('.');
  return dot < 0 ? module : module.slice(0, dot);
}

const AT_ONCE = 8;

/**
 * The names of packages by what `keyOf` makes of a module that they provide, over every set of a view, the oldest
 * first. Opens every set, so call it only to explain a failure.
 */
export async function packagesProviding(
  view: CatalogView,
  { openSet }: Pick<PinwheelSource, 'openSet'>,
  keyOf: (module: string) => string | null,
): Promise<Map<string, Set<string>>> {
  const heads = [...view.sets.values()];
  const providers = new Map<string, Set<string>>();
  for (let at = 0; at < heads.length; at += AT_ONCE) {
    for (const { members } of await Promise.all(heads.slice(at, at + AT_ONCE).map(openSet))) {
      for (const { name, imports } of sortedBy(members, (member) => member.name)) {
        for (const imported of imports) {
          const key = keyOf(firstPart(imported));
          if (key !== null) providers.set(key, (providers.get(key) ?? new Set()).add(name));
        }
      }
    }
  }
  return providers;
}
