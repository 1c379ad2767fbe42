/** Results for the document, of what processes told. */
import type { PackageSet } from '../../resolver/catalog.ts';
import { canonicalJson } from '../../resolver/digest.ts';
import type { EvidenceError, EvidenceResult, EvidenceStep } from '../../resolver/evidence.ts';
import type { Failure, Measured, Ran } from './process.ts';
import type { Candidate } from './shelf.ts';

const MS = [10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000];
const MIB = [1, 3, 10, 30, 100, 300, 1000, 3000];
const BYTES = 1 << 20;
/** A value that is so many times less or more than the bounds of its bucket is still in it. */
const TOLERANCE = 2;

/**
 * The bound of the bucket of a value: that of an earlier run, if the value is still near. So what did not change
 * compares equal, wherever it lies in its bucket.
 */
export function bucketOf(value: number, bounds: readonly number[], before?: number | null): number {
  const lower = before == null ? undefined : (bounds[bounds.indexOf(before) - 1] ?? 0);
  const isNear = lower !== undefined && value >= lower / TOLERANCE && value <= before! * TOLERANCE;
  return isNear ? before! : (bounds.find((bound) => value <= bound) ?? bounds.at(-1)!);
}

function stepOf({ ms, bytes, error }: Measured, before: EvidenceStep | undefined): EvidenceStep {
  return {
    ms: ms === null ? null : bucketOf(ms, MS, before?.ms),
    mib: bytes === null ? null : bucketOf(bytes / BYTES, MIB, before?.mib),
    error: errorOf(error),
  };
}

function errorOf(failure: Failure | null): EvidenceError | null {
  return failure && { type: failure.type, message: failure.message };
}

/** @param before the result of an earlier run */
export function resultOf(
  { member, closure }: Candidate,
  { told, died }: Ran,
  set: PackageSet,
  smoke: string | null,
  before: EvidenceResult | undefined,
): EvidenceResult {
  const { steps, at_import } = told;
  // The first that is missing was under way when the process died; the others had no turn.
  const stepAt = (at: number): Measured =>
    steps[at] ?? { ms: null, bytes: null, error: (at === steps.length && died) || NOT_TRIED };
  const load = stepAt(0);
  const end = member.imports.length + 1;
  const hasSmoke = smoke !== null && load.error === null && steps.length >= end;
  const needed = new Set(closure.map(({ name }) => name));
  const missing = new Set(steps.map(({ error }) => error?.missing?.split('.')[0]));
  const lacks = set.packages
    .filter(({ name, imports }) => !needed.has(name) && imports.some((module) => missing.has(module)))
    .map(({ name }) => name);
  return {
    name: member.name,
    version: member.version,
    sha256: member.sha256,
    load: stepOf(load, before?.load),
    imports: member.imports.map((module, at) => {
      return { module, ...stepOf(stepAt(at + 1), before?.imports[at]) };
    }),
    lacks,
    at_import,
    smoke: hasSmoke ? { sha256: smoke, error: errorOf(stepAt(end).error) } : null,
  };
}

const NOT_TRIED: Failure = { type: 'NotTried', message: 'the interpreter did not get there', missing: null };

/** The parts of a result that are the same in every run, as text. */
export function sameInAllRuns(result: EvidenceResult): string {
  const bare = ({ ms: _, mib: __, ...rest }: EvidenceStep) => rest;
  return canonicalJson({ ...result, load: bare(result.load), imports: result.imports.map(bare) });
}
