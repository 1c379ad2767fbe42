/** `pinwheel resolve`: requirements in, pinned packages out. */
import { fileURLToPath } from 'node:url';
import type { Member } from '../../resolver/index.ts';
import { type Backend, openBackend } from '../ask/backend.ts';
import { type Closure, expectWheels, membersOfClosure, setOfClosure, urlsOfClosure } from '../ask/closure.ts';
import { defaultCacheFolder } from '../common/folders.ts';
import { builtHere, withBuiltWheels } from '../packages/patch/closure-wheels.ts';
import { closureLines } from '../print/closure.ts';
import { print, printRemarks, printText } from '../print/print.ts';
import { screenOf } from '../print/table.ts';
import { askWhole, type ClosureOptions } from '../project/closure.ts';

export async function resolveCommand(named: readonly string[], options: ClosureOptions): Promise<void> {
  const backend = await openBackend(options);
  const closure = await askWhole(backend.pinwheel, named, options);
  const document = closure.answer;
  if (options.format === 'json') return print([JSON.stringify(document)]);
  if (options.format === 'table') return print(closureLines(document, screenOf(process.stdout)));
  printRemarks([...document.target.diagnostics, ...document.diagnostics]);
  if (options.format !== 'pyodide-lock') expectWheels(document.packages, document.target);
  const served = closure.set === null ? backend.registry : null;
  if (served === null) printRemarks(builtHere(document.packages));
  if (options.format === 'pylock') return printText(await pylock(closure, backend));
  if (options.format === 'pyodide-lock') return print([await pyodideLock(closure, backend)]);
  const { toRequirements } = await import('../../resolver/formats/requirements.ts');
  const { head, prepared } = await setOfClosure(backend, closure);
  const index = served && `${served}simple/${encodeURIComponent(head.flag)}/`;
  const packages = served
    ? document.packages
    : await withBuiltWheels(document.packages, defaultCacheFolder());
  printText(toRequirements({ ...document, packages }, prepared.members, index));
}

async function pylock(closure: Closure, backend: Backend): Promise<string> {
  const { isWheel } = await import('../../resolver/formats/file.ts');
  const { toPylock } = await import('../../resolver/formats/pylock.ts');
  const { answer } = closure;
  const wheels = answer.packages.filter(isWheel);
  const { text, diagnostics } = toPylock(answer, await urlsOfClosure(backend, closure, wheels));
  printRemarks(diagnostics);
  return text;
}

async function pyodideLock(closure: Closure, backend: Backend): Promise<string> {
  const { toPyodideLock } = await import('../../resolver/formats/pyodide-lock.ts');
  const { packages } = closure.answer;
  const { head } = await setOfClosure(backend, closure);
  const members = await membersOfClosure(backend, closure);
  // Without packages beyond the set, the lock format is unchanged.
  const sizes = packages.some(({ origin }) => origin !== undefined);
  const urlOf = await urlsOfClosure(backend, closure, packages);
  // Of a file on this machine, Pyodide takes the path, and not a URL.
  const placeOf = (one: Member) => {
    const url = urlOf(one);
    return url.startsWith('file:') ? fileURLToPath(url) : url;
  };
  return JSON.stringify(toPyodideLock(head, members, placeOf, { sizes }));
}
