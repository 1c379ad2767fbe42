/** The closure of what a command line asks for: requirements, files of them, and constraints. */
import type { ResolveAnswer } from '../../answer.ts';
import { markerEnvironment } from '../../requirements/environment.ts';
import { evaluateMarker } from '../../requirements/marker.ts';
import { parseRequirement } from '../../requirements/requirement.ts';
import { satisfies } from '../../requirements/specifier.ts';
import { parseSpecifiers } from '../../requirements/specifier-syntax.ts';
import type { Answer, Answers } from '../answers/types.ts';
import { CommandFailure, type Complaint, misused, unanswered } from '../failure.ts';
import { type FileRequirement, locateComplaints } from '../input/file-requirement.ts';
import { type QuestionOptions, readQuestion, withHints } from '../input/question.ts';
import { readSources } from '../input/sources.ts';
import { printRemarks } from '../output/print.ts';
import type { Remark } from '../output/remarks.ts';

export interface ClosureOptions extends QuestionOptions {
  /** Requirements files and `pyproject.toml`s. */
  requirements: string[];
  /** Constraints files. */
  constraints?: string[];
  /** Extras and dependency groups of the `pyproject.toml`s. */
  extra?: string[];
  group?: string[];
}

/** Asks for everything at once; standard error is told what the files say besides. */
export async function askClosure(
  answers: Answers,
  named: readonly string[],
  options: ClosureOptions,
): Promise<Answer<ResolveAnswer>> {
  if (named.length === 0 && options.requirements.length === 0) {
    throw misused('There is nothing to resolve.', 'Name a requirement, or a requirements file with -r.');
  }
  const question = await readQuestion(options);
  const { requirements, constraints, pythons, remarks } = await readSources({
    requirements: options.requirements,
    constraints: options.constraints ?? [],
    extras: options.extra ?? [],
    groups: options.group ?? [],
  });
  printRemarks(remarks);
  checkConstraints(constraints);

  const ask = (more: readonly FileRequirement[]) => {
    const located = [...requirements, ...more];
    const texts = [...named, ...located.map(({ text }) => text)];
    return answers.resolve(question, texts).catch((error: unknown) => {
      if (!(error instanceof CommandFailure)) throw error;
      const complaints = withHints(locateComplaints(error.complaints, located), options);
      throw new CommandFailure(error.exitCode, complaints, { cause: error });
    });
  };
  const answer = await ask([]);
  // Asked for as well, what cannot hold is explained by whoever answers, as requirements are.
  const broken = constraints.filter((constraint) => isBroken(constraint, answer.document));
  if (broken.length > 0) return ask(broken);
  printRemarks(pythons.flatMap((python) => otherPython(python, answer.document) ?? []));
  return answer;
}

/** Refuses constraints that nothing could satisfy or break. */
function checkConstraints(constraints: readonly FileRequirement[]): void {
  const complaints = constraints.flatMap(({ text, where }): Complaint[] => {
    const parsed = parseRequirement(text);
    if (!parsed.ok) return parsed.faults.map(({ code, message, fix }) => ({ code, message, fix, where }));
    if (parsed.value.extras.length === 0) return [];
    const message = `The constraint ${text} has extras, which only a requirement can ask for.`;
    return [{ code: 'constraint_with_extras', message, fix: 'Leave out the extras.', where }];
  });
  if (complaints.length > 0) throw unanswered(complaints);
}

/** Whether a constraint applies to a package of the closure, and its version does not satisfy it. */
function isBroken({ text }: FileRequirement, { target, packages }: ResolveAnswer): boolean {
  const parsed = parseRequirement(text);
  if (!parsed.ok) return true;
  const { name, specifiers, marker } = parsed.value;
  const pinned = packages.find((one) => one.name === name);
  if (!pinned || satisfies(pinned.version, specifiers)) return false;
  // A marker without a meaning is explained too.
  return marker === null || evaluateMarker(marker, markerEnvironment(target.runtime)) !== false;
}

function otherPython({ text, where }: FileRequirement, { target }: ResolveAnswer): Remark | null {
  const { python } = target.runtime;
  const specifiers = parseSpecifiers(text);
  if (!specifiers.ok) {
    return { severity: 'warning', message: `${where} is skipped: it is no version specifier.`, fix: null };
  }
  if (satisfies(python, specifiers.value)) return null;
  const message = `${where} asks for Python ${text}, but this target has Python ${python}.`;
  return {
    severity: 'warning',
    message,
    fix: 'See which dates and flags give which Python: pinwheel target.',
  };
}
