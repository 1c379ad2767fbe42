/**
 * Every package of some sets, and how many of the sets pin which version, as one object of R2. Searches read it, and it
 * shows if a row of D1 is missing.
 */
import type { Member, MemberKind, PackageSet } from '../../resolver/catalog.ts';
import { order } from '../../resolver/sorted-by.ts';
import type { Derived } from './derived.ts';
import { type FileKind, fileKindOf, type PinnedFile } from './packages.ts';

/** A package, over all sets that have it. */
interface TablePackage {
  name: string;
  /** What the sets pin, and how many sets pin it. */
  pins: readonly { version: string; kind: MemberKind; file: FileKind; sets: number }[];
  /** The newest set that has it, the day of that set's release, and the kind of package. */
  newest_flag: string;
  released: string;
  kind: MemberKind;
}

/** By name. */
export type PackageTable = ReadonlyMap<string, TablePackage>;

/** A package that a search finds. */
export interface FoundPackage extends Pick<TablePackage, 'name' | 'newest_flag' | 'kind'> {
  /** How many sets have it. */
  sets: number;
  versions: number;
}

export interface FoundPackages {
  total: number;
  packages: FoundPackage[];
}

/** Packages whose canonical name contains `query`, those that begin with it first, and their number. */
export function searchTable(table: PackageTable, query: string, limit: number): FoundPackages {
  const found = [...table.values()].filter(({ name }) => name.includes(query));
  const place = (name: string) => (name === query ? -1 : name.indexOf(query));
  const packages = found
    .sort((a, b) => place(a.name) - place(b.name) || order(a.name, b.name))
    .slice(0, limit)
    .map(({ name, pins, newest_flag, kind }) => {
      const versions = new Set(pins.map(({ version }) => version)).size;
      return { name, sets: setsOf(pins), versions, newest_flag, kind };
    });
  return { total: found.length, packages };
}

const setsOf = (pins: readonly { sets: number }[]): number => pins.reduce((sum, { sets }) => sum + sets, 0);

/** How many sets have a package. */
export const countOf = (table: PackageTable, name: string): number => setsOf(table.get(name)?.pins ?? []);

/** Whether these are all the files of a table, each in the same number of sets. */
export function hasSameFiles(table: PackageTable, files: readonly PinnedFile[]): boolean {
  const count = [...table.values()].reduce((sum, { pins }) => sum + pins.length, 0);
  return (
    files.length === count &&
    files.every(({ name, version, kind, file, sets }) =>
      table
        .get(name)
        ?.pins.some(
          (pin) =>
            pin.version === version && pin.kind === kind && pin.file === file && pin.sets === sets.length,
        ),
    )
  );
}

/** The table with one more set. */
function addToTable(table: PackageTable, { flag, released, packages }: PackageSet): PackageTable {
  const after = new Map(table);
  for (const member of packages) {
    const { name, kind } = member;
    const known = table.get(name);
    const newest =
      known && known.released + known.newest_flag > released + flag
        ? { newest_flag: known.newest_flag, released: known.released, kind: known.kind }
        : { newest_flag: flag, released, kind };
    after.set(name, { name, pins: addToPins(known?.pins ?? [], member), ...newest });
  }
  return after;
}

function addToPins(pins: TablePackage['pins'], { version, kind, filename }: Member): TablePackage['pins'] {
  const file = fileKindOf(filename);
  const at = pins.findIndex((pin) => pin.version === version && pin.kind === kind && pin.file === file);
  const pin = pins[at];
  return pin ? pins.with(at, { ...pin, sets: pin.sets + 1 }) : [...pins, { version, kind, file, sets: 1 }];
}

export const PACKAGE_TABLE: Derived<PackageTable> = {
  kind: 'packages',
  empty: new Map(),
  add: addToTable,
  toJson: (table) => [...table.values()],
  fromJson: (json) => new Map((json as TablePackage[]).map((one) => [one.name, one])),
};
