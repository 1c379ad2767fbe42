/** What is known of packages: the document about those of all sets and, for others, the documents that have their names. */
import type { CatalogView } from '../compatibility/view.ts';
import type { PinwheelSource } from '../pinwheel/source.ts';
import { sortedBy } from '../sorted-by.ts';
import type { AdvisoriesDocument, NameRange } from './advisories.ts';

/**
 * Advisories about packages, as one document that lists which packages were looked for. Its source is the oldest that
 * was read. Null if nothing is known.
 */
export async function advisoriesAbout(
  { advisories }: CatalogView,
  source: Pick<PinwheelSource, 'advisories'>,
  names: Iterable<string>,
): Promise<AdvisoriesDocument | null> {
  const row = advisories.find(({ range }) => !range);
  const ofSets = row && (await source.advisories?.(row));
  if (!ofSets) return null;
  const known = new Set(ofSets.names);
  const others = [...new Set(names)].filter((name) => !known.has(name));
  const rows = advisories.filter(({ range }) => range && others.some((name) => isIn(range, name)));
  const read = await Promise.all(rows.map((other) => source.advisories!(other)));
  const ranges = read.flatMap((document) => (document?.range ? document : []));
  if (ranges.length === 0) return ofSets;
  const isRead = (name: string) => ranges.some(({ range }) => isIn(range!, name));
  const parts = [ofSets, ...ranges];
  return {
    kind: 'advisories',
    source: sortedBy(parts, ({ source: { day } }) => day)[0]!.source,
    names: [...ofSets.names, ...others.filter(isRead)],
    advisories: parts.flatMap(({ advisories }) => advisories),
    statements: parts.flatMap(({ statements }) => statements),
  };
}

export const isIn = ({ from, before }: NameRange, name: string) =>
  name >= from && (before === null || name < before);
