/** Rows of the standard library's modules, from what was measured in the Pyodide of each column. */
import { type Library, libraryOf } from '../stdlib/library.ts';
import type { Column } from './columns.ts';
import type { Row } from './matrix.ts';

export interface ModuleCell {
  /** `part`: it can be imported, and something in it cannot be done. `absent`: that Python has no such module. */
  is: 'works' | 'part' | 'missing' | 'absent' | 'unknown';
  /** What cannot be done; each continues "it cannot …". */
  limits: readonly string[];
}

export interface ModuleRow {
  name: string;
  cells: ModuleCell[];
}

/**
 * One row for each module at the top level, by name. `members` are the modules that some sets have as members of
 * their own: where a set does, the module comes with Python too.
 */
export function moduleRows(columns: readonly Column[], members: readonly Row[]): ModuleRow[] {
  const libraries = columns.map(({ target }) => libraryOf(target.runtime.pyodide));
  const cellsOf = new Map(members.map(({ name, cells }) => [name, cells]));
  const names = new Set(cellsOf.keys());
  for (const library of libraries) {
    for (const name of [...(library?.modules ?? []), ...(library?.missing ?? [])]) {
      if (!name.includes('.')) names.add(name);
    }
  }
  return [...names].sort().map((name) => ({
    name,
    cells: libraries.map((library, at): ModuleCell => {
      return cellsOf.get(name)?.[at]?.is === 'own' ? { is: 'works', limits: [] } : cellOf(name, library);
    }),
  }));
}

/** What a runtime's standard library has of a module; null for one that was not measured. */
export function cellOf(name: string, library: Library | null): ModuleCell {
  if (!library) return { is: 'unknown', limits: [] };
  if (library.modules.has(name)) {
    const limits = (library.limitsOf.get(name) ?? []).map(({ does }) => does);
    return { is: limits.length > 0 ? 'part' : 'works', limits };
  }
  return { is: library.missing.has(name) ? 'missing' : 'absent', limits: [] };
}
