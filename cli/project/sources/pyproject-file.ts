/**
 * The requirements that a `pyproject.toml` declares: `project` and its extras (PEP 621), and `dependency-groups`
 * (PEP 735). Extras and groups may include others of their kind.
 */
import { isTable, own, type Table, tableAt } from '../../../resolver/formats/table.ts';
import {
  malformedPyproject,
  malformedRequirementsFile,
  unknownExtra,
  unknownGroup,
} from '../../../resolver/issues/files.ts';
import { fixed } from '../../../resolver/issues/fixes.ts';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import { parseRequirement } from '../../../resolver/requirements/requirement.ts';
import { groupedBy } from '../../../resolver/sorted-by.ts';
import { nearest } from '../../../resolver/text/nearest.ts';
import type { FileRequirement } from '../../ask/requirement.ts';
import type { LocatedIssue } from '../../common/failure.ts';
import type { Remark } from '../../common/listener.ts';
import { inputError, parseToml } from '../../common/read-text.ts';

/** A file being read: its name, its issues, and remarks about what is skipped. */
export interface Reading {
  file: string;
  issues: LocatedIssue[];
  remarks: Remark[];
}

/** A list of requirements; `place` names it inside the file. */
export function readList(value: unknown, place: string, reading: Reading): FileRequirement[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((text) => typeof text === 'string')) {
    return value.map((text, at) => ({ text, where: `${reading.file}, ${place}, entry ${at + 1}` }));
  }
  return malformed(reading, { problem: 'no_list', field: place });
}

export const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');

export function isDynamic(project: unknown, field: string): boolean {
  const dynamic = isTable(project) ? own(project, 'dynamic') : undefined;
  return Array.isArray(dynamic) && dynamic.includes(field);
}

/** Where dependencies are that a project does not list. */
interface Elsewhere {
  /** Requirements files. */
  files: string[];
  /** Why they cannot be read. */
  unread: LocatedIssue | null;
}

/** Setuptools names the files; what other backends do, only they know. */
function elsewhere(file: string, top: Table): Elsewhere {
  if (!isDynamic(own(top, 'project'), 'dependencies')) return { files: [], unread: null };
  const files = [tableAt(top, 'tool', 'setuptools', 'dynamic', 'dependencies')?.file].flat();
  if (isTexts(files)) return { files, unread: null };
  return { files: [], unread: leftToBackend(file, 'dependencies', hasPoetry(top)) };
}

function leftToBackend(file: string, field: string, poetry: boolean): LocatedIssue {
  return malformedPyproject({ problem: 'left_to_backend', file, field: `project.${field}`, poetry });
}

/** Adds the issue of a part of the file, of which nothing is read. */
function malformed({ file, issues }: Reading, given: Malformed, where = file): [] {
  issues.push({ ...malformedPyproject(given), where });
  return [];
}

type Malformed = Parameters<typeof malformedPyproject>[0];

const DEEPEST = 100;

/** The requirements of the groups and of all they include, each group once. `extras` are the project's, for hints. */
function expandGroups(
  declared: Table,
  extras: ReadonlyMap<string, unknown>,
  names: readonly string[],
  reading: Reading,
): FileRequirement[] {
  if (names.length === 0) return [];
  const { file, issues } = reading;
  const groups = groupedBy(Object.entries(declared), ([written]) => canonicalName(written));
  for (const [group, ...others] of groups.values()) {
    // As PEP 735 requires.
    for (const [other] of others)
      malformed(reading, { problem: 'same_group', groups: [group![0], other] }, `${file}, dependency-groups`);
  }
  const done = new Set<string>();

  const include = (written: string, path: readonly string[], where: string | null): FileRequirement[] => {
    const name = canonicalName(written);
    const [declaration] = groups.get(name) ?? [];
    if (!declaration) {
      const known = [...groups.keys()];
      const near = nearest(written, known);
      const issue = unknownGroup({ file, name: written, near, known, elsewhere: extras.has(name) });
      issues.push(where === null ? issue : { ...issue, where });
      return [];
    }
    const [group, list] = declaration;
    const place = `${file}, dependency-groups.${group}`;
    if (path.includes(name)) {
      const cycle = [...path.slice(path.indexOf(name)), name];
      return malformed(reading, { problem: 'cycle_of_groups', cycle }, place);
    }
    if (done.has(name)) return [];
    done.add(name);
    if (path.length >= DEEPEST) return malformed(reading, { problem: 'deep_groups', most: DEEPEST }, place);
    if (!Array.isArray(list)) return malformed(reading, { problem: 'group_of_another_type', group }, place);
    return list.flatMap((entry: unknown, at) => {
      const where = `${place}, entry ${at + 1}`;
      if (typeof entry === 'string') return { text: entry, where };
      const included = isTable(entry) && Object.keys(entry).length === 1 && own(entry, 'include-group');
      if (typeof included === 'string') return include(included, [...path, name], where);
      return malformed(reading, { problem: 'invalid_entry', group }, where);
    });
  };
  return names.flatMap((name) => include(name, [], null));
}

/** The lists of a project's extras by their canonical names, each with its place in the file. */
export function extrasOf(project: Table): Map<string, { place: string; list: unknown }> {
  const declared = Object.entries(tableAt(project, 'optional-dependencies') ?? {});
  return new Map(
    declared.map(([key, list]) => [
      canonicalName(key),
      { place: `project.optional-dependencies.${key}`, list },
    ]),
  );
}

/** The requirements of the extras; `all = ["itself[cli,web]"]` is followed, each extra once. */
function expandExtras(
  project: Table,
  names: readonly string[],
  groups: readonly string[],
  reading: Reading,
): FileRequirement[] {
  if (names.length === 0) return [];
  const { file, issues, remarks } = reading;
  if (isDynamic(project, 'optional-dependencies')) {
    const { message, fix } = leftToBackend(file, 'optional-dependencies', false);
    remarks.push({ severity: 'warning', message, fix });
  }
  const extras = extrasOf(project);
  const requirements: FileRequirement[] = [];
  const wanted = new Set(names.map(canonicalName));
  // Iteration includes what is added meanwhile, once, so cycles end.
  for (const name of wanted) {
    const extra = extras.get(name);
    if (!extra) {
      const known = [...extras.keys()];
      const near = nearest(name, known);
      issues.push(unknownExtra({ file, name, near, known, elsewhere: groups.includes(name) }));
      continue;
    }
    for (const entry of readList(extra.list, extra.place, reading)) {
      const named = ownExtras(project, entry, reading);
      if (named === null) requirements.push(entry);
      else for (const more of named) wanted.add(more);
    }
  }
  return requirements;
}

/** The extras that a requirement names of the project itself; none under a marker, and null if it is another requirement. */
function ownExtras(
  project: Table,
  { text, where }: FileRequirement,
  reading: Reading,
  counts: (extras: readonly string[]) => boolean = () => true,
): readonly string[] | null {
  const parsed = parseRequirement(text);
  if (!parsed.ok || parsed.value.name !== nameOf(project) || !counts(parsed.value.extras)) return null;
  if (parsed.value.marker === null) return parsed.value.extras;
  const message = `${where}: ${text} names extras of the project itself under a marker, and is skipped.`;
  const fix = 'Name those extras with `extras` where they apply.';
  reading.remarks.push({ severity: 'warning', message, ...fixed(fix) });
  return [];
}

/** The canonical name of a project. */
export function nameOf(project: Table): string | null {
  const name = own(project, 'name');
  return typeof name === 'string' ? canonicalName(name) : null;
}

export interface Choice {
  /** Names of `project.optional-dependencies`. */
  extras: readonly string[];
  /** Names of `dependency-groups`. */
  groups: readonly string[];
}

export interface Pyproject extends Elsewhere {
  /** The whole file. */
  top: Table;
  requirements: FileRequirement[];
  /** `project.requires-python`, which the target's Python should satisfy. */
  requiresPython: FileRequirement | null;
  remarks: Remark[];
}

/** The metadata of a script (PEP 723), with its table where a `pyproject.toml` has `project`. */
async function parseScript(file: string, text: string): Promise<Table> {
  const [, block] = /^# \/\/\/ script\r?\n((?:#(?: .*)?\r?\n)+?)# \/\/\/\s*$/m.exec(text) ?? [];
  if (block === undefined) throw inputError([malformedRequirementsFile({ problem: 'no_script', file })]);
  const { tool, ...project } = await parseToml(file, block.replace(/^# ?/gm, ''), malformedPyproject);
  return { project, tool };
}

/** Reads a file, or the metadata of a script. Throws one error with all of its issues. */
export async function parsePyproject(file: string, text: string, choice: Choice): Promise<Pyproject> {
  const isScript = file.endsWith('.py');
  const top = isScript ? await parseScript(file, text) : await parseToml(file, text, malformedPyproject);
  const stated = own(top, 'project');
  if (!isTable(stated) && choice.groups.length === 0) throw inputError([noProject(file, top)]);
  const project = isTable(stated) ? stated : {};
  const reading: Reading = { file, issues: [], remarks: [] };
  const groups = tableAt(top, 'dependency-groups') ?? {};
  const declared = extrasOf(project);
  const extras = [...choice.extras];
  // A Worker called fastapi may require fastapi.
  const areDeclared = (named: readonly string[]) =>
    named.length > 0 && named.every((extra) => declared.has(extra));
  const isOther = (entry: FileRequirement) => {
    const named = ownExtras(project, entry, reading, areDeclared);
    extras.push(...(named ?? []));
    return named === null;
  };
  const table = isScript ? '' : 'project.';
  const listed = readList(own(project, 'dependencies'), `${table}dependencies`, reading).filter(isOther);
  const grouped = expandGroups(groups, declared, choice.groups, reading).filter(isOther);
  const ofExtras = expandExtras(project, extras, Object.keys(groups).map(canonicalName), reading);
  const requirements = [...listed, ...ofExtras, ...grouped];
  const python = own(project, 'requires-python');
  const field = `${table}requires-python`;
  const requiresPython = typeof python === 'string' ? { text: python, where: `${file}, ${field}` } : null;
  if (python !== undefined && !requiresPython) malformed(reading, { problem: 'no_version_range', field });
  if (reading.issues.length > 0) throw inputError(reading.issues);
  return { top, requirements, ...elsewhere(file, top), requiresPython, remarks: reading.remarks };
}

const hasPoetry = (top: Table): boolean => tableAt(top, 'tool', 'poetry') !== undefined;

function noProject(file: string, top: Table): LocatedIssue {
  return malformedPyproject({ problem: 'no_project', file, poetry: hasPoetry(top) });
}

/** Where a project has dependencies that its table does not list, if it has a table. */
export async function readElsewhere(file: string, text: string): Promise<Elsewhere> {
  const top = await parseToml(file, text, malformedPyproject);
  if (isTable(own(top, 'project'))) return elsewhere(file, top);
  return { files: [], unread: hasPoetry(top) ? noProject(file, top) : null };
}
