/** What the workerd binary would say about a Worker whose main module is Python. */
import type { Diagnostic } from '../answer.ts';
import type { Issue } from '../issue.ts';
import { missingCompatibilityDate, pythonWorkersRequired } from '../issues/target.ts';
import { dateIssue, FALLBACK_DATE, isWorkerdDate } from './date.ts';
import { flagIssues, redundantFlags } from './flags.ts';
import { selectRelease } from './runtime.ts';
import type { CatalogView, FlaggedRelease } from './view.ts';

export interface Evaluation {
  /** The release that workerd would run, errors or not; null if it refuses Python. */
  selected: FlaggedRelease | null;
  errors: Issue[];
  warnings: Diagnostic[];
}

export interface EvaluationOptions {
  /** The UTC day after which dates lie in the future; null if it is not known. */
  today: string | null;
  /** workerd's `--experimental`. */
  experimental: boolean;
}

/** Without a date, workerd ignores every flag; with a malformed one, it continues with another date. */
export function evaluateFlags(
  view: CatalogView,
  date: string | null,
  flags: readonly string[],
  { today, experimental }: EvaluationOptions,
): Evaluation {
  if (date === null) {
    const errors = [missingCompatibilityDate({}), pythonWorkersRequired({ fix: null })];
    return { selected: null, errors, warnings: [] };
  }
  const errors: Issue[] = [];
  const wrong = dateIssue(date, today);
  if (wrong) errors.push(wrong);
  for (const issue of flagIssues(view, flags, experimental)) errors.push(issue);
  const effective = isWorkerdDate(date) ? date : FALLBACK_DATE;
  const selected = selectRelease(view, effective, new Set(flags));
  if (!selected) errors.push(pythonWorkersRequired({ fix: 'Add python_workers.' }));
  return { selected, errors, warnings: redundantFlags(view, flags, effective) };
}
