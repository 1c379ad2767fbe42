/** The part of Python's standard library that a runtime has, and the features that do not work there. */
import { minorOf } from '../compatibility/view.ts';
import { compareVersions, parseVersion } from '../requirements/version.ts';
import type { Measurement, StandardLibrary, StandardLibraryFacts } from './standard-library-document.ts';

/** A feature of modules that does not work, with Pyodide's error; null if it cannot be tried outside of workerd. */
export type Limit = Omit<StandardLibraryFacts['attempts'][number], 'code'> & { error: string | null };

export type ModuleStatus =
  | { is: 'here' }
  /** Python has it, but this runtime cannot import it. */
  | { is: 'failing'; error: string }
  /** A module of the standard library has nothing of that name below it. */
  | { is: 'absent'; package: string }
  /** Older Pythons had it, up to `python`. */
  | { is: 'removed'; python: string }
  /** Newer Pythons have it, from `python` on. */
  | { is: 'newer'; python: string }
  /** The module has a name of Python 2. */
  | { is: 'renamed'; to: string };

export class StandardLibraryView {
  readonly limits: readonly Limit[];
  readonly modules: ReadonlySet<string>;
  readonly #measurement: Measurement;
  readonly #others: readonly Measurement[];
  readonly #facts: StandardLibraryFacts;
  /** The last Python that had a name which its module no longer has. */
  readonly #left: ReadonlyMap<string, string>;
  /** The most parts that the name of a known module has. */
  readonly #deepest: number;

  constructor(
    facts: StandardLibraryFacts,
    { measurements }: StandardLibrary,
    runtime: { pyodide: string; python: string },
  ) {
    const measurement =
      measurementOf(measurements, runtime.pyodide) ??
      measurements.findLast(({ python }) => minorOf(python) === minorOf(runtime.python)) ??
      measurements.at(-1)!;
    this.modules = new Set(measurement.modules);
    this.limits = limitsOf(facts, measurement, runtime.pyodide);
    this.#measurement = measurement;
    this.#others = measurements.filter((other) => minorOf(other.python) !== minorOf(measurement.python));
    this.#facts = facts;
    const left = facts.left?.filter(({ python }) => compareNumbers(python, this.python) <= 0) ?? [];
    this.#left = new Map(
      left.flatMap(({ python, names }) => names.map((name) => [name, minorBefore(python)] as const)),
    );
    this.#deepest = deepestOf([
      ...measurements.flatMap(modulesOf),
      ...facts.removed.flatMap(modulesOf),
      ...Object.keys(facts.renamed.names),
    ]);
  }

  get python(): string {
    return minorOf(this.#measurement.python);
  }

  /** The public modules that can be imported without a dot. */
  topLevel(): string[] {
    return [...this.modules].filter((name) => !name.includes('.') && !name.startsWith('_'));
  }

  /** The outcome of `import name`; null if no standard library has ever had it. */
  status(name: string): ModuleStatus | null {
    // No known module has more parts: below that, the outcome stays the same.
    const [first, ...others] = name.split('.', this.#deepest + 1);
    let parent = first!;
    let status = this.#direct(parent) ?? this.#inOtherPythons(parent);
    for (const part of others) {
      const module = `${parent}.${part}`;
      status = this.#direct(module) ?? this.#below(parent, module, status);
      parent = module;
    }
    return status;
  }

  /** The status of a module that was not measured, from that of its parent. */
  #below(parent: string, module: string, status: ModuleStatus | null): ModuleStatus | null {
    if (status?.is !== 'here') return status;
    // Below these, not every module was tried.
    if (/^encodings\.|(?:^|\.)_/.test(module)) return status;
    return this.#inOtherPythons(module) ?? { is: 'absent', package: parent };
  }

  /** The outcome of `from module import name` if `name` is a module, or was in an older Python; else null. */
  statusOfMember(module: string, name: string): ModuleStatus | null {
    const whole = `${module}.${name}`;
    const left = this.#left.get(whole);
    if (left !== undefined) return { is: 'removed', python: left };
    return this.#direct(whole) ?? (this.modules.has(module) ? this.#inOtherPythons(whole) : null);
  }

  /** Whether a module of an older Python had what a dotted name stands for. */
  hasLeft(name: string): boolean {
    return this.#left.has(name);
  }

  #direct(name: string): ModuleStatus | null {
    if (this.modules.has(name)) return { is: 'here' };
    const error = Object.hasOwn(this.#measurement.failing, name)
      ? this.#measurement.failing[name]
      : undefined;
    return error === undefined ? null : { is: 'failing', error };
  }

  #inOtherPythons(name: string): ModuleStatus | null {
    const pythons = (has: (other: Measurement) => boolean) =>
      this.#others.filter(has).map(({ python }) => minorOf(python));
    const earlier = pythons(({ modules, failing }) => modules.includes(name) || Object.hasOwn(failing, name));
    const last = earlier.findLast((python) => compareNumbers(python, this.python) < 0);
    if (last !== undefined) return { is: 'removed', python: last };
    const later = pythons(({ modules }) => modules.includes(name)).find(
      (python) => compareNumbers(python, this.python) > 0,
    );
    if (later !== undefined) return { is: 'newer', python: later };
    const gone = this.#facts.removed.find(({ modules }) => modules.includes(name));
    if (gone) return { is: 'removed', python: minorBefore(gone.python) };
    const { names } = this.#facts.renamed;
    return Object.hasOwn(names, name) ? { is: 'renamed', to: names[name]! } : null;
  }
}

/** The measurement of a Pyodide itself, not of one like it. */
export function measurementOf<Measured extends { pyodides: readonly { pyodide: string }[] }>(
  measurements: readonly Measured[],
  pyodide: string,
): Measured | undefined {
  return measurements.find(({ pyodides }) => pyodides.some((measured) => measured.pyodide === pyodide));
}

function modulesOf({ modules, failing = {} }: { modules: readonly string[]; failing?: object }): string[] {
  return [...modules, ...Object.keys(failing)];
}

function deepestOf(modules: readonly string[]): number {
  return modules.reduce((deepest, module) => Math.max(deepest, module.split('.').length), 1);
}

function limitsOf(
  { attempts, limits }: StandardLibraryFacts,
  measured: Measurement,
  pyodide: string,
): Limit[] {
  const failed = attempts.flatMap(({ code: _, ...limit }): Limit[] => {
    const error = measured.attempts[limit.id] ?? null;
    return error === null ? [] : [{ ...limit, error }];
  });
  const hold = limits.filter(
    ({ from, before }) =>
      (from === null || compareNumbers(pyodide, from) >= 0) &&
      (before === null || compareNumbers(pyodide, before) < 0),
  );
  return [...failed, ...hold.map((limit): Limit => ({ ...limit, unless: null, error: null }))];
}

function minorBefore(python: string): string {
  return python.replace(/\d+$/, (minor) => String(Number(minor) - 1));
}

/** A suffix of a version, as in `0.26.0a2`, makes no difference. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => parseVersion(/^[\d.]+/.exec(version)![0])!);
  return compareVersions(left!, right!);
}
