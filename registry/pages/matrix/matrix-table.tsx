import { raw } from 'hono/html';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { isImported } from '../../../resolver/evidence-level.ts';
import { copyBlocks } from '../../../resolver/formats/copy-blocks.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { packagePath, setPath } from '../components/addresses.ts';
import { breakable, escaped, htmlOf } from '../components/text.tsx';
import type { ColumnFacts, RowFacts } from './answer.ts';
import { type Column, todayOf } from './columns.ts';
import { type Cell, markOf, type Row } from './matrix.ts';
import { type ModuleCell, type ModuleRow, moduleVerdict } from './modules.ts';
import { namesOf, type Searched } from './search.ts';
import { verdictOf } from './verdict.ts';

/** The columns to show, the newest first: most people look for today's. */
export function shownColumns<Value>(columns: readonly Value[]): Value[] {
  return columns.toReversed();
}

interface MatrixTableProps {
  columns: readonly Column[];
  /** The visible rows, as HTML. */
  rows: string;
  /** The address of all rows, for the script. */
  all: string;
}

export function MatrixTable({ columns, rows, all }: MatrixTableProps) {
  return (
    <table
      id="_matrix"
      class={`matrix of-${columns.length}`}
      data-rows={all}
      aria-label="By compatibility date"
    >
      <thead>
        <tr>
          <th scope="col">Package</th>
          {shownColumns(columns).map((column) => (
            <ColumnHead column={column} />
          ))}
        </tr>
      </thead>
      <tbody>{raw(rows)}</tbody>
    </table>
  );
}

const HEADS: Record<Column['is'], [tag: string, preposition: string]> = {
  past: ['', 'until'],
  today: ['Today', 'since'],
  announced: ['Announced', 'from'],
};

function ColumnHead({ column }: { column: Column }) {
  const { from, to, is, day, target, set } = column;
  const [word, preposition] = HEADS[is];
  const tag = (is === 'today' && day) || word;
  return (
    <th scope="col" class={is}>
      {tag !== '' && <span class="tag">{tag}</span>}
      <a href={setPath(set.flag)}>Python {minorOf(target.runtime.python)}</a>
      <span class="dates">
        {preposition} <span class="whole">{is === 'past' ? to : from}</span>
      </span>
    </th>
  );
}

/** The set of a column, and the lines of a wrangler file that select it. */
export function columnFacts({ target, date, set }: Column): ColumnFacts {
  const { blocks } = copyBlocks({ target, date, packages: [], index: null });
  const lines = (name: string) => blocks.find((block) => block.name === name)!.lines.join('\n');
  return { flag: set.flag, toml: lines('wrangler.toml'), jsonc: lines('wrangler.jsonc') };
}

/** A row as HTML, with the data for the answer above the table. */
export interface MadeRow extends RowFacts {
  html: string;
}

/** A row as searches know it; the rest is made if it is found. */
export interface SearchedRow extends Searched {
  name: string;
  made: () => MadeRow;
}

/** Traits of a row that most rows lack. */
const TRAITS = { listed: false, absent: false, dotted: false, known: false };

export function searchedMember(columns: readonly Column[], row: Row): SearchedRow {
  const { name, kind, imports } = row;
  const names = namesOf(name, imports);
  return { ...TRAITS, name, names, listed: kind === 'package', made: () => madeMember(columns, row) };
}

function madeMember(columns: readonly Column[], row: Row): MadeRow {
  const { name, kind, imports, cells } = row;
  const { sentences, at, is: found, level } = verdictOf(columns, row);
  // Nobody has run what is only listed.
  const is: RowFacts['is'] = found === 'yes' && !isImported({ level }) ? 'none' : found;
  const now = cells[columns.indexOf(todayOf(columns)!)];
  const taken = at === null ? undefined : cells[at];
  const others = imports.includes(name) ? [] : imports.filter((module) => !module.startsWith('_'));
  const hint =
    kind === 'shared_library' ? 'shared library' : others.length === 1 ? `import ${others[0]}` : '';
  const facts = {
    ...{ name, href: packagePath(name), is, at, verdict: sentences.join(' '), module: false },
    pure: now?.is === 'none' && now.pure,
    flag: taken?.is === 'other' ? taken.flag : null,
  };
  const shown = cells.map((cell, index) => packageCell(cell, columns[index]!, row));
  return madeRow(facts, hint, shown);
}

/** Strings are made in a third of the time of elements, and all rows have some thousand cells. */
function madeRow(facts: RowFacts, hint: string, cells: readonly string[]): MadeRow {
  const beside = hint === '' ? '' : `<small>${escaped(printable(hint))}</small>`;
  const link = `<a href="${escaped(facts.href)}">${escaped(printable(facts.name))}</a>`;
  const html = `<tr><th scope="row">${link}${beside}</th>${shownColumns(cells).join('')}</tr>`;
  return { ...facts, html, at: facts.at === null ? null : cells.length - 1 - facts.at };
}

const plainCell = (style: string, mark: string, text: string) =>
  `<td class="${style}"><i>${mark}</i> <small>${text}</small></td>`;
const FROM_INDEX = plainCell('no', '✕', 'from PyPI');
const NOT_BUILT = plainCell('no', '✕', 'not built');

function packageCell(cell: Cell, column: Column, { name }: Row): string {
  if (cell.is === 'none') return cell.pure ? FROM_INDEX : NOT_BUILT;
  // Package flags end with their days.
  const isNewer = cell.flag.slice(-10) > column.set.flag.slice(-10);
  const builtIn = column.embedded === null ? '' : `, built in until ${column.embedded.month}`;
  const where =
    cell.is === 'own'
      ? cell.evidence.level + builtIn
      : `<a href="${escaped(packagePath(name, cell.flag))}">${isNewer ? 'newer' : 'other'} set</a>`;
  const [style, mark] = markOf(cell);
  const version = `<b>${htmlOf(breakable(cell.version, NARROW))}</b>${cell.major ? MAJOR : ''}`;
  const yanked = cell.yanked === null ? '' : ', yanked';
  return `<td class="${style}"><i>${mark}</i> ${version}<small>${where}${yanked}</small></td>`;
}

/** The longest version on one line of a narrow screen with four columns. */
const NARROW = 7;

const MAJOR = '<abbr title="another major version than before">▲</abbr>';

/** The facts that all rows of modules and known names have. */
const MODULE = { at: null, flag: null, pure: false, module: true };

export function searchedModule(columns: readonly Column[], { name, cells }: ModuleRow): SearchedRow {
  const now = cells[columns.indexOf(todayOf(columns)!)]?.is;
  const made = () => {
    const facts = { ...MODULE, ...moduleVerdict(columns, cells), name };
    const href = `/stdlib#${encodeURIComponent(name.split('.', 1)[0]!)}`;
    const shown = cells.map((cell) => MODULE_CELLS[cell.is]);
    return madeRow({ ...facts, href }, 'standard library', shown);
  };
  const absent = now !== 'works' && now !== 'part';
  return { ...TRAITS, name, names: namesOf(name, []), absent, dotted: name.includes('.'), made };
}

const MODULE_CELLS: Record<ModuleCell['is'], string> = {
  works: plainCell('yes', '✓', 'in Python'),
  part: plainCell('part', '◐', 'in part'),
  missing: plainCell('no', '✕', 'missing'),
  absent: plainCell('no', '✕', 'not in this Python'),
  unknown: plainCell('no', '?', 'not measured'),
};

const KNOWN = {
  provided: { is: 'yes', lead: 'A module, not a package', cell: plainCell('yes', '✓', 'in the runtime') },
  cannot_run: { is: 'no', lead: 'It cannot run in a Worker', cell: plainCell('no', '✕', 'cannot run') },
  not_needed: { is: 'none', lead: 'It is not needed in a Worker', cell: plainCell('no', '–', 'not needed') },
} as const;

/** A name that needs no package. */
export function searchedKnown(
  columns: readonly Column[],
  { name, because, why, instead }: FixOf<'leave_out'>,
): SearchedRow {
  const { is, lead, cell } = KNOWN[because];
  const verdict = [`${lead}: ${why}.`, instead].filter(Boolean).join(' ');
  const facts = { ...MODULE, name, href: packagePath(name), verdict, is };
  const cells = columns.map(() => cell);
  const made = () => madeRow(facts, '', cells);
  return { ...TRAITS, name, names: namesOf(name, []), known: true, made };
}
