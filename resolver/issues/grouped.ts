/** Groups of a question's issues: requirements that fail for the same reason are told in one sentence. */
import { groupedBy } from '../sorted-by.ts';
import { listed } from '../text/printable.ts';
import type { Fix } from './fix.ts';
import { type FixOf, isMove } from './fixes.ts';

/**
 * `pinned`: the set pins another version. `unlisted`: the set has no such package, an index may have it, and no more is
 * known. `elsewhere`: it has no such package, and the same other set or date does. The others are the reasons to leave a
 * requirement out.
 */
export type GroupKind = 'pinned' | 'unlisted' | 'elsewhere' | FixOf<'leave_out'>['because'];

interface Grouping {
  code?: string | undefined;
  package?: string | undefined;
  fixes?: readonly Fix[] | undefined;
  package_set?: string | undefined;
}

export interface IssueGroup<Of> {
  /** Null for one issue alone. */
  kind: GroupKind | null;
  issues: Of[];
}

/** Fewer issues are read one by one, unless one change mends several. */
const LEAST = 5;
const MOST_NAMES = 30;

/** Groups, each in the place of its first issue. */
export function groupIssues<Of extends Grouping>(issues: readonly Of[]): IssueGroup<Of>[] {
  const isFew = issues.length < LEAST;
  const keyOf = (issue: Of) => {
    const kind = kindOf(issue);
    if (kind === 'elsewhere') return placesOf(issue);
    return isFew || kind === null ? issue : kind;
  };
  return [...groupedBy(issues, keyOf).values()].map((group) => {
    return { kind: group.length > 1 ? kindOf(group[0]!) : null, issues: group };
  });
}

function kindOf({ code, fixes = [], package_set: set }: Grouping): GroupKind | null {
  const leaveOut = fixes.find((fix) => fix.kind === 'leave_out');
  if (leaveOut) return leaveOut.because;
  if (code === 'version_conflict' && fixes.some(isPinned)) return 'pinned';
  // The host of a lock has no set.
  if (code !== 'unknown_package' || !set || fixes.length === 0) return null;
  if (fixes.every(isOfIndex)) return 'unlisted';
  return fixes.some(isMove) && fixes.every((fix) => isMove(fix) || fix.kind === 'advice')
    ? 'elsewhere'
    : null;
}

const movesOf = ({ fixes = [] }: Grouping) => fixes.filter(isMove);

/** The dates and sets to which the moves of an issue lead, as a key, without the packages that they have. */
const placesOf = (issue: Grouping) => JSON.stringify(movesOf(issue).map((move) => ({ ...move, has: [] })));

/** The fixes of a group that is elsewhere: each move has all its packages. */
export function sharedFixes(issues: readonly Grouping[]): Fix[] {
  const [first = {}] = issues;
  const shared = movesOf(first).map((move, at) => {
    const has = issues.flatMap((issue) => movesOf(issue)[at]!.has);
    return { ...move, has: [...new Map(has.map((version) => [version.name, version])).values()] };
  });
  return [...shared, ...issues.flatMap(({ fixes = [] }) => fixes.filter((fix) => !isMove(fix)))];
}

const isOfIndex = (fix: Fix) => fix.kind === 'use_index' && !fix.wheels && !fix.urls;

const isPinned = (fix: Fix): fix is FixOf<'set_requirement'> =>
  fix.kind === 'set_requirement' && fix.because === 'pinned';

const HEADS = {
  cannot_run: 'requirements cannot run in a Worker',
  not_needed: 'requirements are not needed in a Worker',
  provided: 'requirements are modules of the runtime, not packages',
};

export function groupMessage({ kind, issues }: IssueGroup<Grouping>): string {
  const fixes = issues.flatMap(({ fixes = [] }) => fixes);
  if (kind === null || kind === 'pinned') {
    const pins = new Map(fixes.filter(isPinned).map(({ name, requirement }) => [name, requirement]));
    return `${issues.length} requirements differ from the pins of ${issues[0]!.package_set}: ${listed([...pins.values()], MOST_NAMES)}.`;
  }
  if (kind === 'unlisted' || kind === 'elsewhere') {
    const names = [...new Set(issues.map((issue) => issue.package ?? ''))];
    return `${issues.length} requirements are not in the package set ${issues[0]!.package_set}: ${listed(names, MOST_NAMES)}.`;
  }
  const leftOut = fixes.filter((fix) => fix.kind === 'leave_out');
  const reasons = groupedBy(leftOut, ({ why, instead }) => `${why}.${instead === null ? '' : ` ${instead}`}`);
  const lines = [...reasons].map(([reason, same]) => {
    return `${[...new Set(same.map(({ name }) => name))].join(', ')}: ${reason}`;
  });
  return [`${issues.length} ${HEADS[kind]}:`, ...lines].join('\n');
}
