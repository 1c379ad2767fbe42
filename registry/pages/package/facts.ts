/** The facts of a package's page, badge and Markdown: its row of the matrix, and the verdict. */

import type { CatalogView } from '../../../resolver/index.ts';
import type { Bindings } from '../../env.ts';
import { isOfTests } from '../../facts/test-packages.ts';
import { otherDay } from '../../http/reply.ts';
import { filesNamed, historyOf, type PackageVersion } from '../../storage/history.ts';
import { type Column, columnsOf } from '../matrix/columns.ts';
import { type Row, rowsOf } from '../matrix/matrix.ts';
import { moduleRow, moduleVerdict } from '../matrix/modules.ts';
import { type Verdict, verdictOf } from '../matrix/verdict.ts';

export interface PackageFacts {
  name: string;
  versions: readonly PackageVersion[];
  columns: readonly Column[];
  row: Row;
  verdict: Verdict;
}

/** The facts of a canonical name; null if no set of the view has it, and for tests. */
export async function factsOf(
  env: Bindings,
  view: CatalogView,
  asOf: string,
  name: string,
): Promise<PackageFacts | null> {
  const versions = isOfTests({ name }) ? [] : await historyOf(env, view, name);
  if (versions.length === 0) return null;
  const columns = columnsOf(view, asOf, otherDay(asOf));
  const [row] = rowsOf(view, columns, await filesNamed(env, view, [name]));
  return { name, versions, columns, row: row!, verdict: verdictOn(columns, row!) };
}

/** A package that became a module of Python is still available. */
function verdictOn(columns: readonly Column[], row: Row): Verdict {
  const verdict = verdictOf(columns, row);
  if (row.kind !== 'standard_library' || verdict.is !== 'no') return verdict;
  const module = moduleRow(columns, row, row.name);
  const { is, verdict: sentence, at } = moduleVerdict(columns, module.cells);
  return is === 'no' ? verdict : { ...verdict, is, sentences: [sentence], short: 'in Python itself', at };
}
