/** The columns of the matrix: periods of compatibility dates with the same runtime and set. */

import { changeDays } from '../../../resolver/compatibility/change-days.ts';
import { addDays } from '../../../resolver/compatibility/date.ts';
import { embeddedIn } from '../../../resolver/compatibility/workerd.ts';
import { type CatalogView, selectTarget, type Target } from '../../../resolver/index.ts';
import type { CatalogSet } from '../../../resolver/schemas.ts';
import { targetSpans } from '../../../resolver/time/targets.ts';

/** The question that a Worker of a day asks without flags of its own. */
export const questionOn = (day: string) => ({
  ...{ compatibility_date: day, as_of: day },
  compatibility_flags: ['python_workers'],
});

/** Later than every date that a catalog can announce. */
const LAST_DATE = '9999-12-31';

export interface Column {
  from: string;
  /** The last date; null if no end is known. */
  to: string | null;
  is: 'past' | 'today' | 'announced';
  /** The day of the question, if that is not today. */
  day: string | null;
  /** The date for a wrangler file: today's, or the last of the period. */
  date: string;
  target: Target;
  set: CatalogSet;
  /** The last workerd that provided the packages of the set, and its month; null if none did. */
  embedded: { workerd: string; month: string } | null;
  /** The reason for which the set was yanked; null if it was not. */
  yanked: string | null;
}

/** The oldest first; those that are announced last, each as of its first day. `day` is `asOf` if that is not today. */
export function columnsOf(view: CatalogView, asOf: string, day: string | null = null): Column[] {
  const spans = targetSpans(view, { as_of: asOf });
  if (!spans.ok) return [];
  const columns = spans.value.map(({ from, to, value }): Column => {
    const is = to === asOf ? 'today' : 'past';
    return { from, to, is, day, date: to, ...partsOf(view, value) };
  });
  for (const first of changeDays(view, LAST_DATE).filter((day) => day > asOf)) {
    const target = selectTarget(view, questionOn(first));
    const before = columns.at(-1);
    if (!target.ok || (before && isAlike(before.target, target.value))) continue;
    if (before) before.to = addDays(first, -1);
    columns.push({
      from: first,
      to: null,
      is: 'announced',
      day,
      date: first,
      ...partsOf(view, target.value),
    });
  }
  const last = columns.at(-1);
  if (last) last.to = null;
  return columns;
}

export function todayOf(columns: readonly Column[]): Column | undefined {
  return columns.find(({ is }) => is === 'today');
}

/** How sentences name the day of the question. */
export function dayWords(columns: readonly Column[]): { on: string; of: (what: string) => string } {
  const day = columns[0]?.day ?? null;
  if (day === null) return { on: 'today', of: (what) => `today’s ${what}` };
  return { on: `on ${day}`, of: (what) => `the ${what} of ${day}` };
}

function partsOf(view: CatalogView, target: Target): Pick<Column, 'target' | 'set' | 'embedded' | 'yanked'> {
  const set = view.sets.get(target.package_set.flag)!;
  const yanked = view.yankedSets.get(set.flag)?.reason ?? null;
  const workerd = embeddedIn(view, set).at(-1);
  return { target, set, embedded: workerd ? { workerd, month: monthOf(workerd) } : null, yanked };
}

// Not `toLocaleDateString`, for which an isolate reads the tables of languages first.
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** The month of a workerd, such as `June 2026` of 1.20260609.1. */
function monthOf(workerd: string): string {
  const [, year = '', month = ''] = /^1\.(\d{4})(\d\d)/.exec(workerd) ?? [];
  return `${MONTHS[Number(month) - 1]} ${year}`;
}

function isAlike(a: Target, b: Target): boolean {
  return a.runtime.id === b.runtime.id && a.package_set.flag === b.package_set.flag;
}
