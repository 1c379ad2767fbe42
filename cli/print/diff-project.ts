/** What changes for a project in addition to its closure, as text: each with its position in a file. */
import type { ImportPosition } from '../../resolver/python/compare-imports.ts';
import { count, visible } from '../common/text.ts';
import type { ProjectChanges } from '../project/check/project-changes.ts';
import { findingsLines } from './check.ts';
import type { Field, Screen } from './table.ts';
import { type Column, table } from './table.ts';

/** What breaks. */
export function brokenLines({ imports }: ProjectChanges, screen: Screen): string[] {
  return findingsLines(imports.broken, screen);
}

interface Row {
  name: string;
  before: string;
  after: string;
  places: readonly ImportPosition[];
}

/** Which imports get another package, or another version of it. */
export function importLines(
  { imports: { removed, changed, added } }: ProjectChanges,
  screen: Screen,
): string[] {
  const rows: Row[] = [
    ...removed.map(({ name, version, places }) => ({ name, before: version, after: 'removed', places })),
    ...changed
      .filter(({ direction }) => direction !== 'rebuilt')
      .map(({ name, from, to, places }) => ({ name, before: from, after: to, places })),
    ...added.map(({ name, version, places }) => ({ name, before: '', after: version, places })),
  ];
  return rows.length > 0 ? table(columnsOf(screen), rows, screen) : [];
}

function columnsOf({ colors }: Screen): Column<Row>[] {
  return [
    { title: 'Imported', text: ({ places }) => places[0]!.module, paint: (text) => colors.bold(text) },
    { title: 'Package', text: ({ name }) => name },
    { title: 'Before', text: ({ before }) => before },
    { title: 'After', text: ({ after }) => after },
    {
      title: 'Place',
      text: ({ places: [first, ...more] }) =>
        placeOf(first!) + (more.length > 0 ? ` and ${count(more.length, 'more file')}` : ''),
      paint: (text) => colors.dim(text),
    },
  ];
}

/** What works after the change. */
export function mendedLines({ imports: { mended } }: ProjectChanges, { colors }: Screen): string[] {
  if (mended.length === 0) return [];
  const lines = mended.map((finding) => `  ${visible(`${placeOf(finding)}: ${finding.message}`)}`);
  return [`${colors.bold('Fixed')} (${mended.length})`, ...lines];
}

export function projectFields({ root, main, totals }: ProjectChanges): Field[] {
  const entry = main === null ? '' : `, starting with ${main}`;
  return [{ label: 'Imports of', value: `${count(totals.files, 'file')} of ${root}${entry}` }];
}

function placeOf({ path, line, column }: Pick<ImportPosition, 'path' | 'line' | 'column'>): string {
  return `${path}:${line}:${column}`;
}
