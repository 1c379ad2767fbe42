/** The versions of a package: by compatibility date as a bar, and by package set as a table. */
import type { Child } from 'hono/jsx';
import { dayNumber } from '../../../resolver/compatibility/date.ts';
import type { CatalogView } from '../../../resolver/index.ts';
import { patcherOf, publisherOf } from '../../../resolver/provenance.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { PackageVersion } from '../../storage/history.ts';
import { packagePath, setPath } from '../components/addresses.ts';
import { fileLink, flagName } from '../components/links.tsx';
import { Table } from '../components/text.tsx';
import type { SetDates } from '../facts/listing.ts';
import { Dates } from '../facts/sets-page.tsx';
import type { Column } from '../matrix/columns.ts';
import { type Cell, markOf } from '../matrix/matrix.ts';
import { countText, type Known } from '../security/findings.tsx';

interface VersionTableProps {
  name: string;
  versions: readonly PackageVersion[];
  view: CatalogView;
  chosen: string;
  /** The compatibility dates at which each set is used, in words, by package flag. */
  datesOf: (flag: string) => readonly SetDates[];
  known: Known | null;
}

/** Rows that are shown at once. */
const NEWEST = 8;

/** Every set's version with its dates and its file; the newest set first, older ones without a date folded. */
export function VersionTable({ name, versions, view, chosen, datesOf, known }: VersionTableProps) {
  const newestFirst = versions.toReversed();
  const isShown = ({ flag }: PackageVersion, at: number) =>
    at < NEWEST || flag === chosen || datesOf(flag).length > 0;
  const folded = newestFirst.filter((version, at) => !isShown(version, at));
  const rowOf = (pinned: PackageVersion): Child[] => {
    const { flag, version, python, runtime, released, sha256, patched_by } = pinned;
    const set = view.sets.get(flag);
    const yank = view.yankedWheels.get(sha256) ?? view.yankedSets.get(flag);
    const findings = known?.findingsIn(flag, name) ?? [];
    return [
      <a href={packagePath(name, flag)} aria-current={flag === chosen || undefined}>
        {flagName(flag)}
      </a>,
      [
        printable(version),
        patched_by && <span class="muted"> patched by {patcherOf(patched_by)}</span>,
        findings.length > 0 && <span class="detail"> {countText(findings)}</span>,
      ],
      <Dates dates={datesOf(flag)} />,
      `${printable(python)}, Pyodide ${printable(runtime)}`,
      [
        <span class="whole">{released}</span>,
        set && ` by ${publisherOf(set.source)}`,
        yank && <span class="muted">, yanked: {printable(yank.reason)}</span>,
      ],
      <td class="digest" title={sha256}>
        {sha256.slice(0, 16)}…
      </td>,
      fileLink(pinned, `${name} ${version}`),
    ];
  };
  return (
    <>
      <Table
        caption="The version in each package set that has it, the newest set first"
        columns={COLUMNS}
        rows={newestFirst.filter(isShown).map(rowOf)}
      />
      {folded.length > 0 && (
        <details class="group">
          <summary>
            {folded.length} more package {folded.length === 1 ? 'set' : 'sets'}
          </summary>
          <Table columns={COLUMNS} rows={folded.map(rowOf)} />
        </details>
      )}
    </>
  );
}

const COLUMNS = [
  'Package set',
  { name: 'Version', label: null },
  { name: 'Compatibility dates', label: 'Dates' },
  'Python',
  'Set dated',
  'SHA-256',
  { name: 'File', style: 'file' },
];

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

/** The version at each compatibility date, the newest first: equal columns make one segment. */
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
