/** The answer to "can I use it in a Python Worker?" in a sentence or two, from a package's row of the matrix. */
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { LISTED } from '../../../resolver/evidence-level.ts';
import { evidenceSentence } from '../../../resolver/evidence-words.ts';
import type { Evidence } from '../../../resolver/schemas.ts';
import { listed, printable } from '../../../resolver/text/printable.ts';
import { capitalized } from '../components/words.ts';
import { type Column, dayWords, todayOf } from './columns.ts';
import type { Cell, Found, Row } from './matrix.ts';

export interface Verdict {
  /** `yes`: today's set has it. `flag`: another set of today's ABI does. `no`: neither. */
  is: 'yes' | 'flag' | 'no';
  /** Sentences, the most important first. */
  sentences: string[];
  /** The evidence in the set of `at`. */
  level: Evidence['level'];
  /** A short sentence for titles and search results: continues "polars on Python Workers:". */
  short: string;
  /** The column whose date to use: today's, otherwise the last that has it; null if no date does. */
  at: number | null;
}

export function verdictOf(columns: readonly Column[], row: Row): Verdict {
  const byCells = verdictByCells(columns, row);
  const cell = row.cells[byCells.at ?? -1];
  const { evidence, yanked } = cell && cell.is !== 'none' ? cell : { evidence: LISTED, yanked: null };
  const sentences = [...byCells.sentences];
  if (byCells.is === 'yes') sentences.push(evidenceSentence(evidence));
  // Last, because a reason may have no full stop.
  if (yanked) sentences.push(`The ${yanked.what} was yanked: ${printable(yanked.reason)}`);
  return { ...byCells, level: evidence.level, sentences };
}

function verdictByCells(columns: readonly Column[], { cells, newest, sets }: Row): Omit<Verdict, 'level'> {
  const today = columns.indexOf(todayOf(columns)!);
  const cell = cells[today];
  const { on, of } = dayWords(columns);
  const ahead = announced(columns, cells, today);
  if (cell?.is === 'own') {
    let start = today;
    while (start > 0 && cells[start - 1]?.is === 'own') start--;
    const { target } = columns[today]!;
    const python = `Python ${minorOf(target.runtime.python)}`;
    const since = start === 0 ? 'every date' : `since ${columns[start]!.from}`;
    const pinned =
      start === 0
        ? 'In the package set at every compatibility date.'
        : `In the package set since compatibility_date ${columns[start]!.from}.`;
    return {
      is: 'yes',
      sentences: [pinned, `${capitalized(on)}: ${printable(cell.version)} on ${python}.`, ...ahead],
      short: `${since}, ${printable(cell.version)} ${on}`,
      at: today,
    };
  }
  const last = cells.findLastIndex((earlier, at) => at < today && earlier.is === 'own');
  const lastCell = cells[last] as Found | undefined;
  const lastDate = columns[last]?.to;
  const gone = lastCell
    ? `Not in ${of('set')}; last on ${lastDate} with ${printable(lastCell.version)}.`
    : `Not in ${of('set')}, nor in that of an earlier date.`;
  if (cell?.is === 'other') {
    const other = `Another set of the same runtime has ${printable(cell.version)}: name ${cell.flag}.`;
    const short = `${printable(cell.version)} with a package flag`;
    return { is: 'flag', sentences: [gone, other, ...ahead], short, at: today };
  }
  const otherRuntimes = lastCell
    ? []
    : [
        `${sets === 1 ? 'One package set has' : `${sets} package sets have`} it, for another runtime; ` +
          `the newest is ${newest}.`,
      ];
  const index =
    cell?.is === 'none' && cell.pure ? ['It is pure Python, so an index such as PyPI may have it.'] : [];
  return {
    is: 'no',
    sentences: [gone, ...otherRuntimes, ...index, ...ahead],
    short: lastCell ? `not ${on}, last on ${lastDate}` : 'not by date',
    at: last < 0 ? null : last,
  };
}

/** Announced changes, each with its last day if it has one. */
function announced(columns: readonly Column[], cells: readonly Cell[], today: number): string[] {
  const versions = cells.map((cell) => (cell.is === 'own' ? cell.version : null));
  const changes = columns.flatMap(({ from, is }, at) => {
    const version = versions[at] ?? null;
    if (is !== 'announced' || version === versions[today] || version === versions[at - 1]) return [];
    const next = versions.findIndex((other, later) => later > at && other !== version);
    const dates = datesFrom({ from, to: columns.at(next < 0 ? -1 : next - 1)!.to });
    return [`${version === null ? 'not in the set' : printable(version)} ${dates}`];
  });
  return changes.length > 0 ? [`Announced: ${listed(changes, 1)}.`] : [];
}

/** The period of an announced change. */
export function datesFrom({ from, to }: Pick<Column, 'from' | 'to'>): string {
  return to === null ? `from ${from} on` : `from ${from} to ${to}`;
}
