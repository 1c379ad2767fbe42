/** `pinwheel when`: the compatibility dates and the package flags that satisfy a requirement. */
import { neverSatisfied } from '../../resolver/issues/documents.ts';
import { openBackend } from '../ask/backend.ts';
import { answered, CommandError, unanswered } from '../common/failure.ts';
import { print } from '../print/print.ts';
import { screenOf } from '../print/table.ts';
import { whenLines } from '../print/when.ts';
import { whenBeyond } from '../project/beyond.ts';
import type { BeyondOptions } from '../project/options.ts';
import { type QuestionOptions, readQuestion } from '../project/question.ts';

export async function whenCommand(
  requirement: string,
  options: QuestionOptions & BeyondOptions,
): Promise<void> {
  const { pinwheel } = await openBackend(options);
  const question = await readQuestion(options, false);
  const answer = answered(await pinwheel.safeWhen({ ...question, requirement }));
  const inNoSet = answer.intervals.length === 0 && answer.flags.length === 0;
  const beyond = inNoSet ? await whenBeyond(pinwheel, requirement, options, question) : null;
  const document = beyond ? { ...answer, diagnostics: [...answer.diagnostics, beyond] } : answer;
  const never = inNoSet && beyond === null;
  if (options.format === 'json') print([JSON.stringify(document)]);
  else if (never) {
    throw unanswered(
      document.diagnostics.map(({ message: detail, fix: remedy }) => neverSatisfied({ detail, remedy })),
    );
  } else print(whenLines(document, screenOf(process.stdout)));
  if (never) throw new CommandError(1, []);
}
