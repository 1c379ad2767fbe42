/**
 * Python versions (PEP 440), parsed once and then compared without parsing again.
 *
 * The grammar is @renovatebot/pep440's. Its comparison is not used: it parses both sides each time, reads the
 * local label `1e5` as a number, and rounds numbers of more than 15 digits.
 */
import { parse } from '@renovatebot/pep440/lib/version.js';
import { strip } from './whitespace.ts';

/** In characters; longer text is no version. */
export const VERSION_LIMIT = 128;

/** A bigint where a number would round. JavaScript compares the two exactly. */
export type Integer = number | bigint;

export interface Version {
  /** As it was written. */
  readonly text: string;
  readonly epoch: Integer;
  /** One number or more, zeros at the end included. */
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
const PHASES: Record<string, number> = { a: 0, b: 1, rc: 2 };

/** What the library returns, where its own types are less exact. */
interface Parts {
  epoch: number;
  release: number[];
  pre: [string, number] | null;
  post: [string, number] | null;
  dev: [string, number] | null;
}

/** Null where the text is no version, or is longer than the limit. */
export function parseVersion(text: string): Version | null {
  if (text.length > VERSION_LIMIT) return null;
  const stripped = strip(text);
  const plus = stripped.indexOf('+');
  const label = plus < 0 ? stripped : stripped.slice(0, plus);
  const local = plus < 0 ? '' : stripped.slice(plus);
  if (!/\d{16}/.test(label)) return build(text, parse(label + local), local, Number);
  // Too long for a number: parse with 1, 2, 3… in their places, then put the true ones back.
  const digits = ['0'];
  const numbered = label.replace(/\d+/g, (run) => String(digits.push(run) - 1));
  return build(text, parse(numbered + local), local, (place) => BigInt(digits[place]!));
}

function build(
  text: string,
  parsed: unknown,
  local: string,
  exact: (number: number) => Integer,
): Version | null {
  if (parsed === null) return null;
  const { epoch, release, pre, post, dev } = parsed as Parts;
  return {
    text,
    epoch: exact(epoch),
    release: release.map((part) => exact(part)),
    phase: pre ? PHASES[pre[0]]! : dev && !post ? DEV_PHASE : FINAL_PHASE,
    phaseNumber: pre ? exact(pre[1]) : 0,
    post: post ? exact(post[1]) : -1,
    dev: dev ? exact(dev[1]) : Number.POSITIVE_INFINITY,
    local: local ? local.slice(1).toLowerCase().split(/[-_.]/).map(localPart) : null,
  };
}

function localPart(part: string): Integer | string {
  if (!/^\d+$/.test(part)) return part;
  return part.length < 16 ? Number(part) : BigInt(part);
}

/** Negative where `a` is older, positive where it is newer. */
export function compareVersions(a: Version, b: Version): number {
  return comparePublic(a, b) || compareLocal(a.local, b.local);
}

/** The same without the local labels. */
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

/** Compares the first `length` numbers of two releases, by default all. They go on as zeros: 1 is 1.0. */
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

/** Whether two versions are the same but for dev, post-release and local label: 1.0rc1 and 1.0rc1.post2. */
export function sharesPhase(a: Version, b: Version): boolean {
  return (
    order(a.epoch, b.epoch) === 0 &&
    compareRelease(a.release, b.release) === 0 &&
    a.phase === b.phase &&
    order(a.phaseNumber, b.phaseNumber) === 0
  );
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

function order<Value extends Integer | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
