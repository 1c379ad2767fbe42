/** Two targets side by side, as text. Breaking changes come first. */

import type { CompareAnswer } from '../../resolver/index.ts';
import type { ClosureChanges, FlagSwitch } from '../../resolver/time/answers.ts';
import { type FileRequirement, locateIssues } from '../ask/file-requirement.ts';
import { visible } from '../common/text.ts';
import type { ProjectChanges } from '../project/check/project-changes.ts';
import { otherPythons } from '../project/demands.ts';
import { changeLines } from './changes.ts';
import { brokenLines, importLines, mendedLines, projectFields } from './diff-project.ts';
import { verdictLines } from './diff-verdict.ts';
import { diagnosticLines, issueLines } from './remarks.ts';
import type { Screen } from './table.ts';
import { type Column, type Field, fieldLines, joinSections, nameLines, table } from './table.ts';

/** The Worker that changes. */
export interface DiffedWorker {
  /** The requirements of files. */
  asked: readonly FileRequirement[];
  project: ProjectChanges | null;
}

/** With a closure or a project, the changes of the whole package set are only counted. */
export function diffLines(answer: CompareAnswer, screen: Screen, { asked, project }: DiffedWorker): string[] {
  const { from, to, packages, standard_library: modules, flags, closure, diagnostics } = answer;
  const said = [...from.diagnostics, ...to.diagnostics, ...diagnostics];
  const remarks = [...new Map(said.map((remark) => [remark.message, remark])).values()];
  const python = flags.filter((flag) => flag.python);
  const others = flags.filter((flag) => !flag.python);
  const isWhole = !closure && !project;
  return joinSections([
    verdictLines(answer, project, screen),
    project ? brokenLines(project, screen) : [],
    project ? diagnosticLines(otherPythons(project.requires_python, to), screen) : [],
    closure ? failingLines(closure, asked, screen) : [],
    closure ? changeLines(closure, screen) : [],
    project ? importLines(project, screen) : [],
    fieldLines([...targetFields(answer, isWhole), ...(project ? projectFields(project) : [])], screen),
    isWhole ? changeLines(packages, screen) : [],
    project ? mendedLines(project, screen) : [],
    nameLines('Removed from the standard library', modules.removed, screen),
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

function targetFields(
  { from, to, runtime, python, package_set, packages }: CompareAnswer,
  isWhole: boolean,
): Field[] {
  const change = (from: string, to: string) => (from === to ? `${from}, as before` : `${from} → ${to}`);
  const { removed, changed, added } = packages;
  const numbers = `${removed.length} removed, ${changed.length} changed, ${added.length} new`;
  return [
    { label: 'Date', value: change(from.compatibility_date, to.compatibility_date) },
    { label: 'Pyodide', value: change(runtime.from, runtime.to) },
    { label: 'Python', value: change(python.from, python.to) },
    { label: 'Package set', value: change(package_set.from, package_set.to) },
    ...(!isWhole && package_set.changed ? [{ label: 'Whole set', value: numbers }] : []),
  ];
}

/** The requirements that cannot be satisfied, with their positions. */
function failingLines(
  { failing }: ClosureChanges,
  asked: readonly FileRequirement[],
  screen: Screen,
): string[] {
  const located = locateIssues(failing, asked).map((issue, at) => {
    const { held, requirement } = failing[at]!;
    const message = held
      ? issue.message
      : `${issue.message}\n${visible(requirement)} could not be satisfied before, either.`;
    return { ...issue, message };
  });
  return issueLines(located, screen);
}

function flagColumns({ colors }: Screen): Column<FlagSwitch>[] {
  return [
    { title: 'Flag', text: ({ flag }) => flag, paint: (text) => colors.bold(text) },
    { title: 'Becomes', text: ({ on }) => (on ? 'on' : 'off') },
    {
      title: 'On from',
      text: ({ date, implied_by: by }) => (by.length > 0 ? `${date}, implied by ${by.join(' and ')}` : date),
    },
    { title: 'Disabled by', text: ({ disable }) => disable ?? '', paint: (text) => colors.dim(text) },
  ];
}
