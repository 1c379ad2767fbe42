/** Two targets side by side, as people read them: what breaks things comes first. */
import type { ClosureChanges, CompareAnswer, FlagSwitch } from '../../time/answers.ts';
import { changeLines, joinSections } from './changes.ts';
import { type Field, fieldLines } from './fields.ts';
import { nameLines } from './names.ts';
import { complaintLines, diagnosticLines } from './remarks.ts';
import type { Screen } from './screen.ts';
import { type Column, table } from './table.ts';
import { count, printable } from './text.ts';

/** With a closure, of the whole package set only numbers are said. */
export function diffLines(answer: CompareAnswer, screen: Screen): string[] {
  const { from, to, packages, standard_library: modules, flags, closure, diagnostics } = answer;
  const said = [...from.diagnostics, ...to.diagnostics, ...diagnostics];
  const remarks = [...new Map(said.map((remark) => [remark.message, remark])).values()];
  const python = flags.filter((flag) => flag.python);
  const others = flags.filter((flag) => !flag.python);
  return joinSections([
    closure ? closureLines(closure, screen) : [],
    fieldLines(targetFields(answer), screen),
    closure ? [] : changeLines(packages, screen),
    nameLines('Gone from the standard library', modules.removed, screen),
    nameLines('New in the standard library', modules.added, screen),
    python.length > 0 ? table(flagColumns(screen), python, screen) : [],
    nameLines(
      'Flags that are not about Python, and the date from which they are on',
      others.map(({ flag, date }) => `${flag} (${date})`),
      screen,
    ),
    diagnosticLines(remarks, screen),
  ]);
}

function targetFields({ from, to, runtime, python, package_set, packages, closure }: CompareAnswer): Field[] {
  const change = (from: string, to: string) => (from === to ? `${from}, as before` : `${from} → ${to}`);
  const { removed, changed, added } = packages;
  const numbers = `${removed.length} removed, ${changed.length} changed, ${added.length} new`;
  return [
    { label: 'Date', value: change(from.compatibility_date, to.compatibility_date) },
    { label: 'Pyodide', value: change(runtime.from, runtime.to) },
    { label: 'Python', value: change(python.from, python.to) },
    { label: 'Package set', value: change(package_set.from, package_set.to) },
    ...(closure && package_set.changed ? [{ label: 'In all of it', value: numbers }] : []),
  ];
}

function closureLines(closure: ClosureChanges, screen: Screen): string[] {
  const { colors } = screen;
  const { affected, failing, removed, changed } = closure;
  const gone = removed.filter(({ kind }) => kind === 'package').length;
  const other = changed.filter(({ kind, direction }) => kind === 'package' && direction !== 'rebuilt').length;
  const counts = [
    ...(failing.length > 0 ? [`${count(failing.length, 'requirement')} cannot be met`] : []),
    ...(gone > 0 ? [`${count(gone, 'package')} of its closure ${gone === 1 ? 'is' : 'are'} gone`] : []),
    ...(other > 0 ? [`${count(other, 'package')} ${other === 1 ? 'has' : 'have'} another version`] : []),
  ];
  const verdict = affected
    ? colors.bold(colors.red(`This Worker is affected: ${counts.join(', ')}.`))
    : colors.bold(colors.green('This Worker is not affected: its packages stay, at the same versions.'));
  const complaints = failing.map(({ message, fix, held, requirement }) => ({
    message: held ? message : `${message}\n${printable(requirement)} cannot be met before either.`,
    fix,
  }));
  return joinSections([[verdict], complaintLines(complaints, screen), changeLines(closure, screen)]);
}

function flagColumns({ colors }: Screen): Column<FlagSwitch>[] {
  return [
    { title: 'Flag', text: ({ flag }) => flag, paint: (text) => colors.bold(text) },
    { title: 'Becomes', text: ({ on }) => (on ? 'on' : 'off') },
    {
      title: 'On from',
      text: ({ date, implied_by: by }) => (by.length > 0 ? `${date}, implied by ${by.join(' and ')}` : date),
    },
    { title: 'Kept off by', text: ({ disable }) => disable ?? '', paint: (text) => colors.dim(text) },
  ];
}
