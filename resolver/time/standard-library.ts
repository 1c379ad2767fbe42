/** Modules of the standard library that are added and removed between two runtimes and their sets. */
import type { Member } from '../catalog.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import type { CompareAnswer } from './answers.ts';

/** The dotted names of the modules in a Pyodide's standard library; null if unknown. */
export type ReadModules = (pyodide: string) => Promise<readonly string[] | null>;

/** The part of `data/standard-library/measured.json` that is read here. */
interface Measured {
  measurements: readonly { pyodides: readonly { pyodide: string }[]; modules: readonly string[] }[];
}

/** The modules that can be imported without packages, and with the packages of the set. */
export interface Library {
  modules: readonly string[] | null;
  set: PreparedSet;
}

/**
 * Reads modules from the bundled measurements.
 * @example
 * ```ts
 * import measured from 'pinwheel-py/data/standard-library/measured.json' with { type: 'json' };
 * import { moduleReader } from 'pinwheel-py';
 * const readModules = moduleReader(measured);
 * (await readModules('0.28.2'))?.includes('ssl'); // → false
 * (await readModules('314.0.6'))?.includes('ssl'); // → true
 * ```
 */
export function moduleReader({ measurements }: Measured): ReadModules {
  const isOf = (pyodide: string) => (entry: { pyodide: string }) => entry.pyodide === pyodide;
  return async (pyodide) =>
    measurements.find(({ pyodides }) => pyodides.some(isOf(pyodide)))?.modules ?? null;
}

/**
 * By the top-level modules that can be imported, `_private` ones left out. Where the modules of a runtime are not
 * known, by the modules that are packages of one set alone.
 */
export function libraryChanges(from: Library, to: Library): CompareAnswer['standard_library'] {
  const lost = { removed: lostModules(from, to), added: lostModules(to, from) };
  if (to.modules === null) return { ...lost, built_in: [], reduced: [] };
  const here = new Set(to.modules);
  const gone = from.set.members.filter(
    ({ name, kind }) => kind === 'standard_library' && !to.set.index.has(name),
  );
  const namesWith = (is: (member: Member) => boolean) =>
    gone
      .filter(is)
      .map(({ name }) => name)
      .sort();
  return {
    ...lost,
    built_in: namesWith(({ imports }) => imports.some((module) => here.has(module))),
    reduced: namesWith(({ imports }) =>
      imports.every((module) => module.startsWith('_') && !here.has(module)),
    ),
  };
}

function lostModules(from: Library, to: Library): string[] {
  const bundled = from.set.members.filter(({ kind }) => kind === 'standard_library');
  if (from.modules === null || to.modules === null) {
    return bundled.flatMap(({ name }) => (to.set.index.has(name) ? [] : [name])).sort();
  }
  const kept = new Set(to.modules);
  for (const { imports } of to.set.members) for (const module of imports) kept.add(module);
  const had = new Set([...from.modules, ...bundled.flatMap(({ imports }) => imports)]);
  return [...had].filter((module) => /^[a-z][^.]*$/i.test(module) && !kept.has(module)).sort();
}
