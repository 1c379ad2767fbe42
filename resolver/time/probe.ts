import type { Diagnostic, Runtime } from '../answer.ts';
import { selectRoots } from '../closure/closure.ts';
import type { Pin } from '../closure/explain.ts';
import type { UnmetIssue } from '../issues/closure.ts';
import { markerEnvironment } from '../requirements/environment.ts';
import type { Requirement } from '../requirements/requirement.ts';

/** The outcome of one requirement in one set. */
export interface Verdict {
  holds: boolean;
  /** What the set pins; null if the requirement fails, or its marker excludes it. */
  version: string | null;
  issues: UnmetIssue[];
  diagnostics: Diagnostic[];
}

export type Probe = (packageFlag: string, runtime: Runtime) => Verdict;

/** Compares a requirement with sets, by their pins of its name alone. */
export function probeOf(requirement: Requirement, pins: readonly Pin[]): Probe {
  const versions = new Map(pins.map(({ flag, version }) => [flag, version]));
  const index = new Map([[requirement.name, 0]]);
  return (packageFlag, runtime) => {
    const version = versions.get(packageFlag);
    const set = version === undefined ? { index: new Map(), members: [] } : { index, members: [{ version }] };
    const { roots, issues, diagnostics } = selectRoots(packageFlag, set, [requirement], () =>
      markerEnvironment(runtime),
    );
    const pinned = roots.size > 0 && version !== undefined ? version : null;
    return { holds: issues.length === 0, version: pinned, issues, diagnostics };
  };
}
