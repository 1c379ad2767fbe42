/** Which compatibility flags are on at one date and off at another, and from when on. */
import type { CatalogFlag } from '../catalog.ts';
import { enabledFields } from '../compatibility/flags.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { FlagSwitch } from './answers.ts';

/** `named` are the flags that are named at both dates. Going back in time, flags turn off. */
export function flagSwitches(
  view: CatalogView,
  named: ReadonlySet<string>,
  from: string,
  to: string,
): FlagSwitch[] {
  const [earlier, later] = from < to ? [from, to] : [to, from];
  let before = enabledFields(view.flags, named, earlier);
  const switches: FlagSwitch[] = [];
  for (const date of flagDates(view, earlier, later)) {
    const on = enabledFields(view.flags, named, date);
    for (const fact of view.flags) {
      if (fact.enable === null || !on.has(fact.field) || before.has(fact.field)) continue;
      switches.push({
        flag: fact.enable,
        on: from < to,
        date,
        implied_by: implyingFlags(view, fact, on, date),
        disable: fact.disable,
        python: /python/i.test(fact.field + fact.enable),
      });
    }
    before = on;
  }
  return switches.sort((a, b) => Number(b.python) - Number(a.python));
}

/** The days after `earlier`, up to `later`, from which on some flag is on, in order. */
function flagDates(view: CatalogView, earlier: string, later: string): string[] {
  const dates = new Set<string>();
  for (const { enable_date, implied_date } of view.flags) {
    for (const date of [enable_date, implied_date]) {
      if (date !== null && date > earlier && date <= later) dates.add(date);
    }
  }
  return [...dates].sort();
}

function implyingFlags(
  view: CatalogView,
  { enable_date, implied_by }: CatalogFlag,
  on: ReadonlySet<string>,
  date: string,
): string[] {
  if (enable_date !== null && enable_date <= date) return [];
  return view.flags.flatMap(({ field, enable }) =>
    enable !== null && implied_by.includes(field) && on.has(field) ? [enable] : [],
  );
}
