/** The question for the solver, as it is given and as it was read. */
import type { AskedIndex, Target } from '../answer.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import { allOf, type Outcome } from '../issue.ts';
import { invalidCutoff, invalidName } from '../issues/solver.ts';
import type { Asking, IndexField } from '../question/fields.ts';
import type { MarkerEnvironment } from '../requirements/marker.ts';
import { canonicalName, isName } from '../requirements/name.ts';
import type { Specifier } from '../requirements/specifier.ts';
import { sortedBy } from '../sorted-by.ts';
import type { Runner } from '../wheels/wheel-name.ts';
import type { IndexFile, PackageIndex } from './package-index.ts';

/**
 * A question that may go beyond a package set: the fields of every question, with a target, a package set and an
 * index.
 */
export interface SolveQuestion extends Asking<IndexField | 'constraints'> {
  /** The result of `selectTarget`. */
  target: SolveTarget;
  /** The target's package set. Each of its names is pinned. */
  set: PreparedSet;
  /** PEP 508, with URLs of wheels (`name @ https://…`) if the index can follow them. */
  requirements: readonly string[];
  /** The source of all other packages; null to stay in the set. */
  index: PackageIndex | null;
  /**
   * How many versions may be compared, roughly, where each METADATA that is read counts as 500; by default 30 million,
   * which takes seconds. More is `too_hard`.
   */
  effort?: number | undefined;
}

/** The part of a target that the solver uses. */
export interface SolveTarget extends Pick<Target, 'compatibility_date'> {
  runtime: Pick<Target['runtime'], 'python' | 'abi' | 'platform'>;
  package_set: Pick<Target['package_set'], 'flag' | 'released'>;
}

/** A validated question, with the facts about the target. */
export interface SolverInput {
  set: PreparedSet;
  index: PackageIndex | null;
  asked: AskedOfIndex;
  /** The wheels that requirements name by URL, by canonical name. */
  direct: ReadonlyMap<string, IndexFile>;
  /** Constraints on versions, by name. */
  constraints: ReadonlyMap<string, readonly Specifier[]>;
  runner: Runner;
  environment: MarkerEnvironment;
}

/** The latest upload time that counts, in milliseconds; null if all uploads count. */
type Cutoff = number | null;

/** The fields of an index, as they were read; names are canonical. */
export interface AskedOfIndex {
  exclude_newer: Cutoff;
  exclude_newer_package: ReadonlyMap<string, Cutoff>;
  unpin: ReadonlySet<string>;
}

/** @param day the default of `exclude_newer` */
export function readAsked(
  { exclude_newer, exclude_newer_package, unpin }: Asking<IndexField>,
  day: string,
): Outcome<AskedOfIndex> {
  const exceptions = exclude_newer_package ?? {};
  const read = allOf(
    readCutoff(exclude_newer ?? day),
    allOf<string[]>(...Object.keys(exceptions).map(readName)),
    allOf<Cutoff[]>(...Object.values(exceptions).map(readCutoff)),
    allOf<string[]>(...(unpin ?? []).map(readName)),
  );
  if (!read.ok) return read;
  const [cutoff, names, cutoffs, loose] = read.value;
  const cutoffsOf = new Map(names.map((name, at) => [name, cutoffs[at]!]));
  return {
    ok: true,
    value: { exclude_newer: cutoff, exclude_newer_package: cutoffsOf, unpin: new Set(loose) },
  };
}

/** The question as an answer records it, with moments as RFC 3339. */
export function recorded({
  exclude_newer,
  exclude_newer_package,
  unpin,
}: AskedOfIndex): Omit<AskedIndex, 'url'> {
  const written = (cutoff: Cutoff) => (cutoff === null ? null : new Date(cutoff).toISOString());
  const exceptions = sortedBy(exclude_newer_package, ([name]) => name);
  return {
    exclude_newer: written(exclude_newer),
    exclude_newer_package: Object.fromEntries(exceptions.map(([name, cutoff]) => [name, written(cutoff)])),
    unpin: [...unpin].sort(),
  };
}

/** The latest upload time that counts for a project. */
export function cutoffOf(
  { exclude_newer, exclude_newer_package: exceptions }: AskedOfIndex,
  name: string,
): Cutoff {
  return exceptions.has(name) ? exceptions.get(name)! : exclude_newer;
}

function readName(text: string): Outcome<string> {
  if (isName(text)) return { ok: true, value: canonicalName(text) };
  return { ok: false, issues: [invalidName({ name: text })] };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i;

/** The last millisecond of a day in UTC, or of a moment as RFC 3339. */
function readCutoff(text: string | false): Outcome<Cutoff> {
  if (text === false) return { ok: true, value: null };
  const moment = Date.parse(text);
  const isDay = DAY.test(text) && !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text);
  if (isDay) return { ok: true, value: moment + 86_400_000 - 1 };
  if (MOMENT.test(text) && !Number.isNaN(moment)) return { ok: true, value: moment };
  return { ok: false, issues: [invalidCutoff({ cutoff: text })] };
}
