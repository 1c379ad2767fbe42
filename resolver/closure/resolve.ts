/** Resolves requirements for a target to pinned packages in load order. */
import type { Diagnostic, ResolveAnswer, ResolvedPackage, Target } from '../answer.ts';
import { selectTarget, type TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { warning } from '../diagnostic.ts';
import type { Outcome } from '../issue.ts';
import { type SyntaxIssue, tooManyRequirements } from '../issues/requirements.ts';
import { parseRequirement, type Requirement } from '../requirements/requirement.ts';
import { printable } from '../text/printable.ts';
import { remarkOnArchives } from './archives.ts';
import { resolveClosure } from './closure.ts';
import { explain } from './explain.ts';
import type { ResolveSource } from './source.ts';

export type { ResolveSource } from './source.ts';

/**
 * A question with more requirements is rejected.
 *
 * @example
 * ```ts
 * import { MAX_REQUIREMENTS } from 'pinwheel-py';
 *
 * MAX_REQUIREMENTS; // → 1000
 * ```
 */
export const MAX_REQUIREMENTS = 1_000;

/**
 * A question: a target, and PEP 508 requirements.
 *
 * @example
 * ```ts
 * import type { ResolveQuestion } from 'pinwheel-py';
 *
 * const question: ResolveQuestion = {
 *   compatibility_date: '2025-11-02',
 *   compatibility_flags: ['python_workers'],
 *   as_of: '2026-11-20',
 *   requirements: ['fastapi', 'httpx>=0.28'],
 * };
 * question.requirements.length; // → 2
 * ```
 */
export interface ResolveQuestion extends TargetQuestion {
  requirements: readonly string[];
}

/**
 * Answers a question from a view of the catalog, or returns all of its issues. `targeted` is the result of
 * `selectTarget` for the question, if the caller has it already.
 *
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type Catalog, type PackageSet, prepareSet, resolve, viewCatalog } from 'pinwheel-py';
 *
 * const view = viewCatalog(catalog as Catalog);
 * if (!view.ok) throw new Error(view.issues[0]?.message);
 * const prepared = prepareSet(set as PackageSet);
 * const answer = await resolve(
 *   view.value,
 *   {
 *     compatibility_date: null,
 *     compatibility_flags: [set.flag],
 *     as_of: '2026-11-20',
 *     requirements: ['pydantic<3'],
 *   },
 *   { openSet: async () => prepared, readPins: async () => new Map() },
 * );
 * answer.ok && answer.value.packages.map(({ name }) => name); // → ['typing-extensions', 'annotated-types', 'pydantic-core', 'pydantic']
 * ```
 */
export async function resolve(
  view: CatalogView,
  question: ResolveQuestion,
  source: ResolveSource,
  targeted: Outcome<Target> = selectTarget(view, question),
): Promise<Outcome<ResolveAnswer>> {
  const parsed = parseRequirements(question.requirements);
  if (!targeted.ok || !parsed.ok) {
    return { ok: false, issues: [targeted, parsed].flatMap((one) => (one.ok ? [] : one.issues)) };
  }
  const target = targeted.value;
  const requirements = parsed.value;
  const set = await source.openSet(target.package_set);
  const closure = resolveClosure(view.stamp, target, set, requirements);
  if (!closure.ok) {
    const issues = await explain(closure.issues, view, question, target, set, requirements, source);
    return { ok: false, issues };
  }
  const remark = await remarkOnArchives(view, source, closure.value, requirements);
  const yanked = yankedWheels(view, closure.value.packages);
  const diagnostics = [...closure.value.diagnostics, ...(remark ? [remark] : []), ...yanked];
  return { ok: true, value: { ...closure.value, diagnostics } };
}

function yankedWheels(view: CatalogView, packages: readonly ResolvedPackage[]): Diagnostic[] {
  if (view.yankedWheels.size === 0) return [];
  return packages.flatMap(({ name, wheel }) => {
    const yank = view.yankedWheels.get(wheel.sha256);
    if (!yank) return [];
    const message = `${wheel.filename}, the wheel of ${name}, was yanked: ${printable(yank.reason)}`;
    return warning('yanked_wheel', message, 'Use another date or package flag.');
  });
}

/** A cache of short requirements: most questions name the same few packages. */
const parsed = new Map<string, Outcome<Requirement, SyntaxIssue>>();
const PARSED = { most: 512, characters: 64 };

/** Parses a requirement. Issues are not cached, because their positions are written into them. */
function readRequirement(text: string): Outcome<Requirement, SyntaxIssue> {
  const known = parsed.get(text);
  if (known) return known;
  const outcome = parseRequirement(text);
  if (outcome.ok && text.length <= PARSED.characters) {
    if (parsed.size >= PARSED.most) parsed.clear();
    parsed.set(text, outcome);
  }
  return outcome;
}

/** All parsed requirements, or all issues. Each text is parsed once. */
export function parseRequirements(texts: readonly string[]): Outcome<Requirement[]> {
  if (texts.length > MAX_REQUIREMENTS) {
    return { ok: false, issues: [tooManyRequirements({ count: texts.length, most: MAX_REQUIREMENTS })] };
  }
  const read = new Map<string, Outcome<Requirement, SyntaxIssue>>();
  const requirements: Requirement[] = [];
  const issues: SyntaxIssue[] = [];
  for (const [index, text] of texts.entries()) {
    const known = read.get(text);
    const outcome = known ?? readRequirement(text);
    read.set(text, outcome);
    if (outcome.ok) requirements.push(outcome.value);
    else if (known) outcome.issues[0]!.repeats.push(index);
    else issues.push(Object.assign(outcome.issues[0]!, { index }));
  }
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: requirements };
}
