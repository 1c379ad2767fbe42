/** Resolves the requirements of a question that can be satisfied together, if not all of them can. */
import { type Outcome, placesOf } from '../issue.ts';

/** @returns the outcome of all requirements, or of those that have no issue, and the others */
export async function resolveMost<Answer>(
  requirements: readonly string[],
  resolve: (requirements: readonly string[]) => Outcome<Answer> | Promise<Outcome<Answer>>,
): Promise<{ outcome: Outcome<Answer>; without: string[] }> {
  const outcome = await resolve(requirements);
  const failing = new Set(outcome.ok ? [] : outcome.issues.flatMap(placesOf));
  const without = requirements.filter((_, at) => failing.has(at));
  const rest = requirements.filter((_, at) => !failing.has(at));
  if (without.length === 0 || rest.length === 0) return { outcome, without: [] };
  return { outcome: await resolve(rest), without };
}
