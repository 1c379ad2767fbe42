import type { RegistryStamp } from '../../../resolver/index.ts';
import { isName } from '../../../resolver/requirements/name.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { Beyond } from '../../package-index/beyond.ts';
import { pathOf } from '../assets.ts';
import { AnswerFooter } from '../components/answer.tsx';
import { CopyBlockList, CopyLines } from '../components/copy.tsx';
import { type Dated, Document } from '../components/document.tsx';
import { LevelLegend } from '../components/evidence.tsx';
import { BoxForm } from '../components/question-form.tsx';
import { copyable } from '../components/text.tsx';
import { capitalized } from '../components/words.ts';
import { type FindingTableProps, PackageFindings } from '../security/findings.tsx';
import { type Answer, answerOf, type MatrixData, noAnswer, pipLine, WITH_PIP } from './answer.ts';
import { type Column, dayWords } from './columns.ts';
import type { Matrix } from './made.ts';
import { columnFacts, type MadeRow, MatrixTable, shownColumns } from './matrix-table.tsx';
import { countText, pastedName } from './search.ts';
import { datesFrom } from './verdict.ts';

export const LONGEST_SEARCH = 100;

export const ROWS = '/rows.json';

interface MatrixPageProps extends Dated {
  matrix: Matrix;
  /** The first of the rows that the search finds, the best first, or of those that are listed. */
  rows: readonly MadeRow[];
  /** How many the search finds, or are listed. */
  found: number;
  /** The text that was searched for; empty without a search. */
  query: string;
  answer: Answer;
  /** The known vulnerabilities of the best match; null if there is none. */
  pinned: FindingTableProps | null;
  /** The day as the address has it. */
  day: string | null;
}

/** "Can I use it in a Python Worker?": a search over every package and every compatibility date. */
export function MatrixPage(props: MatrixPageProps) {
  const { matrix, rows, found, query, answer, pinned, view, asOf, day } = props;
  const { stamp } = view;
  const { columns, python, listed } = matrix;
  const total = listed.length;
  const description =
    `Which of ${total} Python packages are pinned for Cloudflare Workers, in which version and since which ` +
    `compatibility date. ${capitalized(dayWords(columns).on)}: Python ${python}.`;
  return (
    <Document
      title={query === '' ? 'Python packages' : `Can I use ${printable(query)}?`}
      description={description}
      module={pathOf('matrix.js')}
    >
      <search>
        <BoxForm text={query} day={day} />
      </search>
      <AnswerCard {...answer} />
      <div id="_findings">{pinned && <PackageFindings {...pinned} />}</div>
      <div class="matrix-head">
        <output id="_count" for="_search">
          {countText(query, rows.length, found)}
        </output>
        <a id="_all" href="/?show=all" hidden={query === '' && rows.length === total}>
          Show all {total}
        </a>
      </div>
      <MatrixTable
        columns={columns}
        rows={rows.map(({ html }) => html).join('')}
        all={rowsPath(asOf, stamp)}
      />
      <Legend columns={columns} />
      <p class="hint">
        A Worker keeps what its <dfn>compatibility date</dfn>, the <code>compatibility_date</code> in its
        wrangler file, gives until somebody changes the date. What changes, and when:{' '}
        <a href="/changes.atom">feed</a>, <a href="/calendar.ics">calendar</a>. All of it as text:{' '}
        <a href="/index.md">Markdown</a>.
      </p>
      <AnswerFooter
        path={query === '' ? '/' : `/?${new URLSearchParams({ q: query })}`}
        asOf={asOf}
        stamp={stamp}
      />
    </Document>
  );
}

/** The address from which the script loads the rows that a page does not show. */
function rowsPath(asOf: string, { revision }: RegistryStamp): string {
  return `${ROWS}?as_of=${asOf}&revision=${revision}`;
}

/**
 * The answer to a search, of which `row` is the best match; without one, `near` are similar names, or an index was asked.
 * Who follows a line for a typo installs a stranger's package: similar names are said before what an index has.
 */
export function shownAnswer(
  matrix: Matrix,
  query: string,
  row: MadeRow | undefined,
  near: readonly string[],
  beyond: Beyond | null,
): Answer {
  if (query === '') return todayAnswer(matrix);
  if (!row) {
    const name = pastedName(query);
    const isUnknown = beyond ? beyond.is === 'not_known' : near.length === 0 && isName(name);
    const more = isUnknown ? pipLine(matrix.python, name) : (beyond?.pip ?? undefined);
    const { toml, jsonc } = columnFacts(matrix.today);
    const wrangler = beyond?.is === 'vendored' ? { toml, jsonc } : {};
    const lines = { ...wrangler, ...(more !== undefined && { more }) };
    return { ...noAnswer(query, near, beyond?.text), lines };
  }
  return answerOf(row, columnsShown(matrix), matrix.python);
}

const columnsShown = ({ columns }: Matrix) => shownColumns(columns).map(columnFacts);

/** The rows that the script asks for, as the page has only those that it shows. */
export function dataOf(matrix: Matrix): MatrixData {
  const rows = matrix.rows().map(({ made, ...searched }) => ({ ...searched, ...made() }));
  return { today: todayAnswer(matrix), python: matrix.python, columns: columnsShown(matrix), rows };
}

/** The set that the answer to a search is about; null if none has the best match. */
export function setOf(matrix: Matrix, row: MadeRow): string | null {
  return row.flag ?? shownColumns(matrix.columns)[row.at ?? -1]?.set.flag ?? null;
}

function todayAnswer({ columns, today, python, counts }: Matrix): Answer {
  const next = columns[columns.indexOf(today) + 1];
  const { on, of } = dayWords(columns);
  const { toml, jsonc } = columnFacts(today);
  return {
    is: 'today',
    title: `${capitalized(on)}: Python ${python}`,
    verdict:
      `A Worker with ${of('compatibility date')} runs Pyodide ${today.target.runtime.pyodide}. ` +
      `Its package set: ${counts}.${next ? ` Announced: another set ${datesFrom(next)}.` : ''}` +
      // Last, because a reason may have no full stop.
      (today.yanked === null ? '' : ` The set was yanked: ${printable(today.yanked)}`),
    lines: { toml, jsonc },
  };
}

/** The answer in words, and what to copy. The page's script writes other answers into the same elements. */
function AnswerCard({ is, title, href, verdict, lines: { toml, jsonc, more }, vendor }: Answer) {
  return (
    <section id="_card" class="card" aria-labelledby="_title" data-is={is}>
      <div aria-live="polite">
        <h2 id="_title">
          <a id="_link" href={href}>
            {copyable(title)}
          </a>
        </h2>
        <p id="_verdict">{copyable(verdict)}</p>
      </div>
      <div class="lines">
        <div hidden={toml === undefined}>
          <CopyBlockList
            blocks={[
              { name: 'wrangler.jsonc', lines: [jsonc ?? ''] },
              { name: 'wrangler.toml', lines: [toml ?? ''] },
            ]}
          />
        </div>
        <div hidden={more === undefined}>
          <CopyLines id="_more" caption={WITH_PIP} lines={[more ?? '']} />
        </div>
        <p hidden={vendor === undefined}>
          <a id="_how" href={vendor}>
            How to vendor it
          </a>
        </p>
      </div>
    </section>
  );
}

/** The meaning of the marks of cells, and how to get the packages. */
function Legend({ columns }: { columns: readonly Column[] }) {
  const embedded = [...new Set(columns.flatMap(({ embedded }) => embedded?.workerd ?? []))];
  return (
    <dl class="legend">
      <LevelLegend />
      {embedded.length > 0 && (
        <div>
          <dt>built in until</dt>
          <dd>
            workerd had it up to {embedded.join(' or ')}; since then Workers vendor it. Its file is an
            archive, which <code>pinwheel vendor</code> takes, and pip and uv do not.
          </dd>
        </div>
      )}
      <div>
        <dt class="part">◐</dt>
        <dd>
          In another set for the same runtime: vendor it with <code>--flag</code> and the name of that set.
          For a module of the standard library: parts of it do not work.
        </dd>
      </div>
      <div>
        <dt class="no">✕</dt>
        <dd>
          In no set for that runtime. “From PyPI”: it is pure Python, so an index such as PyPI may have it.
        </dd>
      </div>
      <div>
        <dt>▲</dt>
        <dd>The major version changes at this date.</dd>
      </div>
    </dl>
  );
}
