/** What the page of a package, its badge and its text begin with: its row of the matrix, and the verdict. */
import type { CatalogView } from '../../../resolver/compatibility/view.ts';
import type { Bindings } from '../../env.ts';
import { historyOf } from '../../storage/history.ts';
import { openSet } from '../../storage/isolate.ts';
import type { PackageVersion } from '../../storage/packages.ts';
import { type Column, columnsOf, todayOf } from '../matrix/columns.ts';
import { fileKindOf, type Row, rowsOf } from '../matrix/matrix.ts';
import { moduleVerdict } from '../matrix/matrix-table.tsx';
import { cellOf } from '../matrix/modules.ts';
import { type Verdict, verdictOf } from '../matrix/verdict.ts';
import { libraryOf } from '../stdlib/library.ts';

export interface PackageFacts {
  name: string;
  versions: readonly PackageVersion[];
  columns: readonly Column[];
  row: Row;
  verdict: Verdict;
}

/** Of a canonical name; null if no set of the view has it. */
export async function factsOf(
  env: Bindings,
  view: CatalogView,
  asOf: string,
  name: string,
): Promise<PackageFacts | null> {
  const versions = await historyOf(env, view, name);
  if (versions.length === 0) return null;
  const columns = columnsOf(view, asOf);
  const pins = versions.map(({ flag, version, kind, filename }) => ({
    ...{ flag, version, kind },
    file: fileKindOf(filename),
  }));
  const [row] = await rowsOf(view, columns, new Map([[name, pins]]), (digest) => openSet(env, digest));
  return { name, versions, columns, row: row!, verdict: verdictOn(columns, row!) };
}

/** What left the sets for Python itself is still there. */
function verdictOn(columns: readonly Column[], row: Row): Verdict {
  const verdict = verdictOf(columns, row);
  const pyodide = todayOf(columns)?.target.runtime.pyodide;
  if (row.kind !== 'standard_library' || verdict.is !== 'no' || pyodide === undefined) return verdict;
  const { is, verdict: sentence } = moduleVerdict(cellOf(row.name, libraryOf(pyodide)));
  return { ...verdict, is, sentences: [sentence], short: is === 'no' ? verdict.short : 'in Python itself' };
}
