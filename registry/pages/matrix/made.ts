/** The matrix of a day, cached by revision: its rows as HTML, of which pages show some. */
import { LRUCache } from 'lru-cache';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { type CatalogView, canonicalName, type Issue, selectTarget } from '../../../resolver/index.ts';
import type { Bindings } from '../../env.ts';
import { otherDay } from '../../http/day.ts';
import { pinnedFilesOf, yankedPinsOf } from '../../storage/history.ts';
import { type Column, columnsOf, todayOf } from './columns.ts';
import { matrixOf, type Row } from './matrix.ts';
import { type MadeRow, madeModule, madeRow } from './matrix-table.tsx';
import { moduleRow, moduleRows } from './modules.ts';

export interface Matrix {
  columns: readonly Column[];
  today: Column;
  /** Today's, such as `3.14`. */
  python: string;
  /** Packages and shared libraries, those with the most dependents first. */
  packages: readonly Row[];
  /** The number of listed packages. */
  total: number;
  /** The number of those that today's set has. */
  supported: number;
  /** The first listed packages. */
  listed: (most: number) => readonly MadeRow[];
  /** Packages, then shared libraries, then modules of the standard library: created for the first search. */
  rows: () => readonly MadeRow[];
  /** A module of the standard library; null if there is none of that name. */
  module: (name: string) => MadeRow | null;
}

/** A matrix, of one day and revision, takes about 500 kB. */
const KEPT = 4;

const kept = new LRUCache<string, Matrix>({ max: KEPT });

/** Of what its sentences depend on. */
function keyOf({ stamp }: CatalogView, asOf: string): string {
  return `${stamp.digest} ${asOf} ${otherDay(asOf) ?? ''}`;
}

/** Null if no compatibility date has a target. */
export async function openMatrix(env: Bindings, view: CatalogView, asOf: string): Promise<Matrix | null> {
  const key = keyOf(view, asOf);
  const known = kept.get(key);
  if (known) return known;
  const columns = columnsOf(view, asOf, otherDay(asOf));
  const today = todayOf(columns);
  if (!today) return null;
  const files = await pinnedFilesOf(env, view);
  // Without D1, the page is there all the same.
  const yanked = await yankedPinsOf(env, view).catch(() => null);
  const matrix = matrixIn(columns, today, matrixOf(view, columns, files, yanked ?? undefined));
  if (yanked) kept.set(key, matrix);
  return matrix;
}

/** The names of the packages with a module of this canonical name. */
export function importedAs(matrix: Matrix | null, name: string): string[] {
  const importing = matrix?.packages.filter(({ imports }) =>
    imports.some((one) => canonicalName(one) === name),
  );
  return importing?.map((row) => row.name) ?? [];
}

/** Why there is no matrix: the day itself has no target. */
export function noMatrixIssues(view: CatalogView, asOf: string): readonly Issue[] {
  const question = { compatibility_date: asOf, compatibility_flags: ['python_workers'], as_of: asOf };
  const target = selectTarget(view, question);
  return target.ok ? [] : target.issues;
}

/** Renders rows on demand and once: a page shows only a few of them. */
function matrixIn(columns: readonly Column[], today: Column, all: readonly Row[]): Matrix {
  const packages = all.filter(({ kind }) => kind !== 'standard_library');
  const shown = packages.filter(({ kind }) => kind === 'package');
  const made = new Map<Row, MadeRow>();
  const rowOf = (row: Row) => {
    const known = made.get(row) ?? madeRow(columns, row);
    made.set(row, known);
    return known;
  };
  const members = all.filter(({ kind }) => kind === 'standard_library');
  const makeRows = () => [
    ...packages.map(rowOf),
    ...moduleRows(columns, members).map((row) => madeModule(columns, row)),
  ];
  let rows: readonly MadeRow[] | undefined;
  return {
    ...{ columns, today, packages, total: shown.length },
    python: minorOf(today.target.runtime.python),
    supported: shown.filter(({ cells }) => cells[columns.indexOf(today)]!.is === 'own').length,
    listed: (most) => shown.slice(0, most).map(rowOf),
    rows: () => (rows ??= makeRows()),
    module: (name) => {
      const row = moduleRow(
        columns,
        members.find((one) => one.name === name),
        name,
      );
      return row && madeModule(columns, row);
    },
  };
}
