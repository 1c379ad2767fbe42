import { compareVersions, parseVersion, sharesPrefix } from '../requirements/version.ts';

/**
 * Negative if `a` is older, positive if it is newer, as PEP 440 has it; text that is not a version there
 * (openssl's `1.1.1w`) is compared by its numbers and letters.
 */
export function compareWritten(a: string, b: string): number {
  const left = parseVersion(a);
  const right = parseVersion(b);
  return left && right ? compareVersions(left, right) : a.localeCompare(b, 'en', { numeric: true });
}

/** Whether two versions differ in the first number of their release, by which most projects say what breaks. */
export function differInMajor(a: string, b: string): boolean {
  const left = parseVersion(a);
  const right = parseVersion(b);
  return left !== null && right !== null && !sharesPrefix(left, right, 1);
}
