import type { Issue, Outcome } from './issue.ts';

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
