/** `pinwheel diff`: what changes from one date or package flag to another, and whether this Worker is affected. */
import { placesOf } from '../../resolver/issue.ts';
import { remark, run } from '../../resolver/issues/fixes.ts';
import { stepRemarks } from '../../resolver/provenance.ts';
import type { ImportPosition } from '../../resolver/python/compare-imports.ts';
import type { Finding } from '../../resolver/python/index.ts';
import type { ClosureChanges, FlagSwitch, PackageChanges } from '../../resolver/time/answers.ts';
import { mayAffectCode, unknownFlags } from '../../resolver/time/compare.ts';
import { openBackend } from '../ask/backend.ts';
import { type FileRequirement, locateIssues } from '../ask/requirement.ts';
import { count, visible } from '../common/text.ts';
import { datePlace } from '../print/annotations.ts';
import { diagnosticLines, findingsLines } from '../print/remarks.ts';
import {
  type Column,
  type Field,
  fieldLines,
  hanging,
  joinSections,
  nameLines,
  type Screen,
  sentence,
  table,
} from '../print/table.ts';
import { type DiffOptions, diffWorker, type ProjectChanges, type WorkerDiff } from '../project/check/diff.ts';
import { isLost, otherPythons } from '../project/demands.ts';
import { grouped, placed } from '../project/grouped.ts';
import { checkNames } from '../project/sources/sources.ts';
import { findWorkers, namesWorkers, type WorkerPlace } from '../project/workers.ts';
import { reportWorkers, type WorkerReport } from './workers.ts';

export async function diffCommand(
  words: readonly string[],
  { config: configs = [], ...options }: Omit<DiffOptions, 'config'> & { config?: string[] },
): Promise<void> {
  const files = words.filter(namesWorkers);
  const named = words.filter((word) => !files.includes(word));
  checkNames(named);
  const several = files.length > 0 || configs.length > 1;
  const workers = several ? [await findWorkers(files, configs)].flat() : [];
  const isList = workers.length > 1 || configs.length > 1 || files.some((file) => /[*?[\]{}]/.test(file));
  const { pinwheel } = await openBackend(options);
  const ask = ({ config }: WorkerPlace) =>
    diffWorker(pinwheel, named, config === undefined ? options : { ...options, config });
  const asked = isList ? workers : (workers[0] ?? { folder: '', config: configs[0] });
  await reportWorkers(asked, ask, options.format, REPORT);
}

const change = (from: string, to: string, same = '') => (from === to ? from + same : `${from} → ${to}`);

const REPORT: WorkerReport<WorkerDiff> = {
  isFine: ({ isAffected }) => !isAffected,
  annotations: annotationsOf,
  document: documentOf,
  lines: diffLines,
  columns: [
    {
      title: 'Date',
      text: ({ answer: { from, to } }) => change(from.compatibility_date, to.compatibility_date),
    },
    { title: 'Python', text: ({ answer: { python } }) => change(python.from, python.to) },
    { title: 'This Worker is', text: verdictText },
  ],
};

/** The JSON of a comparison. The Pythons that a project asks for are in its own part. */
function documentOf({ answer, project, demands }: WorkerDiff) {
  if (project) return { ...answer, project };
  return demands.length > 0 ? { ...answer, requires_python: demands } : answer;
}

function annotationsOf(diff: WorkerDiff): Finding[] {
  const { answer, asked, project, demands, config, command, isAffected } = diff;
  const { closure } = answer;
  const said = `This Worker is ${verdictText(diff)}.`;
  const affected = remark('warning', 'worker_affected', said, [run(command, `See all changes: ${command}`)]);
  const verdict: Finding[] = isAffected ? [{ ...affected, ...datePlace(config) }] : [];
  const failing = (closure?.failing ?? []).map(({ index, held, code, message, fix, fixes }): Finding => {
    const { file: path = '', line = 1, column = 1 } = asked[index] ?? {};
    const place = { path, line, column };
    return { severity: held ? 'error' : 'warning', code, message, fix, fixes, ...place };
  });
  const lost = demands.filter(isLost).flatMap((demand): Finding[] => {
    const place = { path: /^[^,]+/.exec(demand.where)?.[0] ?? '', line: 1, column: 1 };
    return otherPythons([demand], answer.to).map((said) => ({ ...said, ...place }));
  });
  return [...verdict, ...failing, ...lost, ...(project?.imports.broken ?? [])];
}

/** With a closure or a project, the changes of the whole package set are only counted. */
function diffLines(diff: WorkerDiff, screen: Screen): string[] {
  const { answer, asked, project, vulnerabilities } = diff;
  const { from, to, packages, standard_library: modules, flags, closure, diagnostics } = answer;
  const { removed, changed, added } = packages;
  const said = [...from.diagnostics, ...to.diagnostics, ...diagnostics];
  const remarks = [...new Map(said.map((remark) => [remark.message, remark])).values()];
  const python = flags.filter((flag) => flag.python);
  const switches = python.map(({ flag, on, date }) => `${flag} (${on ? 'on' : 'off'}, ${date})`);
  const dated = flags.flatMap(({ flag, date, python }) => (python ? [] : `${flag} (${date})`));
  const isWhole = !closure && !project;
  const place = project?.main ? `${project.root}, starting with ${project.main}` : project?.root;
  const isFull = screen.detail === 'full';
  const only = (lines: string[]) => (isFull ? lines : []);
  const numbers = `${removed.length} removed, ${changed.length} changed, ${added.length} new`;
  const step = (before: string, after: string) => change(before, after, ', as before');
  const fields: Field[] = [
    { label: 'Date', value: step(from.compatibility_date, to.compatibility_date) },
    { label: 'Pyodide', value: step(answer.runtime.from, answer.runtime.to) },
    { label: 'Python', value: step(answer.python.from, answer.python.to) },
    { label: 'Package set', value: step(answer.package_set.from, answer.package_set.to) },
    { label: 'Whole set', value: isFull && !isWhole && answer.package_set.changed ? numbers : null },
    { label: 'Imports of', value: project && `${count(project.totals.files, 'file')} of ${place}` },
    { label: 'Vulnerable', value: vulnerabilities },
  ];
  return joinSections([
    verdictLines(diff, screen),
    project ? findingsLines(project.imports.broken, screen) : [],
    project ? diagnosticLines(otherPythons(project.requires_python, to), screen) : [],
    closure ? failingLines(closure, asked, screen) : [],
    closure ? changeLines(closure, screen, modules.built_in) : [],
    project ? importLines(project, screen) : [],
    fieldLines(fields, screen),
    isWhole ? changeLines(packages, screen) : [],
    project ? mendedLines(project, screen) : [],
    nameLines('Removed from the standard library', modules.removed, screen),
    only(nameLines('New in the standard library', modules.added, screen)),
    only(nameLines('Built into Python, without a package of the set', modules.built_in, screen)),
    only(nameLines('Without what a package of the set added', modules.reduced, screen)),
    only(python.length > 0 ? table(flagColumns(screen), python, screen) : []),
    isFull ? [] : nameLines('Flags about Python that change, which -v explains', switches, screen),
    only(nameLines('Flags that are not about Python, and the date from which they are on', dated, screen)),
    diagnosticLines(remarks, screen),
  ]);
}

function failingLines(
  { failing }: ClosureChanges,
  asked: readonly FileRequirement[],
  screen: Screen,
): string[] {
  const errors = failing.map((issue) => ({ ...issue, severity: 'error' as const }));
  const each = placed(locateIssues(errors, asked), asked);
  const broken = grouped(each.filter(({ issue }) => issue.held));
  const unmetBefore = grouped(each.filter(({ issue }) => !issue.held)).map(({ issue, at }) => {
    const isGroup = at.length === 1 && placesOf(issue).length > 1;
    const who = isGroup ? 'They' : visible(issue.requirement);
    return { ...issue, message: `${issue.message}\n${who} could not be satisfied before, either.` };
  });
  return diagnosticLines([...broken.map(({ issue }) => issue), ...unmetBefore], screen);
}

function flagColumns({ colors }: Screen): Column<FlagSwitch>[] {
  return [
    { title: 'Flag', text: ({ flag }) => flag, paint: colors.bold },
    { title: 'Becomes', text: ({ on }) => (on ? 'on' : 'off') },
    {
      title: 'On from',
      text: ({ date, implied_by: by }) => (by.length > 0 ? `${date}, implied by ${by.join(' and ')}` : date),
    },
    { title: 'Disabled by', text: ({ disable }) => disable ?? '', paint: colors.dim },
    { title: 'While on', text: ({ effect }) => effect?.does ?? 'Its effect is not known.' },
  ];
}

/** A table of removed packages and changed versions; below it, rebuilt and new packages. */
function changeLines(
  { removed, changed, added }: PackageChanges,
  screen: Screen,
  builtIn: readonly string[] = [],
): string[] {
  const gone = removed.filter(({ name, in_set }) => in_set === undefined && !builtIn.includes(name));
  const left = gone.map(({ name, version }) => ({ name, from: version, to: null, remarks: [] as string[] }));
  const moved = changed
    .filter(({ direction }) => direction !== 'rebuilt')
    .map((change) => ({ ...change, remarks: stepRemarks(change) }));
  const rows = [...left, ...moved];
  const rebuilt = changed.flatMap(({ name, direction }) => (direction === 'rebuilt' ? name : []));
  const needless = removed.flatMap(({ name, in_set }) => (in_set === undefined ? [] : `${name} ${in_set}`));
  const more = added.map(({ name, version }) => `${name} ${version}`);
  const { colors } = screen;
  const columns: Column<(typeof rows)[number]>[] = [
    { title: 'Package', text: ({ name }) => name, paint: colors.bold },
    { title: 'Before', text: ({ from }) => from },
    {
      title: 'After',
      text: ({ to, remarks }) =>
        to === null ? 'removed' : remarks.length === 0 ? to : `${to} (${remarks.join(', ')})`,
      paint: (text, { to, remarks }) =>
        to === null ? colors.red(text) : remarks.includes('older') ? colors.yellow(text) : text,
    },
  ];
  return joinSections([
    rows.length > 0 ? table(columns, rows, screen) : [],
    nameLines('No longer in the closure, but in the set', needless, screen),
    nameLines('Rebuilt at the same version', rebuilt, screen),
    nameLines('New', more, screen),
  ]);
}

/** Which imports get another package, or another version of it. */
function importLines({ imports: { removed, changed, added } }: ProjectChanges, screen: Screen): string[] {
  const rows = [
    ...removed.map(({ name, version, places }) => ({ name, before: version, after: 'removed', places })),
    ...changed
      .filter(({ direction }) => direction !== 'rebuilt')
      .map(({ name, from, to, places }) => ({ name, before: from, after: to, places })),
    ...added.map(({ name, version, places }) => ({ name, before: '', after: version, places })),
  ];
  const { colors } = screen;
  const columns: Column<(typeof rows)[number]>[] = [
    { title: 'Imported', text: ({ places }) => places[0]!.module, paint: colors.bold },
    { title: 'Package', text: ({ name }) => name },
    { title: 'Before', text: ({ before }) => before },
    { title: 'After', text: ({ after }) => after },
    {
      title: 'Place',
      text: ({ places: [first, ...more] }) =>
        placeOf(first!) + (more.length > 0 ? ` and ${count(more.length, 'more file')}` : ''),
      paint: colors.dim,
    },
  ];
  return rows.length > 0 ? table(columns, rows, screen) : [];
}

function mendedLines({ imports: { mended } }: ProjectChanges, { colors, columns }: Screen): string[] {
  if (mended.length === 0) return [];
  const lines = mended.flatMap((finding) =>
    hanging('  ', 2, `${placeOf(finding)}: ${finding.message}`, columns),
  );
  return [`${colors.bold('Fixed')} (${mended.length})`, ...lines];
}

function placeOf({ path, line, column }: Pick<ImportPosition, 'path' | 'line' | 'column'>): string {
  return `${path}:${line}:${column}`;
}

/** Empty if neither requirements nor a project were compared. */
function verdictLines(diff: WorkerDiff, screen: Screen): string[] {
  const { answer, project, isAffected } = diff;
  if (!answer.closure && !project && !isAffected) return [];
  const { bold, red, green } = screen.colors;
  const paint = (line: string) => bold(isAffected ? red(line) : green(line));
  return sentence(`This Worker is ${verdictText(diff)}.`, screen, paint);
}

/** The end of a sentence about the Worker: `affected: …` or `not affected: …`. */
export function verdictText({
  answer: { closure, flags },
  project,
  demands,
}: Pick<WorkerDiff, 'answer' | 'project' | 'demands'>): string {
  const counts = [
    ...(closure ? closureCounts(closure) : []),
    ...(project ? projectCounts(project, closure) : []),
    ...(demands.some(isLost) ? ['its Python is not the one that it requires'] : []),
  ];
  if (counts.length > 0) return `affected: ${counts.join(', ')}`;
  const unknown = unknownFlags(flags);
  if (unknown.length > 0 && (closure || project))
    return `possibly affected: what ${unknown.join(' and ')} ${unknown.length === 1 ? 'changes' : 'change'} is not known`;
  const open = flags.filter(mayAffectCode).length;
  const stays = [
    ...(closure ? ['its packages keep their versions'] : []),
    ...(project ? ['the modules that it imports are found as before'] : []),
    ...(open === 0
      ? []
      : project
        ? [`nothing in it shows what ${count(open, 'flag')} ${open === 1 ? 'changes' : 'change'}`]
        : closure
          ? [`its code, which ${count(open, 'flag')} may affect, was not read`]
          : []),
  ];
  return stays.length > 0 ? `not affected: ${stays.join(', and ')}` : 'not checked';
}

/** A count of things with its verb, such as `2 packages leave`; empty for none. */
const told = (number: number, noun: string, one: string, many = one): string[] =>
  number === 0 ? [] : [`${count(number, noun)} ${number === 1 ? one : many}`];

function closureCounts({ failing, removed, changed }: ClosureChanges): string[] {
  const gone = removed.filter(({ kind }) => kind === 'package').length;
  const other = changed.filter(({ kind, direction }) => kind === 'package' && direction !== 'rebuilt').length;
  return [
    ...told(failing.length, 'requirement', 'cannot be satisfied'),
    ...told(gone, 'package', 'leaves its closure', 'leave its closure'),
    ...told(other, 'package', 'has another version', 'have another version'),
  ];
}

function projectCounts({ imports }: ProjectChanges, closure: ClosureChanges | null): string[] {
  const harmful = imports.broken.filter(({ severity }) => severity !== 'info');
  const uses = harmful.filter(({ code }) => code === 'limited_module').length;
  const ended = harmful.filter(({ code }) => /^flag_is_/.test(code)).length;
  const failing = harmful.length - uses - ended;
  // The closure's count includes these.
  const counted = new Set([...(closure?.removed ?? []), ...(closure?.changed ?? [])].map(({ name }) => name));
  const changed = imports.changed.filter(({ direction }) => direction !== 'rebuilt');
  const others = [...imports.removed, ...changed].filter(({ name }) => !counted.has(name)).length;
  const unlisted = 'that it imports without requiring them';
  return [
    ...told(failing, 'import', 'fails', 'fail'),
    ...told(uses, 'use', 'of a module no longer works', 'of a module no longer work'),
    ...told(ended, 'place', 'relies on what flags change', 'rely on what flags change'),
    ...told(others, 'package', `${unlisted} changes`, `${unlisted} change`),
  ];
}
