/** `pinwheel lock`: one lock for several Pythons. */

import type { LockSlice } from '../../resolver/formats/pylock.ts';
import type { Diagnostic } from '../../resolver/index.ts';
import { remark } from '../../resolver/issues/fixes.ts';
import type { Unshared } from '../../resolver/solver/index.ts';
import { groupedBy } from '../../resolver/sorted-by.ts';
import { naming } from '../ask/lock.ts';
import { misused, unanswered } from '../common/failure.ts';
import { count, visible } from '../common/text.ts';
import { print, printRemarks, printText } from '../print/print.ts';
import { diagnosticLines } from '../print/remarks.ts';
import { type Column, joinSections, type Screen, screenOf, sentence, table } from '../print/table.ts';
import { writeEdits } from '../project/edits.ts';
import { type LockOptions, lockText, solveLock } from '../project/lock.ts';
import { checkLock, lockEdits, lockFileIn } from '../project/sources/project-lock.ts';

export async function lockCommand(named: readonly string[], options: LockOptions): Promise<void> {
  const isNamed = named.length + options.requirements.length > 0;
  if (options.check && isNamed) throw misused({ problem: 'check_of_nothing' });
  const solved = await solveLock(named, options);
  const { home, before, slices, unshared } = solved;
  const isPrinted = options.format === 'pylock' && !options.check;
  const printAnswer = (more: readonly string[]) => {
    if (options.format === 'json') return print([JSON.stringify(lockDocument(slices, unshared))]);
    print([...lockLines(slices, unshared, screenOf(process.stdout)), ...more]);
  };
  const file = visible(lockFileIn(home));
  let done = `${file} is up to date.`;
  if (isPrinted || !isNamed) {
    const lacking = await solved.lack();
    if (lacking.length > 0) {
      if (!isPrinted && !options.check) printAnswer([]);
      throw unanswered(lacking);
    }
    const { text, remarks } = lockText(solved);
    printRemarks(isPrinted ? [...lockRemarks(slices, unshared), ...remarks] : remarks);
    if (isPrinted) return printText(text);
    const workers = slices.flatMap((slice) => ('target' in slice ? slice : []));
    if (options.check) checkLock(home, options, before, text, workers);
    else await writeEdits(lockEdits(home, before, text));
    if (before?.text !== text) done = `Wrote ${file}.`;
  }
  if (options.check && options.format !== 'json') return print([done]);
  printAnswer(isNamed ? [] : ['', done]);
}

const REASONS = {
  pins: 'their package sets pin different versions',
  no_common_version: 'no version satisfies all of them',
  no_answer: 'the same version in all of them would leave requirements unmet, or make more packages differ',
  too_hard: 'it takes too long to find out if all of them can have the same version',
};

/** A sentence for each reason: the table has the versions. */
function differences(unshared: readonly Unshared[]): string[] {
  return [...groupedBy(unshared, ({ reason }) => reason)].map(([reason, differing]) => {
    const [first, ...more] = differing;
    const verb = more.length > 0 ? 'differ' : 'differs';
    const names = more.length > 0 ? count(differing.length, 'package') : first!.name;
    return `${names} ${verb} between targets: ${REASONS[reason]}.`;
  });
}

/** The differences between targets, and from what each would get alone. */
export function lockRemarks(slices: readonly LockSlice[], unshared: readonly Unshared[]): Diagnostic[] {
  return [
    ...slices.flatMap(({ name, moved, answer }) => [
      ...naming(name, slices, answer.diagnostics),
      ...moved.map(({ name: member, alone, version }) => {
        const moving = `${name}: ${member} ${movement(alone, version)}`;
        return remark('info', 'moved_to_share', `${moving}, so that all targets have the same versions.`);
      }),
    ]),
    ...unshared.map(({ name, versions, reason }) => {
      const each = Object.entries(versions).map(([target, version]) => `${version} in ${target}`);
      return remark('warning', 'versions_differ', `${name} is ${each.join(', ')}: ${REASONS[reason]}.`);
    }),
  ];
}

function movement(alone: string | null, version: string | null): string {
  if (alone === null) return `${version} is needed`;
  return version === null ? `${alone} is not needed` : `is ${version}, and alone would be ${alone}`;
}

export function lockDocument(slices: readonly LockSlice[], unshared: readonly Unshared[]): object {
  const targets = slices.map((slice) => {
    const { name, moved, answer } = slice;
    const { packages, totals, index, diagnostics } = answer;
    const what = 'target' in slice ? { target: slice.target } : { host: slice.host.markers };
    return { name, ...what, packages, totals, ...(index && { index }), moved, diagnostics };
  });
  return { targets, unshared };
}

export function lockLines(
  slices: readonly LockSlice[],
  unshared: readonly Unshared[],
  screen: Screen,
): string[] {
  const versions = slices.map(
    ({ answer }) => new Map(answer.packages.map((entry) => [entry.name, entry.version] as const)),
  );
  const all = slices.flatMap(({ answer }) => answer.packages);
  const names = [...new Set(all.map(({ name }) => name))].sort();
  const requested = new Set(all.flatMap(({ name, requested }) => (requested ? name : [])));
  const { colors } = screen;
  const columns: Column<string>[] = [
    {
      title: 'Package',
      text: (name) => name,
      paint: (text, name) => (requested.has(name) ? colors.bold(colors.green(text)) : text),
    },
    ...slices.map(({ name }, at): Column<string> => {
      const otherwise = versions[at]!.size === 0 ? 'none' : '';
      return { title: name, text: (row) => versions[at]!.get(row) ?? otherwise };
    }),
  ];
  const isShort = screen.detail !== 'full';
  const differing = isShort ? differences(unshared).flatMap((text) => sentence(text, screen)) : [];
  const sum = `${colors.bold(count(names.length, 'package'))} for ${count(slices.length, 'target')}`;
  return joinSections([
    names.length > 0 ? table(columns, names, screen) : [],
    [sum, ...differing],
    diagnosticLines(lockRemarks(slices, isShort ? [] : unshared), screen),
  ]);
}
