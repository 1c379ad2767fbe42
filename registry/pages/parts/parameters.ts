/** Parameters that may be given once. */
import type { Issue } from '../../../resolver/issue.ts';

/** The values of `names`, without those that a form sent empty; an issue for each that was given several times. */
export function readSingles<Name extends string>(
  parameters: Record<string, string[]>,
  names: readonly Name[],
): { singles: Partial<Record<Name, string>>; issues: Issue[] } {
  const singles: Partial<Record<Name, string>> = {};
  const issues: Issue[] = [];
  for (const name of names) {
    const [first, ...others] = (parameters[name] ?? []).filter((text) => text !== '');
    if (first !== undefined) singles[name] = first;
    if (others.length > 0) issues.push(unreadable(`${name} is given more than once.`, 'Give it once.'));
  }
  return { singles, issues };
}

export function unreadable(message: string, fix: string): Issue {
  return { kind: 'malformed', code: 'invalid_parameter', message, fix };
}
