/** The answer to a search with versions, such as `numpy>=2`. */
import type { CatalogView } from '../../../resolver/index.ts';
import { parseRequirement } from '../../../resolver/requirements/requirement.ts';
import { satisfies } from '../../../resolver/requirements/specifier.ts';
import { nowhere } from '../../../resolver/time/when.ts';
import type { Bindings } from '../../env.ts';
import { pinnedFilesOf } from '../../storage/history.ts';
import { type Answer, noAnswer, noVersionAnswer } from './answer.ts';
import type { Matrix } from './made.ts';
import { rowsOf } from './matrix.ts';
import { shownAnswer } from './matrix-page.tsx';
import { type MadeRow, madeRow } from './matrix-table.tsx';
import { findRows, rankOf, similarNames, wantedName } from './search.ts';

export interface Versions {
  /** The row of the pins that the search allows, as if there were no others; null if there are none. */
  row: MadeRow | null;
  answer: Answer;
}

export async function answerVersions(
  env: Bindings,
  view: CatalogView,
  matrix: Matrix,
  query: string,
): Promise<Versions> {
  const asked = parseRequirement(query.replace(/^import\s+/, ''));
  if (!asked.ok) return { row: null, answer: noVersionAnswer(query, asked.issues[0]!) };
  const { text, specifiers } = asked.value;
  const rows = matrix.rows();
  const [best] = findRows(rows, query);
  if (!best || rankOf(best.names, wantedName(query)) > 1) {
    const near = similarNames(
      query,
      rows.map(({ name }) => name),
    );
    return { row: null, answer: noAnswer(text, near, matrix.python) };
  }
  if (best.module) return { row: best, answer: shownAnswer(matrix, query, best, []) };
  const files = (await pinnedFilesOf(env, view)).filter(({ name }) => name === best.name);
  const allowed = files.filter(({ version }) => satisfies(version, specifiers));
  const [row] = rowsOf(view, matrix.columns, allowed);
  if (!row)
    return { row: null, answer: noVersionAnswer(text, nowhere({ name: best.name, text }, files, [])) };
  // The script keeps no row without names: it would take this one for that of all versions.
  const made = madeRow(matrix.columns, row, '');
  return { row: made, answer: { ...shownAnswer(matrix, best.name, made, []), title: text } };
}
