/** When a requirement holds, as people read it. */
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import type { WhenAnswer, WhenFlag, WhenInterval } from '../../resolver/time/answers.ts';
import { diagnosticLines } from './remarks.ts';
import type { Screen } from './screen.ts';
import { type Column, table } from './table.ts';
import { datesOf, visible } from './text.ts';

/** Of a requirement that its marker excludes. */
const NO_VERSION = 'none asked';

export function whenLines(answer: WhenAnswer, screen: Screen): string[] {
  const { intervals, flags, diagnostics } = answer;
  const remarks = diagnosticLines(diagnostics, screen);
  return [
    visible(headline(answer)),
    ...(intervals.length > 0 ? ['', ...table(intervalColumns(answer, screen), intervals, screen)] : []),
    ...(flags.length > 0 ? ['', ...table(flagColumns(answer, screen), flags, screen)] : []),
    ...(remarks.length > 0 ? ['', ...remarks] : []),
  ];
}

function headline({ requirement, compatibility_flags, intervals, first, last, as_of }: WhenAnswer): string {
  const flags = compatibility_flags.join(', ');
  if (first === null || last === null) return `With ${flags}, ${requirement} holds at no compatibility date.`;
  const dates = datesOf({ from: first, to: last }, as_of);
  const gaps = intervals.some(({ from }, at) => at > 0 && !follows(intervals[at - 1]!.to, from));
  return `With ${flags}, ${requirement} holds ${dates}${gaps ? ', with gaps' : ''}.`;
}

function follows(day: string, next: string): boolean {
  return Date.parse(next) - Date.parse(day) === 86_400_000;
}

function intervalColumns({ as_of }: WhenAnswer, { colors }: Screen): Column<WhenInterval>[] {
  return [
    { title: 'Compatibility date', text: (interval) => datesOf(interval, as_of) },
    { title: 'Version', text: ({ version }) => version ?? NO_VERSION, paint: (text) => colors.bold(text) },
    { title: 'Python', text: ({ runtime }) => runtime.python },
    { title: 'Pyodide', text: ({ runtime }) => runtime.pyodide },
    { title: 'Package set', text: ({ package_set }) => package_set.flag, paint: (text) => colors.dim(text) },
  ];
}

function flagColumns(answer: WhenAnswer, { colors }: Screen): Column<WhenFlag>[] {
  return [
    { title: 'Package flag', text: ({ flag }) => flag },
    { title: 'Version', text: ({ version }) => version ?? NO_VERSION, paint: (text) => colors.bold(text) },
    { title: 'Python', text: ({ runtime }) => runtime.python },
    { title: 'Released', text: ({ released }) => released },
    {
      title: 'workerd runs it',
      text: (flag) => carriedBy(flag, answer),
      paint: (text) => colors.dim(text),
    },
  ];
}

/** By which dates, and where they are over or never were, by which flags workerd runs a set. */
function carriedBy(
  { workerd_flags: flags, workerd_dates, runtime }: WhenFlag,
  { compatibility_flags: asked, as_of }: WhenAnswer,
): string {
  if (flags === null) return `no: the Worker has to carry Pyodide ${runtime.pyodide}`;
  const dates = workerd_dates.map((range) => datesOf(range, as_of));
  if (workerd_dates.at(-1)?.to === as_of) return dates.join(', ');
  const added = flags.filter((flag) => !asked.includes(flag));
  const removed = asked.filter((flag) => !flags.includes(flag) && !isPackageFlag(flag));
  const changes = [
    ...(added.length > 0 ? [`with ${added.join(' and ')}`] : []),
    ...(removed.length > 0 ? [`without ${removed.join(' and ')}`] : []),
  ];
  return [...dates, changes.join(' and ')].join(', or ');
}
