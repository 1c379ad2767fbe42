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
  const { source, names, range, advisories, statements } = document;
  const invalid = (path: string, problem: string) => issues.invalidField({ path, problem });
  const problems: Issue[] = [];
  const day = dayOf(document);
  if (day > published) {
    const next = `Their publication, on ${published}`;
    problems.push(issues.backwardDates({ first: `the advisories, of ${day}`, next }));
  }
  const before = view?.advisories.find((row) => row.range?.from === range?.from);
  if (before) {
    const earlier = JSON.parse(await readDocument(store, before.document)) as AdvisoriesDocument;
    const first = `that of ${earlier.source.day} that is published`;
    if (earlier.source.day > source.day)
      problems.push(issues.backwardDates({ first, next: `The database, of ${source.day}` }));
  }
  const keys = advisories.map(({ package: name, id }) => `${name} ${id}`);
  for (const [list, sorted] of Object.entries({ names, advisories: keys })) {
    const at = sorted.findIndex((key, at) => at > 0 && key <= sorted[at - 1]!);
    if (at >= 0) problems.push(invalid(`${list}.${at}`, 'they are sorted, each once'));
  }
  if (range && names.length > 0) problems.push(invalid('names', 'with a range, there are none'));
  const known = new Set(names);
  for (const [at, { package: name, published: since }] of advisories.entries()) {
    if (!(range ? isIn(range, name) : known.has(name)))
      problems.push(invalid(`advisories.${at}.package`, `${name} is not among the names`));
    if (since > source.day)
      problems.push(invalid(`advisories.${at}.published`, `${since} is after the day of the database`));
  }
  for (const [at, { versions, pyodide }] of statements.entries()) {
    if (![versions, pyodide].every((text) => parseSpecifiers(text).ok))
      problems.push(invalid(`statements.${at}`, 'its versions and Pyodides are version specifiers'));
  }
  return problems;
}
