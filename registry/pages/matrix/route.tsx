import { Hono } from 'hono';
import { isPackageFlag } from '../../../resolver/compatibility/package-set.ts';
import { canonicalName, isName } from '../../../resolver/requirements/name.ts';
import type { Env } from '../../env.ts';
import { beyondOf } from '../../package-index/beyond.ts';
import { setPath } from '../components/addresses.ts';
import { type Facts, refuse, replyWithFacts, replyWithText } from '../components/respond.tsx';
import { knownOn } from '../security/findings.tsx';
import { noMatrixIssues, openMatrix } from './made.ts';
import { dataOf, LONGEST_SEARCH, MatrixPage, ROWS, setOf, shownAnswer } from './matrix-page.tsx';
import { searchedMember } from './matrix-table.tsx';
import { findRows, isNamed, MOST_FOUND, MOST_LISTED, pastedName, similarNames } from './search.ts';

/** At most this many rows that begin like a search are named in its answer. */
const MOST_MEANT = 3;

export const matrixPage = new Hono<Env>();

matrixPage.get('/', async (c) => {
  const { searchParams } = new URL(c.req.url);
  const query = (searchParams.get('q') ?? '').slice(0, LONGEST_SEARCH).trim();
  if (isPackageFlag(query)) return c.redirect(setPath(query), 302);
  const all = searchParams.get('show') === 'all';
  const page = async ({ view, asOf }: Facts) => {
    const matrix = await openMatrix(c.env, view, asOf);
    if (!matrix) return refuse(c, '/packages', 'No packages by date', noMatrixIssues(view, asOf), 422);
    const matching = query === '' ? [] : findRows(matrix.rows(), query);
    const [first] = matching;
    const isFound = first !== undefined && isNamed(first, query);
    const isNone = query !== '' && !isFound;
    const alike = matching.slice(0, MOST_MEANT).map(({ name }) => name);
    const names = isNone && !first ? matrix.rows().map(({ name }) => name) : [];
    const near = isNone && first ? alike : similarNames(query, names);
    // The name alone is asked for, also if rows begin like it, such as tomli for toml.
    const name = pastedName(query);
    const isAsked = isNone && isName(name);
    const beyond = isAsked ? await beyondOf(c.env, view, canonicalName(name), asOf) : null;
    const shown =
      query === ''
        ? matrix.listed
            .slice(0, all ? undefined : MOST_LISTED)
            .map((row) => searchedMember(matrix.columns, row))
        : matching.slice(0, MOST_FOUND);
    const rows = shown.map(({ made }) => made());
    const best = isFound ? rows[0] : undefined;
    const flag = best ? setOf(matrix, best) : null;
    const known = flag === null ? null : await knownOn(c.env, view, asOf);
    const pinned = known && { flag: flag!, findings: known.findingsIn(flag!, best!.name) };
    const found = query === '' ? matrix.listed.length : matching.length;
    const answer = shownAnswer(matrix, query, best, near, beyond);
    const day = searchParams.get('as_of');
    return <MatrixPage {...{ matrix, rows, found, query, answer, pinned, view, asOf, day }} />;
  };
  return replyWithFacts(c, '/packages', page, { connects: true });
});

/** Every row, for the page's script: the page itself has only the visible ones. */
matrixPage.get(ROWS, (c) =>
  replyWithText(c, 'application/json', async ({ view, asOf }) => {
    const matrix = await openMatrix(c.env, view, asOf);
    return matrix && JSON.stringify(dataOf(matrix));
  }),
);
