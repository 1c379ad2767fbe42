/** Requirements of a project that its package set cannot satisfy. */

import { HTTPX2_USERS, httpx2Remark } from '../../../resolver/provenance/httpx2.ts';
import type { Finding, Host } from '../../../resolver/python/index.ts';
import { ModuleTree } from '../../../resolver/python/module-tree.ts';
import type { FindIssues } from '../../ask/alternatives.ts';
import { placesOf } from '../../ask/file-requirement.ts';
import type { Layout } from '../layout.ts';
import { withPinHint } from '../pinned-set.ts';
import type { WorkerProject } from './project.ts';
import type { ProjectRequirement } from './requirements.ts';

/** Whether the Worker includes the package of a requirement. */
export function vendoredTest(
  { vendored }: Pick<Layout, 'vendored'>,
  { facts }: Host,
): (requirement: Pick<ProjectRequirement, 'name'>) => boolean {
  const tree = new ModuleTree(vendored.flatMap(({ files }) => files));
  const packages = new Set(vendored.flatMap(({ installed }) => installed.packages.map((one) => one.name)));
  return ({ name }) =>
    packages.has(name) || tree.has(name.replaceAll('-', '_')) || facts.sdk.packages.includes(name);
}

/** Asks for all `requirements` together, except those whose packages the Worker includes. */
export async function unmetFindings(
  unmet: readonly ProjectRequirement[],
  requirements: readonly ProjectRequirement[],
  layout: Layout,
  { fetchesLater }: WorkerProject,
  host: Host,
  findIssues: FindIssues,
): Promise<Finding[]> {
  const isVendored = vendoredTest(layout, host);
  const open = new Set(unmet.filter((one) => one.parsed === null || !isVendored(one)));
  if (open.size === 0) return [];
  const asked = requirements.filter((one) => open.has(one) || !unmet.includes(one));
  const issues = withPinHint(await findIssues(asked.map(({ text }) => text)));
  // An issue about all of them together has no position.
  const first = asked.findIndex((one) => open.has(one));
  return issues.flatMap((issue) => {
    const places = placesOf(issue);
    return (places.length > 0 ? places : [first]).flatMap((at): Finding[] => {
      const requirement = asked[at];
      if (!requirement) return [];
      const { file: path, line, column } = requirement;
      const { code, message, fix } = issue;
      const found: Finding = { severity: 'error', code, message, fix, path, line, column };
      return [fetchesLater && issue.kind === 'unanswerable' ? notVerified(found) : found];
    });
  });
}

/** At the first requirement that it is about: what a project that gets httpx2 should know. */
export function httpx2Findings(
  requirements: readonly ProjectRequirement[],
  unmet: readonly ProjectRequirement[],
): Finding[] {
  const beyond = new Set(unmet.map(({ name }) => name));
  const remark = httpx2Remark(new Set(requirements.map(({ name }) => name)), beyond);
  const isAbout = ({ name }: ProjectRequirement) => name === 'httpx2' || HTTPX2_USERS.includes(name);
  const place = unmet.find(isAbout) ?? requirements.find(isAbout);
  if (!remark || !place) return [];
  const { file: path, line, column } = place;
  return [{ ...remark, path, line, column }];
}

/** Imports that packages of pywrangler's index may provide; this check does not ask that index. */
const PROVIDED_LATER = new Set(['missing_module', 'missing_package', 'unlisted_package']);

/** The same findings, as long as some requirements are unknown until pywrangler fetches their packages. */
export function withoutFetched(findings: readonly Finding[], isOpen: boolean): Finding[] {
  return findings.map((one) =>
    isOpen && one.severity === 'error' && PROVIDED_LATER.has(one.code) ? notVerified(one) : one,
  );
}

export const NOT_VERIFIED = 'not_verified';

function notVerified({ message, fix, ...rest }: Finding): Finding {
  return {
    ...rest,
    severity: 'warning',
    code: NOT_VERIFIED,
    message: `Not verified: pywrangler vendors packages from indexes. ${message}`,
    fix: `Run pywrangler sync, then check again: check reads python_modules.${fix === null ? '' : ` ${fix}`}`,
  };
}
