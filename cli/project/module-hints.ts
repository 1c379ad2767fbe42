/** Hints for requirements that are import names, if another set has their package. */

import { fixed, requirementFixes } from '../../resolver/issues/fixes.ts';
import type { Alternatives } from '../../resolver/pinwheel/check.ts';
import { canonicalName } from '../../resolver/requirements/name.ts';
import type { LocatedIssue } from '../common/failure.ts';

/**
 * Adds to each issue about an unknown name the package that is meant, and the sets that have it. `requirements` is the
 * whole question, in which that package replaces the name.
 */
export async function withModuleHints(
  issues: readonly LocatedIssue[],
  requirements: readonly string[],
  { findIssues, packagesHaving }: Alternatives,
): Promise<LocatedIssue[]> {
  const names = new Set(issues.flatMap((one) => unknownPackageIn(one)?.package ?? []));
  if (names.size === 0) return [...issues];
  const packages = await packagesHaving((module) => {
    const name = canonicalName(module);
    return names.has(name) ? name : null;
  });
  const meant = new Map<number, string>();
  for (const issue of issues) {
    const [provider] = packages.get(unknownPackageIn(issue)?.package ?? '') ?? [];
    if (provider !== undefined && 'index' in issue) meant.set(issue.index, provider);
  }
  if (meant.size === 0) return [...issues];
  const told = await findIssues(requirements.map((text, at) => meant.get(at) ?? text));
  return issues.map((issue) => {
    const unknown = unknownPackageIn(issue);
    const provider = unknown && meant.get(unknown.index);
    if (!unknown || !provider) return issue;
    const where = told.find((one) => 'package' in one && one.package === provider)?.fixes ?? [];
    return { ...issue, ...fixed([...requirementFixes(unknown.package, [provider], 'module'), ...where]) };
  });
}

/** An issue about a name that no set has, and that is not similar to any other. */
function unknownPackageIn(issue: LocatedIssue) {
  if (issue.code !== 'unknown_package') return null;
  const [fix, ...others] = issue.fixes;
  return fix?.kind === 'use_index' && others.length === 0 ? issue : null;
}
