import type { Issue as AnyIssue } from './issues/table.ts';

/**
 * One thing wrong with a question. `kind` says how: `malformed` questions cannot be read, `unanswerable` ones can be, but
 * nothing satisfies them, `unknown` ones name what does not exist. The literal `code` tells which fields the issue has.
 * `message` is workerd's own sentence where workerd has one; `fix` says what to do, or is null if nobody can tell.
 */
export type Issue = AnyIssue;

/** A value, or all issues. A question without an answer throws nothing. */
export type Outcome<Value, Problem extends Issue = Issue> =
  | { ok: true; value: Value }
  | { ok: false; issues: Problem[] };

/** The places among the question's requirements of those that it is about. */
export function placesOf(issue: object): number[] {
  const { index, repeats = [] } = issue as { index?: number; repeats?: number[] };
  return index === undefined ? [] : [index, ...repeats];
}

/** The values of all outcomes, or all of their issues, each once. */
export function allOf<Values extends readonly unknown[]>(
  ...outcomes: { [At in keyof Values]: Outcome<Values[At]> }
): Outcome<Values> {
  const issues = new Map<string, Issue>();
  const values: unknown[] = [];
  for (const outcome of outcomes) {
    if (outcome.ok) values.push(outcome.value);
    else
      for (const issue of outcome.issues)
        issues.set(`${(issue as { index?: number }).index} ${issue.message}`, issue);
  }
  if (issues.size > 0) return { ok: false, issues: [...issues.values()] };
  return { ok: true, value: values as unknown as Values };
}
