/** The closure of what a command line asks for: requirements, files of them, and constraints. */
import type { ResolveAnswer } from '../../resolver/answer.ts';
import type { Answer, Answers } from '../answers/types.ts';
import { complaintsOf } from '../check/elsewhere.ts';
import { CommandError, misused } from '../failure.ts';
import { type FileRequirement, locateComplaints } from '../input/file-requirement.ts';
import { type QuestionOptions, readQuestion, withHints } from '../input/question.ts';
import { readSources } from '../input/sources.ts';
import { printRemarks } from '../output/print.ts';
import { brokenConstraints, checkConstraints } from './constraints.ts';
import { withModuleHints } from './module-hints.ts';
import { warnOfPython } from './requires-python.ts';

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
    return answers.resolve(question, texts).catch(async (error: unknown) => {
      if (!(error instanceof CommandError)) throw error;
      const complaints = withHints(locateComplaints(error.complaints, located), options);
      const complain = (others: readonly string[]) => complaintsOf(answers.resolve(question, others));
      // Programs that read JSON get the refusal as everyone does.
      const hinted = options.format === 'json' ? complaints : await withModuleHints(complaints, complain);
      throw new CommandError(error.exitCode, hinted, { cause: error });
    });
  };
  const answer = await ask([]);
  // Asked for as well, what cannot hold is explained by whoever answers, as requirements are.
  const { packages, target } = answer.document;
  const versions = new Map(packages.map(({ name, version }) => [name, version]));
  const broken = brokenConstraints(constraints, target.runtime, (name) => versions.get(name));
  if (broken.length > 0) return ask(broken);
  warnOfPython(pythons, target);
  return answer;
}
