/** The interface between questions and documents: bundled ones, a registry's, or your own. */

import type { AdvisoriesDocument } from '../audit/advisories.ts';
import type { CatalogAdvisories } from '../catalog.ts';
import type { ResolveSource } from '../closure/source.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Outcome } from '../issue.ts';
import type { StandardLibraryDocuments } from '../python/standard-library-document.ts';

export type { StandardLibraryDocuments } from '../python/standard-library-document.ts';

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
