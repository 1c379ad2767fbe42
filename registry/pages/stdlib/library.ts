/** What works in each standard-library module of a runtime, from measurements and known facts. */

import factsDocument from '../../../data/standard-library/facts.json';
import measuredDocument from '../../../data/standard-library/measured.json';
import type {
  Measurement,
  StandardLibraryFacts,
} from '../../../resolver/python/standard-library-document.ts';

const facts: StandardLibraryFacts = factsDocument as StandardLibraryFacts;
const measurements = measuredDocument.measurements as unknown as Measurement[];

/** A feature that does not work in a runtime. */
export interface Limit {
  id: string;
  /** Continues `os.fork cannot …`. */
  does: string;
  /** Dotted names that need it, and modules for it. */
  names: readonly string[];
  instead: string | null;
}

export interface Library {
  python: string;
  /** Every public module, at any depth, that can be imported. */
  modules: ReadonlySet<string>;
  /** Those that cannot. */
  missing: ReadonlySet<string>;
  limits: readonly Limit[];
  /** The limits of each module that has any. */
  limitsOf: ReadonlyMap<string, readonly Limit[]>;
}

/** By Pyodide: as many as were measured. */
const libraries = new Map<string, Library>();

/** The standard library of a Pyodide, or null if it was not measured. */
export function libraryOf(pyodide: string): Library | null {
  const known = libraries.get(pyodide);
  if (known) return known;
  const measured = measurements.find(({ pyodides }) => pyodides.some((one) => one.pyodide === pyodide));
  if (!measured) return null;
  const library = libraryFrom(measured, pyodide);
  libraries.set(pyodide, library);
  return library;
}

function libraryFrom(measured: Measurement, pyodide: string): Library {
  const modules = new Set(measured.modules.filter(isPublic));
  const missing = new Set(Object.keys(measured.failing).filter(isPublic));
  const limits = limitsIn(measured, pyodide);
  const limitsOf = new Map<string, Limit[]>();
  for (const limit of limits) {
    for (const module of new Set(limit.names.map((name) => moduleOf(name, modules)))) {
      if (module !== null) limitsOf.set(module, [...(limitsOf.get(module) ?? []), limit]);
    }
  }
  return { python: measured.python, modules, missing, limits, limitsOf };
}

function limitsIn(measured: Measurement, pyodide: string): Limit[] {
  const failed = facts.attempts.filter(({ id, severity }) => measured.attempts[id] && severity === 'warning');
  const known = facts.limits.filter(
    ({ from, before }) =>
      (from === null || compareNumbers(pyodide, from) >= 0) &&
      (before === null || compareNumbers(pyodide, before) < 0),
  );
  return [...failed, ...known].map(({ id, does, names, about, instead }) => ({
    id,
    does,
    names: [...names, ...about],
    instead,
  }));
}

/** The longest importable module that contains or is a dotted name, or null. */
function moduleOf(name: string, modules: ReadonlySet<string>): string | null {
  for (let module = name; module !== ''; module = module.slice(0, Math.max(0, module.lastIndexOf('.')))) {
    if (modules.has(module)) return module;
  }
  return null;
}

function isPublic(module: string): boolean {
  return !/(?:^|\.)_/.test(module);
}

/** Compares versions by their numbers only: `0.26.0a2` is before `314.0.0`. */
function compareNumbers(a: string, b: string): number {
  const numbers = (text: string) => text.split(/\D+/).map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
