import { minorOf } from '../../../resolver/compatibility/view.ts';
import type { RegistryStamp } from '../../../resolver/index.ts';
import { matrixScriptPath } from '../assets.ts';
import { AnswerFooter } from '../components/answer-footer.tsx';
import { Document } from '../components/document.tsx';
import { Found } from '../components/found.tsx';
import { AnswerCard } from './answer-card.tsx';
import { capitalized, dayWords } from './columns.ts';
import { Legend } from './legend.tsx';
import type { Matrix } from './made.ts';
import { type MadeRow, MatrixTable } from './matrix-table.tsx';
import { MOST_FOUND } from './rows.ts';

export const LONGEST_SEARCH = 100;

export const ROWS = '/rows.html';

const TITLE = 'Can I use it in a Python Worker?';

interface MatrixPageProps {
  matrix: Matrix;
  /** The rows that the search finds, the best first; without a search, the first listed ones. */
  matching: readonly MadeRow[];
  /** What was searched for; empty if nothing was. */
  query: string;
  /** Similar names, if nothing was found. */
  near: readonly string[];
  asOf: string;
  stamp: RegistryStamp;
  /** Of the registry. */
  origin: string;
}

/** "Can I use it in a Python Worker?": a search over every package and every compatibility date. */
export function MatrixPage({ matrix, matching, query, near, asOf, stamp, origin }: MatrixPageProps) {
  const { columns, today, total } = matrix;
  const shown = query === '' ? matching : matching.slice(0, MOST_FOUND);
  const python = minorOf(today.target.runtime.python);
  const description =
    `Which of ${total} Python packages work in Cloudflare Workers, in which version and since which ` +
    `compatibility date. ${capitalized(dayWords(columns).on)}: Python ${python}.`;
  return (
    <Document
      title={`${TITLE} · Pinwheel`}
      description={description}
      head={<Found data={dataOf(origin)} />}
      module={matrixScriptPath}
    >
      <search>
        <form id="_ask" action="/" class="ask">
          <h1>
            <label for="_search">Can I use it in a Python Worker?</label>
          </h1>
          <p class="lead">
            Python packages on Cloudflare Workers: which version, since which compatibility date.
          </p>
          <div class="field">
            <input
              id="_search"
              name="q"
              type="search"
              value={query}
              placeholder="numpy, PIL, sklearn, yaml"
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              maxlength={LONGEST_SEARCH}
              autofocus
            />
            <button type="submit">Search</button>
          </div>
        </form>
      </search>
      <AnswerCard matrix={matrix} query={query} best={query === '' ? undefined : matching[0]} near={near} />
      <div class="matrix-head">
        <output id="_count" for="_search" data-all={total}>
          {countText(query, shown.length, query === '' ? total : matching.length)}
        </output>
        <a id="_all" href="/?show=all" hidden={query === '' && shown.length === total}>
          Show all {total}
        </a>
      </div>
      <MatrixTable
        columns={columns}
        rows={shown.map(({ html }) => html()).join('')}
        all={rowsPath(asOf, stamp)}
      />
      <Legend columns={columns} />
      <p class="hint">
        What changes, and when: <a href="/changes.atom">feed</a>, <a href="/calendar.ics">calendar</a>. All of
        it as text: <a href="/index.md">Markdown</a>.
      </p>
      <AnswerFooter asOf={asOf} stamp={stamp} permanent={`/?as_of=${asOf}&revision=${stamp.revision}`} />
    </Document>
  );
}

function dataOf(origin: string): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'WebSite',
    name: 'Pinwheel',
    url: `${origin}/`,
    potentialAction: {
      '@type': 'SearchAction',
      target: `${origin}/?q={search_term_string}`,
      'query-input': 'required name=search_term_string',
    },
  };
}

/** The address from which the script loads the rows that a page does not show. */
function rowsPath(asOf: string, { revision }: RegistryStamp): string {
  return `${ROWS}?as_of=${asOf}&revision=${revision}`;
}

/** The same text as in the script. */
function countText(query: string, shown: number, all: number): string {
  if (query !== '') return all === 0 ? 'Nothing found' : `${shown < all ? `${shown} of ` : ''}${all} found`;
  return shown < all ? `${shown} of ${all} packages: those that most others need` : `${all} packages`;
}
