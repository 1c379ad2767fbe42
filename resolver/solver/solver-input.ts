/** A question as the solver works on it: checked, and with what it needs to know of the target. */
import type { PreparedSet } from '../closure/prepare.ts';
import type { MarkerEnvironment } from '../requirements/environment.ts';
import type { Specifier } from '../requirements/specifier.ts';
import type { Runner } from '../wheels/wheel-name.ts';
import type { IndexFile, PackageIndex } from './package-index.ts';

export interface SolverInput {
  set: PreparedSet;
  unpin: ReadonlySet<string>;
  index: PackageIndex | null;
  /** The wheels that requirements name by URL, by canonical name. */
  direct: ReadonlyMap<string, IndexFile>;
  /** The last moment of which uploads of a project count, in milliseconds; null if all do. */
  cutoff: (name: string) => number | null;
  /** What versions have to satisfy beside requirements, by name. */
  constraints: ReadonlyMap<string, readonly Specifier[]>;
  runner: Runner;
  environment: MarkerEnvironment;
}
