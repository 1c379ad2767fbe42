/** Pages as Markdown, for terminals and language models. */
import { minorOf } from '../../../resolver/compatibility/view.ts';
import type { CatalogView } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { packagePath, setPath } from '../components/addresses.ts';
import { TO_VENDOR, vendorLine } from '../matrix/answer.ts';
import type { Column } from '../matrix/columns.ts';
import type { Matrix } from '../matrix/made.ts';
import type { Cell } from '../matrix/matrix.ts';
import { columnFacts, shownColumns } from '../matrix/matrix-table.tsx';
import { type PackageFacts, yankOf } from '../package/facts.ts';

export const MARKDOWN = 'text/markdown; charset=utf-8';

export function packageMarkdown(
  { name, columns, row, verdict, versions }: PackageFacts,
  view: CatalogView,
  origin: string,
): string {
  const yanked = versions.flatMap((one) => {
    const yank = yankOf(view, one);
    const set = `[${one.flag}](${origin}${setPath(one.flag)})`;
    return yank ? `- ${text(one.version)} of ${set} is yanked: ${text(yank.reason)}` : [];
  });
  const taken = verdict.at === null ? undefined : columns[verdict.at];
  const cell = verdict.at === null ? undefined : row.cells[verdict.at];
  return lines([
    `# ${text(name)} on Python Workers`,
    '',
    text(verdict.sentences.join(' ')),
    '',
    ...table(
      ['Compatibility dates', 'Python', 'Pyodide', 'Version', 'Package set'],
      shownColumns(columns.map((column, at) => ({ column, cell: row.cells[at]! }))).map(
        ({ column, cell: one }) => [
          datesOf(column),
          minorOf(column.target.runtime.python),
          column.target.runtime.pyodide,
          cellText(one),
          one.is === 'none' ? '' : `[${one.flag}](${origin}${setPath(one.flag)})`,
        ],
      ),
    ),
    ...(taken
      ? [
          '',
          'In wrangler.toml:',
          '',
          '```toml',
          columnFacts(taken).toml,
          '```',
          '',
          ...(row.kind === 'standard_library'
            ? []
            : [
                `${TO_VENDOR}:`,
                '',
                '```sh',
                vendorLine(name, taken.date, cell?.is === 'other' ? cell.flag : taken.set.flag),
                '```',
              ]),
        ]
      : []),
    '',
    `Imports: ${row.imports.map((one) => `\`${text(one)}\``).join(', ') || 'nothing'}. ${versions.length} package sets have it.`,
    '',
    ...(yanked.length > 0 ? [...yanked, ''] : []),
    `More: ${origin}${packagePath(name)}`,
  ]);
}

export function matrixMarkdown({ columns, packages }: Matrix, origin: string): string {
  const shown = shownColumns(columns);
  const heads = shown.map((column) => `Python ${minorOf(column.target.runtime.python)}, ${datesOf(column)}`);
  return lines([
    '# Can I use it in a Python Worker?',
    '',
    'Which version of a package a Python Worker gets at which compatibility date. ✓: in the set that the date gives. ' +
      '◐: in another set for the same runtime, by its package flag. ✕: in no set for that runtime.',
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

export function datesOf({ from, to, is }: Column): string {
  if (is === 'announced') return `from ${from} (announced)`;
  return is === 'today' ? `since ${from} (today)` : `${from} to ${to}`;
}

function cellText(cell: Cell): string {
  if (cell.is === 'none') return '✕';
  return `${cell.is === 'own' ? '✓' : '◐'} ${text(cell.version)}${cell.yanked ? ', yanked' : ''}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** Escapes markup in text of others. */
export function text(of: string): string {
  return printable(of).replace(/[\\`*[\]<>|]/g, '\\$&');
}

export function lines(of: readonly string[]): string {
  return `${of.join('\n')}\n`;
}
