/** What another runtime and package set change for a project, beside its closure. */
import { compareImports, type ImportPlace } from '../../resolver/python/compare-imports.ts';
import type { Finding } from '../../resolver/python/index.ts';
import type {
  ClosureChanges,
  NamedVersion,
  PackageChanges,
  VersionChange,
} from '../../resolver/time/answers.ts';
import { memberChanges } from '../../resolver/time/member-changes.ts';
import { type Elsewhere, findElsewhere } from './elsewhere.ts';
import { shownPath, shownPaths } from './report.ts';
import type { ProjectStage, ProjectStages } from './stage.ts';

/** A Python that the project says it runs on, and whether it gets such a one before and after. */
export interface PythonDemand {
  specifier: string;
  where: string;
  from: boolean;
  to: boolean;
}

type Imported<Change> = Change & { places: ImportPlace[] };

/** What the JSON of `pinwheel diff` says of a project, beside the changes of its closure. */
export interface ProjectChanges {
  /** Whether its closure is affected, or an import, or its Python is no longer one that it asks for. */
  affected: boolean;
  /** The folder that modules are imported from. */
  root: string;
  /** The main module; null where it is not known. */
  main: string | null;
  /** The files that requirements were read from. */
  requirements: string[];
  requires_python: PythonDemand[];
  imports: {
    /** What no longer works: imports, and uses of modules that are there and cannot do it. */
    broken: Finding[];
    /** What works from now on. */
    mended: Finding[];
    /** The packages that are imported, each with the first place in each file. */
    removed: Imported<NamedVersion>[];
    changed: Imported<VersionChange>[];
    added: Imported<NamedVersion>[];
  };
  totals: { files: number; imports: number };
}

/** What is found out of a project elsewhere. */
export interface ProjectFacts extends Pick<ProjectChanges, 'requirements' | 'requires_python'> {
  closure: ClosureChanges | null;
  /** The requirements that are met after as well. */
  met: readonly string[];
}

export async function projectChanges(
  { layout, from, to }: ProjectStages,
  { closure, requirements, requires_python, met }: ProjectFacts,
  elsewhere: Elsewhere,
): Promise<ProjectChanges> {
  const comparison = compareImports(from, to);
  const found = comparison.report(await findElsewhere(comparison.unknown, met, elsewhere));
  const shown = shownPaths(layout);
  const show = <Placed extends { path: string }>(placed: Placed) => ({ ...placed, path: shown(placed.path) });
  const packages = memberChanges(
    importedMembers(from, found.packages.from),
    importedMembers(to, found.packages.to),
  );
  const placed = <Change extends { name: string }>(change: Change): Imported<Change> => {
    const places = found.packages.to.get(change.name) ?? found.packages.from.get(change.name)!;
    return { ...change, places: places.map(show) };
  };
  const { main } = layout;
  const root = shownPath(layout.root);
  const { files } = to.project;
  return {
    affected:
      closure?.affected === true ||
      found.broken.some(({ severity }) => severity !== 'info') ||
      hasOthers(packages) ||
      requires_python.some((demand) => demand.from && !demand.to),
    root,
    main: main === null ? null : shown(main),
    requirements,
    requires_python,
    imports: {
      broken: found.broken.map(show),
      mended: found.mended.map(show),
      removed: packages.removed.map(placed),
      changed: packages.changed.map(placed),
      added: packages.added.map(placed),
    },
    totals: { files: files.length, imports: files.reduce((sum, { imports }) => sum + imports.length, 0) },
  };
}

function importedMembers({ set }: ProjectStage, imported: ReadonlyMap<string, unknown>) {
  return set.packages.filter(({ name, kind }) => kind === 'package' && imported.has(name));
}

function hasOthers({ removed, changed }: PackageChanges): boolean {
  return removed.length > 0 || changed.some(({ direction }) => direction !== 'rebuilt');
}
