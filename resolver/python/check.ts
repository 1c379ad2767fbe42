/** Checks a project's imports against its runtime and package set. */
import type { ClosureTotals, Diagnostic } from '../answer.ts';
import type { Fix } from '../issues/fix.ts';
import { remark } from '../issues/fixes.ts';
import { sortedBy } from '../sorted-by.ts';
import { environmentUses, variablesSet } from './environment.ts';
import { findingOfFailure, type Hints, modulesToLookUp } from './failures.ts';
import { countFindings, type Finding, Findings, type Severity, severityOfFailure } from './finding.ts';
import { flagFindings } from './flag-signs.ts';
import { handlerFindings } from './handlers.ts';
import { isWithin, type LimitedUse, limitedUses, synchronousUses } from './limits.ts';
import { type Located, type LocatedProject, locateAll, type Snapshot, snapshotOf } from './locate.ts';
import { firstPart, type Package } from './modules.ts';
import type { Host, Project, ScannedFile } from './project.ts';

/** A module that is imported from outside of the project, and its source. */
export interface UsedModule {
  /** Dotted. */
  module: string;
  from: Exclude<Located['origin']['from'], 'project'>;
  packages: string[];
  files: number;
}

/** The result of a check. */
export interface Report {
  /** By path, then in the order of the file. */
  findings: Finding[];
  /** Sorted by name. */
  modules: UsedModule[];
  snapshot: Snapshot;
  /** The closure of the requirements that the set satisfies. */
  closure: ClosureTotals;
  totals: { files: number; imports: number; errors: number; warnings: number };
}

/** A check that needs hints before it reports. */
export interface CheckedImports {
  /** The files that the main module reaches by any import; all files if it is unknown. */
  reached: ReadonlySet<string>;
  /** Unknown modules, by the first part of their name: hints help to explain them. */
  unknown: string[];
  report(hints?: Hints): Report;
}

/**
 * Checks a project's imports against its host, which `createHost` makes.
 * @example
 * ```ts
 * import { checkImports, type Host, type Project, scanPython } from 'pinwheel-py/python';
 * const errorsIn = (project: Project, source: string, host: Host) => {
 *   const file = { path: 'entry.py', ...scanPython(source, host.watched), problem: null };
 *   return checkImports({ ...project, files: [file] }, host).report().totals.errors;
 * };
 * errorsIn.length; // → 3
 * ```
 */
export function checkImports(project: Project, host: Host): CheckedImports {
  const context = locateAll(project, host);
  return {
    reached: context.reached,
    unknown: modulesToLookUp([...context.located.values()].flat()),
    report: (hints = new Map()) => reportOf(context, hints),
  };
}

function reportOf(project: LocatedProject, hints: Hints): Report {
  const findings = new Findings();
  const set = variablesSet(project);
  for (const file of project.files) {
    readability(file, findings);
    for (const use of project.located.get(file.path)!) judge(use, file.path, project, hints, findings);
    const note = (code: string, { subject, ...use }: LimitedUse) =>
      findings.add({ path: file.path, code, ...use }, subject);
    const limited = limitedUses(file, project);
    for (const use of limited) note('limited_module', use);
    for (const use of synchronousUses(file, project)) {
      // A client that cannot connect does not wait.
      if (!limited.some(({ subject }) => isWithin(subject, use.subject))) note('synchronous_client', use);
    }
    if (!project.reached.has(file.path)) continue;
    for (const use of environmentUses(file, set)) note('environment_variable', use);
  }
  const others = [
    ...flagFindings(project),
    ...handlerFindings(project),
    ...hiddenModules(project),
    ...unusedRequirements(project),
    ...missingRequirements(project),
  ];
  for (const finding of others) findings.add(finding, finding.message);

  const sorted = findings.sorted();
  const imports = project.files.reduce((sum, file) => sum + file.imports.length, 0);
  return {
    findings: sorted,
    modules: usedModules(project),
    snapshot: snapshotOf(project),
    closure: project.host.sizes,
    totals: { files: project.files.length, imports, ...countFindings(sorted) },
  };
}

function judge(use: Located, path: string, project: LocatedProject, hints: Hints, findings: Findings): void {
  const { module, origin } = use;
  if (origin.from === 'nowhere') {
    // A requirement that the set does not have is reported at the requirement.
    const packages = hints.get(firstPart(module))?.packages ?? [];
    if (packages.some((name) => project.requirements.some((required) => required.name === name))) return;
    const finding = findingOfFailure(use, path, project, hints);
    if (finding) findings.add(finding, module);
  } else if (origin.from === 'package') {
    const { line, column } = use.import;
    const severity = severityOfFailure(use.import, project.reached.has(path));
    const told = severity && packageFinding(module, origin.packages, severity, project);
    if (told) findings.add({ ...told, path, line, column }, firstPart(module));
  }
}

function readability({ path, problem, broken }: ScannedFile, findings: Findings): void {
  if (problem !== null) {
    const message = `Python cannot read this file: it ${problem}.`;
    findings.add({ ...remark('error', 'unreadable_file', message), path, line: 1, column: 1 }, path);
  } else if (broken !== null) {
    const message = 'From here on, this is not valid Python, and check may miss imports.';
    const fix = 'If Python accepts the file, ignore this.';
    findings.add({ ...remark('warning', 'unparsed_file', message, fix), path, ...broken }, path);
  }
}

/** Modules of the project that nothing can import, because the standard library comes first. */
function hiddenModules({ own, host: { library } }: LocatedProject): Finding[] {
  return own.top().flatMap((module): Finding[] => {
    const path = own.fileOf(module);
    if (path === null || !library.modules.has(module)) return [];
    const message = `The standard library has a module ${module} too, which takes precedence.`;
    const hidden = remark('warning', 'hidden_module', message, 'Give the file another name.');
    return [{ ...hidden, path, line: 1, column: 1 }];
  });
}

function usedModules({ located }: LocatedProject): UsedModule[] {
  const used = new Map<string, UsedModule>();
  for (const imports of located.values()) {
    const here = new Set<string>();
    for (const { module, origin } of imports) {
      if (origin.from === 'project' || here.has(module)) continue;
      here.add(module);
      const known = used.get(module);
      if (known) known.files++;
      else {
        const packages = origin.from === 'package' ? origin.packages.map(({ name }) => name) : [];
        used.set(module, { module, from: origin.from, packages, files: 1 });
      }
    }
  }
  return sortedBy(used.values(), ({ module }) => module);
}

/** A remark on an import that these packages of the set provide; null if there is none. */
function packageFinding(
  module: string,
  packages: readonly Package[],
  severity: Severity,
  { requirementsFile, host: { closure, target, unmet } }: LocatedProject,
): Diagnostic | null {
  // workerd mounts these with its own Pyodides.
  if (packages.some(({ kind }) => kind === 'standard_library') && target.runtime.workerd_bundle !== null)
    return null;
  const required = packages.find(({ name }) => closure.has(name));
  const [provider] = packages;
  const adding = (requirement: string): Fix[] => [
    { kind: 'add_requirement', requirement, file: requirementsFile },
  ];
  // The requirement that asks for another version is reported where it is written.
  if (packages.some(({ name }) => unmet.has(name))) return null;
  if (!required) {
    const named = packages.map(({ name, version }) => `${name} ${version}`).join(' or ');
    const message =
      provider!.name === module
        ? `${named} is in the package set, but nothing requires it.`
        : `${module} comes with ${named}, which nothing requires.`;
    return remark(severity, 'unlisted_package', message, adding(provider!.name));
  }
  const { requested, required_by: parents } = closure.get(required.name)!;
  if (requested) return null;
  const comes = required.name === module ? module : `${module} comes with ${required.name}, which`;
  const message = `${comes} is here only because ${parents.join(', ')} needs it.`;
  return remark('info', 'transitive_package', message, adding(required.name));
}

/** Requirements that no file imports, and that no other requirement needs. */
function unusedRequirements({ requirements, host, located }: LocatedProject): Finding[] {
  const { packages, closure, facts } = host;
  const used = new Set<string>();
  for (const imports of located.values()) {
    for (const { module, origin } of imports) {
      // Vendored packages usually come from the set.
      const providing = origin.from === 'vendored' ? packages.having(module) : [];
      for (const { name } of origin.from === 'package' ? origin.packages : providing) used.add(name);
    }
  }
  return requirements.flatMap(({ name, file, line, column }): Finding[] => {
    const known = packages.named(name);
    if (known?.kind !== 'package' || known.imports.length === 0 || used.has(name)) return [];
    if (!closure.has(name) || closure.get(name)!.required_by.length > 0) return [];
    const uses = facts.unimported.filter((known) => known.package === name);
    if (uses.some(({ by }) => by.length === 0 || by.some((user) => closure.has(user)))) return [];
    const message = `Nothing in the project imports ${name}.`;
    const fix = 'Leave it out, unless it is needed without being imported.';
    return [{ ...remark('warning', 'unused_requirement', message, fix), path: file, line, column }];
  });
}

/** Packages that those required use here, and do not require. */
function missingRequirements({ requirements, requirementsFile: file, host }: LocatedProject): Finding[] {
  const { packages, closure, facts, target } = host;
  return facts.unimported.flatMap(({ package: name, by, does }): Finding[] => {
    const user = does && requirements.find((known) => by.includes(known.name));
    const known = packages.named(name);
    // workerd mounts the standard library's with its own Pyodides.
    const isThere =
      closure.has(name) || (known?.kind === 'standard_library' && target.runtime.workerd_bundle !== null);
    if (!user || !known || isThere) return [];
    const message = `${user.name} cannot ${does} without ${name}, which it does not require.`;
    const { file: path, line, column } = user;
    const fix = [{ kind: 'add_requirement' as const, requirement: name, file }];
    return [{ ...remark('warning', 'missing_requirement', message, fix), path, line, column }];
  });
}
