/** Applies what issues propose. */
import { expect } from 'vitest';
import type { ResolveAnswer } from '../../../resolver/answer.ts';
import type { Issue, Outcome } from '../../../resolver/issue.ts';
import type { Fix } from '../../../resolver/issues/fix.ts';
import { canonicalName } from '../../../resolver/requirements/name.ts';

export interface Asked {
  requirements: readonly string[];
  compatibility_date?: string | null | undefined;
  compatibility_flags?: readonly string[] | null | undefined;
  unpin?: readonly string[] | null | undefined;
}

const nameOf = (text: string) => canonicalName(/^[\w.-]+/.exec(text)![0]);

/** The question with a fix of an issue about a package; null for what asks an index, or a person. */
export function applied<Question extends Asked>(
  asked: Question,
  fix: Fix,
  name: string | null,
): Question | null {
  const { requirements } = asked;
  const flags = asked.compatibility_flags ?? [];
  switch (fix.kind) {
    case 'date':
      return { ...asked, compatibility_date: fix.compatibility_date };
    case 'package_flag': {
      const compatibility_flags = [...flags.filter((flag) => flag !== fix.replaces), fix.flag];
      return { ...asked, pyodide: null, compatibility_flags };
    }
    case 'set_requirement':
      return {
        ...asked,
        requirements: requirements.map((text) => (nameOf(text) === name ? fix.requirement : text)),
      };
    case 'leave_out':
      return { ...asked, requirements: requirements.filter((text) => nameOf(text) !== name) };
    case 'take_from_index':
      return { ...asked, unpin: [...(asked.unpin ?? []), ...fix.packages] };
    default:
      return null;
  }
}

const requirementOf = (issue: Issue) => ('requirement' in issue ? issue.requirement : null);

/** Whether no set and no index satisfies a requirement, or its marker is meaningless. */
const isHopeless = (issue: Issue) =>
  ['meaningless_marker', 'no_version'].includes(issue.code) ||
  ('available' in issue && issue.available === null);

/**
 * Applies every fix of a question: its requirement holds then, no other begins to fail, and another target satisfies
 * all that some set does. Returns how many there are.
 */
export async function applyAll<Question extends Asked>(
  asked: Question,
  ask: (asked: Question) => Promise<Outcome<ResolveAnswer>>,
): Promise<number> {
  const outcome = await ask(asked);
  const issues = outcome.ok ? [] : outcome.issues;
  const hopeless = issues.filter(isHopeless).map(requirementOf);
  let count = 0;
  for (const issue of issues) {
    const others = issues.filter((other) => other !== issue).map(requirementOf);
    for (const fix of issue.fixes) {
      const changed = applied(asked, fix, 'package' in issue ? issue.package : null);
      if (!changed) continue;
      count++;
      let answer = await ask(changed);
      const said = () => JSON.stringify({ changed, fix, answer: answer.ok || answer.issues });
      const left = answer.ok ? [] : answer.issues.map(requirementOf).filter((text) => !others.includes(text));
      if (left.length > 0) expect.fail(said());
      if (fix.kind !== 'date' && fix.kind !== 'package_flag') continue;
      if (!answer.ok) {
        const requirements = asked.requirements.filter((text) => !hopeless.includes(text));
        answer = await ask({ ...changed, requirements });
      }
      if (!answer.ok) expect.fail(said());
      const { target, packages } = answer.value;
      expect(target.package_set.flag, said()).toBe(fix.kind === 'date' ? fix.package_set : fix.flag);
      if (fix.kind === 'package_flag') expect(target.runtime.pyodide, said()).toBe(fix.pyodide);
      if (issue.code !== 'version_conflict' && issue.code !== 'unknown_package') continue;
      const { name, version, requested } = packages.find((pinned) => pinned.name === issue.package)!;
      expect([requested, fix.has], said()).toEqual([true, [{ name, version }]]);
    }
  }
  return count;
}
