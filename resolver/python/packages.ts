/** Which packages provide which modules. */
import type { Member } from '../catalog.ts';

/** The modules of a package. */
export type Package = Pick<Member, 'name' | 'version' | 'kind' | 'imports'>;

export class PackageIndex {
  /** By the names that packages declare: mostly top-level ones, except namespaces such as `arro3.core`. */
  readonly #byImport = new Map<string, Package[]>();
  readonly #namespaces = new Set<string>();
  readonly #byName = new Map<string, Package>();
  /** The most parts that a stated name has. */
  #deepest = 1;

  constructor(packages: readonly Package[]) {
    for (const one of packages) {
      this.#byName.set(one.name, one);
      for (const module of one.imports) {
        const others = this.#byImport.get(module);
        if (others) others.push(one);
        else this.#byImport.set(module, [one]);
        this.#deepest = Math.max(this.#deepest, module.split('.').length);
        for (let dot = module.indexOf('.'); dot > 0; dot = module.indexOf('.', dot + 1)) {
          this.#namespaces.add(module.slice(0, dot));
        }
      }
    }
  }

  /** By canonical name. */
  named(name: string): Package | null {
    return this.#byName.get(name) ?? null;
  }

  /** The packages that provide a module, by the longest prefix of its name that any of them declares. */
  having(module: string): readonly Package[] {
    const start = module.split('.', this.#deepest).join('.');
    for (let name = start; ; name = name.slice(0, name.lastIndexOf('.'))) {
      const found = this.#byImport.get(name);
      if (found) return found;
      if (!name.includes('.')) return [];
    }
  }

  /** Whether packages share this name, and provide what is below it. */
  isNamespace(module: string): boolean {
    return this.#namespaces.has(module);
  }

  /** The names without dots that can be imported. */
  top(): string[] {
    return [...new Set([...this.#byImport.keys()].map((module) => module.split('.', 1)[0]!))];
  }
}
