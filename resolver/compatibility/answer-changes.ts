/** Which answers a publication changes: asks two views of a catalog the same questions, day by day. */
import { changeDays } from './change-days.ts';
import { addDays } from './date.ts';
import { selectTarget } from './target.ts';
import { type CatalogView, PYTHON_WORKERS_FIELD } from './view.ts';

/** The part of a target that deployments depend on. */
export interface Selected {
  pyodide: string;
  python: string;
  package_set: string;
  /** The Python that the target was moved forward from. */
  moved_from: string | null;
}

/** Compatibility dates with a different answer for some flags. */
export interface AnswerChange {
  compatibility_flags: string[];
  from: string;
  /** The last date; null if there is no end. */
  until: string | null;
  /** The day of the question; for later dates, the date itself. */
  as_of: string;
  /** Null if there is no answer. */
  before: Selected | null;
  after: Selected | null;
}

/** The last compatibility date of all. */
const LAST_DATE = '2999-12-31';

/**
 * Every answer that differs, for the flags that select each runtime and for each package flag, as of `today` and each
 * day on which the support of a Python ends.
 * @param before null if nothing was published yet
 */
export function answerChanges(before: CatalogView | null, after: CatalogView, today: string): AnswerChange[] {
  const views = before ? [before, after] : [after];
  const dates = distinct([...views.flatMap((view) => changeDays(view, LAST_DATE)), today]);
  const ends = views.flatMap(({ pythons }) => pythons.map(({ supported_until }) => supported_until));
  const asOfs = distinct([today, ...ends]);
  const lists = [
    ...views.flatMap(runtimeFlags).map((flags) => ({ flags, asked: dates })),
    // For a pinned set, only the runtime depends on the date.
    ...views.flatMap(({ sets }) => [...sets.keys()]).map((flag) => ({ flags: [flag], asked: [today] })),
  ];
  const seen = new Set<string>();
  return lists.flatMap(({ flags, asked }) =>
    asOfs.flatMap((as_of) => {
      const changes = changesOf(before, after, flags, asked, as_of);
      return changes.filter(({ as_of: _, ...change }) => {
        const key = JSON.stringify(change);
        return !seen.has(key) && seen.add(key);
      });
    }),
  );
}

/** Whether a change affects an answer that existed by `day`. A new answer affects nobody. */
export function changesPast({ from, as_of, before }: AnswerChange, day: string): boolean {
  return before !== null && from <= day && as_of <= day;
}

/** Such as `Python 3.13.2 (Pyodide 0.28.2) with python_3.13_packages_2025_08_08`. */
export function selectedText(selected: Selected | null): string {
  if (!selected) return 'no answer';
  const { python, pyodide, package_set, moved_from } = selected;
  const moved = moved_from === null ? '' : `, moved forward from Python ${moved_from}`;
  return `Python ${python} (Pyodide ${pyodide}) with ${package_set}${moved}`;
}

function changesOf(
  before: CatalogView | null,
  after: CatalogView,
  compatibility_flags: string[],
  dates: readonly string[],
  as_of: string,
): AnswerChange[] {
  const changes: AnswerChange[] = [];
  let last: AnswerChange | undefined;
  let key = '';
  for (const from of dates) {
    const was = before && selected(before, compatibility_flags, from, as_of);
    const is = selected(after, compatibility_flags, from, as_of);
    const here = JSON.stringify([was, is]);
    if (here === key) continue;
    if (last) last.until = addDays(from, -1);
    key = here;
    last = isEqual(was, is)
      ? undefined
      : { compatibility_flags, from, until: null, as_of, before: was, after: is };
    if (last) changes.push(last);
  }
  return changes;
}

function selected(
  view: CatalogView,
  compatibility_flags: string[],
  compatibility_date: string,
  as_of: string,
): Selected | null {
  const asked = compatibility_date > as_of ? compatibility_date : as_of;
  const question = { compatibility_date, compatibility_flags, as_of: asked, experimental: true };
  const target = selectTarget(view, question);
  if (!target.ok) return null;
  const { runtime, package_set, moved_forward } = target.value;
  const { pyodide, python } = runtime;
  return { pyodide, python, package_set: package_set.flag, moved_from: moved_forward?.from ?? null };
}

function isEqual(a: Selected | null, b: Selected | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** `python_workers` alone, and for each runtime, the flags that select it at any date. */
function runtimeFlags({ runtimeFlags, releases }: CatalogView): string[][] {
  const base = runtimeFlags.find(({ field }) => field === PYTHON_WORKERS_FIELD)?.enable;
  if (!base) return [];
  const ofReleases = runtimeFlags.filter(({ field }) => releases.has(field));
  return [
    [base],
    ...ofReleases.map(({ enable, ordinal }) => {
      const newer = ofReleases.filter((other) => other.ordinal > ordinal);
      return [...new Set([base, enable ?? base, ...newer.flatMap(({ disable }) => disable ?? [])])];
    }),
  ];
}

function distinct(days: readonly string[]): string[] {
  return [...new Set(days)].sort();
}
