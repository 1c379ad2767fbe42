/** The closure of what a command line asks for: requirements, files of them, and constraints. */
import type { ResolveAnswer } from '../../resolver/answer.ts';
import type { Pinwheel } from '../../resolver/pinwheel/pinwheel.ts';
import { elsewhereOf } from '../check/elsewhere.ts';
import { CommandError, misused, refused } from '../failure.ts';
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
  pinwheel: Pinwheel,
  named: readonly string[],
  options: ClosureOptions,
): Promise<ResolveAnswer> {
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

  const ask = async (more: readonly FileRequirement[]): Promise<ResolveAnswer> => {
    const located = [...requirements, ...more];
    const texts = [...named, ...located.map(({ text }) => text)];
    const outcome = await pinwheel.safeResolve({ ...question, requirements: texts });
    if (outcome.ok) return outcome.value;
    const { exitCode, complaints: found } = refused(outcome.issues);
    const complaints = withHints(locateComplaints(found, located), options);
    // Programs that read JSON get the refusal as everyone does.
    const isPlain = options.format === 'json';
    throw new CommandError(
      exitCode,
      isPlain ? complaints : await withModuleHints(complaints, elsewhereOf(pinwheel, question)),
    );
  };
  const answer = await ask([]);
  // Asked for as well, what cannot hold is explained by whoever answers, as requirements are.
  const { packages, target } = answer;
  const versions = new Map(packages.map(({ name, version }) => [name, version]));
  const broken = brokenConstraints(constraints, target.runtime, (name) => versions.get(name));
  if (broken.length > 0) return ask(broken);
  warnOfPython(pythons, target);
  return answer;
}
