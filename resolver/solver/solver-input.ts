/** A validated question, with the facts about the target. */
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
  /** The latest upload time that counts for a project, in milliseconds; null if all uploads count. */
  cutoff: (name: string) => number | null;
  /** Constraints on versions, by name. */
  constraints: ReadonlyMap<string, readonly Specifier[]>;
  runner: Runner;
  environment: MarkerEnvironment;
}
