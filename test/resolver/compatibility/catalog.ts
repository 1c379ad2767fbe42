/** The catalog of `data/`, viewed for tests. */
import data from '../../../data/catalog.json' with { type: 'json' };
import type { Diagnostic, Target } from '../../../resolver/answer.ts';
import type { Catalog } from '../../../resolver/catalog.ts';
import { selectTarget, type TargetQuestion } from '../../../resolver/compatibility/target.ts';
import { type CatalogView, viewCatalog } from '../../../resolver/compatibility/view.ts';
import type { Issue } from '../../../resolver/issue.ts';

export const catalog = data as unknown as Catalog;

/** The workerd whose facts are tested; later publications do not change the view. */
const WORKERD = '1.20261117.1';

export function revisionOf(subject: string): number {
  const entry = catalog.log.find((publication) => publication.name === subject);
  if (!entry) throw new Error(`${subject} was never published`);
  return entry.revision;
}

export function viewAt(revision: number, of: Catalog = catalog): CatalogView {
  const view = viewCatalog(of, revision);
  if (!view.ok) throw new Error(view.issues[0]!.message);
  return view.value;
}

export const view = viewAt(revisionOf(WORKERD));

export const newest = viewAt(catalog.log.length);

/** Pinwheel's own set of 3.14. */
export const OWN_SET = 'python_3.14_packages_2026_11_20';

/** All revisions, as if that set were the default from this day on: no set of Pinwheel's own is, without evidence. */
export function withOwnDefault(default_from: string): CatalogView {
  const sets = catalog.sets.map((set) => (set.flag === OWN_SET ? { ...set, default_from } : set));
  return viewAt(catalog.log.length, { ...catalog, sets });
}

/** A question with the usual defaults: `python_workers`, asked on 2026-11-20. */
export function ask(
  question: Partial<TargetQuestion>,
  seen = view,
): { target: Target | null; issues: Issue[] } {
  const outcome = selectTarget(seen, {
    compatibility_date: '2026-11-01',
    compatibility_flags: ['python_workers'],
    as_of: '2026-11-20',
    ...question,
  });
  return outcome.ok ? { target: outcome.value, issues: [] } : { target: null, issues: outcome.issues };
}

export function targetOf(question: Partial<TargetQuestion>, seen = view): Target {
  const { target, issues } = ask(question, seen);
  if (!target) throw new Error(issues.map(({ message }) => message).join('\n'));
  return target;
}

/** Its diagnostics without the one about delivery, which nearly every target has. */
export const remarksOf = ({ diagnostics }: Target): Diagnostic[] =>
  diagnostics.filter(({ code }) => code !== 'packages_not_in_runtime');
export const codes = (remarks: readonly { code: string }[]): string[] => remarks.map(({ code }) => code);
export const messages = (remarks: readonly { message: string }[]): string[] =>
  remarks.map(({ message }) => message);
