/** The matrix of a day, cached by revision: its rows as HTML, of which pages show some. */
import { LRUCache } from 'lru-cache';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { type CatalogView, type Issue, selectTarget } from '../../../resolver/index.ts';
import { knownNames } from '../../../resolver/python/known-names.ts';
import type { Bindings } from '../../env.ts';
import { documents } from '../../facts/standard-library.ts';
import { otherDay } from '../../http/reply.ts';
import { pinnedFilesOf } from '../../storage/history.ts';
import { countsText } from '../components/evidence.tsx';
import { type Column, columnsOf, questionOn, todayOf } from './columns.ts';
import { matrixOf, once, type Row } from './matrix.ts';
import { type SearchedRow, searchedKnown, searchedMember, searchedModule } from './matrix-table.tsx';
import { moduleRows } from './modules.ts';

export interface Matrix {
  columns: readonly Column[];
  today: Column;
  /** Today's Python, such as `3.14`. */
  python: string;
  /** Packages and shared libraries, those with the most dependents first. */
  packages: readonly Row[];
  /** How many packages today's set has, and what was seen of them. */
  counts: string;
  /** The packages that are listed without a search. */
  listed: readonly Row[];
  /** Packages, shared libraries, modules of the standard library, and names that need no package. */
  rows: () => readonly SearchedRow[];
}

/** The number of cached matrices; each, of one day and revision, takes about 500 kB. */
const KEPT = 4;

const kept = new LRUCache<string, Matrix>({ max: KEPT });

/** The matrix of a day and a revision; null if no compatibility date has a target. */
export async function openMatrix(env: Bindings, view: CatalogView, asOf: string): Promise<Matrix | null> {
  // All that its sentences depend on.
  const key = `${view.stamp.digest} ${asOf} ${otherDay(asOf) ?? ''}`;
  const known = kept.get(key);
  if (known) return known;
  const columns = columnsOf(view, asOf, otherDay(asOf));
  const today = todayOf(columns);
  if (!today) return null;
  const files = await pinnedFilesOf(env, view);
  const matrix = matrixIn(view, columns, today, matrixOf(view, columns, files));
  kept.set(key, matrix);
  return matrix;
}

/** Why there is no matrix: the day itself has no target. */
export function noMatrixIssues(view: CatalogView, asOf: string): readonly Issue[] {
  const target = selectTarget(view, questionOn(asOf));
  return target.ok ? [] : target.issues;
}

export function matrixIn(
  view: CatalogView,
  columns: readonly Column[],
  today: Column,
  all: readonly Row[],
): Matrix {
  const packages = all.filter(({ kind }) => kind !== 'standard_library');
  const modules = all.filter(({ kind }) => kind === 'standard_library');
  const listed = packages.filter(({ kind }) => kind === 'package');
  const pinned = all.flatMap(({ name, held }) => {
    const holding = held[columns.indexOf(today)];
    return holding?.flag === today.set.flag && holding.pin.kind === 'package' ? name : [];
  });
  return {
    ...{ columns, today, packages, listed },
    python: minorOf(today.target.runtime.python),
    counts: countsText(view, today.set.flag, pinned),
    rows: once(() => [
      ...packages.map((row) => searchedMember(columns, row)),
      ...moduleRows(columns, modules).map((row) => searchedModule(columns, row)),
      ...knownNames(documents, today.target, view).map((known) => searchedKnown(columns, known)),
    ]),
  };
}
