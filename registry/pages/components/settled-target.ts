import { dateThatGives } from '../../../resolver/formats/copy-blocks.ts';
import {
  type CatalogView,
  type Outcome,
  selectTarget,
  type Target,
  type TargetQuestion,
} from '../../../resolver/index.ts';

/**
 * The target of the set that a page is about, with the date and the flags of its lines to copy: otherwise, its remarks
 * would tell people to add what these lines have.
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
