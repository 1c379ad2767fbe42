/** How a closure with packages of an index changes, each side as of its own day. */

import { information } from '../../../resolver/diagnostic.ts';
import type { Diagnostic, Pinwheel } from '../../../resolver/index.ts';
import type { ClosureChanges, FailingRequirement } from '../../../resolver/time/answers.ts';
import { changesOf } from '../../../resolver/time/closure-changes.ts';
import type { FileRequirement } from '../../ask/file-requirement.ts';
import { refused } from '../../common/failure.ts';
import type { HostStage, Sides } from './stage.ts';

export async function closureWithIndex(
  { safeResolve }: Pinwheel,
  { from, to }: Sides<HostStage>,
  asked: readonly FileRequirement[],
): Promise<{ closure: ClosureChanges; diagnostics: Diagnostic[] }> {
  const requirements = asked.map(({ text }) => text);
  const resolve = ({ question }: HostStage) => safeResolve({ ...question, requirements });
  const [before, after] = await Promise.all([resolve(from), resolve(to)]);
  const issues = before.ok ? [] : before.issues;
  const failedBefore = new Set(issues.map((issue) => requirementOf(issue) ?? issue.message));
  const failing = (after.ok ? [] : after.issues).map((issue): FailingRequirement => {
    if (issue.kind === 'malformed') throw refused([issue]);
    const { kind: _, ...rest } = issue;
    const requirement = requirementOf(issue);
    const held = !failedBefore.has(requirement ?? issue.message);
    // A conflict is about all of them.
    const whole = {
      requirement: requirements.join(', '),
      index: 0,
      repeats: requirements.map((_, at) => at).slice(1),
    };
    return { ...whole, ...rest, ...(requirement !== undefined && { requirement }), held };
  });
  const said = [before, after].flatMap((one) => (one.ok ? one.value.diagnostics : []));
  const days = [before, after].map((one) => (one.ok ? (one.value.index?.exclude_newer ?? null) : null));
  const index = [before, after].map((one) => (one.ok ? one.value.index?.url : null)).find(Boolean);
  const diagnostics = [...(index ? [asOf(index, days)] : []), ...said];
  return {
    closure: changesOf(membersOf(from), membersOf(to), failing),
    diagnostics: [...new Map(diagnostics.map((one) => [one.message, one])).values()],
  };
}

function requirementOf(issue: object): string | undefined {
  return (issue as { requirement?: string }).requirement;
}

function membersOf({ set, host }: HostStage) {
  return set.packages.filter(({ name }) => host.closure.has(name));
}

function asOf(index: string, days: readonly (string | null)[]): Diagnostic {
  const [before, after] = days.map((day) =>
    day === null ? 'all uploads' : `uploads up to ${day.slice(0, 10)}`,
  );
  const message = before === after ? `${before} count` : `${before} count before, and ${after} after`;
  return information('index_asked', `Of the index ${index}, ${message}.`);
}
