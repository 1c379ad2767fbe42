import { minorOf } from '../../../resolver/compatibility/view.ts';
import { isName } from '../../../resolver/requirements/name.ts';
import { didYouMean } from '../../../resolver/text/nearest.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { copyable } from '../components/breakable.ts';
import { packagePath } from '../components/links.ts';
import { packages } from '../components/words.ts';
import { FROM_INDEX, TO_VENDOR, testsText } from './captions.ts';
import { capitalized, dayWords } from './columns.ts';
import type { Matrix } from './made.ts';
import { headLines, type MadeRow, shownColumns, vendorLine } from './matrix-table.tsx';
import { isTestsOf, wantedName } from './search.ts';
import { datesFrom } from './verdict.ts';

interface AnswerCardProps {
  matrix: Matrix;
  /** What was searched for; empty if nothing was. */
  query: string;
  /** The best match. */
  best: MadeRow | undefined;
  /** Similar names. */
  near: readonly string[];
}

interface Said {
  is: string;
  title: string;
  href?: string;
  verdict: string;
  /** Lines to copy, by the id of their element. */
  lines: { toml?: string; jsonc?: string; more?: string | undefined };
  /** The caption of the last of them. */
  caption?: string;
}

/**
 * The answer in words, and what to copy. The page's script writes other answers into the same elements, from the same
 * attributes of rows and columns.
 */
export function AnswerCard({ matrix, query, best, near }: AnswerCardProps) {
  const nothingAsked = ofToday(matrix);
  const said = saidOf(matrix, query, best, near);
  const { toml, jsonc, more } = said.lines;
  return (
    <section
      id="_card"
      class="card"
      aria-labelledby="_title"
      data-is={said.is}
      data-pip={pipLine(matrix, '')}
      data-title={nothingAsked.title}
      data-verdict={nothingAsked.verdict}
    >
      <div aria-live="polite">
        <h2 id="_title">
          <a id="_link" href={said.href}>
            {copyable(said.title)}
          </a>
        </h2>
        <p id="_verdict">{copyable(said.verdict)}</p>
      </div>
      <div class="lines">
        <fieldset id="_wrangler" class="tabs" hidden={toml === undefined}>
          <legend>In the wrangler file</legend>
          {FILES.map(({ id, name }, at) => (
            <>
              <input type="radio" name="_file" id={`${id}_tab`} checked={at === 0} autocomplete="off" />
              <label for={`${id}_tab`}>{name}</label>
            </>
          ))}
          <CardLines id="_toml" caption="wrangler.toml" text={toml} />
          <CardLines id="_jsonc" caption="wrangler.jsonc" text={jsonc} />
        </fieldset>
        <CardLines id="_more" caption={said.caption ?? TO_VENDOR} text={more} />
      </div>
    </section>
  );
}

function saidOf(matrix: Matrix, query: string, best: MadeRow | undefined, near: readonly string[]): Said {
  if (query === '') return ofToday(matrix);
  if (!best) return ofNothing(matrix, query, near);
  return isTestsOf(best.names, wantedName(query)) ? ofTests(best) : ofRow(matrix, best);
}

const FILES = [
  { id: '_toml', name: 'wrangler.toml' },
  { id: '_jsonc', name: 'wrangler.jsonc' },
];

function CardLines({ id, caption, text }: { id: string; caption: string; text: string | undefined }) {
  return (
    <figure hidden={text === undefined}>
      <figcaption id={id}>{caption}</figcaption>
      <pre>{text}</pre>
    </figure>
  );
}

function ofToday({ columns, today, supported }: Matrix): Said {
  const at = columns.indexOf(today);
  const next = columns[at + 1];
  const { on, of } = dayWords(columns);
  return {
    is: 'today',
    title: `${capitalized(on)}: Python ${minorOf(today.target.runtime.python)}`,
    verdict:
      `A Worker with ${of('compatibility date')} gets Pyodide ${today.target.runtime.pyodide} and ` +
      `${packages(supported)}.${next ? ` Announced: another set ${datesFrom(next)}.` : ''}` +
      // Last, because a reason may have no full stop.
      (today.yanked === null ? '' : ` The set was yanked: ${printable(today.yanked)}`),
    lines: headLines(today),
  };
}

function ofRow(matrix: Matrix, { name, href, verdict, is, at, flag, pure, module }: MadeRow): Said {
  const column = at === null ? undefined : shownColumns(matrix.columns)[at];
  const vendor = column && vendorLine(name, column, flag);
  const fromIndex = !module && is === 'no' && pure;
  const more = module ? undefined : fromIndex ? pipLine(matrix, name) : vendor;
  const lines = { ...(column && headLines(column)), more };
  return { is, title: printable(name), href, verdict, lines, caption: fromIndex ? FROM_INDEX : TO_VENDOR };
}

function ofTests({ name, href, tests }: MadeRow): Said {
  const title = `${printable(name)}-tests`;
  const verdict = testsText(printable(name), tests);
  return { is: 'tests', title, href: tests ? packagePath(title) : href, verdict, lines: {} };
}

function ofNothing(matrix: Matrix, query: string, near: readonly string[]): Said {
  const meant = didYouMean(near);
  return {
    is: 'no',
    title: `No package set has ${printable(query)}`,
    verdict: `${meant ? `${meant} ` : ''}If it is pure Python, an index such as PyPI may have it.`,
    lines: isName(query) ? { more: pipLine(matrix, query) } : {},
    caption: FROM_INDEX,
  };
}

/** Takes only pure wheels, which run anywhere. */
export function pipLine({ today }: Pick<Matrix, 'today'>, name: string): string {
  const python = minorOf(today.target.runtime.python);
  return (
    `pip install --target python_modules --python-version ${python} --only-binary :all: ` +
    `--platform any --implementation py --abi none ${name}`
  );
}
