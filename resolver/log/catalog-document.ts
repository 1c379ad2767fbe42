/** The catalog as the log covers it, and as it was at an earlier revision. */
import type { Catalog } from '../catalog.ts';
import { canonicalJson } from '../digest.ts';

/** A catalog without its newest entry, which has its digest: the root covers every fact and every earlier root. */
export function catalogDocument({ log, ...facts }: Catalog): string {
  return canonicalJson({ log: log.slice(0, -1), ...facts });
}

export function catalogAt(catalog: Catalog, revision: number): Catalog {
  const then = <Row extends { revision: number; withdrawn: number | null }>(rows: Row[]): Row[] =>
    rows
      .filter((row) => row.revision <= revision)
      .map((row) => (row.withdrawn !== null && row.withdrawn > revision ? { ...row, withdrawn: null } : row));
  return {
    log: catalog.log.slice(0, revision),
    pythons: then(catalog.pythons),
    flags: then(catalog.flags),
    releases: then(catalog.releases),
    package_locks: then(catalog.package_locks),
    sets: then(catalog.sets),
    yanks: then(catalog.yanks),
    files: then(catalog.files),
    seen: then(catalog.seen),
    evidence: then(catalog.evidence),
    advisories: then(catalog.advisories),
  };
}
