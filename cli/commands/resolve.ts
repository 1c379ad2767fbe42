/** `pinwheel resolve`: requirements in, pinned packages out. */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { roomText } from '../../resolver/closure/sizes.ts';
import { isBeyond, isWheel } from '../../resolver/formats/file.ts';
import type { AskedIndex, Member, ResolveAnswer, ResolvedPackage } from '../../resolver/index.ts';
import { patcherOf } from '../../resolver/provenance.ts';
import { FIELDS, INDEX_FIELDS } from '../../resolver/question/fields.ts';
import { builtOf, urlsOf } from '../ask/backend.ts';
import {
  builtHere,
  type Closure,
  lackOfWheels,
  membersOfClosure,
  onlyHere,
  placesIn,
  setOfClosure,
} from '../ask/closure.ts';
import { unanswered } from '../common/failure.ts';
import { bytes, count, sizeOf } from '../common/text.ts';
import { print, printRemarks, printText } from '../print/print.ts';
import { diagnosticLines } from '../print/remarks.ts';
import {
  type Column,
  type Field,
  fieldLines,
  joinSections,
  levelColumn,
  output,
  type Screen,
  screenOf,
  sentence,
  table,
} from '../print/table.ts';
import { commandIn, NOTHING_REQUIRED } from '../print/words.ts';
import { askWhole, type ClosureOptions } from '../project/closure.ts';
import { commandWith } from '../project/options.ts';
import { targetFields } from './target.ts';

export async function resolveCommand(named: readonly string[], options: ClosureOptions): Promise<void> {
  const closure = await askWhole(named, options);
  const { backend, answer: document } = closure;
  if (options.format === 'json') return print([JSON.stringify(document)]);
  if (options.format === 'table') {
    const isUnvendored = document.target.package_set.delivery.by === 'python_modules';
    const isNext = isUnvendored && document.packages.length > 0;
    return print(
      closureLines(document, screenOf(process.stdout), isNext ? vendorCommand(named, options) : null),
    );
  }
  printRemarks([...document.target.diagnostics, ...document.diagnostics]);
  if (options.format !== 'pyodide-lock') {
    const lacking = await lackOfWheels(backend.pinwheel, document, closure.question);
    if (lacking.length > 0) throw unanswered(lacking);
  }
  const served = backend.registry;
  if (served === null) printRemarks(builtHere(document.packages));
  if (options.format !== 'pylock') printRemarks(onlyHere(document.packages, closure.folders));
  if (options.format === 'pylock') return printText(await pylock(closure));
  if (options.format === 'pyodide-lock') return print([await pyodideLock(closure)]);
  const { toRequirements } = await import('../../resolver/formats/requirements.ts');
  const { head, prepared } = await setOfClosure(closure);
  const index = served && `${served}simple/${encodeURIComponent(head.flag)}/`;
  const packages = served ? document.packages : await builtOf(document.packages);
  const file = output.file === null ? undefined : basename(output.file);
  printText(toRequirements({ ...document, packages }, prepared.members, index, file));
}

/** The command that vendors what was asked for; null if standard input was read, which cannot be read again. */
function vendorCommand(named: readonly string[], options: ClosureOptions): string | null {
  const { requirements, constraints = [] } = options;
  if ([...requirements, ...constraints].includes('-')) return null;
  const files = requirements.flatMap((file) => ['-r', file]);
  return commandIn(commandWith(options, 'vendor', ...named, ...files));
}

async function pylock(closure: Closure): Promise<string> {
  const { toPylock } = await import('../../resolver/formats/pylock.ts');
  const { backend, answer, folders } = closure;
  const wheels = answer.packages.filter(isWheel);
  const urlOf = await urlsOf(backend, wheels);
  const { text, diagnostics } = toPylock(answer, placesIn(urlOf, wheels, folders));
  printRemarks(diagnostics);
  return text;
}

async function pyodideLock(closure: Closure): Promise<string> {
  const { toPyodideLock } = await import('../../resolver/formats/pyodide-lock.ts');
  const { packages } = closure.answer;
  const { head } = await setOfClosure(closure);
  const members = await membersOfClosure(closure);
  // Without packages beyond the set, the lock format is unchanged.
  const sizes = packages.some(({ origin }) => origin !== undefined);
  const urlOf = await urlsOf(closure.backend, packages);
  // Pyodide takes a local file by its path, not by a file: URL.
  const placeOf = (member: Member) => {
    const url = urlOf(member);
    return url.startsWith('file:') ? fileURLToPath(url) : url;
  };
  return JSON.stringify(toPyodideLock(head, members, placeOf, { sizes }));
}

const MOST_PARENTS = 3;

/** `next`: the command that puts the packages into the Worker, or null. */
export function closureLines(answer: ResolveAnswer, screen: Screen, next: string | null = null): string[] {
  const { target, packages, totals, diagnostics, index } = answer;
  const room = roomText(totals, target.package_set.delivery, bytes);
  const pins = packages.length > 0 ? table(columnsOf(answer, screen), packages, screen) : [];
  if (screen.detail === 'answer') return pins;
  const fields = [...targetFields(target, screen), ...(index ? [indexField(index)] : [])];
  return joinSections([
    fieldLines(fields, screen),
    pins,
    [...totalsLines(packages, screen), ...(room === null ? [] : sentence(room, screen))],
    diagnosticLines([...target.diagnostics, ...diagnostics], screen),
    next === null ? [] : [`Next: ${next}`],
  ]);
}

function columnsOf({ packages, target }: ResolveAnswer, { colors }: Screen): Column<ResolvedPackage>[] {
  const isWhole = !packages.some(isBeyond);
  return [
    {
      title: 'Package',
      text: ({ name }) => name,
      paint: (text, { requested }) => (requested ? colors.bold(colors.green(text)) : text),
    },
    { title: 'Version', text: ({ version }) => version },
    {
      title: 'Size',
      text: ({ wheel }) => (wheel.size === null ? '' : bytes(wheel.size)),
      align: 'right',
    },
    { title: 'Patched by', text: ({ wheel }) => (wheel.patched ? patcherOf(wheel.patched.by) : '') },
    ...levelColumn(packages, target.runtime.pyodide),
    { title: 'From', text: ({ origin = 'set' }) => (isWhole ? '' : `the ${origin}`) },
    { title: 'Why', text: reasonOf, paint: colors.dim },
  ];
}

function indexField(index: AskedIndex): Field {
  const until = (moment: string | null) => (moment === null ? 'now' : moment.slice(0, 10));
  const asked = INDEX_FIELDS.flatMap((name) => {
    const words = FIELDS[name].of_index;
    const value = index[name];
    if (Array.isArray(value)) return value.length > 0 ? `${words}: ${value.join(', ')}` : [];
    if (value === null || typeof value === 'string') return `${words} ${until(value)}`;
    return Object.entries(value).map(([project, moment]) => `${project} ${words} ${until(moment)}`);
  });
  return { label: 'Index', value: index.url, reason: `${asked.join('; ')}.` };
}

/** Such as `in the runtime, requested, required by a, b, c +3 more`. */
function reasonOf({ kind, requested, required_by: parents }: ResolvedPackage): string {
  const more = parents.length - MOST_PARENTS;
  const names = parents.slice(0, MOST_PARENTS).join(', ') + (more > 0 ? ` +${more} more` : '');
  return [
    ...(kind === 'standard_library' ? ['in the runtime'] : []),
    ...(requested || parents.length === 0 ? ['requested'] : []),
    ...(parents.length > 0 ? [`required by ${names}`] : []),
  ].join(', ');
}

function totalsLines(packages: readonly ResolvedPackage[], screen: Screen): string[] {
  if (packages.length === 0) return [NOTHING_REQUIRED];
  const order = packages.length > 1 && screen.detail === 'full' ? ' in load order' : '';
  const number = count(packages.length, 'package');
  const text = `${number}${order}, ${sizeOf(packages.map(({ wheel }) => wheel.size))}`;
  return sentence(text, screen, (line) => line.replace(number, screen.colors.bold(number)));
}
