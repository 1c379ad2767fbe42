/** The files of package sets that somebody had: from the document to the catalog's row, and from there to sizes. */
import type { CatalogSeen, FilesDocument, PackageSet } from '../catalog.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { sortedBy } from '../sorted-by.ts';
import { type PreparedSet, pinnedIn, prepareSet, wholeIn } from './prepare.ts';
import type { ResolveSource } from './source.ts';

/** The row of the catalog for a document with this digest. */
export function seenIn(
  set: PackageSet,
  { day, files }: Pick<FilesDocument, 'day' | 'files'>,
  digest: string,
): Omit<CatalogSeen, 'revision' | 'withdrawn'> {
  const known = new Map(files.map(({ sha256, size }) => [sha256, size]));
  const had = new Set(files.flatMap(({ sha256, pointer }) => (pointer === undefined ? sha256 : [])));
  const prepared = prepareSet(set);
  const isWhole = wholeIn(prepared, ({ sha256 }) => had.has(sha256));
  const seen = sortedBy(
    prepared.members.flatMap(({ name, sha256 }, at) => {
      const size = known.get(sha256);
      return size === undefined ? [] : [{ name, size, isWhole: isWhole[at]! }];
    }),
    ({ name }) => name,
  );
  return {
    ...{ set: set.flag, day, digest },
    sizes: Object.fromEntries(seen.map(({ name, size }) => [name, size])),
    incomplete: seen.flatMap(({ name, isWhole }) => (isWhole ? [] : name)),
  };
}

/** The newest of each set: other revisions are rarely asked for. */
const described = new WeakMap<PreparedSet, PreparedSet>();

/** A set of a view, with what the view's revision knows of its files. */
export async function openSeen(
  { seenFiles }: Pick<CatalogView, 'seenFiles'>,
  head: { flag: string; digest: string },
  source: Pick<ResolveSource, 'openSet'>,
): Promise<PreparedSet> {
  const set = await source.openSet(head);
  const row = seenFiles.get(head.flag);
  if (!row) return set;
  const known = described.get(set);
  if (known?.seen === row.digest) return known;
  const sizes = new Map(Object.entries(row.sizes));
  const members = set.members.map((member) => {
    return { ...member, size: member.size ?? sizes.get(member.name) ?? null };
  });
  const seen = { ...set, members, pinned: pinnedIn(members), seen: row.digest };
  described.set(set, seen);
  return seen;
}
