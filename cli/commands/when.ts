/** `pinwheel when`: the compatibility dates and the package flags that satisfy a requirement. */

import { addDays } from '../../resolver/compatibility/date.ts';
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import type { Diagnostic, WhenAnswer } from '../../resolver/index.ts';
import { neverSatisfied } from '../../resolver/issues/documents.ts';
import { fixed } from '../../resolver/issues/fixes.ts';
import type { DateRange, WhenFlag } from '../../resolver/time/answers.ts';
import { openBackend } from '../ask/backend.ts';
import { withoutCredentials } from '../common/credentials.ts';
import { answered, CommandError, unanswered } from '../common/failure.ts';
import { bytes, count, datesOf } from '../common/text.ts';
import { printAnswer } from '../print/print.ts';
import { diagnosticLines } from '../print/remarks.ts';
import { type Column, joinSections, levelColumn, type Screen, sentence, table } from '../print/table.ts';
import { whenBeyond } from '../project/beyond.ts';
import { type QuestionOptions, readQuestion } from '../project/question.ts';

export async function whenCommand(written: string, options: QuestionOptions): Promise<void> {
  const requirement = withoutCredentials(written);
  const { pinwheel } = await openBackend(options);
  const question = await readQuestion(options, false);
  const answer = answered(await pinwheel.safeWhen({ ...question, requirement }));
  const inNoSet = answer.intervals.length === 0 && answer.flags.length === 0;
  const { compatibility_flags } = answer;
  const asked = { ...question, compatibility_flags };
  const beyond = inNoSet ? await whenBeyond(pinwheel, requirement, options, asked) : null;
  const document = beyond ? { ...answer, diagnostics: withIndex(answer.diagnostics, beyond) } : answer;
  const never = inNoSet && !beyond?.holds;
  if (never && options.format !== 'json') {
    throw unanswered(
      document.diagnostics.map(({ message: detail, fix, fixes }) => ({
        ...neverSatisfied({ detail, remedy: fix }),
        fixes,
      })),
    );
  }
  printAnswer(options.format, document, (screen) => whenLines(document, screen));
  if (never) throw new CommandError(1, []);
}

/** An index that was asked is not proposed. Its own reasons say that no set has a package, too. */
function withIndex(
  diagnostics: readonly Diagnostic[],
  { holds, remarks }: { holds: boolean; remarks: readonly Diagnostic[] },
): Diagnostic[] {
  const rest = diagnostics.flatMap((remark) => {
    const fixes = remark.fixes.filter(({ kind }) => kind !== 'use_index');
    const said = fixed(fixes);
    const isSaid =
      !holds && remarks.some(({ code, fix }) => code === remark.code && (said.fix ?? fix) === fix);
    return isSaid ? [] : { ...remark, ...said };
  });
  return [...rest, ...remarks];
}

/** The text in place of a version if a requirement's marker excludes it. */
const NO_VERSION = 'none asked';

export function whenLines(answer: WhenAnswer, screen: Screen): string[] {
  const { flags, diagnostics } = answer;
  const rows = rowsOf(answer);
  const remarks = diagnosticLines(diagnostics, screen);
  const known = `${count(flags.length, 'package set')} ${flags.length === 1 ? 'has' : 'have'} it: -v lists them.`;
  const sets =
    screen.detail === 'full' ? table(flagColumns(answer, screen), flags, screen) : sentence(known, screen);
  return joinSections([
    sentence(headline(answer), screen),
    rows.length > 0 ? table(rowColumns(answer, screen), rows, screen) : [],
    flags.length > 0 && screen.detail !== 'answer' ? sets : [],
    remarks,
  ]);
}

function headline(answer: WhenAnswer): string {
  const { requirement, compatibility_flags, intervals, flag_intervals, as_of } = answer;
  const asked = `With ${compatibility_flags.join(', ')}, ${requirement}`;
  const own = datesOfAll(intervals, as_of);
  const flagged = datesOfAll(flag_intervals, as_of);
  if (own === null && flagged === null) return `${asked} is satisfied at no compatibility date.`;
  if (flagged === null) return `${asked} is satisfied ${own}.`;
  return `${asked} is satisfied ${own ?? 'at no date by itself'}; with a package flag, it is ${flagged}.`;
}

function datesOfAll(ranges: readonly DateRange[], as_of: string): string | null {
  const [first] = ranges;
  if (!first) return null;
  const dates = datesOf({ from: first.from, to: ranges.at(-1)!.to }, as_of);
  const gaps = ranges.some(({ from }, at) => at > 0 && addDays(ranges[at - 1]!.to, 1) !== from);
  return `${dates}${gaps ? ', with gaps' : ''}`;
}

type Row = ReturnType<typeof rowsOf>[number];

/**
 * The periods in which the date's own set satisfies it, or another set that runs there. `flag`: the package flag that it
 * takes; null for the date's own set.
 */
function rowsOf({ intervals, flag_intervals }: WhenAnswer) {
  const more = (others: number) =>
    others === 0 ? '' : others === 1 ? ', or one other' : `, or ${others} others`;
  const rows = [
    ...intervals.map(({ package_set, ...rest }) => ({
      ...rest,
      set: `${package_set.flag}, the default`,
      flag: null,
    })),
    ...flag_intervals.map(({ flag, others, ...rest }) => ({
      ...rest,
      flag,
      set: `${flag}, by its flag${more(others)}`,
    })),
  ];
  return rows.sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** With all that it needs. */
const sizeIn = ({ totals }: Row) => (totals === null || totals.size === null ? '' : bytes(totals.size));

function rowColumns({ as_of }: WhenAnswer, { colors, detail }: Screen): Column<Row>[] {
  const isFull = detail === 'full';
  return [
    { title: 'Compatibility date', text: (row) => datesOf(row, as_of) },
    { title: 'Version', text: ({ version }) => version ?? NO_VERSION, paint: colors.bold },
    { title: 'Size', text: sizeIn, align: 'right' },
    { title: 'Python', text: ({ runtime }) => runtime.python },
    { title: 'Pyodide', text: ({ runtime }) => (isFull ? runtime.pyodide : '') },
    { title: 'Package set', text: ({ set }) => (isFull ? set : ''), paint: colors.dim },
    { title: 'With the package flag', text: ({ flag }) => (isFull ? '' : (flag ?? '')) },
  ];
}

function flagColumns(answer: WhenAnswer, { colors }: Screen): Column<WhenFlag>[] {
  return [
    { title: 'Package flag', text: ({ flag }) => flag },
    { title: 'Version', text: ({ version }) => version ?? NO_VERSION, paint: colors.bold },
    ...levelColumn(answer.flags),
    { title: 'File', text: ({ size }) => (size === null ? '' : bytes(size)), align: 'right' },
    { title: 'Python', text: ({ runtime }) => runtime.python },
    { title: 'Dated', text: ({ released }) => released },
    { title: 'workerd runs it', text: (flag) => includedBy(flag, answer), paint: colors.dim },
  ];
}

/** The dates with which workerd runs a set; if there are none, or they are over, the flags. */
function includedBy(
  { workerd_flags: flags, workerd_dates, runtime }: WhenFlag,
  { compatibility_flags: asked, as_of }: WhenAnswer,
): string {
  if (flags === null) return `no: the Worker must include Pyodide ${runtime.pyodide}`;
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
