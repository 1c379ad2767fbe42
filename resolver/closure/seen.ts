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
  if (known?.seen?.digest === row.digest) return known;
  const files = await source.openFiles(row);
  const sizes = new Map(files.map(({ sha256, size }) => [sha256, size]));
  const packages = set.packages.map(({ wheel, ...rest }) => ({
    ...rest,
    wheel: { ...wheel, size: wheel.size ?? sizes.get(wheel.sha256) ?? null },
  }));
  const seen = { ...set, packages, seen: { digest: row.digest, sizes } };
  described.set(set, seen);
  return seen;
}
