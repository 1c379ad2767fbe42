/** Resolves requirements for a target to pinned packages in load order. */
import type { Diagnostic, ResolveAnswer, Target } from '../answer.ts';
import type { Member } from '../catalog.ts';
import { selectTarget, type TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Outcome } from '../issue.ts';
import { remark } from '../issues/fixes.ts';
import { type SyntaxIssue, tooManyRequirements } from '../issues/requirements.ts';
import { type Asking, type BeyondField, MAX_REQUIREMENTS } from '../question/fields.ts';
import { parseRequirement, type Requirement } from '../requirements/requirement.ts';
import { printable } from '../text/printable.ts';
import { resolveClosure } from './closure.ts';
import type { ResolveSource } from './source.ts';

/**
 * A question: a target, and PEP 508 requirements. With an `index`, its answer may go beyond the package set: names of
 * the set come from the set and all others from the index, never a mixture of both. `resolve` of this module stays in
 * the set.
 * @example
 * ```ts
 * import type { ResolveQuestion } from 'pinwheel-py';
 * const question: ResolveQuestion = {
 *   compatibility_date: '2026-10-20',
 *   compatibility_flags: ['python_workers'],
 *   as_of: '2026-11-20',
 *   requirements: ['django>=5.2', 'fastapi'],
 *   index: { url: 'https://pypi.org/simple/' },
 * };
 * question.requirements.length; // → 2
 * ```
 */
export interface ResolveQuestion extends TargetQuestion, Asking<BeyondField> {
  requirements: readonly string[];
}

/**
 * Answers a question from a view of the catalog, or returns all of its issues. `targeted` is the result of
 * `selectTarget` for the question, and `parsed` its requirements, if the caller has them already. Remarks on the files
 * (archives, yanked wheels) are not part of it: `createResolver` adds them.
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type Catalog, type PackageSet, prepareSet, resolve, viewCatalog } from 'pinwheel-py';
 * const view = viewCatalog(catalog as Catalog);
 * if (!view.ok) throw new Error(view.issues[0]?.message);
 * const place = { compatibility_date: null, compatibility_flags: [set.flag], as_of: '2026-11-20' };
 * const source = { openSet: async () => prepareSet(set as PackageSet), readPins: async () => new Map() };
 * const answer = await resolve(view.value, { ...place, requirements: ['jinja2<4'] }, source);
 * answer.ok && answer.value.packages.map(({ name }) => name); // → ['markupsafe', 'jinja2']
 * ```
 */
export async function resolve(
  view: CatalogView,
  question: ResolveQuestion,
  source: ResolveSource,
  targeted: Outcome<Target> = selectTarget(view, question),
  parsed: Outcome<Requirement[]> = parseRequirements(question.requirements),
): Promise<Outcome<ResolveAnswer>> {
  if (!targeted.ok)
    return { ok: false, issues: [targeted, parsed].flatMap((outcome) => (outcome.ok ? [] : outcome.issues)) };
  const target = targeted.value;
  if (!parsed.ok) {
    const { withModuleNames } = await import('../python/known-names.ts');
    return { ok: false, issues: await withModuleNames(parsed.issues, source, target, view) };
  }
  const requirements = parsed.value;
  const head = target.package_set;
  // Few sets have had their files seen.
  const set = view.seenFiles.has(head.flag)
    ? await (await import('./seen.ts')).openSeen(view, head, source)
    : await source.openSet(head);
  const closure = resolveClosure(view, target, set, requirements, source.pin);
  if (closure.ok) return closure;
  const { explain } = await import('./explain.ts');
  const issues = await explain(closure.issues, view, question, target, set, requirements, source);
  return { ok: false, issues };
}

/** All parsed requirements, or all issues. Each text is parsed once. */
export function parseRequirements(texts: readonly string[]): Outcome<Requirement[]>;
export function parseRequirements<Of>(texts: readonly string[], parse: Parse<Of>): Outcome<Of[]>;
export function parseRequirements(
  texts: readonly string[],
  parse: Parse<unknown> = parseRequirement,
): Outcome<unknown[]> {
  if (texts.length > MAX_REQUIREMENTS) {
    return { ok: false, issues: [tooManyRequirements({ count: texts.length, most: MAX_REQUIREMENTS })] };
  }
  const read = new Map<string, ReturnType<typeof parse>>();
  const requirements: unknown[] = [];
  const issues: SyntaxIssue[] = [];
  for (const [index, text] of texts.entries()) {
    const known = read.get(text);
    const outcome = known ?? parse(text);
    read.set(text, outcome);
    if (outcome.ok) requirements.push(outcome.value);
    else if (known) outcome.issues[0]!.repeats.push(index);
    else issues.push(Object.assign(outcome.issues[0]!, { index }));
  }
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: requirements };
}

type Parse<Of> = (text: string) => Outcome<Of, SyntaxIssue>;

/** The answer of {@link resolve} as `/v1/resolve` has it: with remarks on what was resolved. */
export async function answerResolve(
  view: CatalogView,
  question: ResolveQuestion,
  source: ResolveSource,
  targeted?: Outcome<Target>,
  parsed: Outcome<Requirement[]> = parseRequirements(question.requirements),
): Promise<Outcome<ResolveAnswer>> {
  const outcome = await resolve(view, question, source, targeted, parsed);
  if (!outcome.ok || !parsed.ok) return outcome;
  const answer = outcome.value;
  const head = view.sets.get(answer.target.package_set.flag);
  const diagnostics = [...answer.diagnostics];
  if (head?.archive_count) {
    const { remarkOnArchives } = await import('./archives.ts');
    const remark = await remarkOnArchives(view, source, head, answer, parsed.value, resolveClosure);
    if (remark) diagnostics.push(remark);
  }
  if (answer.packages.some(({ kind }) => kind === 'shared_library')) {
    const { libraryRemarks } = await import('./needed-libraries.ts');
    diagnostics.push(...libraryRemarks(answer));
  }
  if (answer.packages.some(({ evidence }) => evidence?.detail)) {
    const { undeclaredRemarks } = await import('./undeclared.ts');
    const { members } = await source.openSet(answer.target.package_set);
    diagnostics.push(...undeclaredRemarks(answer.packages, members));
  }
  diagnostics.push(...yankedWheels(view, answer.packages));
  return { ok: true, value: { ...answer, diagnostics } };
}

export function yankedWheels(
  view: CatalogView,
  packages: readonly { name: string; wheel: Pick<Member, 'filename' | 'sha256'> }[],
): Diagnostic[] {
  if (view.yankedWheels.size === 0) return [];
  return packages.flatMap(({ name, wheel }) => {
    const yank = view.yankedWheels.get(wheel.sha256);
    if (!yank) return [];
    const message = `${wheel.filename}, the wheel of ${name}, was yanked: ${printable(yank.reason)}`;
    return remark('warning', 'yanked_wheel', message, 'Use another date or package flag.');
  });
}
