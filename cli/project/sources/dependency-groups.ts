/** Dependency groups (PEP 735): lists of requirements that may include each other. */

import { isTable, own } from '../../../resolver/formats/table.ts';
import { canonicalName } from '../../../resolver/index.ts';
import { malformedPyproject } from '../../../resolver/issues/documents.ts';
import type { FileRequirement } from '../../ask/file-requirement.ts';
import type { Reading } from './project-table.ts';
import { unknownName } from './unknown-name.ts';

/** How deeply groups may include groups. */
const DEEPEST = 100;

interface Group {
  written: string;
  list: unknown;
}

/** The requirements of the groups and of all they include, each group once. `extras` are the project's, for hints. */
export function expandGroups(
  declared: unknown,
  extras: readonly string[],
  names: readonly string[],
  reading: Reading,
): FileRequirement[] {
  if (names.length === 0) return [];
  const { file, issues } = reading;
  const groups = readGroups(declared, reading);
  const requirements: FileRequirement[] = [];
  const done = new Set<string>();
  const findIssues = (message: string, fix: string | null, where: string) =>
    issues.push({ ...malformedPyproject({ message, fix }), where });

  const include = (written: string, path: readonly string[], where: string | null): void => {
    const name = canonicalName(written);
    const group = groups.get(name);
    if (!group) {
      const issue = unknownName('group', file, written, groups.keys(), extras);
      issues.push(where === null ? issue : { ...issue, where });
      return;
    }
    const place = `${file}, dependency-groups.${group.written}`;
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name].join(' includes ');
      findIssues(`The dependency groups form a cycle: ${circle}.`, 'Leave out one include-group.', place);
      return;
    }
    if (done.has(name)) return;
    done.add(name);
    if (path.length >= DEEPEST) {
      findIssues(`Dependency groups include each other more than ${DEEPEST} levels deep.`, null, place);
      return;
    }
    if (!Array.isArray(group.list)) {
      findIssues(`The dependency group ${group.written} has to be a list.`, null, place);
      return;
    }
    for (const [at, entry] of group.list.entries()) {
      const where = `${place}, entry ${at + 1}`;
      const included = isTable(entry) ? own(entry, 'include-group') : undefined;
      if (typeof entry === 'string') requirements.push({ text: entry, where });
      else if (typeof included === 'string' && Object.keys(entry).length === 1) {
        include(included, [...path, name], where);
      } else {
        const fix = 'Write a requirement, or {include-group = "NAME"}.';
        findIssues(`The dependency group ${group.written} has an invalid entry.`, fix, where);
      }
    }
  };
  for (const name of names) include(name, [], null);
  return requirements;
}

/** By canonical name. Two groups with the same one are rejected, as PEP 735 requires. */
function readGroups(declared: unknown, { file, issues }: Reading): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const [written, list] of isTable(declared) ? Object.entries(declared) : []) {
    const name = canonicalName(written);
    const other = groups.get(name);
    if (other) {
      const message = `The dependency groups ${other.written} and ${written} have the same name.`;
      const fix = 'Rename one: case does not count, and neither does the choice of -, _ or a dot.';
      issues.push({ ...malformedPyproject({ message, fix }), where: `${file}, dependency-groups` });
    } else groups.set(name, { written, list });
  }
  return groups;
}
