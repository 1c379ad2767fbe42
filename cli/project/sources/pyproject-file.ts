/** The requirements that a `pyproject.toml` declares: `project` (PEP 621) and `dependency-groups` (PEP 735). */

import { isTable, own, type Table } from '../../../resolver/formats/table.ts';
import { malformedPyproject } from '../../../resolver/issues/documents.ts';
import type { FileRequirement } from '../../ask/file-requirement.ts';
import type { LocatedIssue } from '../../common/failure.ts';
import { inputError } from '../../common/input-error.ts';
import type { Remark } from '../../common/listener.ts';
import { expandGroups } from './dependency-groups.ts';
import { expandExtras, splitOwnExtras } from './optional-dependencies.ts';
import { malformed, namesIn, noteDynamic, type Reading, readList } from './project-table.ts';
import { parseToml } from './toml.ts';

/** The requested extras and groups. */
export interface Choice {
  /** Names of `project.optional-dependencies`. */
  extras: readonly string[];
  /** Names of `dependency-groups`. */
  groups: readonly string[];
}

export interface Pyproject {
  requirements: FileRequirement[];
  /** `project.requires-python`, which the target's Python should satisfy. */
  requiresPython: FileRequirement | null;
  remarks: Remark[];
}

/** Reads a file. Throws one error with all of its issues. */
export async function parsePyproject(file: string, text: string, choice: Choice): Promise<Pyproject> {
  const top = await parseToml(file, text, malformedPyproject);
  const table = own(top, 'project');
  if (!isTable(table) && choice.groups.length === 0) throw inputError([noProject(file, top)]);
  const project = isTable(table) ? table : {};
  const reading: Reading = { file, issues: [], remarks: [] };
  const groups = own(top, 'dependency-groups');
  const dependencies = splitOwnExtras(project, readDependencies(project, reading), reading);
  const extraNames = namesIn(own(project, 'optional-dependencies'));
  const grouped = splitOwnExtras(project, expandGroups(groups, extraNames, choice.groups, reading), reading);
  const extras = [...choice.extras, ...dependencies.extras, ...grouped.extras];
  const requirements = [
    ...dependencies.others,
    ...expandExtras(project, extras, namesIn(groups), reading),
    ...grouped.others,
  ];
  const requiresPython = readRequiresPython(project, reading);
  if (reading.issues.length > 0) throw inputError(reading.issues);
  return { requirements, requiresPython, remarks: reading.remarks };
}

function readDependencies(project: Table, reading: Reading): FileRequirement[] {
  noteDynamic(project, 'dependencies', reading);
  return readList(own(project, 'dependencies'), 'project.dependencies', reading);
}

function readRequiresPython(project: Table, reading: Reading): FileRequirement | null {
  const text = own(project, 'requires-python');
  if (text === undefined) return null;
  if (typeof text === 'string') return { text, where: `${reading.file}, project.requires-python` };
  malformed(reading, 'project.requires-python has to be a string', 'Write it as in ">=3.12".');
  return null;
}

function noProject(file: string, top: Table): LocatedIssue {
  const tool = own(top, 'tool');
  const usesPoetry = isTable(tool) && own(tool, 'poetry') !== undefined;
  const fix = 'List the requirements in project.dependencies, or name a group of [dependency-groups].';
  return malformedPyproject({
    message: `${file} has no [project] table.`,
    fix: usesPoetry ? `Poetry's own table is not read. ${fix}` : fix,
  });
}
