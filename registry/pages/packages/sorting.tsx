import { compareWritten } from '../../../resolver/time/version-order.ts';
import { addressOf, queryOf } from '../components/addresses.ts';
import type { Answer } from '../components/target-answer.tsx';
import type { Column, Filter } from './filter.ts';
import type { PackageRow } from './package-rows.tsx';

type Sort = Filter['sort'];

const HEADS: [title: string, column: Column | null][] = [
  ['Name', 'name'],
  ['Version', 'version'],
  ['Kind', 'kind'],
  ['Imports', null],
  ['Depends on', null],
  ['Patched by', 'patched'],
  ['File', null],
];

const COMPARE: Record<Column, (a: PackageRow, b: PackageRow) => number> = {
  name: () => 0,
  version: (a, b) => compareWritten(a.member.version, b.member.version),
  kind: (a, b) => compareText(a.is.slice(0, 2).join(), b.is.slice(0, 2).join()),
  // Patched packages come first.
  patched: (a, b) => compareText(b.member.patched?.by ?? '', a.member.patched?.by ?? ''),
};

/** Sorts rows that are in the order of their names; equals stay in that order. */
export function inOrder(rows: readonly PackageRow[], { column, descending }: Sort): readonly PackageRow[] {
  if (column === 'name') return descending ? rows.toReversed() : rows;
  const compare = COMPARE[column];
  return rows.toSorted((a, b) => (descending ? compare(b, a) : compare(a, b)));
}

/** Headings with links that sort the page by their column. */
export function SortableHead({ answer, filter }: { answer: Answer; filter: Filter }) {
  return (
    <thead>
      <tr>
        {HEADS.map(([title, column]) =>
          column === null ? (
            <th scope="col">{title}</th>
          ) : (
            <SortHead title={title} column={column} answer={answer} filter={filter} />
          ),
        )}
      </tr>
    </thead>
  );
}

interface SortHeadProps {
  title: string;
  column: Column;
  answer: Answer;
  filter: Filter;
}

function SortHead({ title, column, answer, filter }: SortHeadProps) {
  const sorted = column === filter.sort.column;
  const descending = sorted && !filter.sort.descending;
  const query = new URLSearchParams(queryOf(addressOf(answer.question)));
  if (filter.query) query.set('query', filter.query);
  if (filter.kind) query.set('kind', filter.kind);
  if (filter.since) query.set('since', filter.since);
  query.set('sort', `${descending ? '-' : ''}${column}`);
  const order = filter.sort.descending ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={sorted ? order : undefined}>
      <a href={`/packages?${query}#_packages`}>
        {title}
        {sorted && <span aria-hidden="true">{filter.sort.descending ? ' ↓' : ' ↑'}</span>}
      </a>
    </th>
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
