/** Lines for a screen: fields, lists and tables. */
import pc from 'picocolors';
import type { Evidence } from '../../resolver/schemas.ts';
import { listed } from '../../resolver/text/printable.ts';
import { visible, wrap } from '../common/text.ts';

/** The output that the options of a command choose. */
export const output = {
  file: null as string | null,
  detail: 'short' as Detail,
  /** The folder of `-C`, which proposed commands name. */
  folder: '.',
  /** Whether a remark or issue is JSON on one line: `{severity, code, message, fix, where}` and its fields. */
  isJson: false,
  /** Whether standard error has remarks that are not warnings. */
  hasInfos: true,
};

/** `answer`: nothing else but errors. `full`: also where everything comes from, how it is delivered, and what hardly anybody asks. */
export type Detail = 'answer' | 'short' | 'full';

export interface Screen {
  /** `short` by default. */
  detail?: Detail;
  /** The width of the terminal; null for a file or a pipe, where lines may have any length. */
  columns: number | null;
  /** Without colours, these functions return the text unchanged. */
  colors: ReturnType<typeof pc.createColors>;
}

/** Colours are for terminals, unless `NO_COLOR` is set (no-color.org), and wherever `FORCE_COLOR` asks for them. */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  const terminal = stream.isTTY === true && !(stream === process.stdout && output.file !== null);
  const { NO_COLOR, FORCE_COLOR = '', TERM } = process.env;
  const isForced = FORCE_COLOR !== '' && FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  const colorful = !NO_COLOR && (isForced || (terminal && TERM !== 'dumb' && FORCE_COLOR === ''));
  const columns = terminal ? stream.columns || 80 : null;
  return { columns, colors: pc.createColors(colorful), detail: output.detail };
}

export interface Field {
  label: string;
  /** Null leaves the field out. */
  value: string | null;
  /** Below the value, dimmed. */
  reason?: string | null;
}

/** Text in lines that fit beside an indent. The first line has a label instead, which may be painted. */
export function hanging(label: string, indent: number, text: string, columns: number | null): string[] {
  const lines = columns === null ? [visible(text)] : wrap(visible(text), Math.max(20, columns - indent));
  return lines.map((line, at) => (at === 0 ? label : ' '.repeat(indent)) + line);
}

export function fieldLines(all: readonly Field[], { columns, colors }: Screen): string[] {
  const fields = all.flatMap(({ value, reason = null, ...rest }) =>
    value === null ? [] : { ...rest, value, reason },
  );
  const beside = Math.max(...fields.map(({ label }) => label.length)) + GAP.length;
  const longest = Math.max(...fields.map(({ value, reason }) => longestWord(`${value} ${reason ?? ''}`)));
  // Where they do not fit beside their labels, values are below them.
  const isBelow = columns !== null && beside + longest > columns;
  const indent = isBelow ? GAP.length : beside;
  const space = ' '.repeat(indent);
  return fields.flatMap(({ label, value, reason }) => {
    const below = reason === null ? [] : hanging(space, indent, reason, columns);
    return [
      ...(isBelow ? [colors.dim(label)] : []),
      ...hanging(isBelow ? space : colors.dim(label.padEnd(indent)), indent, value, columns),
      ...below.map((line) => space + colors.dim(line.slice(indent))),
    ];
  });
}

/** At most this many names are listed; the rest are counted. */
const MOST_NAMES = 24;

/** A label, a count and names, in a few lines; empty if there are no names. */
export function nameLines(label: string, names: readonly string[], screen: Screen): string[] {
  if (names.length === 0) return [];
  return [
    ...sentence(`${label} (${names.length})`, screen, screen.colors.bold),
    ...hanging('  ', 2, listed(names, MOST_NAMES), screen.columns),
  ];
}

/** A sentence of the answer itself. */
export function sentence(text: string, { columns }: Screen, paint = (line: string) => line): string[] {
  return hanging('', 0, text, columns).map(paint);
}

/** Sections that have lines, with an empty line between two. */
export function joinSections(sections: readonly (readonly string[])[]): string[] {
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, at) => (at > 0 ? ['', ...lines] : [...lines]));
}

export interface Column<Row> {
  title: string;
  text: (row: Row) => string;
  align?: 'right';
  paint?: (text: string, row: Row) => string;
}

/**
 * The levels of what was seen of packages, if they differ.
 * @param pyodide that of the answer: if packages ran on another one, the title says so
 */
export function levelColumn<Row extends { evidence: Evidence | null }>(
  rows: readonly Row[],
  pyodide: string | null = null,
): Column<Row>[] {
  const level = ({ evidence }: Row) => evidence?.level ?? '';
  if (new Set(rows.map(level)).size < 2) return [];
  const [ran = pyodide] = rows.flatMap(({ evidence }) => evidence?.runtime ?? []);
  const isElsewhere = pyodide !== null && ran !== pyodide;
  return [{ title: isElsewhere ? `Seen on ${visible(ran!)}` : 'Seen', text: level }];
}

const GAP = '  ';
/** The indent of a last column that is on its own lines. */
const INDENT = '    ';

/**
 * Rows in columns, under titles; columns without text are left out. On a terminal, columns shrink until a line fits:
 * cells break between words, and if that is not enough, the last column goes below the others. Words are never
 * shortened, so that names, versions and flags can be copied.
 */
export function table<Row>(all: readonly Column<Row>[], rows: readonly Row[], screen: Screen): string[] {
  const columns = all.filter(({ text }) => rows.some((row) => text(row) !== ''));
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map((column) => visible(column.text(row)))),
  ];
  const widths = columns.map((_, at) => widest(lines, at, (text) => text.length));
  const below: string[][] = lines.map(() => []);
  let shown = columns.length;
  if (screen.columns !== null) {
    // A number stays with its unit.
    const least = columns.map(({ align }, at) => (align ? widths[at]! : widest(lines, at, longestWord)));
    const needed = (many: number) => sum(least.slice(0, many)) + GAP.length * (many - 1);
    // Columns that still do not fit are on lines of their own; several, with their titles.
    while (shown > 1 && needed(shown) > screen.columns) shown--;
    const room = screen.columns - INDENT.length;
    for (const [at, line] of lines.entries()) {
      const rest = line.slice(shown).map((text, column) => ({ text, title: lines[0]![shown + column]! }));
      const texts = rest.filter(({ text }) => text !== '');
      const isTitled = rest.length > 1 && at > 0;
      const text = texts.map(({ title, text }) => (isTitled ? `${title} ${text}` : text)).join(', ');
      if (text !== '') below[at] = wrap(text, room).map((part) => INDENT + part);
    }
    const narrowed = narrow(widths.slice(0, shown), least, screen.columns - GAP.length * (shown - 1));
    widths.splice(0, shown, ...narrowed);
  }
  return lines.flatMap((line, at) => {
    const paint = (text: string, column: number) =>
      at === 0 ? screen.colors.dim(text) : (columns[column]!.paint?.(text, rows[at - 1]!) ?? text);
    const parts = line.slice(0, shown).map((text, column) => wrap(text, widths[column]!));
    const height = Math.max(...parts.map((part) => part.length));
    const physical = Array.from({ length: height }, (_, row) =>
      parts
        .map((part, column) => {
          const text = part[row] ?? '';
          const space = ' '.repeat(Math.max(0, widths[column]! - text.length));
          if (text === '') return space;
          return columns[column]!.align === 'right'
            ? space + paint(text, column)
            : paint(text, column) + space;
        })
        .join(GAP)
        .trimEnd(),
    );
    const single = shown === columns.length - 1;
    return [
      ...physical,
      ...below[at]!.map((text) => (single ? INDENT + paint(text.slice(INDENT.length), shown) : text)),
    ];
  });
}

/** Shrinks the last column first, which matters least, then the widest. */
function narrow(widths: readonly number[], least: readonly number[], room: number): number[] {
  const narrowed = [...widths];
  let excess = sum(narrowed) - room;
  const give = (at: number, most: number) => {
    const less = Math.max(0, Math.min(excess, most));
    narrowed[at]! -= less;
    excess -= less;
  };
  const last = narrowed.length - 1;
  give(last, narrowed[last]! - Math.max(least[last]!, COMFORTABLE));
  while (excess > 0) {
    const open = narrowed.map((width, at) => (width > least[at]! ? width : 0));
    const most = Math.max(...open);
    if (most === 0) break;
    give(open.indexOf(most), 1);
  }
  return narrowed;
}

/** The last column shrinks below this only when the others have to shrink, too. */
const COMFORTABLE = 20;

function widest(lines: readonly string[][], at: number, measure: (text: string) => number): number {
  return lines.reduce((most, line) => Math.max(most, measure(line[at]!)), 0);
}

function longestWord(text: string): number {
  return text.split(' ').reduce((longest, word) => Math.max(longest, word.length), 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
