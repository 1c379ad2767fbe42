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
export type FileTable = Pick<ReadonlyMap<string, readonly PinnedFile[]>, 'get' | 'has' | 'keys'> & {
  /** Like `get`, but keeps nothing that it parses: V8 would copy megabytes for a question with many names. */
  read?(name: string): readonly PinnedFile[] | undefined;
  /** The modules of all files of a name whose row is not parsed, and stays so. */
  modules?(name: string): Set<string> | undefined;
};

/** The files of a name that is asked for once, and not kept. */
export const filesOnce = (table: FileTable, name: string): readonly PinnedFile[] =>
  (table.read ? table.read(name) : table.get(name)) ?? [];

/** The modules of all files of a name. */
export const modulesOnce = (table: FileTable, name: string): Set<string> =>
  table.modules?.(name) ?? new Set(table.get(name)?.flatMap(({ imports }) => imports));

/** The names of a table, each with its files. */
const entriesOf = (table: FileTable) => Array.from(table.keys(), (name) => [name, table.get(name)!] as const);

export function allFiles(table: FileTable): PinnedFile[] {
  return entriesOf(table).flatMap(([, files]) => files);
}

export const emptyTable: FileTable = new Map();

export function withSet(table: FileTable, set: PackageSet, revision: number): FileTable {
  const after = new Map(entriesOf(table));
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
  const rows = entriesOf(table).map(([name, files]) => [
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

/** Between rows: the `["` at the end of a text of JSON has a comma or a bracket behind it, and no name begins with one. */
const BETWEEN_ROWS = /(?<=\]\]\]\]),(?=\["[^,\]])/;
/** The modules of a file, in a row: no other list of texts has a text or `null` before it. */
const MODULES_IN_ROW = /(?<=[l"],)\[(?:"(?:[^"\\]|\\.)*",?)+\]/g;
const NAME_IN_ROW = /^\[("(?:[^"\\]|\\.)*")/;

/**
 * Reads the text of a table, whose digest was verified. The row of a name is parsed when it is asked for, because most
 * questions are about some names.
 */
export function readTable(text: string): FileTable {
  const rows = new Map<string, string | readonly PinnedFile[]>();
  for (const row of text.slice(1, -1).split(BETWEEN_ROWS)) {
    const [, name] = NAME_IN_ROW.exec(row) ?? [];
    if (name !== undefined) rows.set(JSON.parse(name), row);
  }
  const read = (name: string) => {
    const row = rows.get(name);
    return typeof row === 'string' ? filesIn(row) : row;
  };
  const get = (name: string) => {
    const files = read(name);
    if (files) rows.set(name, files);
    return files;
  };
  const modules = (name: string) => {
    const row = rows.get(name);
    if (typeof row !== 'string') return undefined;
    // Most files of a name have the same.
    const lists = new Set(row.match(MODULES_IN_ROW));
    return new Set([...lists].flatMap((list): string[] => JSON.parse(list)));
  };
  return { get, read, modules, has: (name) => rows.has(name), keys: () => rows.keys() };
}

function filesIn(row: string): PinnedFile[] {
  const [name, files] = JSON.parse(row) as [name: string, files: Row[]];
  return files.map(([version, kind, filename, sha256, patched_by, imports, sets, dependents, incomplete]) => {
    return { name, version, kind, filename, sha256, patched_by, imports, sets, dependents, incomplete };
  });
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
