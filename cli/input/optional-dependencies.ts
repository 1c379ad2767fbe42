/** Extras of a project (PEP 621): lists of requirements that may include other extras of the project. */

import { isTable, own, type Table } from '../../resolver/formats/table.ts';
import { canonicalName } from '../../resolver/requirements/name.ts';
import { parseRequirement } from '../../resolver/requirements/requirement.ts';
import type { FileRequirement } from './file-requirement.ts';
import { noteDynamic, type Reading, readList } from './project-table.ts';
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
  const itself = own(project, 'name');
  const name = typeof itself === 'string' ? canonicalName(itself) : null;
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

function conditional({ text, where }: FileRequirement) {
  const message = `${where}: ${text} names extras of the project itself under a marker, and is skipped.`;
  return { severity: 'warning', message, fix: 'Name those extras with --extra where they apply.' } as const;
}
