/** Requirements of a project that its package set cannot satisfy. */

import { advice, fixed } from '../../../resolver/issues/fixes.ts';
import { type CheckedProject, findingsOfIssue, type UnmetIssue } from '../../../resolver/pinwheel/check.ts';
import { HTTPX2_USERS, httpx2Remark } from '../../../resolver/provenance.ts';
import type { Finding } from '../../../resolver/python/index.ts';
import { withPinHint } from '../pinned-set.ts';
import type { ProjectRequirement } from './requirements.ts';

/** At each of the requirements. What packages of pywrangler's index may provide is not verified. */
export function unmetFindings(
  unmet: readonly UnmetIssue<ProjectRequirement>[],
  { fetchesLater }: Pick<CheckedProject<ProjectRequirement>, 'fetchesLater'>,
): Finding[] {
  const issues = withPinHint(unmet.map(({ issue }) => issue));
  return unmet.flatMap(({ at }, index) => {
    const issue = issues[index]!;
    const found = findingsOfIssue({ issue, at });
    return fetchesLater && issue.kind === 'unanswerable' ? found.map(notVerified) : found;
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

function notVerified({ message, fix: _, fixes, ...rest }: Finding): Finding {
  return {
    ...rest,
    severity: 'warning',
    code: NOT_VERIFIED,
    message: `Not verified: pywrangler vendors packages from indexes. ${message}`,
    ...fixed([advice('Run pywrangler sync, then check again: check reads python_modules.'), ...fixes]),
  };
}
