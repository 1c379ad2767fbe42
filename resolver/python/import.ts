/** What a scan finds in a Python file. */

/**
 * When an import runs: with the file (`always`); perhaps with the file (`conditional`: inside `if`,
 * `try`, a loop or `match`); when a function is called (`lazy`); never, but for type checkers (`typing`).
 */
export type When = 'always' | 'conditional' | 'lazy' | 'typing';

/** A place in a file: both count from 1, columns in characters. */
export interface SourcePosition {
  line: number;
  column: number;
}

/**
 * An import statement, or one of the modules of `import a, b`.
 *
 * @example
 * ```ts
 * import { type Import, scanPython } from 'pinwheel-py/python';
 *
 * const [found]: readonly Import[] = scanPython('from ..a import b').imports;
 * found; // → { module: 'a', level: 2, names: ['b'], when: 'always', guarded: false, line: 1, column: 1 }
 * ```
 */
export interface Import extends SourcePosition {
  /** Dotted; empty in `from . import a`. */
  module: string;
  /** The dots before it: 0 for an absolute import. */
  level: number;
  /** What `from … import` takes; null for `import` itself. */
  names: readonly string[] | null;
  when: When;
  /** Whether the file continues without the module: in a `try` whose handler does not raise again, or suppressed. */
  guarded: boolean;
}

/** A use of an attribute of an imported module, or its import by name. */
export interface Reference extends SourcePosition {
  /** Dotted, such as `threading.Thread`, whatever the file calls it; what `import *` takes ends with `*`. */
  name: string;
  /** Whether only type checkers ever see it. */
  typing: boolean;
}

/**
 * What a file imports, and what it does with some of it.
 *
 * @example
 * ```ts
 * import { type Scan, scanPython } from 'pinwheel-py/python';
 *
 * const modulesOf = ({ imports }: Scan) => imports.map(({ module }) => module);
 * modulesOf(scanPython('import json, asyncio')); // → ['json', 'asyncio']
 * ```
 */
export interface Scan {
  /** In the order of the file. */
  imports: readonly Import[];
  /** To what is below the watched modules; in the order of the file. */
  references: readonly Reference[];
  /** The position of the first syntax error that the tokens show; null if there is none. */
  broken: SourcePosition | null;
}
