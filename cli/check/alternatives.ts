/** What other package sets have of what this one lacks. */

import { packagesProviding } from '../../resolver/pinwheel/modules.ts';
import type { Pinwheel } from '../../resolver/pinwheel/pinwheel.ts';
import type { Hint, Hints } from '../../resolver/python/failures.ts';
import { answered, type LocatedIssue } from '../failure.ts';
import type { Question } from '../input/question.ts';

/** Asks for requirements: what is wrong with them, in the words of whoever answers. */
export type FindIssues = (requirements: readonly string[]) => Promise<readonly LocatedIssue[]>;

/** What is asked of all package sets to explain a failure. */
export interface Alternatives {
  findIssues: FindIssues;
  /** The names of packages, by what `keyOf` makes of a module that they provide. */
  packagesHaving(keyOf: (module: string) => string | null): Promise<Map<string, Set<string>>>;
}

/** Asks whoever answers, with the flags and at the revision of a question. */
export function alternativesOf({ safeResolve, source }: Pinwheel, question: Question): Alternatives {
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

/** Modules that are looked up before the rest has to do without a hint. */
const MOST_LOOKED_UP = 50;

/**
 * Which packages of any set provide these modules, and where they can be had together with the `requirements` that a
 * project has already.
 */
export async function findAlternatives(
  modules: readonly string[],
  requirements: readonly string[],
  { findIssues, packagesHaving }: Alternatives,
): Promise<Hints> {
  if (modules.length === 0) return new Map();
  const wanted = new Set(modules.slice(0, MOST_LOOKED_UP));
  const packages = await packagesHaving((module) => (wanted.has(module) ? module : null));
  // One package for each module: of others, none is needed as well.
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
