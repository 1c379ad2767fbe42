import type { Diagnostic, ResolvedPackage } from '../answer.ts';

/**
 * A closure written in somebody else's format, and what that format could not hold.
 *
 * @example
 * ```ts
 * import type { WrittenFile } from 'pinwheel-py/formats';
 *
 * const complete = ({ diagnostics }: WrittenFile) => diagnostics.length === 0;
 * complete({ text: '', diagnostics: [] }); // → true
 * ```
 */
export interface WrittenFile {
  /** The whole file, with a line end at its end. */
  text: string;
  /** One for each kind of package that had to be left out. */
  diagnostics: Diagnostic[];
}

/** The same file whatever was asked first: sorted by name. */
export function byName(packages: readonly ResolvedPackage[]): ResolvedPackage[] {
  return packages.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Archives (`.zip`, `.tar`, `.tar.gz`) are what Pyodide unpacks; installers of Python know wheels only. */
export function isWheel({ wheel }: ResolvedPackage): boolean {
  return wheel.filename.endsWith('.whl');
}
