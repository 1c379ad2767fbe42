/** Constraints files: which lines are valid, and which constraints are not satisfied. */
import { parseRequirement, type Runtime, satisfies } from '../../resolver/index.ts';
import { constraintWithExtras } from '../../resolver/issues/documents.ts';
import { markerEnvironment } from '../../resolver/requirements/environment.ts';
import { evaluateMarker } from '../../resolver/requirements/marker.ts';
import type { FileRequirement } from '../ask/file-requirement.ts';
import { CommandError, type LocatedIssue } from '../common/failure.ts';

/** Rejects constraints that no version could satisfy or violate. */
export function checkConstraints(constraints: readonly FileRequirement[]): void {
  const issues = constraints.flatMap(({ text, where }): LocatedIssue[] => {
    const parsed = parseRequirement(text);
    if (!parsed.ok) return parsed.issues.map((issue) => ({ ...issue, where }));
    if (parsed.value.extras.length === 0) return [];
    return [{ ...constraintWithExtras({ requirement: text }), where }];
  });
  if (issues.length > 0) throw new CommandError(2, issues);
}

/**
 * The constraints that apply to a package of a closure, and that its version does not satisfy. `versionOf` tells the
 * version of a package that is in the closure, by canonical name.
 */
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
