/** What another runtime and package set change for a project, in addition to its closure. */

import { type Alternatives, hintsOf } from '../../../resolver/pinwheel/check.ts';
import { compareImports, type ImportPosition } from '../../../resolver/python/compare-imports.ts';
import type { Finding } from '../../../resolver/python/index.ts';
import type {
  ClosureChanges,
  NamedVersion,
  PackageChanges,
  VersionChange,
} from '../../../resolver/time/answers.ts';
import { memberChanges } from '../../../resolver/time/changes.ts';
import type { PythonDemand } from '../demands.ts';
import { unrunnableVendored } from '../layout.ts';
import { shownPath, shownPaths } from './report.ts';
import { isPure, type ProjectStage, type ProjectStages } from './stage.ts';
import { NOT_VERIFIED, withoutFetched } from './unmet.ts';

type Imported<Change> = Change & { places: ImportPosition[] };

/** The part of the JSON of `pinwheel diff` about a project, next to the changes of its closure. */
export interface ProjectChanges {
  /** Whether its closure or an import is affected, or it does not support the new Python. */
  affected: boolean;
  /** The folder that modules are imported from. */
  root: string;
  /** The main module; null if it is not known. */
  main: string | null;
  /** The files that requirements were read from. */
  requirements: string[];
  requires_python: PythonDemand[];
  imports: {
    /** What no longer works: vendored packages that cannot be loaded, imports, and uses of modules. */
    broken: Finding[];
    /** What works from now on. */
    mended: Finding[];
    /** The packages that are imported, each with its first position in each file. */
    removed: Imported<NamedVersion>[];
    changed: Imported<VersionChange>[];
    added: Imported<NamedVersion>[];
  };
  totals: { files: number; imports: number };
}

/** Facts from outside of the project. */
export interface ProjectFacts extends Pick<ProjectChanges, 'requirements' | 'requires_python'> {
  closure: ClosureChanges | null;
  /** The requirements that are satisfied after the change, too. */
  met: readonly string[];
  /** Whether some requirements are unknown until pywrangler fetches their packages. */
  isOpen: boolean;
}

export async function projectChanges(
  { layout, from, to }: ProjectStages,
  { closure, requirements, requires_python, met, isOpen }: ProjectFacts,
  alternatives: Alternatives,
): Promise<ProjectChanges> {
  const comparison = compareImports(from, to);
  const found = comparison.report(await hintsOf(comparison.unknown, met, alternatives));
  const gone = unrunnableVendored(layout.vendored, to.host);
  const before = new Set(unrunnableVendored(layout.vendored, from.host).map(({ path }) => path));
  // An import that packages of pywrangler may provide is not known to be broken.
  const imports = withoutFetched(found.broken, isOpen).map((one) =>
    one.code === NOT_VERIFIED ? { ...one, severity: 'info' as const } : one,
  );
  const broken = [...gone.filter(({ path }) => !before.has(path)), ...imports];
  const shown = shownPaths(layout);
  const show = <Placed extends { path: string }>(placed: Placed) => ({ ...placed, path: shown(placed.path) });
  const changes = memberChanges(
    importedMembers(from, found.packages.from),
    importedMembers(to, found.packages.to),
  );
  const isFetched = ({ name }: NamedVersion) =>
    isOpen &&
    from.host.closure.has(name) &&
    from.set.packages.some((one) => one.name === name && isPure(one));
  const packages = { ...changes, removed: changes.removed.filter((one) => !isFetched(one)) };
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
      broken.some(({ severity }) => severity !== 'info') ||
      hasOthers(packages) ||
      requires_python.some((demand) => demand.from && !demand.to),
    root,
    main: main === null ? null : shown(main),
    requirements,
    requires_python,
    imports: {
      broken: broken.map(show),
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
