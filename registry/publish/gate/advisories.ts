/** Advisories at the gate: whether their document is newer than the one before it of its range, and sorted. */
import { isIn } from '../../../resolver/audit/findings.ts';
import type { CatalogView, Issue } from '../../../resolver/index.ts';
import * as issues from '../../../resolver/issues/publication.ts';
import { dayOf } from '../../../resolver/publication.ts';
import { parseSpecifiers } from '../../../resolver/requirements/specifier.ts';
import type { AdvisoriesDocument } from '../../../resolver/schemas.ts';
import { readDocument } from '../../storage/documents.ts';

export async function advisoriesIssues(
  store: R2Bucket,
  view: CatalogView | null,
  published: string,
  document: AdvisoriesDocument,
): Promise<Issue[]> {
  const problems: Issue[] = [];
  const invalid = (path: string, problem: string) => problems.push(issues.invalidField({ path, problem }));
  const { source, names, range, advisories, statements } = document;
  const backward = (first: string, next: string) => problems.push(issues.backwardDates({ first, next }));
  const day = dayOf(document);
  if (day > published) backward(`the advisories, of ${day}`, `Their publication, on ${published}`);
  const before = view?.advisories.find((row) => row.range?.from === range?.from);
  if (before) {
    const earlier = JSON.parse(await readDocument(store, before.document)) as AdvisoriesDocument;
    if (earlier.source.day > source.day)
      backward(`that of ${earlier.source.day} that is published`, `The database, of ${source.day}`);
  }
  const disorder = (keys: readonly string[]) => keys.findIndex((key, at) => at > 0 && key <= keys[at - 1]!);
  const name = disorder(names);
  if (name >= 0) invalid(`names.${name}`, 'names are sorted, each once');
  if (range && names.length > 0) invalid('names', 'with a range, there are none');
  const advisory = disorder(advisories.map(({ package: about, id }) => `${about} ${id}`));
  if (advisory >= 0) invalid(`advisories.${advisory}`, 'they are sorted by package and id, each once');
  const known = new Set(names);
  for (const [at, { package: about, published: since }] of advisories.entries()) {
    const isNamed = range ? isIn(range, about) : known.has(about);
    if (!isNamed) invalid(`advisories.${at}.package`, `${about} is not among the names`);
    if (since > source.day)
      invalid(`advisories.${at}.published`, `${since} is after the day of the database`);
  }
  for (const [at, { versions, pyodide }] of statements.entries()) {
    for (const text of [versions, pyodide]) {
      if (!parseSpecifiers(text).ok) invalid(`statements.${at}`, `${text} is not a version specifier`);
    }
  }
  return problems;
}
