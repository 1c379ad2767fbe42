/** Decodes which Pyodide each release flag in a workerd binary enables. */
import type { ReleaseFact } from '../../resolver/catalog.ts';
import { DEVELOPMENT } from '../../resolver/compatibility/workerd.ts';
import { findConstantStructs, Struct } from './capnp.ts';
import { type DeclaredFlag, PYTHON_SNAPSHOT_RELEASE } from './compatibility-flags.ts';
import type { RuntimeOf } from './sets.ts';

interface SnapshotRelease {
  field: string;
  pyodide: string;
  revision: string;
  packagesTag: string | null;
  backport: bigint;
  /** The Pyodide behind `dev`; null if the binary does not say. */
  realPyodide: string | null;
}

/**
 * The releases, in the order of the binary.
 * @throws if the releases are not exactly those of the release flags, or a Python is unknown
 */
export function decodeReleases(binary: Buffer, flags: DeclaredFlag[], runtimeOf: RuntimeOf): ReleaseFact[] {
  const releases = readTable(binary) ?? readAnnotations(flags);
  const fields = new Set(flags.filter(({ fact }) => fact.release).map(({ fact }) => fact.field));
  if (releases.length !== fields.size || !releases.every(({ field }) => fields.has(field))) {
    throw new Error(`the releases (${releases.map(({ field }) => field)}) are not those of the flags`);
  }
  return releases.map((release) => {
    const pyodide = release.realPyodide ?? realPyodideOf(release, releases);
    return {
      field: release.field,
      id: release.pyodide,
      pyodide,
      ...runtimeOf(pyodide),
      workerd_bundle:
        release.pyodide === DEVELOPMENT
          ? DEVELOPMENT
          : `${release.pyodide}_${release.revision}_${release.backport}`,
      packages_tag: release.packagesTag,
    };
  });
}

/** Since 2025, the releases are a table, in which each names the field of its flag. */
function readTable(binary: Buffer): SnapshotRelease[] | undefined {
  return findConstantStructs(binary, 'pyodide_extra.capnp:releases')?.map((release) =>
    readRelease(release, release.text(5)),
  );
}

/** Before, each release was an annotation of its flag's field. */
function readAnnotations(flags: DeclaredFlag[]): SnapshotRelease[] {
  return flags.flatMap(({ fact, annotations }) =>
    annotations
      .filter(({ id }) => id === PYTHON_SNAPSHOT_RELEASE)
      .map(({ value }) => readRelease(value, fact.field)),
  );
}

function readRelease(release: unknown, field: string | null): SnapshotRelease {
  const pyodide = release instanceof Struct ? release.text(0) : null;
  if (!(release instanceof Struct) || field === null || pyodide === null) {
    throw new Error('a Python release has no flag or no Pyodide version');
  }
  return {
    field,
    pyodide,
    revision: release.text(1) ?? '',
    packagesTag: release.text(2) || null,
    backport: release.uint64(0),
    realPyodide: release.text(6) || null,
  };
}

/** A `dev` without a version uses the packages, and therefore the Pyodide, of another release. */
function realPyodideOf(release: SnapshotRelease, releases: SnapshotRelease[]): string {
  if (release.pyodide !== DEVELOPMENT) return release.pyodide;
  const twin = releases.find((other) => other !== release && other.packagesTag === release.packagesTag);
  if (!twin) throw new Error('nothing says which Pyodide the development release is');
  return twin.pyodide;
}
