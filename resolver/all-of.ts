import type { Issue } from './issue.ts';

/** An outcome, whatever its issues say besides their message. */
type Read<Value, Problem> = { ok: true; value: Value } | { ok: false; issues: Problem[] };

/** The values of all outcomes, or everything that is wrong with any of them, each thing once. */
export function allOf<
  Values extends readonly unknown[],
  Problem extends { message: string; index?: number } = Issue,
>(...outcomes: { [At in keyof Values]: Read<Values[At], Problem> }): Read<Values, Problem> {
  const issues = new Map<string, Problem>();
  const values: unknown[] = [];
  for (const outcome of outcomes) {
    if (outcome.ok) values.push(outcome.value);
    else for (const issue of outcome.issues) issues.set(`${issue.index} ${issue.message}`, issue);
  }
  if (issues.size > 0) return { ok: false, issues: [...issues.values()] };
  return { ok: true, value: values as unknown as Values };
}
