/** The answers that a publication changes: asks two views of a catalog the same questions, day by day. */
import type { AnswerChange, Selected } from '../answer.ts';
import type { CatalogFlag } from '../catalog.ts';
import { groupedBy } from '../sorted-by.ts';
import { changeDays } from './change-days.ts';
import { addDays } from './date.ts';
import { selectTarget } from './target.ts';
import { type CatalogView, PYTHON_WORKERS_FIELD } from './view.ts';

const LAST_DATE = '2999-12-31';

/**
 * Every answer that differs, for the flags that select each runtime, for each flag that would be rejected and each
 * package flag that there was, as of `today` and each day on which the support of a Python ends.
 * @param before null if nothing was published yet
 */
export function answerChanges(before: CatalogView | null, after: CatalogView, today: string): AnswerChange[] {
  const views = before ? [before, after] : [after];
  const ends = views.flatMap(({ pythons }) => pythons.map(({ supported_until }) => supported_until));
  // A later date is asked on its own day, when the support may have ended.
  const dates = distinct([...views.flatMap((view) => changeDays(view, LAST_DATE)), today, ...ends]);
  const asOfs = distinct([today, ...ends]);
  const seen = new Set<string>();
  const changes = views.flatMap(runtimeFlags).flatMap((flags) =>
    asOfs.flatMap((as_of) =>
      changesOf(before, after, flags, dates, as_of).filter(({ as_of: _, ...change }) => {
        const key = JSON.stringify(change);
        return !seen.has(key) && seen.add(key);
      }),
    ),
  );
  const others = changes.filter((change) => !changes.some((other) => covers(other, change)));
  if (!before) return others;
  return [
    ...others,
    ...rejectedChanges(before, after, dates, today),
    ...pinnedChanges(before, after, dates, today),
  ];
}

/** A flag that is unknown now, or that needs `--experimental`, is an error at any date. */
function rejectedChanges(
  before: CatalogView,
  after: CatalogView,
  dates: readonly string[],
  today: string,
): AnswerChange[] {
  const base = baseOf(before);
  if (base === null) return [];
  const isAccepted = ({ flagByName }: CatalogView, name: string) => {
    const known = flagByName.get(name);
    return known !== undefined && !(known.fact.experimental && known.side === 'enable');
  };
  const rejected = [...before.flagByName.keys()].filter(
    (name) => isAccepted(before, name) && !isAccepted(after, name),
  );
  // Without it, there is no answer with other flags either.
  const names = rejected.includes(base) ? [base] : rejected;
  const decides = new Set(before.runtimeFlags.flatMap(({ enable, disable }) => [enable, disable]));
  // Flags that do not decide about the runtime all have the same answers.
  const alike = groupedBy(names, (name) => (decides.has(name) ? name : ''));
  return [...alike.values()].flatMap((same) => {
    const changes = changesOf(before, after, [...new Set([base, same[0]!])], dates, today, false);
    return same.flatMap((name) =>
      changes.map((change) => ({ ...change, compatibility_flags: [...new Set([base, name])] })),
    );
  });
}

/** Whether a change that is asked about later has another with it, whose dates are asked on their own days. */
function covers(later: AnswerChange, { as_of, from, until, ...rest }: AnswerChange): boolean {
  const { as_of: asked, from: first, until: last, ...same } = later;
  const within = first <= from && (last === null || (until !== null && until <= last));
  return asked > as_of && asked <= from && within && JSON.stringify(same) === JSON.stringify(rest);
}

/** The support window moves no pinned set, so that the day of the question does not matter. */
function pinnedChanges(
  before: CatalogView,
  after: CatalogView,
  dates: readonly string[],
  today: string,
): AnswerChange[] {
  // A selection differs only in the set's name among sets of one runtime, so one flag of each group is compared.
  const runtimeOf = ({ sets }: CatalogView, flag: string) => {
    const set = sets.get(flag);
    return set && [set.python, set.abi, set.runtime];
  };
  const alike = groupedBy(before.sets.keys(), (flag) =>
    JSON.stringify([runtimeOf(before, flag), runtimeOf(after, flag)]),
  );
  return [...alike.values()].flatMap((flags) => {
    const changes = changesOf(before, after, [flags[0]!], dates, today);
    const named = (selected: Selected | null, flag: string) => selected && { ...selected, package_set: flag };
    return flags.flatMap((flag) =>
      changes.map((change) => ({
        ...change,
        compatibility_flags: [flag],
        before: named(change.before, flag),
        after: named(change.after, flag),
      })),
    );
  });
}

/** Whether a change affects an answer that existed by `day`. A new answer affects nobody. */
export function changesPast({ from, as_of, before }: AnswerChange, day: string): boolean {
  return before !== null && from <= day && as_of <= day;
}

/** A selected target in words, such as `Python 3.13.2 (Pyodide 0.28.2) with python_3.13_packages_2025_08_08`. */
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
  experimental = true,
): AnswerChange[] {
  const changes: AnswerChange[] = [];
  let last: AnswerChange | undefined;
  let key = '';
  for (const from of dates) {
    const was = before && selected(before, compatibility_flags, from, as_of, experimental);
    const is = selected(after, compatibility_flags, from, as_of, experimental);
    const here = JSON.stringify([was, is]);
    if (here === key) continue;
    if (last) last.until = addDays(from, -1);
    key = here;
    last = undefined;
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    last = { compatibility_flags, from, until: null, as_of, before: was, after: is };
    changes.push(last);
  }
  return changes;
}

function selected(
  view: CatalogView,
  compatibility_flags: string[],
  compatibility_date: string,
  as_of: string,
  experimental: boolean,
): Selected | null {
  const asked = compatibility_date > as_of ? compatibility_date : as_of;
  const question = { compatibility_date, compatibility_flags, as_of: asked, experimental };
  const target = selectTarget(view, question);
  if (!target.ok) return null;
  const { runtime, package_set, moved_forward } = target.value;
  const { pyodide, python } = runtime;
  return { pyodide, python, package_set: package_set.flag, moved_from: moved_forward?.from ?? null };
}

/** `python_workers` alone; the flags that select each runtime at any date; and each flag that implies one of these. */
function runtimeFlags(view: CatalogView): string[][] {
  const base = baseOf(view);
  if (base === null) return [];
  const ofReleases = view.runtimeFlags.filter(({ field }) => view.releases.has(field));
  const isImplying = ({ field }: CatalogFlag) =>
    field !== PYTHON_WORKERS_FIELD &&
    !view.releases.has(field) &&
    view.runtimeFlags.some(({ implied_by }) => implied_by.includes(field));
  return [
    [base],
    ...ofReleases.map(({ enable, ordinal }) => {
      const newer = ofReleases.filter((other) => other.ordinal > ordinal);
      return [...new Set([base, enable ?? base, ...newer.flatMap(({ disable }) => disable ?? [])])];
    }),
    ...view.runtimeFlags.filter(isImplying).map(({ enable }) => [...new Set([base, enable ?? base])]),
  ];
}

function baseOf({ runtimeFlags }: CatalogView): string | null {
  return runtimeFlags.find(({ field }) => field === PYTHON_WORKERS_FIELD)?.enable ?? null;
}

const distinct = (days: readonly string[]) => [...new Set(days)].sort();
