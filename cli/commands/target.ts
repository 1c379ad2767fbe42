/** `pinwheel target`: the runtime and the package set that a date and flags select. */
import { copyBlocks, isSame } from '../../resolver/formats/copy-blocks.ts';
import { openAnswers } from '../answers/open.ts';
import type { Answer, Answers, TargetAnswer } from '../answers/types.ts';
import { CommandError } from '../failure.ts';
import { type Question, type QuestionOptions, readQuestion, withHints } from '../input/question.ts';
import { print } from '../output/print.ts';
import { screenOf } from '../output/screen.ts';
import { targetLines } from '../output/target.ts';

export async function targetCommand(options: QuestionOptions): Promise<void> {
  const answers = await openAnswers(options.registry);
  const question = await readQuestion(options);
  const { document, json } = await askTarget(answers, question, options);
  if (options.format === 'json') return print([json]);
  const source = await answers.sourceOf(document.package_set.flag, document.registry.revision);
  const date = await dateThatGives(answers, question, document);
  const blocks = copyBlocks({ target: document, date, packages: [], index: null });
  print(targetLines(document, source, blocks, screenOf(process.stdout)));
}

/** The date of the target, where that gives it without a package flag too; else null. */
async function dateThatGives(
  answers: Answers,
  question: Question,
  target: TargetAnswer,
): Promise<string | null> {
  const { compatibility_date, workerd_flags: compatibility_flags } = target;
  if (target.reasons.package_set.code !== 'pinned') return compatibility_date;
  const again = await answers
    .target({ ...question, compatibility_date, compatibility_flags })
    .catch((error: unknown) => {
      if (error instanceof CommandError) return null;
      throw error;
    });
  return again && isSame(again.document, target) ? compatibility_date : null;
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
