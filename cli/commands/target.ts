/** `pinwheel target`: the runtime and the package set that a date and flags select. */
import type { TargetAnswer } from '../../resolver/answer.ts';
import type { Pinwheel } from '../../resolver/pinwheel/pinwheel.ts';
import { openBackend } from '../backend.ts';
import { CommandError, refused } from '../failure.ts';
import { type Question, type QuestionOptions, readQuestion, withHints } from '../input/question.ts';
import { print } from '../output/print.ts';
import { screenOf } from '../output/screen.ts';
import { targetLines } from '../output/target.ts';
import { setHead } from '../package-set.ts';

export async function targetCommand(options: QuestionOptions): Promise<void> {
  const { pinwheel } = await openBackend(options.registry);
  const target = await askTarget(pinwheel, await readQuestion(options), options);
  if (options.format === 'json') return print([JSON.stringify(target)]);
  const { source } = await setHead(pinwheel, target, target.registry);
  print(targetLines(target, source, screenOf(process.stdout)));
}

export async function askTarget(
  pinwheel: Pinwheel,
  question: Question,
  options: QuestionOptions,
): Promise<TargetAnswer> {
  const outcome = await pinwheel.safeTarget(question);
  if (outcome.ok) return outcome.value;
  const { exitCode, complaints } = refused(outcome.issues);
  throw new CommandError(exitCode, withHints(complaints, options));
}
