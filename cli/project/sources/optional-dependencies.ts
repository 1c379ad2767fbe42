/** Extras of a project (PEP 621): lists of requirements that may include other extras of the project. */

import { isTable, own, type Table } from '../../../resolver/formats/table.ts';
import { canonicalName, parseRequirement } from '../../../resolver/index.ts';
import type { FileRequirement } from '../../ask/file-requirement.ts';
import { namesIn, noteDynamic, type Reading, readList } from './project-table.ts';
import { unknownName } from './unknown-name.ts';

/** The requirements of the extras; `all = ["itself[cli,web]"]` is followed, each extra once. */
export function expandExtras(
  project: Table,
  names: readonly string[],
  groups: readonly string[],
  reading: Reading,
): FileRequirement[] {
  if (names.length === 0) return [];
  noteDynamic(project, 'optional-dependencies', reading);
  const declared = own(project, 'optional-dependencies');
  const extras = new Map(
    Object.entries(isTable(declared) ? declared : {}).map(([key, list]) => [
      canonicalName(key),
      { key, list },
    ]),
  );
  const name = nameOf(project);
  const requirements: FileRequirement[] = [];
  const wanted = new Set(names.map(canonicalName));
  // Iteration includes what is added meanwhile, once, so cycles end.
  for (const one of wanted) {
    const extra = extras.get(one);
    if (!extra) {
      reading.issues.push(unknownName('extra', reading.file, one, extras.keys(), groups));
      continue;
    }
    for (const entry of readList(extra.list, `project.optional-dependencies.${extra.key}`, reading)) {
      const parsed = parseRequirement(entry.text);
      if (!parsed.ok || parsed.value.name !== name) requirements.push(entry);
      else if (parsed.value.marker === null) for (const more of parsed.value.extras) wanted.add(more);
      else reading.remarks.push(conditional(entry));
    }
  }
  return requirements;
}

/**
 * Splits dependencies or groups into requirements and the extras of `itself[cli]`. It is the project itself only if it
 * has these extras: a Worker called fastapi may require fastapi.
 */
export function splitOwnExtras(
  project: Table,
  entries: readonly FileRequirement[],
  reading: Reading,
): { others: FileRequirement[]; extras: string[] } {
  const declared = new Set(namesIn(own(project, 'optional-dependencies')));
  const extras: string[] = [];
  const others = entries.filter((entry) => {
    const parsed = parseRequirement(entry.text);
    if (!parsed.ok || parsed.value.name !== nameOf(project)) return true;
    const { extras: named, marker } = parsed.value;
    if (named.length === 0 || !named.every((one) => declared.has(one))) return true;
    if (marker === null) for (const one of named) extras.push(one);
    else reading.remarks.push(conditional(entry));
    return false;
  });
  return { others, extras };
}

function nameOf(project: Table): string | null {
  const name = own(project, 'name');
  return typeof name === 'string' ? canonicalName(name) : null;
}

function conditional({ text, where }: FileRequirement) {
  const message = `${where}: ${text} names extras of the project itself under a marker, and is skipped.`;
  return { severity: 'warning', message, fix: 'Name those extras with --extra where they apply.' } as const;
}
