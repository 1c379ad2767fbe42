/** `pinwheel lock`: one lock for several Pythons. */
import { solveTargets } from '../../resolver/solver/targets/solve-targets.ts';
import { openBackend } from '../ask/backend.ts';
import { withoutWheels } from '../ask/closure.ts';
import { questionsOf, readTargets } from '../ask/lock.ts';
import { CommandError, refused, unanswered } from '../common/failure.ts';
import { builtHere } from '../packages/patch/closure-wheels.ts';
import { lockDocument, lockLines, lockRemarks, slicesOf } from '../print/lock.ts';
import { print, printRemarks, printText } from '../print/print.ts';
import { screenOf } from '../print/table.ts';
import { readBeyond } from '../project/beyond.ts';
import { type ClosureOptions, readRequirements } from '../project/closure.ts';
import { readQuestion } from '../project/question.ts';

export interface LockOptions extends ClosureOptions {
  targets?: string[];
}

export async function lockCommand(named: readonly string[], options: LockOptions): Promise<void> {
  const backend = await openBackend(options);
  const { pinwheel } = backend;
  const asked = await readQuestion(options);
  const { requirements, constraints } = await readRequirements(named, options);
  const { question, index } = await readBeyond(pinwheel, options, asked, requirements, constraints);
  const targets = await readTargets(pinwheel, options.targets ?? [], asked);
  const rest = {
    ...question,
    requirements: requirements.map(({ text }) => text),
    constraints: constraints.map(({ text }) => text),
    index,
  };
  const today = asked.as_of ?? new Date().toISOString().slice(0, 10);
  const outcome = await solveTargets(await questionsOf(pinwheel, targets, rest, today));
  if (!outcome.ok) {
    const issues = outcome.failures.flatMap(({ name, issues }) =>
      issues.map((issue) => ({ ...issue, message: `${name}: ${issue.message}` })),
    );
    throw new CommandError(refused(issues).exitCode, issues);
  }
  const slices = await slicesOf(backend, targets, outcome.slices);
  if (options.format === 'json') return print([JSON.stringify(lockDocument(slices, outcome.unshared))]);
  if (options.format === 'table') return print(lockLines(slices, outcome.unshared, screenOf(process.stdout)));
  const lacking = slices.flatMap((slice) => {
    const issues = 'target' in slice ? withoutWheels(slice.answer.packages, slice.target) : [];
    return issues.map((one) => ({ ...one, message: `${slice.name}: ${one.message}` }));
  });
  if (lacking.length > 0) throw unanswered(lacking);
  const { toPylockOfTargets } = await import('../../resolver/formats/pylock-targets.ts');
  const file = toPylockOfTargets(slices);
  const built = backend.registry === null ? slices.flatMap(({ answer }) => builtHere(answer.packages)) : [];
  printRemarks([
    ...lockRemarks(slices, outcome.unshared),
    ...built,
    ...(file.ok ? file.value.diagnostics : []),
  ]);
  if (!file.ok) throw refused(file.issues);
  printText(file.value.text);
}
