/** `pinwheel when`: the compatibility dates and the package flags that satisfy a requirement. */
import { neverSatisfied } from '../../resolver/issues/documents.ts';
import { openBackend } from '../backend.ts';
import { answered, CommandError, unanswered } from '../failure.ts';
import { type QuestionOptions, readQuestion } from '../input/question.ts';
import { print } from '../output/print.ts';
import { screenOf } from '../output/screen.ts';
import { whenLines } from '../output/when.ts';

export async function whenCommand(requirement: string, options: QuestionOptions): Promise<void> {
  const { pinwheel } = await openBackend(options.registry);
  const question = await readQuestion(options, false);
  const document = answered(await pinwheel.safeWhen({ ...question, requirement }));
  const never = document.intervals.length === 0 && document.flags.length === 0;
  if (options.format === 'json') print([JSON.stringify(document)]);
  else if (never) throw unanswered(document.diagnostics.map(neverSatisfied));
  else print(whenLines(document, screenOf(process.stdout)));
  if (never) throw new CommandError(1, []);
}
