/** A package set as a table. */

import { deliveryText } from '../../resolver/compatibility/delivery.ts';
import type { Delivery, Member } from '../../resolver/index.ts';
import { patcherOf } from '../../resolver/provenance.ts';
import type { SetAnswer } from '../ask/package-set.ts';
import { bytes, count } from '../common/text.ts';
import { type Column, type Screen, table } from './table.ts';

/** At most this many modules are listed; the rest are counted. */
const MOST_IMPORTS = 3;

export function packageLines(set: SetAnswer, delivery: Delivery, screen: Screen): string[] {
  const { colors } = screen;
  const total = `${count(set.packages.length, 'package')} of ${set.flag}`;
  return [
    ...table(columnsOf(set.packages, screen), set.packages, screen),
    '',
    `${colors.bold(total)}, for Pyodide ${set.runtime} and Python ${set.python}`,
    `Delivery: ${deliveryText(delivery)}`,
  ];
}

function columnsOf(packages: readonly Member[], { colors }: Screen): Column<Member>[] {
  const optional: Column<Member>[] = [
    { title: 'Size', text: ({ size }) => (size === null ? '' : bytes(size)), align: 'right' },
    { title: 'Patched by', text: ({ patched }) => (patched ? patcherOf(patched.by) : '') },
    { title: 'Kind', text: ({ kind }) => (kind === 'package' ? '' : kind.replaceAll('_', ' ')) },
    { title: 'Imports', text: importsOf, paint: (text) => colors.dim(text) },
  ];
  return [
    { title: 'Package', text: ({ name }) => name, paint: (text) => colors.bold(text) },
    { title: 'Version', text: ({ version }) => version },
    ...optional.filter(({ text }) => packages.some((member) => text(member) !== '')),
  ];
}

function importsOf({ imports }: Member): string {
  const more = imports.length - MOST_IMPORTS;
  return imports.slice(0, MOST_IMPORTS).join(', ') + (more > 0 ? ` +${more} more` : '');
}
