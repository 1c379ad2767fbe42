/** The members of a question that may go beyond its package set. */
import type { PackageSet } from '../catalog.ts';
import type { ResolveQuestion } from '../closure/resolve.ts';
import type { PackageIndex } from '../solver/package-index.ts';
import type { IndexOptions } from '../solver/simple-index/open-index.ts';

/**
 * A question whose answer may go beyond its package set. Names of the set come from the set and all others from the
 * index, never a mixture of both; without an `index`, an answer stays in the set.
 *
 * @example
 * ```ts
 * import type { Asked, BeyondQuestion } from 'pinwheel-py';
 *
 * const question: Asked<BeyondQuestion> = {
 *   compatibility_date: '2026-10-20',
 *   compatibility_flags: ['python_workers'],
 *   requirements: ['django>=5.2', 'fastapi>=0.140'],
 *   index: { url: 'https://pypi.org/simple/' },
 *   unpin: ['fastapi', 'starlette'],
 *   exclude_newer: '2026-09-30',
 *   exclude_newer_package: { django: '2026-11-05' },
 * };
 * question.unpin?.length; // → 2
 * ```
 */
export interface BeyondQuestion extends ResolveQuestion {
  /** A simple index, by its URL; or anything that lists files and reads their METADATA, as `openIndex` makes one. */
  index?: PackageIndex | IndexOptions | null | undefined;
  /** Names of the set that come from the index instead. */
  unpin?: readonly string[] | null | undefined;
  /**
   * A day (UTC, included) or an RFC 3339 moment after which uploads do not count; `false` if all do. By default the
   * compatibility date, or the day on which the set was released if that is later.
   */
  exclude_newer?: string | false | null | undefined;
  /** The same for single packages, for example for a security fix. */
  exclude_newer_package?: Readonly<Record<string, string | false>> | null | undefined;
  /** PEP 508 requirements that limit the versions of the index, and require nothing. */
  constraints?: readonly string[] | null | undefined;
  /** A package set that replaces the target's. It has to have the same ABI. */
  set?: PackageSet | null | undefined;
}

/** The schemas of the members that only such a question has. */
export const BEYOND = {
  index: 'index',
  unpin: 'texts',
  exclude_newer: 'moment',
  exclude_newer_package: 'moments',
  constraints: 'texts',
  set: 'set',
} as const;

/** Whether the question goes beyond the target's package set. */
export function goesBeyond(question: BeyondQuestion): boolean {
  return (Object.keys(BEYOND) as (keyof typeof BEYOND)[]).some((key) => question[key] !== undefined);
}
