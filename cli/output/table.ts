import type { Screen } from './screen.ts';
import { cut, printable } from './text.ts';

export interface Column<Row> {
  title: string;
  text: (row: Row) => string;
  align?: 'right';
  /** Colours for a cell that has been cut. */
  paint?: (text: string, row: Row) => string;
}

const GAP = '  ';
/** No column is cut to less, however narrow the terminal; the last one stays wider for as long as it can. */
const LEAST = 8;
const LEAST_LAST = 20;

/** Rows under their titles, in columns. On a terminal they give way until a line fits. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], screen: Screen): string[] {
  const cells = rows.map((row) => columns.map((column) => printable(column.text(row))));
  const widths = columns.map(({ title }, at) =>
    cells.reduce((widest, line) => Math.max(widest, line[at]!.length), title.length),
  );
  if (screen.columns !== null) narrow(widths, screen.columns - GAP.length * (columns.length - 1));

  const line = (texts: readonly string[], paint: (text: string, at: number) => string) =>
    texts
      .map((text, at) => {
        const shown = cut(text, widths[at]!);
        const space = ' '.repeat(widths[at]! - shown.length);
        if (shown === '') return space;
        return columns[at]!.align === 'right' ? space + paint(shown, at) : paint(shown, at) + space;
      })
      .join(GAP)
      .trimEnd();
  const titles = columns.map(({ title }) => title);
  return [
    line(titles, (text) => screen.colors.dim(text)),
    ...rows.map((row, at) => line(cells[at]!, (text, column) => columns[column]!.paint?.(text, row) ?? text)),
  ];
}

/** Takes from the last column first, which says the least, and then from whichever is the widest. */
function narrow(widths: number[], room: number): void {
  const last = widths.length - 1;
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  const give = (at: number, most: number) => {
    const less = Math.max(0, Math.min(excess, most));
    widths[at]! -= less;
    excess -= less;
  };
  give(last, widths[last]! - LEAST_LAST);
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= LEAST) return;
    give(widths.indexOf(widest), 1);
  }
}
