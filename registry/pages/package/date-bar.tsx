/** A bar of a package's version at each compatibility date, the newest first: equal columns make one segment. */
import { dayNumber } from '../../../resolver/compatibility/date.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { packagePath, setPath } from '../components/addresses.ts';
import type { Column } from '../matrix/columns.ts';
import { type Cell, markOf } from '../matrix/matrix.ts';

interface Segment {
  cell: Cell;
  isYanked: boolean;
  from: string;
  /** The first and the last column of the segment. */
  first: number;
  last: number;
  days: number;
}

/** The stylesheet has a class for each share of the bar. */
const SHARES = 12;

/** Days of the first segment, which has no real beginning. */
const FIRST_DAYS = 365;

interface DateBarProps {
  name: string;
  columns: readonly Column[];
  cells: readonly Cell[];
  asOf: string;
}

export function DateBar({ name, columns, cells, asOf }: DateBarProps) {
  const segments = segmentsOf(columns, cells, asOf).reverse();
  const all = segments.reduce((sum, { days }) => sum + days, 0);
  const today = columns.findIndex(({ is }) => is === 'today');
  return (
    <figure aria-label="By compatibility date">
      <ol class="dates-bar">
        {segments.map(({ cell, isYanked, from, first, last, days }) => (
          <li class={`share-${Math.max(1, Math.round((days / all) * SHARES))}`}>
            {first <= today && today <= last && (
              <span class={last === columns.length - 1 ? 'now begins' : 'now'}>
                {columns[0]!.day === null ? 'today,' : 'as of'} {asOf}
              </span>
            )}{' '}
            <a
              class={markOf(cell)[0]}
              href={cell.is === 'none' ? setPath(columns[last]!.set.flag) : packagePath(name, cell.flag)}
            >
              {markOf(cell)[1]} {textOf(cell)}
              {isYanked && ', yanked'}
            </a>{' '}
            <span class="tick">{first > 0 && `from ${from}`}</span>
          </li>
        ))}
      </ol>
    </figure>
  );
}

function textOf(cell: Cell): string {
  return cell.is === 'none' ? 'no' : printable(cell.version);
}

function segmentsOf(columns: readonly Column[], cells: readonly Cell[], asOf: string): Segment[] {
  const segments: Segment[] = [];
  for (const [at, cell] of cells.entries()) {
    const column = columns[at]!;
    const days = at === 0 ? FIRST_DAYS : daysOf(column, asOf);
    const isYanked = cell.is !== 'none' && cell.yanked !== null;
    const before = segments.at(-1);
    const isSame = before?.cell.is === cell.is && before.isYanked === isYanked;
    if (before && isSame && textOf(before.cell) === textOf(cell)) {
      before.last = at;
      before.cell = cell;
      before.days += days;
    } else segments.push({ cell, isYanked, from: column.from, first: at, last: at, days });
  }
  return segments;
}

function daysOf({ from, to }: Column, asOf: string): number {
  return Math.max(1, dayNumber(to ?? (asOf > from ? asOf : from)) - dayNumber(from));
}
