/** The answer to a search, in words and lines to copy: the same on the server and in the browser. */
import { isPackageFlag } from '../../../resolver/compatibility/package-set.ts';
import { isName } from '../../../resolver/requirements/name.ts';
import { didYouMean } from '../../../resolver/text/nearest.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { packagePath, setPath } from '../components/addresses.ts';
import { pastedName, type Searched, wantedName } from './search.ts';

export const IN_AN_INDEX = 'If it is pure Python, an index such as PyPI may have it.';
/** The caption of the last lines. */
export const WITH_PIP = 'With pip, into python_modules';

export interface Answer {
  /** `none`: nothing says whether it runs. */
  is: 'today' | 'yes' | 'flag' | 'no' | 'none';
  title: string;
  href?: string;
  verdict: string;
  /** Lines to copy: for a wrangler file, and for pip. */
  lines: { toml?: string; jsonc?: string; more?: string };
  /** The address of the lines that vendor it. */
  vendor?: string;
}

/** Facts of a matrix row that an answer uses. */
export interface RowFacts {
  name: string;
  href: string;
  verdict: string;
  is: 'yes' | 'flag' | 'no' | 'none';
  /** The number of the column to use, in the order on the page; null if none has it. */
  at: number | null;
  /** The flag of another set that has the package in the column to use; null for the column's own set. */
  flag: string | null;
  pure: boolean;
  module: boolean;
}

/** Facts of a column that an answer uses: its set, and the lines of a wrangler file that select it. */
export interface ColumnFacts {
  flag: string;
  toml: string;
  jsonc: string;
}

/** All that the page's script needs to answer. */
export interface MatrixData {
  /** The answer without a search. */
  today: Answer;
  /** Today's Python. */
  python: string;
  /** In the order on the page. */
  columns: ColumnFacts[];
  rows: (RowFacts & Searched & { html: string })[];
}

/** The answer of the best match, with the column to use if any has it; `python` is that of today. */
export function answerOf(row: RowFacts, columns: readonly ColumnFacts[], python: string): Answer {
  const { href, verdict, is, at, flag, pure, module } = row;
  const column = at === null ? undefined : columns[at];
  const name = printable(row.name);
  const fromIndex = !module && is === 'no' && pure && !column;
  const lines: Answer['lines'] = column ? { toml: column.toml, jsonc: column.jsonc } : {};
  if (fromIndex) lines.more = pipLine(python, name);
  const answer = { is, title: name, href, verdict, lines };
  if (fromIndex || module || !column) return answer;
  return { ...answer, vendor: `${packagePath(row.name, flag ?? column.flag)}#_add` };
}

/** The answer if no row matches; `near` are similar names, and `beyond` what an index has. */
export function noAnswer(
  query: string,
  near: readonly string[],
  beyond = wantedName(query).startsWith('_') ? 'No package can have that name.' : IN_AN_INDEX,
): Answer {
  if (isPackageFlag(query)) {
    const verdict = 'A package flag: press Answer to open the page of its set.';
    return { is: 'none', title: query, href: setPath(query), verdict, lines: {} };
  }
  const meant = didYouMean(near);
  const name = pastedName(query);
  return {
    is: 'none',
    title: `No package set has ${printable(name)}`,
    ...(near.length === 0 && isName(name) && { href: packagePath(name) }),
    verdict: [meant, beyond].filter(Boolean).join(' '),
    lines: {},
  };
}

/** The answer to more than a name, such as code or a file, until it is sent. */
export function notYetSent(query: string): Answer {
  const [first, ...others] = query.trim().split('\n');
  const title = others.length === 0 ? first! : `${first} …`;
  return {
    is: 'today',
    title,
    verdict: 'Press Answer to compare it with the sets of every date.',
    lines: {},
  };
}

/** The line for pip, which takes only pure wheels: they run anywhere. */
export function pipLine(python: string, name: string): string {
  return (
    `pip install --target python_modules --python-version ${python} --only-binary :all: ` +
    `--platform any --implementation py --abi none ${name}`
  );
}
