/** What other package sets have of what this one lacks. */

import type { Asked, Pinwheel, ResolveQuestion } from '../../resolver/index.ts';
import { packagesProviding } from '../../resolver/pinwheel/modules.ts';
import type { Hint } from '../../resolver/python/failures.ts';
import type { Hints } from '../../resolver/python/index.ts';
import { answered, type LocatedIssue } from '../common/failure.ts';

/** Asks for requirements, and returns the issues of the answer. */
export type FindIssues = (requirements: readonly string[]) => Promise<readonly LocatedIssue[]>;

/** What is asked of all package sets to explain a failure. */
export interface Alternatives {
  findIssues: FindIssues;
  /** The names of packages, by what `keyOf` makes of a module that they provide. */
  packagesHaving(keyOf: (module: string) => string | null): Promise<Map<string, Set<string>>>;
}

/** A question without requirements. */
type PlainQuestion = Omit<Asked<ResolveQuestion>, 'requirements'>;

/** Asks the bundled data or the registry, with the flags and the revision of the question. */
export function alternativesOf({ safeResolve, source }: Pinwheel, question: PlainQuestion): Alternatives {
  return {
    async findIssues(requirements) {
      const outcome = await safeResolve({ ...question, requirements });
      return outcome.ok ? [] : outcome.issues;
    },
    async packagesHaving(keyOf) {
      return packagesProviding(answered(await source.view(question.revision ?? undefined)), source, keyOf);
    },
  };
}

/** At most this many modules are looked up; the rest get no hint. */
const MOST_LOOKED_UP = 50;

/**
 * Which packages of any set provide these modules, and in which sets they are available together with the
 * `requirements` that the project already has.
 */
export async function findAlternatives(
  modules: readonly string[],
  requirements: readonly string[],
  { findIssues, packagesHaving }: Alternatives,
): Promise<Hints> {
  if (modules.length === 0) return new Map();
  const wanted = new Set(modules.slice(0, MOST_LOOKED_UP));
  const packages = await packagesHaving((module) => (wanted.has(module) ? module : null));
  // One package for each module is enough.
  const asked = [...packages.values()].map(([name]) => name!);
  const issues = await findIssues([...requirements, ...new Set(asked)]);
  const fixes = new Map(
    issues.flatMap((one) => (one.code === 'unknown_package' ? [[one.package, one.fix] as const] : [])),
  );
  return new Map(
    [...packages].map(([module, [first, ...others]]): [string, Hint] => [
      module,
      { packages: [first!, ...others], fix: fixes.get(first!) ?? null },
    ]),
  );
}
