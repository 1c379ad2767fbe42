/** A bar of a package's version at each compatibility date: equal columns make one segment. */
import { dayNumber } from '../../../resolver/compatibility/date.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { packagePath, setPath } from '../components/links.ts';
import type { Column } from '../matrix/columns.ts';
import type { Cell } from '../matrix/matrix.ts';

interface Segment {
  cell: Cell;
  isYanked: boolean;
  from: string;
  /** The first and the last of its columns. */
  first: number;
  last: number;
}

/** The smallest segment, in percent of the bar, so that its version is legible. */
const LEAST = 17;
/** Days of the first segment, which has no real beginning. */
const FIRST_DAYS = 365;

interface DateBarProps {
  name: string;
  columns: readonly Column[];
  cells: readonly Cell[];
  /** The package flags of sets whose pin was yanked. */
  yanked: ReadonlySet<string>;
  asOf: string;
}

export function DateBar({ name, columns, cells, yanked, asOf }: DateBarProps) {
  const edges = edgesOf(columns, asOf);
  const today = edges[columns.findIndex(({ is }) => is === 'today') + 1]!;
  const percent = (value: number) => `${Math.round(value * 100) / 100}%`;
  return (
    <figure aria-label="By compatibility date">
      <svg class="dates-bar" width="100%" height="88">
        <title>The version at each compatibility date</title>
        {segmentsOf(columns, cells, yanked).map(({ cell, isYanked, from, first, last }) => {
          const left = edges[first]!;
          return (
            <a href={cell.is === 'none' ? setPath(columns[last]!.set.flag) : packagePath(name, cell.flag)}>
              <rect
                class={CLASSES[cell.is]}
                x={percent(left)}
                y={22}
                width={percent(edges[last + 1]! - left)}
                height={38}
              />
              <text class={CLASSES[cell.is]} x={percent(left)} dx={8} y={isYanked ? 38 : 46}>
                {MARKS[cell.is]} {textOf(cell)}
              </text>
              {isYanked && (
                <text class={CLASSES[cell.is]} x={percent(left)} dx={8} y={54}>
                  yanked
                </text>
              )}
              {first > 0 && (
                <text class="tick" x={percent(left)} dx={1} y={78}>
                  {from}
                </text>
              )}
            </a>
          );
        })}
        {[16, 60].map((y) => (
          <line class="now" x1={percent(today)} x2={percent(today)} y1={y} y2={y + 6} />
        ))}
        <text class="now-label" x={percent(today)} dx={-4} y={12} text-anchor="end">
          {columns[0]!.day === null ? 'today,' : 'as of'} {asOf}
        </text>
      </svg>
    </figure>
  );
}

const CLASSES = { own: 'yes', other: 'part', none: 'no' };
const MARKS = { own: '✓', other: '◐', none: '✕' };

function textOf(cell: Cell): string {
  return cell.is === 'none' ? 'no' : printable(cell.version);
}

function segmentsOf(
  columns: readonly Column[],
  cells: readonly Cell[],
  yanked: ReadonlySet<string>,
): Segment[] {
  const segments: Segment[] = [];
  for (const [at, cell] of cells.entries()) {
    const isYanked = cell.is !== 'none' && yanked.has(cell.flag);
    const before = segments.at(-1);
    const isSame = before?.cell.is === cell.is && before.isYanked === isYanked;
    if (before && isSame && textOf(before.cell) === textOf(cell)) {
      before.last = at;
      before.cell = cell;
    } else segments.push({ cell, isYanked, from: columns[at]!.from, first: at, last: at });
  }
  return segments;
}

/** The edges of columns in percent of the bar: in proportion to their days, and at least as wide as their text. */
function edgesOf(columns: readonly Column[], asOf: string): number[] {
  const days = columns.map(({ from, to }, at) => {
    if (at === 0) return FIRST_DAYS;
    return Math.max(1, dayNumber(to ?? (asOf > from ? asOf : from)) - dayNumber(from));
  });
  const all = days.reduce((sum, one) => sum + one, 0);
  const spare = Math.max(0, 100 - LEAST * columns.length);
  const edges = [0];
  for (const one of days) {
    edges.push(edges.at(-1)! + (100 - spare) / columns.length + (one / all) * spare);
  }
  return edges;
}
