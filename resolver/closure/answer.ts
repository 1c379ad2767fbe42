/** Answers with remarks on their files: archives, and wheels that were yanked. */
import type { Diagnostic, ResolveAnswer, Target } from '../answer.ts';
import type { Member } from '../catalog.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { warning } from '../diagnostic.ts';
import type { Outcome } from '../issue.ts';
import type { SyntaxIssue } from '../issues/requirements.ts';
import { parseRequirement, type Requirement } from '../requirements/requirement.ts';
import { printable } from '../text/printable.ts';
import { remarkOnArchives } from './archives.ts';
import { parseRequirements, type ResolveQuestion, type ResolveSource, resolve } from './resolve.ts';

/** Like {@link resolve}, as `/v1/resolve` answers. */
export async function answerResolve(
  view: CatalogView,
  question: ResolveQuestion,
  source: ResolveSource,
  targeted?: Outcome<Target>,
): Promise<Outcome<ResolveAnswer>> {
  const parsed = parseRequirements(question.requirements, parseCached);
  const outcome = await resolve(view, question, source, targeted, parsed);
  if (!outcome.ok || !parsed.ok) return outcome;
  const answer = outcome.value;
  const remark = await remarkOnArchives(view, source, answer, parsed.value);
  const yanked = yankedWheels(view, answer.packages);
  const diagnostics = [...answer.diagnostics, ...(remark ? [remark] : []), ...yanked];
  return { ok: true, value: { ...answer, diagnostics } };
}

/** Warnings about the yanked ones among wheels. */
export function yankedWheels(
  view: CatalogView,
  packages: readonly { name: string; wheel: Pick<Member, 'filename' | 'sha256'> }[],
): Diagnostic[] {
  if (view.yankedWheels.size === 0) return [];
  return packages.flatMap(({ name, wheel }) => {
    const yank = view.yankedWheels.get(wheel.sha256);
    if (!yank) return [];
    const message = `${wheel.filename}, the wheel of ${name}, was yanked: ${printable(yank.reason)}`;
    return warning('yanked_wheel', message, 'Use another date or package flag.');
  });
}

/** A cache of plain names. Requirements with versions are rarely repeated: to keep them takes longer than to read them. */
const names = new Map<string, Outcome<Requirement, SyntaxIssue>>();
const MOST_NAMES = 512;

/** Issues are not cached, because their positions are written into them. */
function parseCached(text: string): Outcome<Requirement, SyntaxIssue> {
  const known = names.get(text);
  if (known) return known;
  const outcome = parseRequirement(text);
  if (outcome.ok && outcome.value.written_name === text) {
    if (names.size >= MOST_NAMES) names.clear();
    names.set(text, outcome);
  }
  return outcome;
}
