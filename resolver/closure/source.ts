/** The interface between questions and documents: bundled ones, a registry's, or your own. */
import type { Target } from '../answer.ts';
import type { AdvisoriesDocument } from '../audit/advisories.ts';
import type { CatalogAdvisories } from '../catalog.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Outcome } from '../issue.ts';
import type { StandardLibraryDocuments } from '../python/standard-library-document.ts';
import type { PinClosure, PreparedSet } from './prepare.ts';

export type { StandardLibraryDocuments } from '../python/standard-library-document.ts';

/** One version of a package, in one set. */
export interface Pin {
  /** The package flag of the set. */
  flag: string;
  version: string;
  /** Whether the set has all that it needs, too; absent if only the set itself tells. */
  whole?: boolean;
}

/**
 * The resolver's only source of data: package sets, and the pins of other sets.
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type PackageSet, prepareSet, type ResolveSource } from 'pinwheel-py';
 * const source: ResolveSource = {
 *   openSet: async () => prepareSet(set as PackageSet),
 *   // Without pins, issues propose no other sets.
 *   readPins: async () => new Map(),
 * };
 * typeof source.openSet; // → 'function'
 * ```
 */
export interface ResolveSource {
  /** A package set, by its flag or, safer, by its digest. */
  openSet(set: Pick<Target['package_set'], 'flag' | 'digest'>): Promise<PreparedSet>;
  /**
   * Every pin of each of these canonical names, which may repeat, over all sets; those of other sets than `among` may
   * be left out. Called only to explain a failure.
   */
  readPins(
    names: readonly string[],
    among?: readonly { flag: string }[],
  ): Promise<ReadonlyMap<string, readonly Pin[]>>;
  /** Whether all pins say what is `whole`. Then fewer sets are opened. */
  tellsWhole?: boolean;
  /** Facts of the standard library and of packages, to explain names that no set has; null if unknown. */
  standardLibrary?(): Promise<StandardLibraryDocuments | null>;
  /** A cache of closures. Without it, each is made anew. */
  pin?: PinClosure;
  /** How many issues of a failure are explained, the first ones; fifty by default. */
  explained?: number;
}

/** At most this many issues of a question are explained; the rest have no proposals. */
export const MOST_EXPLAINED = 50;

/**
 * The source of the documents that answer questions. The functions below the object, such as `resolve(view, question,
 * source)`, take it as their source.
 * @example
 * ```ts
 * import { type PinwheelSource, resolve } from 'pinwheel-py';
 * import { createResolver } from 'pinwheel-py/bundled';
 * // One view for many questions.
 * async function versionsOf(source: PinwheelSource, names: string[]) {
 *   const view = await source.view();
 *   if (!view.ok) throw new Error(view.issues[0]?.message);
 *   const question = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'], as_of: '2026-11-20' };
 *   return Promise.all(names.map((name) => resolve(view.value, { ...question, requirements: [name] }, source)));
 * }
 * const answers = await versionsOf(createResolver().source, ['idna', 'no-such-package']);
 * answers.map(({ ok }) => ok); // → [true, false]
 * ```
 */
export interface PinwheelSource extends ResolveSource {
  /** The catalog now, or at a revision. */
  view(revision?: number): Promise<Outcome<CatalogView>>;
  /** Null if unknown. */
  standardLibrary(): Promise<StandardLibraryDocuments | null>;
  /** The document of a catalog's row, or null if it is not at hand. Without it, there is no `audit`. */
  advisories?:
    | ((row: CatalogAdvisories) => AdvisoriesDocument | null | Promise<AdvisoriesDocument | null>)
    | undefined;
}
