/** Uses of modules that the runtime has, but that do not work there. */
import { type Fixed, fixed, type SaidFixes } from '../issues/fixes.ts';
import type { Severity } from './finding.ts';
import type { CheckContext, Located, LocatedProject } from './locate.ts';
import { firstPart } from './modules.ts';
import type { Host, ScannedFile, SourcePosition } from './project.ts';
import type { Limit } from './standard-library.ts';

export interface LimitedUse extends SourcePosition, Fixed {
  severity: Severity;
  subject: string;
  message: string;
}

export function limitedUses(file: ScannedFile, project: LocatedProject): LimitedUse[] {
  const { host } = project;
  const located = project.located.get(file.path)!;
  const uses: LimitedUse[] = [];
  for (const limit of host.library.limits) {
    if (limit.unless !== null && isAvailable(limit.unless, host)) continue;
    const words = fixed(fixOf(limit, project));
    for (const { name, line, column } of [...namesImported(located), ...namesUsed(file, host)]) {
      if (!limit.names.some((limited) => isWithin(name, limited))) continue;
      uses.push({ ...describe(limit, name), ...words, severity: limit.severity, line, column });
    }
    for (const about of limit.about) {
      const remark = remarkAbout(about, limit, file, located);
      if (remark) uses.push({ ...remark, ...words });
    }
  }
  return uses;
}

interface Named extends SourcePosition {
  name: string;
}

function namesImported(located: readonly Located[]): Named[] {
  return located.flatMap(({ module, origin, import: { when, line, column } }) =>
    origin.from === 'standard_library' && when !== 'typing' ? [{ name: module, line, column }] : [],
  );
}

/** Uses of attributes of modules that can be imported; the others are reported at the import. */
function namesUsed({ references }: ScannedFile, { library }: Host): Named[] {
  return references.filter(({ name, typing }) => !typing && library.modules.has(firstPart(name)));
}

/** The remark at the import of a module with a limit, if no use of it says more. */
function remarkAbout(
  about: string,
  limit: Limit,
  file: ScannedFile,
  located: readonly Located[],
): Omit<LimitedUse, keyof Fixed> | null {
  const imported = located.find(
    ({ module, origin, import: statement }) =>
      origin.from === 'standard_library' && statement.when !== 'typing' && isWithin(module, about),
  );
  if (!imported) return null;
  const used = file.references.filter(({ name }) => isWithin(name, about));
  if (used.some(({ name }) => limit.names.some((limited) => isWithin(name, limited)))) return null;
  // If only some names of the module are limited and others are used, the file may work.
  const isPartial = limit.names.some((name) => name.startsWith(`${about}.`));
  const isHarmless = isPartial && used.length > 0 && !used.some(({ name }) => name.endsWith('*'));
  const { line, column } = imported.import;
  return { ...describe(limit, about), severity: isHarmless ? 'info' : limit.severity, line, column };
}

function describe({ does, error }: Limit, name: string): Pick<LimitedUse, 'subject' | 'message'> {
  const reason = error === null ? '' : `: ${error.replace(/\.$/, '')}`;
  return { subject: name, message: `${name} cannot ${does} in this runtime${reason}.` };
}

function fixOf({ unless, instead }: Limit, { requirementsFile: file, host }: CheckContext): SaidFixes {
  const [lifting] = unless === null ? [] : host.packages.having(unless);
  return lifting ? [{ kind: 'add_requirement', requirement: lifting.name, file }] : instead;
}

function isAvailable(module: string, { packages, closure, target }: Host): boolean {
  const isLoaded = target.runtime.workerd_bundle !== null;
  return packages
    .having(module)
    .some(({ name, kind }) => closure.has(name) || (isLoaded && kind === 'standard_library'));
}

export function isWithin(name: string, other: string): boolean {
  return name === other || name.startsWith(`${other}.`);
}

/** HTTP clients that block the Worker while they wait for a response. */
export function synchronousUses(file: ScannedFile, { located, host }: LocatedProject): LimitedUse[] {
  const uses: LimitedUse[] = [];
  for (const { module, names, instead, overlaps, fails } of host.facts.synchronous) {
    const error = fails?.pyodides.includes(host.target.runtime.pyodide) ? fails.error : null;
    // A client that was seen not to block in some runtimes is not said to block in others.
    if (overlaps && error === null) continue;
    const use =
      names === null ? wholeUse(module, file, located.get(file.path)!) : nameUse(module, names, file);
    if (!use) continue;
    const { name, line, column } = use;
    const message = error
      ? `${name} cannot send a request in this runtime: each was seen to end with ${error}.`
      : `${name} waits for each response, and blocks the whole Worker while it waits.`;
    const fix = `Use ${instead ?? alternative(host)}.`;
    uses.push({ severity: 'warning', subject: module, message, ...fixed(fix), line, column });
  }
  return uses;
}

/** The first import of a module, or of it by name from the package it is in. */
function wholeUse(module: string, file: ScannedFile, located: readonly Located[]): Named | null {
  const imported = located.find((use) => use.import.when !== 'typing' && isWithin(use.module, module));
  if (imported) return { name: module, line: imported.import.line, column: imported.import.column };
  const named = file.references.find(({ name, typing }) => !typing && isWithin(name, module));
  return named ? { name: module, line: named.line, column: named.column } : null;
}

function nameUse(module: string, names: readonly string[], file: ScannedFile): Named | null {
  const isSynchronous = (name: string) =>
    name === `${module}.*` || names.some((limited) => isWithin(name, `${module}.${limited}`));
  return file.references.find(({ name, typing }) => !typing && isSynchronous(name)) ?? null;
}

/** The best client of the package set, preferably one that is required already. */
function alternative({ facts, packages, closure }: Host): string {
  const inSet = facts.asynchronous.filter((fact) => packages.named(fact.package));
  const best = inSet.find((fact) => closure.has(fact.package)) ?? inSet[0];
  if (!best) return 'fetch of the module workers';
  const { version } = packages.named(best.package)!;
  return `${best.use}, of ${best.package} ${version} in the package set`;
}
