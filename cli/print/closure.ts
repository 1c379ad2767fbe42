/** A closure as a table. */

import { isBeyond } from '../../resolver/formats/closure-members.ts';
import type { AskedIndex, ResolveAnswer, ResolvedPackage } from '../../resolver/index.ts';
import { patcherOf } from '../../resolver/provenance.ts';
import { FIELDS, INDEX_FIELDS } from '../../resolver/question/fields.ts';
import { bytes, count } from '../common/text.ts';
import { diagnosticLines } from './remarks.ts';
import { type Column, type Field, fieldLines, type Screen, table } from './table.ts';
import { targetFields } from './target.ts';

/** At most this many parents are listed; the rest are counted. */
const MOST_PARENTS = 3;
/** The least width of the reasons on a narrow terminal. */
const LEAST_ROOM = 20;

export function closureLines(answer: ResolveAnswer, screen: Screen): string[] {
  const { target, packages, diagnostics, index } = answer;
  const remarks = diagnosticLines([...target.diagnostics, ...diagnostics], screen);
  return [
    ...fieldLines([...targetFields(target), ...(index ? [indexField(index)] : [])], screen),
    '',
    ...(packages.length > 0 ? [...table(columnsOf(packages, screen), packages, screen), ''] : []),
    totalsLine(packages, screen),
    ...(remarks.length > 0 ? ['', ...remarks] : []),
  ];
}

function columnsOf(packages: readonly ResolvedPackage[], screen: Screen): Column<ResolvedPackage>[] {
  const { colors, columns } = screen;
  const size = ({ wheel }: ResolvedPackage) => (wheel.size === null ? '' : bytes(wheel.size));
  const patched = ({ wheel }: ResolvedPackage) => (wheel.patched ? patcherOf(wheel.patched.by) : '');
  const before: Column<ResolvedPackage>[] = [
    {
      title: 'Package',
      text: ({ name }) => name,
      paint: (text, { requested }) => (requested ? colors.bold(colors.green(text)) : text),
    },
    { title: 'Version', text: ({ version }) => version },
  ];
  if (packages.some((one) => size(one) !== '')) before.push({ title: 'Size', text: size, align: 'right' });
  if (packages.some((one) => patched(one) !== '')) before.push({ title: 'Patched by', text: patched });
  if (packages.some(isBeyond)) before.push({ title: 'From', text: ({ origin = 'set' }) => `the ${origin}` });
  const taken = before
    .map(({ title, text }) => Math.max(title.length, ...packages.map((one) => text(one).length)) + 2)
    .reduce((sum, width) => sum + width, 0);
  const room = columns === null ? Number.POSITIVE_INFINITY : Math.max(LEAST_ROOM, columns - taken);
  const why = (one: ResolvedPackage) => reasonOf(one, room);
  return [...before, { title: 'Why', text: why, paint: (text) => colors.dim(text) }];
}

function indexField(index: AskedIndex): Field {
  const until = (moment: string | null) => (moment === null ? 'now' : moment.slice(0, 10));
  const asked = INDEX_FIELDS.flatMap((name) => {
    const words = FIELDS[name].of_index;
    const value = index[name];
    if (Array.isArray(value)) return value.length > 0 ? `${words}: ${value.join(', ')}` : [];
    if (value === null || typeof value === 'string') return `${words} ${until(value)}`;
    return Object.entries(value).map(([one, moment]) => `${one} ${words} ${until(moment)}`);
  });
  return { label: 'Index', value: index.url, reason: `${asked.join('; ')}.` };
}

/**
 * `requested`, `required by a, b +3 more`, or both, with as many names as there is room for; `in the runtime` for a
 * module of the standard library.
 */
function reasonOf({ kind, requested, required_by: parents }: ResolvedPackage, room: number): string {
  const inside = kind === 'standard_library' ? 'in the runtime, ' : '';
  if (parents.length === 0) return `${inside}requested`;
  const start = `${inside}${requested ? 'requested, required by ' : 'required by '}`;
  for (let shown = Math.min(MOST_PARENTS, parents.length); ; shown--) {
    const more = parents.length - shown;
    const text = `${start}${parents.slice(0, shown).join(', ')}${more > 0 ? ` +${more} more` : ''}`;
    if (shown === 1 || text.length <= room) return text;
  }
}

function totalsLine(packages: readonly ResolvedPackage[], { colors }: Screen): string {
  if (packages.length === 0) return 'Nothing is required.';
  const sizes = packages.flatMap(({ wheel }) => wheel.size ?? []);
  const sum = bytes(sizes.reduce((total, size) => total + size, 0));
  const unknown = packages.length - sizes.length;
  const order = packages.length > 1 ? ' in load order' : '';
  const known = unknown === 0 ? sum : `${sum} and ${count(unknown, 'file')} of unknown size`;
  return `${colors.bold(count(packages.length, 'package'))}${order}, ${sizes.length === 0 ? 'of unknown size' : known}`;
}
