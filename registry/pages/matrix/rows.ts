/** The rows that a page shows. */
import type { MadeRow } from './matrix-table.tsx';
import { isTestsOf, rankOf, wantedName } from './search.ts';

/** Rows without a search, before all are requested. */
export const MOST_LISTED = 24;
/** Rows that a search shows. */
export const MOST_FOUND = 12;

/** The worst rank that counts: matches inside of a name count only for packages. */
export const WORST_OF_LISTED = 4;
export const WORST_OF_OTHERS = 3;

/** The rank of a module that today's Python lacks: packages with a module of that name come first. */
export const BEST_OF_ABSENT = 1.5;

function bestRankOf({ module, is }: MadeRow): number {
  return module && is === 'no' ? BEST_OF_ABSENT : 0;
}

/** Rows that a search finds, the best first, and equals in the order of the matrix. Tests lead to their package. */
export function found(rows: readonly MadeRow[], query: string): MadeRow[] {
  const wanted = wantedName(query);
  if (wanted === '') return [];
  const tested = rows.find(({ names, listed }) => listed && isTestsOf(names, wanted));
  if (tested) return [tested];
  const ranked = rows
    .map((row) => ({ row, rank: Math.max(rankOf(row.names, wanted), bestRankOf(row)) }))
    .filter(({ row, rank }) => rank <= (row.listed ? WORST_OF_LISTED : WORST_OF_OTHERS));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ row }) => row);
}
