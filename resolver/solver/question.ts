/** A question for the solver, parsed and validated, with its world. */

import type { Diagnostic } from '../answer.ts';
import { excludedByMarker } from '../closure/closure.ts';
import { allOf, type Issue, type Outcome } from '../issue.ts';
import { meaninglessMarker } from '../issues/closure.ts';
import { type SyntaxIssue, tooManyRequirements } from '../issues/requirements.ts';
import { MAX_REQUIREMENTS } from '../question/fields.ts';
import { evaluateMarker, type MarkerEnvironment, meaninglessComparison } from '../requirements/marker.ts';
import { type DirectRequirement, parseDirectRequirement } from '../requirements/requirement.ts';
import type { Specifier } from '../requirements/specifier.ts';
import type { Runner } from '../wheels/wheel-name.ts';
import { Facts } from './facts.ts';
import type { IndexFile, PackageIndex } from './package-index.ts';
import { Effort } from './pubgrub.ts';
import { type AskedOfIndex, readAsked, type SolveQuestion, type SolverInput } from './solve-question.ts';

export interface ReadQuestion {
  requirements: DirectRequirement[];
  constraints: DirectRequirement[];
  asked: AskedOfIndex;
}

/** A question that can be solved repeatedly, with a cache of the index's facts. */
export interface PreparedQuestion {
  input: SolverInput;
  roots: Roots;
  read: ReadQuestion;
  facts: Facts;
}

export async function prepareQuestion(
  question: SolveQuestion,
  runner: Runner,
  environment: MarkerEnvironment,
): Promise<Outcome<PreparedQuestion>> {
  const read = readQuestion(question);
  if (!read.ok) return read;
  const { set, index } = question;
  const roots = rootsOf(read.value.requirements, environment);
  const direct = roots.issues.length > 0 ? null : await filesNamed(roots.requirements, index);
  const issues = [...roots.issues, ...(direct?.ok === false ? direct.issues : [])];
  if (!direct?.ok) return { ok: false, issues };
  const constraints = constraintsOf(read.value.constraints, environment);
  const { asked } = read.value;
  const input: SolverInput = { set, index, asked, direct: direct.value, constraints, runner, environment };
  const facts = new Facts(input, new Effort(question.effort));
  return { ok: true, value: { input, roots, read: read.value, facts } };
}

/** Only questions that name URLs load the code that follows them. */
async function filesNamed(
  requirements: readonly DirectRequirement[],
  index: PackageIndex | null,
): Promise<Outcome<ReadonlyMap<string, IndexFile>>> {
  if (requirements.every(({ url }) => url === null)) return { ok: true, value: new Map() };
  const { directFiles } = await import('./direct.ts');
  return directFiles(requirements, index);
}

function readQuestion({
  target,
  requirements,
  constraints,
  ...question
}: SolveQuestion): Outcome<ReadQuestion> {
  const [, day] = [target.compatibility_date, target.package_set.released].sort();
  const read = allOf(
    readRequirements(requirements),
    readAsked(question, day!),
    readRequirements(constraints ?? []),
  );
  if (!read.ok) return read;
  const [required, asked, limits] = read.value;
  return { ok: true, value: { requirements: required, asked, constraints: limits } };
}

function readRequirements(texts: readonly string[]): Outcome<DirectRequirement[]> {
  if (texts.length > MAX_REQUIREMENTS) {
    return { ok: false, issues: [tooManyRequirements({ count: texts.length, most: MAX_REQUIREMENTS })] };
  }
  return allOf<DirectRequirement[]>(...texts.map((text, index) => at(parseDirectRequirement(text), index)));
}

/** An outcome with the place of its requirement in its issues. */
function at<Value>(outcome: Outcome<Value, SyntaxIssue>, index: number): Outcome<Value> {
  return outcome.ok ? outcome : { ok: false, issues: outcome.issues.map((issue) => ({ ...issue, index })) };
}

type Roots = ReturnType<typeof rootsOf>;

/** The requirements whose markers are true, and remarks about the others. */
function rootsOf(requirements: readonly DirectRequirement[], environment: MarkerEnvironment) {
  const found = {
    requirements: [] as DirectRequirement[],
    diagnostics: [] as Diagnostic[],
    issues: [] as Issue[],
  };
  for (const [index, requirement] of requirements.entries()) {
    const { marker, text } = requirement;
    const meaningless = marker && meaninglessComparison(marker, environment);
    if (meaningless) {
      const written = { requirement: text, index, repeats: [], package: requirement.name };
      found.issues.push(meaninglessMarker({ ...written, comparison: meaningless.text }));
    } else if (marker && !evaluateMarker(marker, environment)) {
      found.diagnostics.push(excludedByMarker(text));
    } else {
      found.requirements.push(requirement);
    }
  }
  return found;
}

/** The specifiers of those whose markers hold, by name. */
function constraintsOf(
  constraints: readonly DirectRequirement[],
  environment: MarkerEnvironment,
): Map<string, Specifier[]> {
  const found = new Map<string, Specifier[]>();
  for (const { name, specifiers, marker } of constraints) {
    if (marker !== null && !evaluateMarker(marker, environment)) continue;
    found.set(name, [...(found.get(name) ?? []), ...specifiers]);
  }
  return found;
}
