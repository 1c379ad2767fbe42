/** Checks a project's imports against its runtime and package set. */
import { fixed } from '../issues/fixes.ts';
import { explainFailure, type Hints, modulesToLookUp } from './failures.ts';
import { countFindings, type Finding, Findings, severityOfFailure } from './finding.ts';
import { type LimitedUse, limitedUses, synchronousUses } from './limits.ts';
import type { CheckContext, Located, LocatedImports } from './locate.ts';
import { checkContextOf, firstPart, locateAll } from './locate.ts';
import type { Host, Project, ScannedFile } from './project.ts';
import { reachedFiles, type Snapshot, snapshotOf } from './reach.ts';
import { packageFindings, unusedRequirements } from './requirement-findings.ts';

/** A module that is imported from outside of the project, and its source. */
export interface UsedModule {
  /** Dotted. */
  module: string;
  from: Exclude<Located['origin']['from'], 'project'>;
  /** Packages of the set that provide it. */
  packages: string[];
  /** In how many files. */
  files: number;
}

/**
 * The result of a check.
 *
 * @example
 * ```ts
 * import type { Report } from 'pinwheel-py/python';
 *
 * const isFine = ({ totals }: Pick<Report, 'totals'>) => totals.errors === 0;
 * isFine({ totals: { files: 3, imports: 8, errors: 0, warnings: 1 } }); // → true
 * ```
 */
export interface Report {
  /** By path, then in the order of the file. */
  findings: Finding[];
  /** Sorted by name. */
  modules: UsedModule[];
  snapshot: Snapshot;
  totals: { files: number; imports: number; errors: number; warnings: number };
}

/**
 * A check that needs hints before it reports.
 *
 * @example
 * ```ts
 * import type { CheckedImports } from 'pinwheel-py/python';
 *
 * const isPuzzled = ({ unknown }: Pick<CheckedImports, 'unknown'>) => unknown.length > 0;
 * isPuzzled({ unknown: ['polars'] }); // → true
 * ```
 */
export interface CheckedImports {
  /** Unknown modules, by the first part of their name: hints help to explain them. */
  unknown: string[];
  report(hints?: Hints): Report;
}

/**
 * Checks a project's imports against its host.
 *
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_08_08.json' with { type: 'json' };
 * import facts from 'pinwheel-py/data/standard-library/facts.json' with { type: 'json' };
 * import measured from 'pinwheel-py/data/standard-library/measured.json' with { type: 'json' };
 * import { type Catalog, selectTarget, viewCatalog } from 'pinwheel-py';
 * import { checkImports, createHost, type HostSource, type Project, scanPython } from 'pinwheel-py/python';
 *
 * const view = viewCatalog(catalog as Catalog);
 * if (!view.ok) throw new Error('no catalog');
 * const target = selectTarget(view.value, {
 *   compatibility_date: '2025-11-02',
 *   compatibility_flags: ['python_workers'],
 *   as_of: '2026-11-20',
 * });
 * if (!target.ok) throw new Error(target.issues[0]?.message);
 * const documents = { set, facts, measured } as unknown as Omit<HostSource, 'target' | 'requirements'>;
 * const { host } = createHost({ target: target.value, requirements: [], ...documents });
 *
 * const project: Project = {
 *   files: [{ path: 'entry.py', ...scanPython('import yaml', host.watched), problem: null }],
 *   paths: ['entry.py'],
 *   main: 'entry.py',
 *   root: null,
 *   vendored: [],
 *   requirements: [],
 *   requirementsFile: 'requirements.txt',
 *   sdk: 'runtime',
 * };
 * const [finding] = checkImports(project, host).report().findings;
 * finding?.message; // → 'yaml comes with pyyaml 6.0.2, which nothing requires.'
 * ```
 */
export function checkImports(project: Project, host: Host): CheckedImports {
  const context = checkContextOf(project);
  const located = locateAll(context, host);
  return {
    unknown: modulesToLookUp([...located.values()].flat()),
    report: (hints = new Map()) => reportOf(context, host, located, hints),
  };
}

function reportOf(project: CheckContext, host: Host, located: LocatedImports, hints: Hints): Report {
  const findings = new Findings();
  const reached = reachedFiles(project, located);
  for (const file of project.files) {
    const imports = located.get(file.path)!;
    const isReached = reached.has(file.path);
    readability(file, findings);
    for (const one of imports) judge(one, file, isReached, { project, host, hints, findings });
    const note = (code: string, { subject, ...use }: LimitedUse) =>
      findings.add({ path: file.path, code, ...use }, subject);
    for (const use of limitedUses(file, imports, project, host)) note('limited_module', use);
    for (const use of synchronousUses(file, imports, host)) note('synchronous_client', use);
  }
  for (const finding of hiddenModules(project, host)) findings.add(finding, finding.path);
  for (const finding of unusedRequirements(project, host, located)) findings.add(finding, finding.message);

  const sorted = findings.sorted();
  const imports = project.files.reduce((sum, file) => sum + file.imports.length, 0);
  return {
    findings: sorted,
    modules: usedModules(located),
    snapshot: snapshotOf(project, located),
    totals: { files: project.files.length, imports, ...countFindings(sorted) },
  };
}

interface JudgeContext {
  project: CheckContext;
  host: Host;
  hints: Hints;
  findings: Findings;
}

function judge(one: Located, file: ScannedFile, isReached: boolean, context: JudgeContext): void {
  const { project, host, hints, findings } = context;
  const { line, column } = one.import;
  const place = { path: file.path, line, column };
  const severity = severityOfFailure(one.import, isReached);
  if (severity === null) return;
  if (one.origin.from === 'nowhere') {
    // A requirement that the set does not have is reported at the requirement.
    const packages = hints.get(firstPart(one.module))?.packages ?? [];
    if (packages.some((name) => project.requirements.some((required) => required.name === name))) return;
    const words = explainFailure(one, one.origin.why, project, host, hints);
    findings.add({ severity, ...words, ...place }, one.module);
  } else if (one.origin.from === 'package') {
    for (const words of packageFindings(one.module, one.origin.packages, severity, project, host)) {
      findings.add({ ...words, ...place }, firstPart(one.module));
    }
  }
}

function readability({ path, problem, broken }: ScannedFile, findings: Findings): void {
  if (problem !== null) {
    const message = `Python cannot read this file: it ${problem}.`;
    const place = { path, line: 1, column: 1 };
    findings.add({ severity: 'error', code: 'unreadable_file', message, ...fixed(null), ...place }, path);
  } else if (broken !== null) {
    const message = 'From here on, this is not valid Python, and check may miss imports.';
    const fix = 'If Python accepts the file, ignore this.';
    findings.add(
      { severity: 'warning', code: 'unparsed_file', message, ...fixed(fix), path, ...broken },
      path,
    );
  }
}

/** Modules of the project that nothing can import, because the standard library comes first. */
function hiddenModules({ own }: CheckContext, { library }: Host): Finding[] {
  return own.top().flatMap((module): Finding[] => {
    const path = own.fileOf(module);
    if (path === null || !library.modules.has(module)) return [];
    const message = `The standard library has a module ${module} too, which takes precedence.`;
    const place = { path, line: 1, column: 1 };
    return [
      {
        severity: 'warning',
        code: 'hidden_module',
        message,
        ...fixed('Give the file another name.'),
        ...place,
      },
    ];
  });
}

function usedModules(located: LocatedImports): UsedModule[] {
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
  return [...used.values()].sort((a, b) => (a.module < b.module ? -1 : 1));
}
