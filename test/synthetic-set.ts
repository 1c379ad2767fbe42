import type { PackageSet } from '../resolver/catalog.ts';

/** Before the first Pyodide whose set is registered, so that no real set has such a date. */
const FIRST = Date.UTC(2010, 0, 1);
const DAY_MS = 86_400_000;

/** A set that is reached by its flag alone, with the members of a real one; another for each `index`. */
export function syntheticSet(base: PackageSet, index: number): PackageSet {
  const released = new Date(FIRST + index * DAY_MS).toISOString().slice(0, 10);
  const python = base.python.split('.', 2).join('.');
  const flag = `python_${python}_packages_${released.replaceAll('-', '_')}`;
  return { ...base, flag, released, default_from: null };
}
