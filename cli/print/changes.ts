/** Added, removed and changed packages, as text. */
import { stepRemarks } from '../../resolver/provenance.ts';
import type { PackageChanges } from '../../resolver/time/answers.ts';
import { type Column, joinSections, nameLines, type Screen, table } from './table.ts';

interface Row {
  name: string;
  from: string;
  /** Null if the package is gone. */
  to: string | null;
  /** What else there is to say about the change of version. */
  remarks: readonly string[];
}

/** A table of removed packages and changed versions; below it, rebuilt and new packages. */
export function changeLines({ removed, changed, added }: PackageChanges, screen: Screen): string[] {
  const rows: Row[] = [
    ...removed.map(({ name, version }) => ({ name, from: version, to: null, remarks: [] })),
    ...changed
      .filter(({ direction }) => direction !== 'rebuilt')
      .map((change) => ({ ...change, remarks: stepRemarks(change) })),
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

function columnsOf({ colors }: Screen): Column<Row>[] {
  return [
    { title: 'Package', text: ({ name }) => name, paint: (text) => colors.bold(text) },
    { title: 'Before', text: ({ from }) => from },
    {
      title: 'After',
      text: ({ to, remarks }) =>
        to === null ? 'removed' : remarks.length === 0 ? to : `${to} (${remarks.join(', ')})`,
      paint: (text, { to, remarks }) =>
        to === null ? colors.red(text) : remarks.includes('older') ? colors.yellow(text) : text,
    },
  ];
}
