/** The matrix as Markdown, with every package: its page has only the first rows. */
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { packagePath } from '../components/addresses.ts';
import { lines, table, text } from '../components/markdown.ts';
import type { Column } from '../matrix/columns.ts';
import type { Matrix } from '../matrix/made.ts';
import { type Cell, markOf } from '../matrix/matrix.ts';
import { shownColumns } from '../matrix/matrix-table.tsx';

export function matrixMarkdown({ columns, packages }: Matrix, origin: string): string {
  const shown = shownColumns(columns);
  const heads = shown.map((column) => `Python ${minorOf(column.target.runtime.python)}, ${datesOf(column)}`);
  return lines([
    '# Can I use it in a Python Worker?',
    '',
    'Which version of a package is pinned at which compatibility date. ✓: in the set that the date gives, and imported. ' +
      '○: in that set, and not run here yet. ◎: in that set, and not, or not wholly, imported. ◐: in another set for the same runtime, by its package flag. ✕: in no set for that runtime.',
    '',
    ...table(
      ['Package', ...heads],
      packages
        .filter(({ kind }) => kind === 'package')
        .map(({ name, cells }) => [
          `[${text(name)}](${origin}${packagePath(name)}.md)`,
          ...shownColumns(cells).map(cellText),
        ]),
    ),
  ]);
}

function datesOf({ from, to, is }: Column): string {
  if (is === 'announced') return `from ${from} (announced)`;
  return is === 'today' ? `since ${from} (today)` : `${from} to ${to}`;
}

function cellText(cell: Cell): string {
  if (cell.is === 'none') return '✕';
  return `${markOf(cell)[1]} ${text(cell.version)}${cell.yanked ? ', yanked' : ''}`;
}
