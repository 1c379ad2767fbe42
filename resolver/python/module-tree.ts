/** The modules of a project's files, or of its vendored packages. */

export class ModuleTree {
  /** The paths of the files that importing a dotted name runs itself: none for a folder without `__init__.py`. */
  readonly #files = new Map<string, string | null>();

  /** Paths of files below one folder of `sys.path`, with `/` between their parts. */
  constructor(paths: Iterable<string>) {
    for (const path of paths) {
      const name = moduleOf(path);
      if (name === null) continue;
      const parts = name.split('.');
      for (let depth = 1; depth < parts.length; depth++) {
        const folder = parts.slice(0, depth).join('.');
        if (!this.#files.has(folder)) this.#files.set(folder, null);
      }
      // A folder goes before a file of the same name, and an extension before its source.
      if (!this.#files.get(name) || path.endsWith('/__init__.py')) this.#files.set(name, path);
    }
  }

  /** Whether there is a module of that dotted name. */
  has(module: string): boolean {
    return this.#files.has(module);
  }

  /** The file of a module; null for a folder, and for what is not a module. */
  fileOf(module: string): string | null {
    return this.#files.get(module) ?? null;
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

/**
 * The dotted name that a relative import means, such as `from ..a import b` in `package/module.py`; null if the
 * dots lead out of every package.
 */
export function absoluteName(path: string, module: string, level: number): string | null {
  const folders = path.split('/').slice(0, -1);
  if (level > folders.length) return null;
  const base = folders.slice(0, folders.length - level + 1);
  return [...base, ...(module === '' ? [] : [module])].join('.');
}
