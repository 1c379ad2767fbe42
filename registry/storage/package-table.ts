/**
 * What a search finds: every package of some sets, as one object of R2, so that a search does not ask D1. It follows
 * from the documents of the sets, which the log vouches for: publishing a set adds to the table before it, and the key
 * of the log signs the outcome. A table that is missing, or is not the one that was stored, is made anew.
 */
import type { CatalogSet, MemberKind, PackageSet } from '../../resolver/catalog.ts';
import { sha256 } from '../../resolver/digest.ts';
import { openNote, type SigningKey, signNote } from '../../resolver/log/note.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import { logWarning } from '../structured-log.ts';
import { parseSetDocument, readDocument } from './documents.ts';
import { type LogStorage, signingKey } from './log-files.ts';
import { operations, within } from './operations.ts';

/** A package, over all sets that have it. */
interface TablePackage {
  name: string;
  /** In how many sets it is. */
  sets: number;
  versions: string[];
  /** The newest set that has it, when that was released, and what the package is in it. */
  newest_flag: string;
  released: string;
  kind: MemberKind;
}

/** Sorted by name. */
export type PackageTable = readonly TablePackage[];

/** A package as a search finds it. */
export interface FoundPackage extends Pick<TablePackage, 'name' | 'sets' | 'newest_flag' | 'kind'> {
  versions: number;
}

export interface FoundPackages {
  total: number;
  packages: FoundPackage[];
}

/** Packages whose canonical name contains `query`, those that begin with it first; and how many there are. */
export function searchTable(table: PackageTable, query: string, limit: number): FoundPackages {
  const found = table.filter(({ name }) => name.includes(query));
  const placed = found.map((one) => ({ one, place: one.name === query ? -1 : one.name.indexOf(query) }));
  // Equal places stay sorted by name.
  const packages = placed
    .sort((a, b) => a.place - b.place)
    .slice(0, limit)
    .map(({ one: { name, sets, versions, newest_flag, kind } }) => {
      return { name, sets, versions: versions.length, newest_flag, kind };
    });
  return { total: found.length, packages };
}

/** The table over one more set. */
export function addToTable(table: PackageTable, { flag, released, packages }: PackageSet): PackageTable {
  const byName = new Map(table.map((one) => [one.name, one]));
  for (const { name, version, kind } of packages) {
    const known = byName.get(name);
    const newest =
      known && known.released + known.newest_flag > released + flag
        ? { newest_flag: known.newest_flag, released: known.released, kind: known.kind }
        : { newest_flag: flag, released, kind };
    const versions = known?.versions ?? [];
    byName.set(name, {
      name,
      sets: (known?.sets ?? 0) + 1,
      versions: versions.includes(version) ? versions : [...versions, version],
      ...newest,
    });
  }
  return sortedBy([...byName.values()], ({ name }) => name);
}

/**
 * The table over sets, in the order in which they were published. What R2 lacks of it is made of their documents, and
 * stored. Throws if one of them cannot be read.
 */
export async function openTable(storage: LogStorage, sets: readonly CatalogSet[]): Promise<PackageTable> {
  const key = await signingKey(storage);
  let made = sets.length;
  let table: PackageTable | null = null;
  while (made > 0 && !table) {
    table = await readTable(storage.STORE, await nameOf(sets.slice(0, made)), key);
    if (!table) made--;
  }
  table ??= [];
  if (made === sets.length) return table;
  for (const { digest } of sets.slice(made)) {
    operations.r2++;
    table = addToTable(table, parseSetDocument(await within(readDocument(storage.STORE, digest))));
  }
  await putTable(storage, sets, table).catch((cause: unknown) =>
    logWarning('the table of packages could not be stored', cause),
  );
  return table;
}

/** Stores the table over sets. Nobody looks for it before all of them are in the log. */
export async function putTable(
  storage: LogStorage,
  sets: readonly Pick<CatalogSet, 'digest'>[],
  table: PackageTable,
): Promise<void> {
  const name = await nameOf(sets);
  const json = JSON.stringify(table);
  const statement = statementOf(name, await sha256(json));
  const key = await signingKey(storage);
  operations.r2++;
  await storage.STORE.put(keyOf(name), `${json}\n${key ? await signNote(statement, key) : statement}`, {
    httpMetadata: { contentType: 'text/plain; charset=utf-8' },
  });
}

/** A table as it was stored; null if it is missing, or is not what was stored. */
async function readTable(
  STORE: R2Bucket,
  name: string,
  key: SigningKey | null,
): Promise<PackageTable | null> {
  operations.r2++;
  const object = await within(STORE.get(keyOf(name)));
  if (!object) return null;
  const text = await within(object.text());
  const end = text.indexOf('\n');
  const json = text.slice(0, end);
  const note = text.slice(end + 1);
  if ((key ? await openNote(note, key) : note) !== statementOf(name, await sha256(json))) {
    logWarning(`the table of packages ${name} in R2 is not the one that was stored`);
    return null;
  }
  return JSON.parse(json) as PackageTable;
}

/** By what it is made of. */
const nameOf = (sets: readonly Pick<CatalogSet, 'digest'>[]): Promise<string> =>
  sha256(sets.map(({ digest }) => digest).join('\n'));

const keyOf = (name: string) => `packages/${name}`;

/** What the key of the log signs of a table. */
const statementOf = (name: string, hash: string) => `Pinwheel packages\n${name}\n${hash}\n`;
