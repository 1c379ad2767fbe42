/** Answers with remarks on their files: archives, and wheels that were yanked. */
import type { Diagnostic, ResolveAnswer, ResolvedPackage, Target } from '../answer.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { warning } from '../diagnostic.ts';
import type { Outcome } from '../issue.ts';
import { printable } from '../text/printable.ts';
import { remarkOnArchives } from './archives.ts';
import { type ResolveQuestion, type ResolveSource, resolve } from './resolve.ts';

/** Like {@link resolve}, as `/v1/resolve` answers. */
export async function answerResolve(
  view: CatalogView,
  question: ResolveQuestion,
  source: ResolveSource,
  targeted?: Outcome<Target>,
): Promise<Outcome<ResolveAnswer>> {
  const outcome = await resolve(view, question, source, targeted);
  if (!outcome.ok) return outcome;
  const answer = outcome.value;
  const remark = await remarkOnArchives(view, source, answer, question.requirements);
  const yanked = yankedWheels(view, answer.packages);
  const diagnostics = [...answer.diagnostics, ...(remark ? [remark] : []), ...yanked];
  return { ok: true, value: { ...answer, diagnostics } };
}

function yankedWheels(view: CatalogView, packages: readonly ResolvedPackage[]): Diagnostic[] {
  if (view.yankedWheels.size === 0) return [];
  return packages.flatMap(({ name, wheel }) => {
    const yank = view.yankedWheels.get(wheel.sha256);
    if (!yank) return [];
    const message = `${wheel.filename}, the wheel of ${name}, was yanked: ${printable(yank.reason)}`;
    return warning('yanked_wheel', message, 'Use another date or package flag.');
  });
}
