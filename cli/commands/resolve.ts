/** `pinwheel resolve`: requirements in, pinned packages out. */
import type { ResolveAnswer } from '../../resolver/answer.ts';
import { openAnswers } from '../answers/open.ts';
import type { Answers } from '../answers/types.ts';
import { unanswered } from '../failure.ts';
import { closureLines } from '../output/closure.ts';
import { print, printRemarks, printText } from '../output/print.ts';
import { screenOf } from '../output/screen.ts';
import { askClosure, type ClosureOptions } from './closure.ts';

export async function resolveCommand(named: readonly string[], options: ClosureOptions): Promise<void> {
  const answers = await openAnswers(options.registry);
  const { document, json } = await askClosure(answers, named, options);
  if (options.format === 'json') return print([json]);
  if (options.format === 'table') return print(closureLines(document, screenOf(process.stdout)));
  printRemarks([...document.target.diagnostics, ...document.diagnostics]);
  if (options.format === 'pylock') return printText(await pylock(document, answers));
  if (options.format === 'pyodide-lock') return print([JSON.stringify(await answers.pyodideLock(document))]);
  const { toRequirements } = await import('../../resolver/formats/requirements.ts');
  const set = await answers.packageSet(document.target.package_set.flag, document.registry.revision);
  const index = answers.simpleIndex(document.target.package_set.flag);
  printText(toRequirements(document, set.document.packages, index));
}

async function pylock(answer: ResolveAnswer, answers: Answers): Promise<string> {
  const { isWheel } = await import('../../resolver/formats/file.ts');
  const { toPylock } = await import('../../resolver/formats/pylock.ts');
  const wheels = answer.packages.filter(isWheel);
  if (wheels.length === 0 && answer.packages.length > 0) throw unanswered([noWheels(answer)]);
  const urls = answers.fileUrls(wheels);
  const { text, diagnostics } = toPylock(answer, (one) => urls[wheels.indexOf(one)]!);
  printRemarks(diagnostics);
  return text;
}

function noWheels({ target }: ResolveAnswer) {
  return {
    code: 'no_wheels',
    message: `pylock.toml cannot hold these packages: ${target.package_set.flag} has archives, not wheels.`,
    fix: 'Take --format pyodide-lock, or --format requirements, which names versions and no files.',
  };
}
