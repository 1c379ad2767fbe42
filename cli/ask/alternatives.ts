/** What other package sets have of what this one lacks. */
import type { Asked, Pinwheel, ResolveQuestion } from '../../resolver/index.ts';
import type { Alternatives } from '../../resolver/pinwheel/check.ts';
import { packagesProviding } from '../../resolver/pinwheel/modules.ts';
import { answered } from '../common/failure.ts';

/** A question without requirements. */
export type PlainQuestion = Omit<Asked<ResolveQuestion>, 'requirements'>;

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
