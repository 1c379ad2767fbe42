/** The state of each standard-library module in a runtime, from measurements and known facts. */
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import { type Limit, measurementOf, StandardLibraryView } from '../../../resolver/python/standard-library.ts';
import { documents } from '../../facts/standard-library.ts';

const { facts, measured } = documents;

export interface ModuleState {
  /** `part`: it can be imported, but not everything in it works. `absent`: that Python has no such module. */
  is: 'works' | 'part' | 'missing' | 'absent';
  /** Things that the module cannot do; each continues "it cannot …". */
  limits: readonly string[];
}

export interface Library {
  python: string;
  /** Every public module of that Python, at any depth. */
  modules: readonly string[];
  limits: readonly Limit[];
  stateOf: (module: string) => ModuleState;
}

/** Libraries by Pyodide: as many as were measured. */
const libraries = new Map<string, Library>();

/** The standard library of a Pyodide, or null if it was not measured. */
export function libraryOf(pyodide: string): Library | null {
  const known = libraries.get(pyodide);
  if (known) return known;
  const measurement = measurementOf(measured.measurements, pyodide);
  if (!measurement) return null;
  const { python, modules, failing } = measurement;
  const view = new StandardLibraryView(facts, measured, { pyodide, python });
  const limits = view.limits.filter(({ severity }) => severity === 'warning');
  const states = new Map<string, ModuleState>();
  for (const module of Object.keys(failing).filter(isPublic))
    states.set(module, { is: 'missing', limits: [] });
  for (const module of modules.filter(isPublic)) states.set(module, { is: 'works', limits: [] });
  for (const { names, about, does } of limits) {
    const limited = new Set([...names, ...about].map((name) => moduleOf(name, states)));
    for (const module of limited) {
      addLimit(states, module, does);
      let parent = parentOf(module);
      for (; parent !== '' && !limited.has(parent); parent = parentOf(parent)) {
        addLimit(states, parent, `${does} with ${module}`);
      }
    }
  }
  const stateOf = (module: string): ModuleState => states.get(module) ?? { is: 'absent', limits: [] };
  const library = { python, modules: [...states.keys()], limits, stateOf };
  libraries.set(pyodide, library);
  return library;
}

/** What is said of a module that the runtime provides, with what it cannot do there. */
export function withLimits(module: FixOf<'leave_out'>, pyodide: string): FixOf<'leave_out'> {
  const { limits } = libraryOf(pyodide)?.stateOf(module.name) ?? { limits: [] };
  return limits.length === 0 ? module : { ...module, instead: `It cannot ${limits.join('; it cannot ')}.` };
}

function addLimit(states: Map<string, ModuleState>, module: string, limit: string): void {
  const state = states.get(module);
  if (state) states.set(module, { is: 'part', limits: [...state.limits, limit] });
}

function parentOf(module: string): string {
  return module.slice(0, Math.max(0, module.lastIndexOf('.')));
}

/** The longest importable module that contains or is a dotted name; empty if there is none. */
function moduleOf(name: string, states: ReadonlyMap<string, ModuleState>): string {
  let module = name;
  while (module !== '' && (states.get(module)?.is ?? 'missing') === 'missing') module = parentOf(module);
  return module;
}

/** Names that begin with an underscore are private, and `__future__` is not. */
function isPublic(module: string): boolean {
  return module === '__future__' || !/(?:^|\.)_/.test(module);
}
