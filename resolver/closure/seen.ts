/** Package sets with the sizes of those of their files that somebody had. */
import type { CatalogView } from '../compatibility/view.ts';
import type { PreparedSet } from './prepare.ts';
import type { ResolveSource } from './source.ts';

/** The newest of each set: other revisions are rarely asked for. */
const described = new WeakMap<PreparedSet, PreparedSet>();

/** A set of a view, with what the view's revision knows of its files. */
export async function openSeen(
  { seenFiles }: CatalogView,
  head: { flag: string; digest: string },
  source: Pick<ResolveSource, 'openSet' | 'openFiles'>,
): Promise<PreparedSet> {
  const set = await source.openSet(head);
  const row = seenFiles.get(head.flag);
  if (!row || !source.openFiles) return set;
  const known = described.get(set);
  if (known?.seen === row.digest) return known;
  const files = await source.openFiles(row);
  const sizes = new Map(files.map(({ sha256, size }) => [sha256, size]));
  const sized = <File extends { sha256: string; size: number | null }>(file: File) => ({
    ...file,
    size: file.size ?? sizes.get(file.sha256) ?? null,
  });
  const packages = set.packages.map(({ wheel, ...rest }) => ({ ...rest, wheel: sized(wheel) }));
  const seen = { ...set, members: set.members.map(sized), packages, seen: row.digest };
  described.set(set, seen);
  return seen;
}
