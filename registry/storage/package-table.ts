/**
 * Every package of some sets, and how many of the sets pin which version, as one object of R2. Searches read it, and it
 * shows if a row of D1 is missing. It is derived from the documents of the sets, which the log vouches for: publishing
 * a set extends the previous table, and the key of the log signs the result. A table that is missing or was changed is
 * derived again.
 */
import type { CatalogSet, Member, MemberKind, PackageSet } from '../../resolver/catalog.ts';
import { sha256 } from '../../resolver/digest.ts';
import { openNote, type SigningKey, signNote } from '../../resolver/log/note.ts';
import { order } from '../../resolver/sorted-by.ts';
import { logWarning } from '../structured-log.ts';
import { DocumentMissing, parseSetDocument, readDocument } from './documents.ts';
import { type LogStorage, signingKey } from './log-files.ts';
import { operations, within } from './operations.ts';
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

/** Stores the table of the sets and of one more, which is about to be published. */
export async function extendTable(
  storage: LogStorage,
  sets: readonly CatalogSet[],
  added: { set: PackageSet; digest: string },
): Promise<void> {
  const table = addToTable(await openTable(storage, sets), added.set);
  await putTable(storage, [...sets, added], table);
}

/**
 * The table of sets, in the order of their publication. What R2 lacks of it is derived from their documents and stored.
 * Throws if one of them cannot be read, or if that takes more than `most` documents.
 */
export async function openTable(
  storage: LogStorage,
  sets: readonly CatalogSet[],
  most = Number.POSITIVE_INFINITY,
): Promise<PackageTable> {
  const key = await signingKey(storage);
  let made = sets.length;
  let table: PackageTable | null = null;
  while (made > 0 && !table) {
    if (sets.length - made > most) throw new DocumentMissing('R2 has no table of packages');
    table = await readTable(storage.STORE, await nameOf(sets.slice(0, made)), key);
    if (!table) made--;
  }
  table ??= new Map();
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

/** Stores the table of sets. It is not read before all of them are in the log. */
export async function putTable(
  storage: LogStorage,
  sets: readonly Pick<CatalogSet, 'digest'>[],
  table: PackageTable,
): Promise<void> {
  const name = await nameOf(sets);
  const json = JSON.stringify([...table.values()]);
  const statement = statementOf(name, await sha256(json));
  const key = await signingKey(storage);
  operations.r2++;
  await storage.STORE.put(keyOf(name), `${json}\n${key ? await signNote(statement, key) : statement}`, {
    httpMetadata: { contentType: 'text/plain; charset=utf-8' },
  });
}

/** A stored table; null if it is missing or was changed. */
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
  return new Map((JSON.parse(json) as TablePackage[]).map((one) => [one.name, one]));
}

/** A table's name: the digest of its sets. */
const nameOf = (sets: readonly Pick<CatalogSet, 'digest'>[]): Promise<string> =>
  sha256(sets.map(({ digest }) => digest).join('\n'));

const keyOf = (name: string) => `packages/${name}`;

/** The text that the key of the log signs for a table. */
const statementOf = (name: string, hash: string) => `Pinwheel packages\n${name}\n${hash}\n`;
