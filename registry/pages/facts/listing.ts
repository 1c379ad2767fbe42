/** The data of the pages of sets and of runtimes, for HTML and text. */

import { FIRST_DATE } from '../../../resolver/compatibility/date.ts';
import { findFlagChange } from '../../../resolver/compatibility/flag-change.ts';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { selectRelease } from '../../../resolver/compatibility/workerd.ts';
import { dateThatGives } from '../../../resolver/formats/copy-blocks.ts';
import {
  type CatalogView,
  type Outcome,
  selectTarget,
  type Target,
  type TargetQuestion,
} from '../../../resolver/index.ts';
import type { PinnedFile } from '../../../resolver/pinned-files.ts';
import type { CatalogSet } from '../../../resolver/schemas.ts';
import { groupedBy } from '../../../resolver/sorted-by.ts';
import { listRuntimes, type RuntimeDescription } from '../../facts/runtimes.ts';
import { isListed } from '../components/words.ts';
import { type Column, columnsOf } from '../matrix/columns.ts';
import { newestFirst } from '../matrix/matrix.ts';

/** The sets of each Python, the newest Python and the newest set first. */
export function setsByPython(sets: Iterable<CatalogSet>): [python: string, sets: CatalogSet[]][] {
  const byPython = [...groupedBy(newestFirst(sets), ({ python }) => minorOf(python))];
  return byPython.sort(([a], [b]) => Number(b.slice(2)) - Number(a.slice(2)));
}

/** The compatibility dates that select each set without its flag, in words, by package flag. */
export function datesBySet(view: CatalogView, asOf: string): (flag: string) => SetDates[] {
  const columns = columnsOf(view, asOf);
  return (flag) => columns.filter(({ set }) => set.flag === flag).map(datesOf);
}

export interface SetDates {
  text: string;
  /** Whether the day of the question is among the dates. */
  isNow: boolean;
}

/** The period of a column, in words. */
export function datesOf({ from, to, is }: Column): SetDates {
  const announced = is === 'announced' ? 'announced: ' : '';
  if (to === null) return { text: `${announced}${announced ? 'from' : 'since'} ${from}`, isNow: !announced };
  if (is === 'today') return { text: `since ${from}; announced to end on ${to}`, isNow: true };
  return { text: announced + (from === FIRST_DATE ? `until ${to}` : `${from} to ${to}`), isNow: false };
}

/** By the revisions of sets. */
export function packageCounts(files: readonly PinnedFile[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const revision of files.filter(isListed).flatMap(({ sets }) => sets)) {
    counts.set(revision, (counts.get(revision) ?? 0) + 1);
  }
  return counts;
}

export interface WorkerdRuntime extends RuntimeDescription {
  /** Whether a Worker of the day gets the runtime without a flag. */
  isDefault: boolean;
  /** The compatibility flags that select it on the day; null if they need `--experimental`. */
  flags: string[] | null;
  /** The number of package sets for the runtime's ABI. */
  sets: number;
}

/** workerd's runtimes, the newest first, and last those that cannot be selected on the day. */
export function workerdRuntimes(view: CatalogView, asOf: string): WorkerdRuntime[] {
  const today = selectRelease(view, asOf, new Set(['python_workers']))?.release.id;
  const included = listRuntimes(view).filter(({ workerd_bundle }) => workerd_bundle !== null);
  const listed = included.reverse().map((runtime) => ({
    ...runtime,
    isDefault: runtime.id === today,
    flags: findFlagChange(view, asOf, ['python_workers'], { id: runtime.id })?.flags ?? null,
    sets: [...view.sets.values()].filter(({ abi }) => abi === runtime.abi).length,
  }));
  return listed.sort((a, b) => Number(a.flags === null) - Number(b.flags === null));
}

/** The question as of the day of the set that it names, if that is later: the set is announced. */
export function onItsDay(view: CatalogView, question: TargetQuestion): TargetQuestion {
  const released = question.compatibility_flags.map((flag) => view.sets.get(flag)?.released ?? '');
  return { ...question, as_of: [question.as_of, ...released].sort().at(-1)! };
}

/**
 * The target of the set that a page is about, with the date and the flags of its lines to copy: otherwise, its remarks
 * would tell people to add what these lines have.
 */
export function settledTarget(view: CatalogView, question: TargetQuestion): Outcome<Target> {
  const target = selectTarget(view, question);
  if (!target.ok || question.compatibility_date !== null) return target;
  const { compatibility_date, workerd_flags, package_set } = target.value;
  const settled = selectTarget(view, {
    ...question,
    compatibility_date: dateThatGives(view, target.value) ?? compatibility_date,
    compatibility_flags: [...workerd_flags, package_set.flag],
  });
  return settled.ok ? settled : target;
}
