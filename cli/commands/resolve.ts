/** `pinwheel resolve`: requirements in, pinned packages out. */
import type { ResolveAnswer } from '../../resolver/answer.ts';
import { noWheels } from '../../resolver/issues/documents.ts';
import { type Backend, openBackend, urlsOf } from '../backend.ts';
import { unanswered } from '../failure.ts';
import { closureLines } from '../output/closure.ts';
import { print, printRemarks, printText } from '../output/print.ts';
import { screenOf } from '../output/screen.ts';
import { packageSet, setHead } from '../package-set.ts';
import { askClosure, type ClosureOptions } from './closure.ts';

export async function resolveCommand(named: readonly string[], options: ClosureOptions): Promise<void> {
  const backend = await openBackend(options.registry);
  const document = await askClosure(backend.pinwheel, named, options);
  if (options.format === 'json') return print([JSON.stringify(document)]);
  if (options.format === 'table') return print(closureLines(document, screenOf(process.stdout)));
  printRemarks([...document.target.diagnostics, ...document.diagnostics]);
  if (options.format === 'pylock') return printText(await pylock(document, backend));
  if (options.format === 'pyodide-lock') return print([await pyodideLock(document, backend)]);
  const { toRequirements } = await import('../../resolver/formats/requirements.ts');
  const { packages, flag } = await packageSet(backend.pinwheel, document.target, document.registry);
  const index = backend.registry && `${backend.registry}simple/${encodeURIComponent(flag)}/`;
  printText(toRequirements(document, packages, index));
}

async function pylock(answer: ResolveAnswer, backend: Backend): Promise<string> {
  const { isWheel } = await import('../../resolver/formats/file.ts');
  const { toPylock } = await import('../../resolver/formats/pylock.ts');
  const wheels = answer.packages.filter(isWheel);
  if (wheels.length === 0 && answer.packages.length > 0) {
    throw unanswered([noWheels({ package_set: answer.target.package_set.flag })]);
  }
  const { text, diagnostics } = toPylock(answer, urlsOf(backend, wheels));
  printRemarks(diagnostics);
  return text;
}

async function pyodideLock(answer: ResolveAnswer, backend: Backend): Promise<string> {
  const { toPyodideLock } = await import('../../resolver/formats/pyodide-lock.ts');
  const head = await setHead(backend.pinwheel, answer.target, answer.registry);
  const { members, index } = await backend.pinwheel.source.openSet(head);
  const closure = answer.packages.map(({ name }) => members[index.get(name)!]!);
  return JSON.stringify(toPyodideLock(head, closure, urlsOf(backend, answer.packages)));
}
