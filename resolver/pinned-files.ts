/**
 * Every file that the sets of a registry pin, with what pages show of it. The log's newest entry leads to the digest of
 * this table, so that searches, and look-ups of a package in all sets, need no document of a set.
 */
import type { Member, PackageSet, Patched } from './catalog.ts';
import { type PreparedSet, prepareSet } from './closure/prepare.ts';
import { sha256 } from './digest.ts';
import { sortedBy } from './sorted-by.ts';

/** A file with the facts of its package in each set that pins it. */
export interface PinnedFile extends Pick<Member, 'name' | 'version' | 'kind' | 'filename' | 'sha256'> {
  patched_by: Patched['by'] | null;
  imports: readonly string[];
  /** The revisions that published the sets. */
  sets: number[];
  /** The number of packages that depend on it, for each of `sets`. */
  dependents: number[];
  /** The elements of `sets` whose package set lacks a part of the file's closure. */
  incomplete: number[];
}

/** Sorted by name. The files of a name are in the order of their first publication. */
export type FileTable = ReadonlyMap<string, readonly PinnedFile[]>;

export const emptyTable: FileTable = new Map();

/** The table with the set that a revision publishes. */
export function withSet(table: FileTable, set: PackageSet, revision: number): FileTable {
  const after = new Map(table);
  for (const file of filesOf(prepareSet(set), revision)) {
    const known = after.get(file.name) ?? [];
    const at = known.findIndex((other) => isSame(other, file));
    after.set(file.name, at < 0 ? [...known, file] : known.with(at, together(known[at]!, file)));
  }
  return new Map(sortedBy(after, ([name]) => name));
}

export function filesOf(set: PreparedSet, revision: number): PinnedFile[] {
  const dependents = dependentsIn(set);
  return set.members.map(({ name, version, kind, filename, sha256, patched, imports }, at) => ({
    ...{ name, version, kind, filename, sha256 },
    patched_by: patched?.by ?? null,
    imports,
    ...{ sets: [revision], dependents: [dependents[at]!], incomplete: set.whole[at] ? [] : [revision] },
  }));
}

/** The text of a table, of which the log has the digest: arrays, whose JSON is shorter than that of objects. */
export function tableText(table: FileTable): string {
  const rows = [...table].map(([name, files]) => [
    name,
    files.map((file) => [
      ...[file.version, file.kind, file.filename, file.sha256, file.patched_by, file.imports],
      ...[file.sets, file.dependents, file.incomplete],
    ]),
  ]);
  return JSON.stringify(rows);
}

type Row = [
  version: string,
  kind: Member['kind'],
  filename: string,
  sha256: string,
  patched_by: Patched['by'] | null,
  imports: string[],
  sets: number[],
  dependents: number[],
  incomplete: number[],
];

/** The table of a text that has the digest that is expected. */
export function readTable(text: string): FileTable {
  const fileOf = (name: string, row: Row): PinnedFile => {
    const [version, kind, filename, sha256, patched_by, imports, sets, dependents, incomplete] = row;
    return { name, version, kind, filename, sha256, patched_by, imports, sets, dependents, incomplete };
  };
  const rows = JSON.parse(text) as [name: string, files: Row[]][];
  return new Map(rows.map(([name, files]) => [name, files.map((row) => fileOf(name, row))]));
}

export const tableDigest = (table: FileTable): Promise<string> => sha256(tableText(table));

/** Whether two files differ only in the sets that pin them. */
function isSame(file: PinnedFile, other: PinnedFile): boolean {
  const facts = ['sha256', 'version', 'kind', 'filename', 'patched_by'] as const;
  return (
    facts.every((fact) => file[fact] === other[fact]) && file.imports.join('\n') === other.imports.join('\n')
  );
}

function together(file: PinnedFile, more: PinnedFile): PinnedFile {
  return {
    ...file,
    sets: [...file.sets, ...more.sets],
    dependents: [...file.dependents, ...more.dependents],
    incomplete: [...file.incomplete, ...more.incomplete],
  };
}

/** For each member, the number of its dependents, without those that are tests of packages. */
function dependentsIn({ members, edges }: PreparedSet): number[] {
  const dependents = members.map(() => 0);
  for (const [at, needed] of edges.entries()) {
    if (!members[at]!.name.endsWith('-tests')) for (const dependency of needed) dependents[dependency]!++;
  }
  return dependents;
}
