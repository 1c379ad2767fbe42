/** Which compatibility flags are on at one date and off at another, and from when on. */
import type { CatalogFlag } from '../catalog.ts';
import { AUTO_INJECT_FIELD, type CatalogView, PYTHON_WORKERS_FIELD } from '../compatibility/view.ts';
import { sortedBy } from '../sorted-by.ts';
import type { FlagSwitch } from './answers.ts';

/** `named` are the flags that are named at both dates. Going back in time, flags turn off. */
export function flagSwitches(
  view: CatalogView,
  named: ReadonlySet<string>,
  from: string,
  to: string,
): FlagSwitch[] {
  const [earlier, later] = from < to ? [from, to] : [to, from];
  const since = enabledSince(view.flags, named);
  const fields = new Set(view.flags.flatMap(({ implied_by }) => implied_by));
  // Few flags imply another one.
  const implying = view.flags.filter(({ field }) => fields.has(field));
  const switches = view.flags.flatMap((fact): FlagSwitch[] => {
    const { field, enable: flag, disable } = fact;
    const date = since.get(field);
    if (flag === null || date === undefined || date <= earlier || date > later) return [];
    const implied_by = implyingFlags(implying, fact, since, date);
    return [{ flag, on: from < to, date, implied_by, disable, python: /python/i.test(field + flag) }];
  });
  return sortedBy(switches, ({ date, python }) => `${python ? 0 : 1} ${date}`);
}

/**
 * The first date on which each field is on, by the rules of `enabledFields`; the empty text for every date. A field
 * that is on stays on.
 */
function enabledSince(flags: readonly CatalogFlag[], named: ReadonlySet<string>): Map<string, string> {
  const since = new Map<string, string>();
  const add = (field: string, date: string) => {
    const known = since.get(field);
    if (known === undefined || date < known) since.set(field, date);
  };
  const isNamed = (name: string | null) => name !== null && named.has(name);
  for (const { field, enable, disable, enable_date } of flags) {
    if (isNamed(enable)) add(field, '');
    else if (enable_date !== null && !isNamed(disable)) add(field, enable_date);
  }
  const injected = since.get(AUTO_INJECT_FIELD);
  if (injected !== undefined) add(PYTHON_WORKERS_FIELD, injected);
  for (const { field, disable, implied_date, implied_by } of flags) {
    if (implied_date === null || isNamed(disable)) continue;
    for (const other of implied_by) {
      const date = since.get(other);
      if (date !== undefined) add(field, [date, implied_date].sort()[1]!);
    }
  }
  return since;
}

function implyingFlags(
  implying: readonly CatalogFlag[],
  { enable_date, implied_by }: CatalogFlag,
  since: ReadonlyMap<string, string>,
  date: string,
): string[] {
  if (enable_date !== null && enable_date <= date) return [];
  return implying.flatMap(({ field, enable }) => {
    const on = since.get(field);
    return enable !== null && implied_by.includes(field) && on !== undefined && on <= date ? [enable] : [];
  });
}
