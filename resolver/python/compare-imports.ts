/** How a project's imports change from one runtime and package set to another. */
import { fixed } from '../issues/fixes.ts';
import { findingOfFailure, type Hints, modulesToLookUp } from './failures.ts';
import { type Finding, Findings } from './finding.ts';
import { flagFindings } from './flag-signs.ts';
import { type LimitedUse, limitedUses } from './limits.ts';
import { type Located, type LocatedProject, locateAll } from './locate.ts';
import { firstPart } from './modules.ts';
import type { Host, Project, SourcePosition } from './project.ts';

/** A project and its host. Both stages of a comparison have the same files. */
export interface Stage {
  project: Project;
  host: Host;
}

/** The first import of a package in a file. */
export interface ImportPosition extends SourcePosition {
  path: string;
  /** Dotted. */
  module: string;
}

export interface ImportChanges {
  /** Failures at the second stage only: imports, uses of modules that do not work there, and what flags end. */
  broken: Finding[];
  /** Failures at the first stage only. */
  mended: Finding[];
  /** By the name of the imported package, at each stage. */
  packages: { from: ReadonlyMap<string, ImportPosition[]>; to: ReadonlyMap<string, ImportPosition[]> };
}

/** A comparison that needs hints before it reports, like a `CheckedImports`. */
export interface ImportComparison {
  unknown: string[];
  report(hints: Hints): ImportChanges;
}

export function compareImports(from: Stage, to: Stage): ImportComparison {
  const [before, after] = [locateAll(from.project, from.host), locateAll(to.project, to.host)];
  const failing = [...failuresAt(after, before).values()].flat();
  return {
    unknown: modulesToLookUp(failing),
    report: (hints) => ({
      broken: findingsAt(after, before, hints),
      // No hints for what works only at the second stage.
      mended: findingsAt(before, after, new Map()).map((finding) => ({ ...finding, ...fixed(null) })),
      packages: { from: packagesAt(before), to: packagesAt(after) },
    }),
  };
}

/** By file: the imports that fail at one stage only. */
function failuresAt({ located }: LocatedProject, other: LocatedProject): Map<string, Located[]> {
  const failures = new Map<string, Located[]>();
  for (const [path, imports] of located) {
    const others = new Set(other.located.get(path)?.filter(fails).map(keyOf));
    failures.set(
      path,
      imports.filter((located) => fails(located) && !others.has(keyOf(located))),
    );
  }
  return failures;
}

function fails({ origin, import: { when } }: Located): boolean {
  return origin.from === 'nowhere' && when !== 'typing';
}

function keyOf({ module, import: { line, column } }: Located): string {
  return `${line}:${column}:${module}`;
}

function findingsAt(here: LocatedProject, there: LocatedProject, hints: Hints): Finding[] {
  const findings = new Findings();
  const failures = failuresAt(here, there);
  for (const [at, { path }] of here.files.entries()) {
    for (const failure of failures.get(path)!) {
      const finding = findingOfFailure(failure, path, here, hints);
      if (finding) findings.add(finding, failure.module);
    }
    for (const { subject, ...use } of limitsAt(at, here, there)) {
      findings.add({ code: 'limited_module', path, ...use }, subject);
    }
  }
  const others = new Set(flagFindings(there).map(placeAndMessage));
  for (const finding of flagFindings(here)) {
    if (!others.has(placeAndMessage(finding))) findings.add(finding, finding.message);
  }
  return findings.sorted();
}

function placeAndMessage({ path, line, column, message }: Finding): string {
  return `${path}:${line}:${column} ${message}`;
}

function limitsAt(at: number, here: LocatedProject, there: LocatedProject): LimitedUse[] {
  const { path } = here.files[at]!;
  const usesAt = (stage: LocatedProject) => limitedUses(stage.files[at]!, stage);
  const keyed = ({ subject, line, column }: LimitedUse) => `${line}:${column}:${subject}`;
  const others = new Set(usesAt(there).map(keyed));
  const failing = new Set(
    there.located
      .get(path)!
      .filter(fails)
      .map(({ module }) => firstPart(module)),
  );
  return usesAt(here).filter(
    (use) =>
      !others.has(keyed(use)) &&
      !failing.has(firstPart(use.subject)) &&
      !there.host.library.hasLeft(use.subject),
  );
}

/** The imported packages. If several provide a module, those that the requirements need count, if there are any. */
function packagesAt({ located, host: { closure } }: LocatedProject): Map<string, ImportPosition[]> {
  const places = new Map<string, ImportPosition[]>();
  for (const [path, imports] of located) {
    for (const { module, origin, import: statement } of imports) {
      if (origin.from !== 'package' || statement.when === 'typing') continue;
      const required = origin.packages.filter(({ name }) => closure.has(name));
      for (const { name } of required.length > 0 ? required : origin.packages) {
        const known = places.get(name) ?? [];
        if (known.at(-1)?.path !== path)
          known.push({ path, line: statement.line, column: statement.column, module });
        places.set(name, known);
      }
    }
  }
  return places;
}
