/** A question for the solver, parsed and validated. */
import type { Diagnostic } from '../answer.ts';
import { excludedByMarker } from '../closure/closure.ts';
import { parseRequirements } from '../closure/resolve.ts';
import { allOf, type Issue, type Outcome } from '../issue.ts';
import { meaninglessMarker } from '../issues/closure.ts';
import { evaluateMarker, type MarkerEnvironment, meaninglessComparison } from '../requirements/marker.ts';
import { type DirectRequirement, parseDirectRequirement } from '../requirements/requirement.ts';
import type { Specifier } from '../requirements/specifier.ts';
import type { Runner } from '../wheels/wheel-name.ts';
import { Facts } from './facts.ts';
import type { IndexFile } from './package-index.ts';
import { Effort } from './pubgrub.ts';
import { readAsked, type SolveQuestion, type SolverInput } from './solve-question.ts';

/** A question that can be solved repeatedly, with a cache of the index's facts. */
export interface PreparedQuestion {
  input: SolverInput;
  facts: Facts;
  /** The requirements of the question. */
  asked: DirectRequirement[];
  /** The requirements whose markers are true. */
  requirements: readonly DirectRequirement[];
  /** Remarks about requirements whose markers are false. */
  diagnostics: Diagnostic[];
}

export async function prepareQuestion(
  question: SolveQuestion,
  runner: Runner,
  environment: MarkerEnvironment,
): Promise<Outcome<PreparedQuestion>> {
  const { target, set, index } = question;
  const [, day] = [target.compatibility_date, target.package_set.released].sort();
  const read = allOf(
    parseRequirements(question.requirements, parseDirectRequirement),
    readAsked(question, day!),
    parseRequirements(question.constraints ?? [], parseDirectRequirement),
  );
  if (!read.ok) return read;
  const [asked, askedOfIndex, limits] = read.value;
  const requirements: DirectRequirement[] = [];
  const diagnostics: Diagnostic[] = [];
  const issues: Issue[] = [];
  for (const [at, requirement] of asked.entries()) {
    const { marker, text, name } = requirement;
    const meaningless = marker && meaninglessComparison(marker, environment);
    if (meaningless) {
      const written = { requirement: text, index: at, repeats: [], package: name };
      issues.push(meaninglessMarker({ ...written, comparison: meaningless.text }));
    } else if (marker && !evaluateMarker(marker, environment)) diagnostics.push(excludedByMarker(text));
    else requirements.push(requirement);
  }
  if (issues.length > 0) return { ok: false, issues };
  let direct: ReadonlyMap<string, IndexFile> = new Map();
  if (requirements.some(({ url }) => url !== null)) {
    // Only questions that name URLs load the code that follows them.
    const { directFiles } = await import('./direct.ts');
    const files = await directFiles(requirements, index);
    if (!files.ok) return files;
    direct = files.value;
  }
  /** The specifiers of those whose markers hold, by name. */
  const constraints = new Map<string, Specifier[]>();
  for (const { name, specifiers, marker } of limits) {
    if (marker !== null && !evaluateMarker(marker, environment)) continue;
    constraints.set(name, [...(constraints.get(name) ?? []), ...specifiers]);
  }
  const input = { set, index, asked: askedOfIndex, direct, constraints, runner, environment };
  const facts = new Facts(input, new Effort(question.effort));
  return { ok: true, value: { input, facts, asked, requirements, diagnostics } };
}
