/** `pinwheel target`: the runtime and the package set that a date and flags select. */
import { openAnswers } from '../answers/open.ts';
import type { Answer, Answers, TargetAnswer } from '../answers/types.ts';
import { CommandError } from '../failure.ts';
import { type Question, type QuestionOptions, readQuestion, withHints } from '../input/question.ts';
import { print } from '../output/print.ts';
import { screenOf } from '../output/screen.ts';
import { targetLines } from '../output/target.ts';

export async function targetCommand(options: QuestionOptions): Promise<void> {
  const answers = await openAnswers(options.registry);
  const { document, json } = await askTarget(answers, await readQuestion(options), options);
  if (options.format === 'json') return print([json]);
  const source = await answers.sourceOf(document.package_set.flag, document.registry.revision);
  print(targetLines(document, source, screenOf(process.stdout)));
}

export async function askTarget(
  answers: Answers,
  question: Question,
  options: QuestionOptions,
): Promise<Answer<TargetAnswer>> {
  return answers.target(question).catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(error.exitCode, withHints(error.complaints, options), { cause: error });
  });
}
