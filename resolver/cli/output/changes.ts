/** Packages that come, go and change, as people read them. */
import type { PackageChanges } from '../../time/answers.ts';
import { nameLines } from './names.ts';
import type { Screen } from './screen.ts';
import { type Column, table } from './table.ts';

interface Row {
  name: string;
  from: string;
  /** Null where the package is gone. */
  to: string | null;
  down: boolean;
}

/** A table of what is gone or has another version, and below it what is rebuilt or new. */
export function changeLines({ removed, changed, added }: PackageChanges, screen: Screen): string[] {
  const rows: Row[] = [
    ...removed.map(({ name, version }) => ({ name, from: version, to: null, down: false })),
    ...changed
      .filter(({ direction }) => direction !== 'rebuilt')
      .map(({ name, from, to, direction }) => ({ name, from, to, down: direction === 'down' })),
  ];
  const rebuilt = changed.filter(({ direction }) => direction === 'rebuilt');
  const sections = [
    rows.length > 0 ? table(columnsOf(screen), rows, screen) : [],
    nameLines(
      'Rebuilt at the same version',
      rebuilt.map(({ name }) => name),
      screen,
    ),
    nameLines(
      'New',
      added.map(({ name, version }) => `${name} ${version}`),
      screen,
    ),
  ];
  return joinSections(sections);
}

/** Sections that have lines, with an empty line between two. */
export function joinSections(sections: readonly (readonly string[])[]): string[] {
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, at) => (at > 0 ? ['', ...lines] : [...lines]));
}

function columnsOf({ colors }: Screen): Column<Row>[] {
  return [
    { title: 'Package', text: ({ name }) => name, paint: (text) => colors.bold(text) },
    { title: 'Before', text: ({ from }) => from },
    {
      title: 'After',
      text: ({ to, down }) => (to === null ? 'gone' : down ? `${to} (older)` : to),
      paint: (text, { to, down }) => (to === null ? colors.red(text) : down ? colors.yellow(text) : text),
    },
  ];
}
