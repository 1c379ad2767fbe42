/** Two targets side by side: what changes from one compatibility date, or package flag, to another. */
import type { Target } from '../answer.ts';
import type { CatalogFlag, Member, MemberKind } from '../catalog.ts';
import { explain } from '../closure/explain.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import type { ResolveSource } from '../closure/source.ts';
import { isPackageFlag } from '../compatibility/package-set.ts';
import { selectTarget, type TargetQuestion } from '../compatibility/target.ts';
import { ANSWER_VERSION, type CatalogView } from '../compatibility/view.ts';
import { enabledFields, isPythonFlag } from '../compatibility/workerd.ts';
import { allOf, type Outcome } from '../issue.ts';
import { leftRemarks } from '../python/known-names.ts';
import { measurementOf } from '../python/standard-library.ts';
import type { FlagEffect } from '../python/standard-library-document.ts';
import { sortedBy } from '../sorted-by.ts';
import type { CompareAnswer, FlagSwitch } from './answers.ts';
import { closureChanges, memberChanges, type Needs, readNeeds } from './changes.ts';
import { flagsOf, type TimeQuestion, workerdFlagsOf } from './targets.ts';

/** A question for the changes from one date or package flag to another. */
export interface CompareQuestion extends TimeQuestion {
  /** A compatibility date, or a package flag, which has its own. */
  from: string;
  to: string;
  /** PEP 508 requirements. If there are any, the answer has the changes of their closure. */
  requirements?: readonly string[] | undefined;
}

/** The source of package sets, and of the standard library of each Pyodide. */
export interface CompareSource extends ResolveSource {
  /** Without it, only modules of the standard library that are packages of a set are compared. */
  readModules?: ReadModules;
  /** The effects in `data/standard-library/facts.json`. Without them, no flag's effect is known. */
  flagEffects?: readonly FlagEffect[];
}

/**
 * Compares two compatibility dates or package flags with the same other flags.
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import before from 'pinwheel-py/data/sets/python_3.13_packages_2025_08_08.json' with { type: 'json' };
 * import after from 'pinwheel-py/data/sets/python_3.14_packages_2026_08_25.json' with { type: 'json' };
 * import { type Catalog, compare, type PackageSet, prepareSet, viewCatalog } from 'pinwheel-py';
 * const view = viewCatalog(catalog as Catalog);
 * if (!view.ok) throw new Error(view.issues[0]?.message);
 * const sets = new Map([before, after].map((set) => [set.flag, prepareSet(set as PackageSet)]));
 * const source = { openSet: async ({ flag }: { flag: string }) => sets.get(flag)!, readPins: async () => new Map() };
 * const question = { from: '2026-09-07', to: '2026-09-08', as_of: '2026-11-20', requirements: ['numpy'] };
 * const answer = await compare(view.value, question, source);
 * answer.ok && answer.value.python; // → { changed: true, from: '3.13.2', to: '3.14.2' }
 * ```
 */
export function compare(
  view: CatalogView,
  question: CompareQuestion,
  source: CompareSource,
): Promise<Outcome<CompareAnswer>> {
  return comparison(view, question, readNeeds(question.requirements, source), source, explain);
}

/** Compares for requirements that have been read, and with another explanation of issues. */
export async function comparison(
  view: CatalogView,
  question: Omit<CompareQuestion, 'requirements'>,
  needs: Outcome<Needs>,
  source: CompareSource,
  explaining: typeof explain,
): Promise<Outcome<CompareAnswer>> {
  const sides = { from: questionOn(question, question.from), to: questionOn(question, question.to) };
  const asked = allOf(selectTarget(view, sides.from), selectTarget(view, sides.to), needs);
  if (!asked.ok) return asked;
  const [from, to, { requirements, sideIn }] = asked.value;
  const [before, after] = await Promise.all([sideIn(from), sideIn(to)]);
  const modulesOf = async ({ runtime }: Target) => (await source.readModules?.(runtime.pyodide)) ?? null;
  const modules = { from: await modulesOf(from), to: await modulesOf(to) };
  const known = { view, from: before.set, to: after.set };
  const members = memberChanges(before.set.members, after.set.members, known);
  const { closure, diagnostics } =
    requirements.length > 0
      ? await closureChanges(view, before, after, sides.to, to, requirements, source, explaining)
      : { closure: null, diagnostics: [] };
  const documents = (await source.standardLibrary?.()) ?? null;
  const gone = (closure ?? members).removed.map(({ name }) => name);
  const dates = [from.compatibility_date, to.compatibility_date] as const;
  return {
    ok: true,
    value: {
      registry: view.stamp,
      answer_version: ANSWER_VERSION,
      from,
      to,
      runtime: change(from.runtime.pyodide, to.runtime.pyodide),
      python: change(from.runtime.python, to.runtime.python),
      package_set: change(from.package_set.flag, to.package_set.flag),
      packages: {
        removed: members.removed.filter(isPackage),
        changed: members.changed.filter(isPackage),
        added: members.added.filter(isPackage),
      },
      standard_library: libraryChanges(
        { modules: modules.from, set: before.set },
        { modules: modules.to, set: after.set },
      ),
      flags: flagSwitches(view, new Set(workerdFlagsOf(question)), ...dates, source.flagEffects),
      closure,
      diagnostics: [...diagnostics, ...leftRemarks(gone, documents, to)],
    },
  };
}

/** The question of one side; a package flag has its own date, and replaces that of the question. */
export function questionOn(question: Omit<CompareQuestion, 'from' | 'to'>, side: string): TargetQuestion {
  const { as_of, experimental } = question;
  const flags = flagsOf(question);
  if (!isPackageFlag(side))
    return { compatibility_date: side, compatibility_flags: flags, as_of, experimental };
  const compatibility_flags = [...flags.filter((flag) => !isPackageFlag(flag)), side];
  return { compatibility_date: null, compatibility_flags, as_of, experimental };
}

function change(from: string, to: string) {
  return { changed: from !== to, from, to };
}

function isPackage({ kind }: { kind: MemberKind }): boolean {
  return kind !== 'standard_library';
}

/**
 * The flags that are on at one of two dates only, with `named` flags at both. Going back in time, flags turn off.
 * Those about Python are a tenth of all, and take less time.
 */
export function flagSwitches(
  { flags }: CatalogView,
  named: ReadonlySet<string>,
  from: string,
  to: string,
  effects: readonly FlagEffect[] = [],
  { onlyPython = false } = {},
): FlagSwitch[] {
  const on = from < to;
  const [earlier, later] = on ? [from, to] : [to, from];
  let before = enabledFields(flags, named, earlier);
  const atEnd = enabledFields(flags, named, later);
  // A flag that is on at a date is on at every later one.
  const turned = flags.filter(
    (flag) => atEnd.has(flag.field) && !before.has(flag.field) && (!onlyPython || isPythonFlag(flag)),
  );
  const dates = turned.flatMap(({ enable_date, implied_date }) => [enable_date, implied_date]);
  const days = new Set(dates.filter((day) => day !== null && day > earlier && day <= later) as string[]);
  const switches: FlagSwitch[] = [];
  for (const date of [...days].sort()) {
    const now = enabledFields(flags, named, date);
    for (const fact of turned) {
      const { field, enable: flag, disable, enable_date, implied_by: fields } = fact;
      if (flag === null || before.has(field) || !now.has(field)) continue;
      const isByDate = enable_date !== null && enable_date <= date;
      const isImplying = (other: CatalogFlag) => fields.includes(other.field) && now.has(other.field);
      const implied_by = isByDate ? [] : flags.filter(isImplying).flatMap(({ enable }) => enable ?? []);
      const effect = effectOf(effects, field, on);
      switches.push({ flag, on, date, implied_by, disable, python: isPythonFlag(fact), effect });
    }
    before = now;
  }
  return sortedBy(switches, ({ date, python }) => `${python ? 0 : 1} ${date}`);
}

function effectOf(effects: readonly FlagEffect[], field: string, on: boolean): FlagSwitch['effect'] {
  const known = effects.find((effect) => effect.field === field);
  if (!known) return null;
  const { affects, does, diff = [], signs, sources } = known;
  const ending = signs.filter((sign) => sign.while === (on ? 'on' : 'off'));
  const changes = [...new Set(ending.map(({ change }) => change))];
  return { affects, does, changes, diff: on ? diff : [], sources };
}

/** Whether a flag may affect code. One about Python whose effect is not known may. */
export function mayAffectCode({ python, effect }: FlagSwitch): boolean {
  return python && (effect === null || effect.affects === 'code');
}

/** The names of flags about Python whose effects are not known. */
export function unknownFlags(switches: readonly FlagSwitch[]): string[] {
  return switches.flatMap(({ python, effect, flag }) => (python && effect === null ? [flag] : []));
}

/** The dotted names of the modules in a Pyodide's standard library; null if unknown. */
export type ReadModules = (pyodide: string) => Promise<readonly string[] | null>;

/** The part of `data/standard-library/measured.json` that is read here. */
interface Measured {
  measurements: readonly { pyodides: readonly { pyodide: string }[]; modules: readonly string[] }[];
}

/** The modules that can be imported without packages, and with the packages of the set. */
interface Library {
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
  return async (pyodide) => measurementOf(measurements, pyodide)?.modules ?? null;
}

/**
 * By the top-level modules that can be imported, `_private` ones left out. Where the modules of a runtime are not
 * known, by the modules that are packages of one set alone.
 */
function libraryChanges(from: Library, to: Library): CompareAnswer['standard_library'] {
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
