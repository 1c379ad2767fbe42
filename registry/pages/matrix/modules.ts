/** Rows of the standard library's modules, from what was measured in the Pyodide of each column. */
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { type Library, libraryOf } from '../stdlib/library.ts';
import { type Column, dayWords } from './columns.ts';
import type { Row } from './matrix.ts';
import type { Verdict } from './verdict.ts';

export interface ModuleCell {
  /** `part`: it can be imported, but not everything in it works. `absent`: that Python has no such module. */
  is: 'works' | 'part' | 'missing' | 'absent' | 'unknown';
  /** What does not work; each continues "it cannot …". */
  limits: readonly string[];
}

export interface ModuleRow {
  name: string;
  cells: ModuleCell[];
}

/**
 * One row for each top-level module, by name. `members` are modules that some sets have as members: the Pyodide of such
 * a set provides the module too.
 */
export function moduleRows(columns: readonly Column[], members: readonly Row[]): ModuleRow[] {
  const libraries = librariesOf(columns);
  const memberOf = new Map(members.map((member) => [member.name, member]));
  const names = new Set(memberOf.keys());
  for (const library of libraries) {
    for (const name of [...(library?.modules ?? []), ...(library?.missing ?? [])]) {
      if (!name.includes('.')) names.add(name);
    }
  }
  return [...names].sort().map((name) => rowOf(name, libraries, memberOf.get(name)));
}

/** The row of one module; null if no Python of the columns has a module of that name. */
export function moduleRow(
  columns: readonly Column[],
  member: Row | undefined,
  name: string,
): ModuleRow | null {
  const libraries = librariesOf(columns);
  const isKnown = libraries.some((library) => library?.modules.has(name) || library?.missing.has(name));
  return member || (isKnown && !name.includes('.')) ? rowOf(name, libraries, member) : null;
}

const librariesOf = (columns: readonly Column[]) =>
  columns.map(({ target }) => libraryOf(target.runtime.pyodide));

function rowOf(name: string, libraries: readonly (Library | null)[], member: Row | undefined): ModuleRow {
  const cells = libraries.map((library, at): ModuleCell => {
    return member?.cells[at]?.is === 'own' ? { is: 'works', limits: [] } : cellOf(name, library);
  });
  return { name, cells };
}

/** A module in a runtime's standard library; null for a library that was not measured. */
export function cellOf(name: string, library: Library | null): ModuleCell {
  if (!library) return { is: 'unknown', limits: [] };
  if (library.modules.has(name)) {
    const limits = (library.limitsOf.get(name) ?? []).map(({ does }) => does);
    return { is: limits.length > 0 ? 'part' : 'works', limits };
  }
  return { is: library.missing.has(name) ? 'missing' : 'absent', limits: [] };
}

interface ModuleVerdict extends Pick<Verdict, 'is' | 'at'> {
  verdict: string;
}

/** For today's Python; if it does not have the module, for the last or the next one that does. */
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
