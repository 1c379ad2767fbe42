import { compareVersions, parseVersion, sharesPrefix } from '../requirements/version.ts';
import { order } from '../sorted-by.ts';

export interface VersionStep {
  /** Negative if the first is older, positive if it is newer. */
  order: number;
  /** Whether they differ in the first number of their release, by which most projects say what breaks. */
  isMajor: boolean;
}

/** The step by PEP 440; other text (openssl's `1.1.1w`) by numbers and letters, never another major version. */
export function versionStep(from: string, to: string): VersionStep {
  const left = parseVersion(from);
  const right = parseVersion(to);
  return left && right
    ? { order: compareVersions(left, right), isMajor: !sharesPrefix(left, right, 1) }
    : { order: order(aligned(from), aligned(to)), isMajor: false };
}

/** Not by `localeCompare`, which reads its tables for some milliseconds if an isolate uses it for the first time. */
const aligned = (text: string) => text.replace(/\d+/g, (number) => number.padStart(99, '0'));

/** Negative if `a` is older, positive if it is newer. */
export function compareWritten(a: string, b: string): number {
  return versionStep(a, b).order;
}
