/** Python versions (PEP 440), parsed once and then compared without parsing again. */
import { order } from '../sorted-by.ts';

/**
 * The inside of a character class: all white space of Python, which is neither JavaScript's `\s` nor that of `trim()`, and
 * U+FEFF, which is white space in JavaScript alone.
 */
export const WIDE = '\\s\\x1c-\\x1f\\x85';

/** A pattern for one character that is white space in Python. */
export const WHITESPACE = `(?!\\ufeff)[${WIDE}]`;

const ONE = new RegExp(WHITESPACE);

export function hasWhitespace(text: string): boolean {
  return ONE.test(text);
}

/** Up to the last character that is not white space, without a second look at what was passed. */
const STRIPPED = new RegExp(`^(?:${WHITESPACE})*([^]*(?:\\ufeff|[^${WIDE}]))?`);

/** Python's `str.strip()`, in linear time. */
export function strip(text: string): string {
  return STRIPPED.exec(text)![1] ?? '';
}

/** The most characters of a version; longer text is not a version. */
export const VERSION_LIMIT = 128;

/** A bigint where a number would round. JavaScript compares the two exactly. */
export type Integer = number | bigint;

export interface Version {
  /** As it was written. */
  readonly text: string;
  readonly epoch: Integer;
  /** One or more numbers; zeros at the end are kept. */
  readonly release: readonly Integer[];
  /** Dev releases of a release come before its `a`, `b` and `rc`, and these before it and its post-releases. */
  readonly phase: number;
  /** The 1 of `rc1`, otherwise 0. */
  readonly phaseNumber: Integer;
  /** The number of the post-release, or -1. */
  readonly post: Integer;
  /** The number of the dev release, or Infinity. */
  readonly dev: Integer;
  readonly local: readonly (Integer | string)[] | null;
}

export const DEV_PHASE = -1;
export const FINAL_PHASE = 3;
/** The `dev` of a release that is not a dev release: after all of them. */
export const NOT_DEV = 1 / 0;

/** Epoch, release, phase and its number, post-release and its number in two forms, dev and its number, local label. */
const VERSION =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d*))?([-_.]?dev[-_.]?(\d*))?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?$/i;

/** Null if the text is not a version, or is longer than the limit. */
export function parseVersion(text: string): Version | null {
  const parts = text.length > VERSION_LIMIT ? null : VERSION.exec(strip(text));
  if (!parts) return null;
  const [, epoch, release, phase, phaseNumber, post, postNumber, postDigits, dev, devNumber, local] = parts;
  return {
    text,
    epoch: integer(epoch),
    release: release!.split('.').map(integer),
    phase: phase ? ({ a: 0, b: 1 }[phase[0]!.toLowerCase()] ?? 2) : dev && !post ? DEV_PHASE : FINAL_PHASE,
    phaseNumber: integer(phaseNumber),
    post: post ? integer(postNumber ?? postDigits) : -1,
    dev: dev ? integer(devNumber) : NOT_DEV,
    local:
      local
        ?.toLowerCase()
        .split(/[-_.]/)
        .map((part) => (/\D/.test(part) ? part : integer(part))) ?? null,
  };
}

function integer(digits = ''): Integer {
  return digits.length < 16 ? Number(digits) : BigInt(digits);
}

/** Negative if `a` is older, positive if it is newer. */
export function compareVersions(a: Version, b: Version): number {
  return comparePublic(a, b) || compareLocal(a.local, b.local);
}

/** The order of versions without their local labels. */
export function comparePublic(a: Version, b: Version): number {
  return (
    order(a.epoch, b.epoch) ||
    compareRelease(a.release, b.release) ||
    order(a.phase, b.phase) ||
    order(a.phaseNumber, b.phaseNumber) ||
    order(a.post, b.post) ||
    order(a.dev, b.dev)
  );
}

/** Compares the first `length` numbers of two releases, by default all. Missing numbers are zeros: 1 is 1.0. */
function compareRelease(
  a: readonly Integer[],
  b: readonly Integer[],
  length = Math.max(a.length, b.length),
): number {
  for (let i = 0; i < length; i++) {
    const difference = order(a[i] ?? 0, b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether two versions have the epoch and the first `length` numbers of the release in common. */
export function sharesPrefix(a: Version, b: Version, length: number): boolean {
  return order(a.epoch, b.epoch) === 0 && compareRelease(a.release, b.release, length) === 0;
}

/** No label comes before any, letters before numbers, and a label before its own continuations. */
function compareLocal(a: Version['local'], b: Version['local']): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [left, right] = [a[i]!, b[i]!];
    const mixed = Number(typeof left !== 'string') - Number(typeof right !== 'string');
    const difference = mixed || order(left, right);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
