/** The matrix as a table of every package, for its Markdown: its page has only the first rows. */
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { packagePath } from '../components/addresses.ts';
import { linkTo, Table } from '../components/text.tsx';
import type { Column } from '../matrix/columns.ts';
import type { Matrix } from '../matrix/made.ts';
import { type Cell, markOf } from '../matrix/matrix.ts';
import { shownColumns } from '../matrix/matrix-table.tsx';

export function MatrixAsText({ columns, listed }: Matrix) {
  const heads = columns.map(
    (column) => `Python ${minorOf(column.target.runtime.python)}, ${datesOf(column)}`,
  );
  return (
    <main>
      <h1>Can I use it in a Python Worker?</h1>
      <p>
        Which version of a package is pinned at which compatibility date. ✓: in the set that the date gives,
        and imported. ○: in that set, and not run here yet. ◎: in that set, and not, or not wholly, imported.
        ◐: in another set for the same runtime, by its package flag. ✕: in no set for that runtime.
      </p>
      <Table
        columns={['Package', ...shownColumns(heads)]}
        rows={listed.map(({ name, cells }) => [
          linkTo(packagePath(name), printable(name)),
          ...shownColumns(cells).map(cellText),
        ])}
      />
    </main>
  );
}

function datesOf({ from, to, is }: Column): string {
  if (is === 'announced') return `from ${from} (announced)`;
  return is === 'today' ? `since ${from}` : `until ${to}`;
}

function cellText(cell: Cell): string {
  if (cell.is === 'none') return '✕';
  return `${markOf(cell)[1]} ${printable(cell.version)}${cell.yanked ? ', yanked' : ''}`;
}
