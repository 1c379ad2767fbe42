/**
 * Every package of some sets, and which of the sets pin which version, as one object of R2. Searches and explanations
 * read it, and it shows if a row of D1 is missing.
 */

import type { Pin } from '../../resolver/closure/source.ts';
import type { PackageSet } from '../../resolver/index.ts';
import type { CatalogSet, MemberKind } from '../../resolver/schemas.ts';
import { order } from '../../resolver/sorted-by.ts';
import type { Derived } from './derived.ts';
import { type FileKind, fileKindOf, type PinnedFile } from './packages.ts';
import { type Places, placesIn, withPlace } from './places.ts';

/** What some of the sets pin: an array, whose JSON is shorter than that of an object. */
type TablePin = readonly [version: string, kind: MemberKind, file: FileKind, sets: Places];

/** By name, each with everything that sets pin of it. */
export type PackageTable = ReadonlyMap<string, readonly TablePin[]>;

/** The sets of a table, in the order of their publication. */
type TableSets = ReadonlyMap<string, Pick<CatalogSet, 'flag' | 'released'>>;

/** A package that a search finds. */
export interface FoundPackage {
  name: string;
  /** How many sets have it. */
  sets: number;
  versions: number;
  /** The newest set that has it, and its kind there. */
  newest_flag: string;
  kind: MemberKind;
}

export interface FoundPackages {
  total: number;
  packages: FoundPackage[];
}

/** Packages whose canonical name contains `query`, those that begin with it first, and their number. */
export function searchTable(
  table: PackageTable,
  sets: TableSets,
  query: string,
  limit: number,
): FoundPackages {
  const found = [...table.keys()].filter((name) => name.includes(query));
  const place = (name: string) => (name === query ? -1 : name.indexOf(query));
  const inOrder = [...sets.values()];
  const packages = found
    .sort((a, b) => place(a) - place(b) || order(a, b))
    .slice(0, limit)
    .map((name) => {
      const pins = pinsIn(table, name).map(({ at, ...pin }) => ({ ...pin, set: inOrder[at]! }));
      const newest = pins.reduce((one, other) =>
        one.set.released + one.set.flag > other.set.released + other.set.flag ? one : other,
      );
      const versions = new Set(pins.map(({ version }) => version)).size;
      return { name, sets: pins.length, versions, newest_flag: newest.set.flag, kind: newest.kind };
    });
  return { total: found.length, packages };
}

/** What the sets of some flags pin of a package, in the order of the sets; empty for an unknown name. */
export function pinsOfName(table: PackageTable, flags: readonly (string | null)[], name: string): Pin[] {
  const found: Pin[] = [];
  for (const [version, , , sets] of table.get(name) ?? []) {
    for (const at of placesIn(sets)) {
      const flag = flags[at]!;
      if (flag !== null) found[at] = { flag, version };
    }
  }
  return found.flat();
}

function pinsIn(table: PackageTable, name: string) {
  const pins = table.get(name) ?? [];
  return pins.flatMap(([version, kind, , sets]) => placesIn(sets).map((at) => ({ at, version, kind })));
}

/** How many sets have a package. */
export const countOf = (table: PackageTable, name: string): number => pinsIn(table, name).length;

/** Whether these are all the files of a table, each in the same number of sets. */
export function hasSameFiles(table: PackageTable, files: readonly PinnedFile[]): boolean {
  const count = [...table.values()].reduce((sum, pins) => sum + pins.length, 0);
  return (
    files.length === count &&
    files.every((one) =>
      table
        .get(one.name)
        ?.some(
          ([version, kind, file, sets]) =>
            one.version === version &&
            one.kind === kind &&
            one.file === file &&
            placesIn(sets).length === one.sets.length,
        ),
    )
  );
}

/** The table with one more set, the `at`th. */
function addToTable(table: PackageTable, { packages }: PackageSet, at: number): PackageTable {
  const after = new Map(table);
  for (const { name, version, kind, filename } of packages) {
    const known = table.get(name) ?? [];
    const file = fileKindOf(filename);
    const same = known.findIndex((pin) => pin[0] === version && pin[1] === kind && pin[2] === file);
    const pin: TablePin = [version, kind, file, withPlace(known[same]?.[3] ?? '', at)];
    after.set(name, same < 0 ? [...known, pin] : known.with(same, pin));
  }
  return after;
}

export const PACKAGE_TABLE: Derived<PackageTable> = {
  kind: 'versions',
  empty: new Map(),
  add: addToTable,
  toJson: (table) => [...table],
  fromJson: (json) => new Map(json as [string, TablePin[]][]),
};
