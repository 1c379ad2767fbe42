/** The demands of a project on an answer: constraints, hashes of files, and Python versions. */
import type { Diagnostic, Runtime, Target } from '../../resolver/index.ts';
import { constraintWithExtras, hashMismatch } from '../../resolver/issues/documents.ts';
import { remark, run } from '../../resolver/issues/fixes.ts';
import { evaluateMarker, markerEnvironment } from '../../resolver/requirements/marker.ts';
import { parseRequirement } from '../../resolver/requirements/requirement.ts';
import { parseSpecifiers, satisfies } from '../../resolver/requirements/specifier.ts';
import type { FileRequirement } from '../ask/requirement.ts';
import { withoutCredentials } from '../common/credentials.ts';
import { CommandError, type LocatedIssue } from '../common/failure.ts';
import type { Listener } from '../common/listener.ts';

/** Rejects constraints that no version could satisfy or violate. */
export function checkConstraints(constraints: readonly FileRequirement[]): void {
  const issues = constraints.flatMap(({ text, where }): LocatedIssue[] => {
    const parsed = parseRequirement(withoutCredentials(text));
    if (!parsed.ok) return parsed.issues.map((issue) => ({ ...issue, where }));
    if (parsed.value.extras.length === 0) return [];
    return [{ ...constraintWithExtras({ requirement: text }), where }];
  });
  if (issues.length > 0) throw new CommandError(2, issues);
}

/** The constraints on packages of a closure that their versions do not satisfy. */
export function brokenConstraints(
  constraints: readonly FileRequirement[],
  runtime: Runtime,
  versionOf: (name: string) => string | undefined,
): FileRequirement[] {
  return constraints.filter(({ text }) => {
    const parsed = parseRequirement(text);
    if (!parsed.ok) return true;
    const { name, specifiers, marker } = parsed.value;
    const version = versionOf(name);
    if (version === undefined || satisfies(version, specifiers)) return false;
    // An invalid marker is explained, too.
    return marker === null || evaluateMarker(marker, markerEnvironment(runtime)) !== false;
  });
}

/** The hashes that contradict the pinned files; remarks on those that cannot be compared. */
export function checkHashes(
  requirements: readonly FileRequirement[],
  pinned: readonly { name: string; sha256: string }[],
  runtime: Runtime,
): { issues: LocatedIssue[]; remarks: Diagnostic[] } {
  const issues: LocatedIssue[] = [];
  const remarks: Diagnostic[] = [];
  const digests = new Map(pinned.map(({ name, sha256 }) => [name, sha256]));
  for (const { text, where, hashes } of requirements) {
    const parsed = hashes && parseRequirement(text);
    if (!parsed?.ok) continue;
    const { name, marker } = parsed.value;
    const digest = digests.get(name);
    if (digest === undefined) continue;
    if (marker !== null && evaluateMarker(marker, markerEnvironment(runtime)) === false) continue;
    const known = hashes!.filter((hash) => hash.startsWith('sha256:')).map((hash) => hash.toLowerCase());
    if (known.length === 0) {
      const message = `${where}: the hashes of ${name} are not compared: none of them is a SHA-256.`;
      remarks.push(remark('warning', 'hash_not_compared', message, `The package set pins sha256:${digest}.`));
    } else if (!known.includes(`sha256:${digest}`)) {
      issues.push({ ...hashMismatch({ package: name, sha256: digest }), where });
    }
  }
  return { issues, remarks };
}

export function pythonRemarks(
  demands: readonly FileRequirement[],
  target: Target,
  listener: Pick<Listener, 'remarks'>,
): Diagnostic[] {
  return otherPythons(pythonDemands(demands, { from: target, to: target }, listener), target);
}

/** A Python version that the project says it supports, and whether it gets one before and after. */
export interface PythonDemand {
  specifier: string;
  where: string;
  from: boolean;
  to: boolean;
}

/** Whether the Python that was asked for is there before, and not after. */
export function isLost({ from, to }: PythonDemand): boolean {
  return from && !to;
}

/** Drops demands that cannot be parsed, with a warning. */
export function pythonDemands(
  demands: readonly FileRequirement[],
  { from, to }: { from: Target; to: Target },
  listener: Pick<Listener, 'remarks'>,
): PythonDemand[] {
  return demands.flatMap(({ text, where }): PythonDemand[] => {
    const parsed = parseSpecifiers(text);
    if (!parsed.ok) {
      const message = `${where} is skipped: it is not a version specifier.`;
      listener.remarks([{ severity: 'warning', message, fix: null }]);
      return [];
    }
    const admits = ({ runtime }: Target) => satisfies(runtime.python, parsed.value);
    return [{ specifier: text, where, from: admits(from), to: admits(to) }];
  });
}

export function otherPythons(
  demands: readonly PythonDemand[],
  { runtime: { python } }: Target,
): Diagnostic[] {
  const others = demands.filter(({ to }) => !to);
  const see = run('pinwheel target', 'See which dates and flags give which Python: pinwheel target.');
  return others.map(({ specifier, where }) => {
    const message = `${where} requires Python ${specifier}, but this target has Python ${python}.`;
    return remark('warning', 'other_python', message, [see]);
  });
}
