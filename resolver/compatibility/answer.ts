import type { TargetAnswer } from '../answer.ts';
import { ANSWER_VERSION } from '../answer-version.ts';
import type { Outcome } from '../issue.ts';
import { selectTarget, type TargetQuestion } from './target.ts';
import type { CatalogView } from './view.ts';

/** A target with its revision, as `GET /v1/target` answers. */
export function answerTarget(view: CatalogView, question: TargetQuestion): Outcome<TargetAnswer> {
  const target = selectTarget(view, question);
  if (!target.ok) return target;
  return { ok: true, value: { registry: view.stamp, answer_version: ANSWER_VERSION, ...target.value } };
}
