/** Names that need no package set: modules of the runtime, and packages of which it is known that they are of no use. */
import type { Diagnostic, Target } from '../answer.ts';
import type { ResolveSource } from '../closure/source.ts';
import { type CatalogView, minorOf } from '../compatibility/view.ts';
import type { Issue } from '../issue.ts';
import { type FixOf, fixed, remark } from '../issues/fixes.ts';
import { remembered } from '../remembered.ts';
import { canonicalName } from '../requirements/name.ts';
import { groupedBy } from '../sorted-by.ts';
import { listed } from '../text/printable.ts';
import { sdkIsExternalIn } from './host.ts';
import { measurementOf } from './standard-library.ts';
import type { StandardLibraryDocuments } from './standard-library-document.ts';

/** Why a requirement of that canonical name is of no use in a target, and what to do instead; null if that is unknown. */
export function knownName(
  name: string,
  { facts, measured, packages }: StandardLibraryDocuments,
  target: Target,
  view: CatalogView,
): FixOf<'leave_out'> | null {
  const leaveOut = { kind: 'leave_out', name, instead: null } as const;
  const { sdk } = facts;
  if (modulesOf(sdk).has(name)) {
    const isExternal = sdkIsExternalIn(view, { facts, target });
    const vendor = `Vendor ${sdk.packages.at(-1)} with the Worker, as pywrangler does, or name ${sdk.disable}.`;
    return {
      ...leaveOut,
      because: 'provided',
      why: `it is a module of Workers' SDK${isExternal ? '' : ', which the runtime provides'}`,
      instead: isExternal ? vendor : null,
      source: sdk.source,
    };
  }
  const given = providedIn(facts).get(name);
  if (given) {
    const { by, source } = given;
    return { ...leaveOut, because: 'provided', why: `${by} provides it`, source };
  }
  const fact = packages && factsIn(packages).get(name);
  if (fact) {
    const { is: because, why, instead, source } = fact;
    return { ...leaveOut, because, why, instead, source };
  }
  const { pyodide, python } = target.runtime;
  const measurement = measurementOf(measured.measurements, pyodide);
  if (!measurement || !setOf(measurement.modules).has(name.replaceAll('-', '_'))) return null;
  const why = `the standard library of Python ${python} has it`;
  return { ...leaveOut, because: 'provided', why, source: `Measured in Pyodide ${pyodide}.` };
}

/**
 * A module of the standard library that this Pyodide lacks, such as `tkinter`, or this Python, such as `cgi`; null for
 * other names. Some of them are packages of a set, such as `ssl`: only names that no set has are asked for.
 */
export function missingModule(
  name: string,
  documents: StandardLibraryDocuments,
  target: Target,
): FixOf<'leave_out'> | null {
  const { pyodide, python } = target.runtime;
  const measurement = measurementOf(documents.measured.measurements, pyodide);
  if (!measurement || !Object.hasOwn(measurement.failing, name.replaceAll('-', '_')))
    return moduleElsewhere(name, documents, target);
  const why = `the standard library of Python ${python} has it, and Pyodide ${pyodide} does not`;
  const source = `Measured in Pyodide ${pyodide}.`;
  return { kind: 'leave_out', name, because: 'cannot_run', why, instead: null, source };
}

/** A module that other Pythons have in their standard library, but not this one, such as `cgi`; null for other names. */
export function moduleElsewhere(
  name: string,
  { facts, measured: { measurements } }: StandardLibraryDocuments,
  { runtime: { pyodide } }: Target,
): FixOf<'leave_out'> | null {
  const module = name.replaceAll('-', '_');
  const has = ({ modules }: { modules: readonly string[] }) => setOf(modules).has(module);
  const own = measurementOf(measurements, pyodide);
  if (!own || has(own)) return null;
  const leaveOut = { kind: 'leave_out', name, because: 'cannot_run' } as const;
  const at = measurements.indexOf(own);
  const last = measurements.slice(0, at).findLast(has);
  const other = last ?? measurements.slice(at).find(has);
  if (other) {
    const python = minorOf(other.python);
    const why = last
      ? `it left the standard library after Python ${python}`
      : `the standard library has it from Python ${python} on`;
    const instead = `Replace it, or choose a compatibility date or flags whose runtime has Python ${python}.`;
    return { ...leaveOut, why, instead, source: `Measured in Pyodide ${other.pyodides[0]!.pyodide}.` };
  }
  const gone = facts.removed.find(has);
  if (!gone) return null;
  const why = `Python ${gone.python} removed it from the standard library`;
  return { ...leaveOut, why, instead: 'Replace it.', source: gone.source };
}

/**
 * The fact about a name that a set lacks.
 * @param others the pins of that name in other sets
 */
export function knownLacking(
  name: string,
  documents: StandardLibraryDocuments,
  target: Target,
  view: CatalogView,
  others: readonly unknown[] = [],
): FixOf<'leave_out'> | null {
  const known = knownName(name, documents, target, view);
  return known ?? (others.length > 0 ? null : missingModule(name, documents, target));
}

// A question may have hundreds of names, and each is looked for in several lists, of which some have hundreds.

const modulesOf = remembered(
  ({ modules }: StandardLibraryDocuments['facts']['sdk']) => new Set(modules.map(canonicalName)),
);

const providedIn = remembered(
  ({ provided }: StandardLibraryDocuments['facts']) =>
    new Map(provided.flatMap((row) => row.modules.map((module) => [canonicalName(module), row]))),
);

const factsIn = remembered(
  ({ packages }: NonNullable<StandardLibraryDocuments['packages']>) =>
    new Map(packages.flatMap((fact) => fact.names.map((name) => [name, fact]))),
);

const setOf = remembered((modules: readonly string[]) => new Set(modules));

/** The fix that asks PyPI for a package that left the sets because it has compiled wheels for this ABI; null if none is known. */
export function leftFor(
  name: string,
  documents: Pick<StandardLibraryDocuments, 'packages'> | null,
  { runtime: { abi } }: Target,
): FixOf<'use_index'> | null {
  const row = documents?.packages?.left.find(({ names, abis }) => names.includes(name) && abis.includes(abi));
  return row ? { kind: 'use_index', requirement: null, packages: [], wheels: row.source } : null;
}

/** Remarks on names that left the sets, with where they are now. */
export function leftRemarks(
  names: readonly string[],
  documents: Pick<StandardLibraryDocuments, 'packages'> | null,
  target: Target,
): Diagnostic[] {
  const gone = names.flatMap((name) => {
    const fix = leftFor(name, documents, target);
    return fix ? [{ name, fix }] : [];
  });
  return [...groupedBy(gone, ({ fix }) => fix.wheels)].map(([, rows]) => {
    const left = rows.map(({ name }) => name);
    const message = `${listed(left, MOST_LEFT)} left the set: PyPI has compiled wheels for ABI ${target.runtime.abi}.`;
    return remark('info', 'left_set', message, [rows[0]!.fix]);
  });
}

const MOST_LEFT = 10;

const OF_NO_USE = {
  cannot_run: { severity: 'warning', words: 'cannot run in a Worker' },
  not_needed: { severity: 'info', words: 'is not needed in a Worker' },
  provided: { severity: 'info', words: 'is not needed in a Worker' },
} as const;

/**
 * A remark on a requirement that an index or a vendored package meets, and that a Worker has no use for; or null.
 * @param by the packages that require it, if nobody else does: only that it cannot run matters to them
 */
export function noUseRemark(
  name: string,
  documents: StandardLibraryDocuments,
  target: Target,
  view: CatalogView,
  by: readonly string[] = [],
): Diagnostic | null {
  const fix = knownName(name, documents, target, view);
  if (!fix) return null;
  const { severity, words } = OF_NO_USE[fix.because];
  if (by.length > 0) {
    const message = `${name}, which ${listed(by, MOST_LEFT)} needs, ${words}: ${fix.why}.`;
    return fix.because === 'cannot_run' ? remark(severity, fix.because, message) : null;
  }
  return remark(severity, fix.because, `${name} ${words}.`, [fix]);
}

/** The modules of Workers and of Pyodide, by canonical name: a package of such a name is a stranger's. */
export function ownModules({ facts: { sdk, provided } }: StandardLibraryDocuments): ReadonlySet<string> {
  return new Set([...sdk.modules, ...provided.flatMap(({ modules }) => modules)].map(canonicalName));
}

/** Says of modules whose names no package can have, such as `_pyodide`, who provides them. */
export async function withModuleNames(
  issues: readonly Issue[],
  source: Pick<ResolveSource, 'standardLibrary'>,
  target: Target,
  view: CatalogView,
): Promise<Issue[]> {
  const documents = await source.standardLibrary?.();
  return issues.map((issue) => {
    const name = issue.code === 'invalid_requirement' ? issue.requirement.trim() : '';
    const known =
      documents && /^_\w+$/.test(name) ? knownName(canonicalName(name), documents, target, view) : null;
    return known ? { ...issue, ...fixed([{ ...known, name }]) } : issue;
  });
}

/** All known names but the standard library's, modules as they are written. */
export function knownNames(
  documents: StandardLibraryDocuments,
  target: Target,
  view: CatalogView,
): FixOf<'leave_out'>[] {
  const { facts, packages } = documents;
  const modules = [...facts.sdk.modules, ...facts.provided.flatMap((provided) => provided.modules)];
  const names = packages?.packages.flatMap((fact) => fact.names) ?? [];
  return [...modules, ...names].flatMap((name) => {
    const known = knownName(canonicalName(name), documents, target, view);
    return known ? { ...known, name } : [];
  });
}
