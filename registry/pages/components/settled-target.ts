import type { Target } from '../../../resolver/answer.ts';
import { selectTarget, type TargetQuestion } from '../../../resolver/compatibility/target.ts';
import type { CatalogView } from '../../../resolver/compatibility/view.ts';
import { dateThatGives } from '../../../resolver/formats/copy-blocks.ts';
import type { Outcome } from '../../../resolver/issue.ts';

/**
 * The target of a set that a page is about: with the date and the flags that its lines to copy have, so that no remark
 * is about what nobody has left out.
 */
export function settledTarget(view: CatalogView, question: TargetQuestion): Outcome<Target> {
  const target = selectTarget(view, question);
  if (!target.ok || question.compatibility_date !== null) return target;
  const { compatibility_date, workerd_flags, package_set } = target.value;
  const settled = selectTarget(view, {
    ...question,
    compatibility_date: dateThatGives(view, target.value) ?? compatibility_date,
    compatibility_flags: [...workerd_flags, package_set.flag],
  });
  return settled.ok ? settled : target;
}
