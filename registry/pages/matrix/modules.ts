/** Rows of the standard library's modules, from what was measured in the Pyodide of each column. */
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { libraryOf, type ModuleState } from '../facts/library.ts';
import { type Column, dayWords } from './columns.ts';
import type { Row } from './matrix.ts';
import type { Verdict } from './verdict.ts';

/** `unknown`: the library of that Python was not measured. */
export interface ModuleCell extends Pick<ModuleState, 'limits'> {
  is: ModuleState['is'] | 'unknown';
}

export interface ModuleRow {
  name: string;
  cells: ModuleCell[];
}

/**
 * One row for each module, by name. `members` are modules that some sets have as members: the Pyodide of such
 * a set provides the module too.
 */
export function moduleRows(columns: readonly Column[], members: readonly Row[]): ModuleRow[] {
  const memberOf = new Map(members.map((member) => [member.name, member]));
  const modules = librariesOf(columns).flatMap((library) => library?.modules ?? []);
  const names = new Set([...memberOf.keys(), ...modules]);
  return [...names].sort().map((name) => moduleRow(columns, memberOf.get(name), name));
}

export function moduleRow(columns: readonly Column[], member: Row | undefined, name: string): ModuleRow {
  const cells = librariesOf(columns).map((library, at): ModuleCell => {
    if (member?.cells[at]?.is === 'own') return { is: 'works', limits: [] };
    return library?.stateOf(name) ?? { is: 'unknown', limits: [] };
  });
  return { name, cells };
}

const librariesOf = (columns: readonly Column[]) =>
  columns.map(({ target }) => libraryOf(target.runtime.pyodide));

interface ModuleVerdict extends Pick<Verdict, 'is' | 'at'> {
  verdict: string;
}

/** The verdict for today's Python; if that lacks the module, for the last or the next Python that has it. */
export function moduleVerdict(columns: readonly Column[], cells: readonly ModuleCell[]): ModuleVerdict {
  const today = columns.findIndex(({ is }) => is === 'today');
  const now = cells[today];
  const { of } = dayWords(columns);
  if (now?.is === 'works') {
    return { is: 'yes', verdict: 'A module of the standard library: it comes with Python.', at: today };
  }
  if (now?.is === 'part') {
    const limits = printable(now.limits.join('; it cannot '));
    const verdict = `A module of the standard library that works in part: it cannot ${limits}.`;
    return { is: 'flag', verdict, at: today };
  }
  const has = ({ is }: ModuleCell) => is === 'works' || is === 'part';
  const last = cells.findLastIndex((cell, at) => at < today && has(cell));
  const at = last >= 0 ? last : cells.findIndex(has);
  const column = columns[at];
  if (!column) {
    const verdict =
      now?.is === 'unknown'
        ? `It was not measured whether ${of('Python')} has this module of the standard library.`
        : 'A module of the standard library that the Python of Workers does not have: no compatibility date provides it.';
    return { is: 'no', verdict, at: null };
  }
  const python = `Python ${minorOf(column.target.runtime.python)}`;
  const when =
    at < today ? `last on ${column.to}, with ${python}` : `announced for ${column.from}, with ${python}`;
  return { is: 'no', verdict: `A module of the standard library, but not in ${of('Python')}; ${when}.`, at };
}
