import type { Diagnostic, ResolvedPackage } from '../answer.ts';

/**
 * A closure in another tool's format, and remarks about what the format cannot express.
 *
 * @example
 * ```ts
 * import type { WrittenFile } from 'pinwheel-py';
 *
 * const complete = ({ diagnostics }: WrittenFile) => diagnostics.length === 0;
 * complete({ text: '', diagnostics: [] }); // → true
 * ```
 */
export interface WrittenFile {
  /** The whole file, with a line end at its end. */
  text: string;
  /** One for each kind of package that is left out. */
  diagnostics: Diagnostic[];
}

/** Sorted by name, so that the order of requirements does not change the file. */
export function byName(packages: readonly ResolvedPackage[]): ResolvedPackage[] {
  return packages.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Pyodide unpacks archives (`.zip`, `.tar`, `.tar.gz`); Python's installers support only wheels. */
export function isWheel({ wheel }: ResolvedPackage): boolean {
  return wheel.filename.endsWith('.whl');
}
