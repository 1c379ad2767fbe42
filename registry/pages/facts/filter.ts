/** The filter and the order of a set's packages, as the address of the set's page gives them. */
import type { Issue, Member, Outcome } from '../../../resolver/index.ts';
import { invalidParameter } from '../../../resolver/issues/question.ts';
import type { Fields } from '../../../resolver/question/fields.ts';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import { MemberKind } from '../../../resolver/schemas.ts';
import { compareWritten } from '../../../resolver/time/version-order.ts';
import { isOfTests } from '../../facts/tests.ts';
import { type Form, readFields } from '../../http/question.ts';
import { buildOf } from '../components/words.ts';

/** The longest filter, in UTF-16 units. */
export const LONGEST_FILTER = 100;

const FIELDS = {
  query: { kind: 'text', meaning: 'a part of the name' },
  kind: { kind: 'text', meaning: 'the kind of a member, or a trait' },
  sort: { kind: 'text', meaning: 'a column, after - for the descending order' },
} as const satisfies Fields;

/** Kinds of members and traits that a filter can select. */
const KINDS = [...MemberKind.options, 'compiled', 'pure', 'patched', 'tests'] as const;
export type Kind = (typeof KINDS)[number];

const COLUMNS = ['name', 'version', 'kind', 'patched'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Filter {
  query: string;
  kind: Kind | undefined;
  column: Column;
  descending: boolean;
}

export function readFilter(form: Form): Outcome<Filter> {
  const { texts, issues } = readFields(form, FIELDS);
  const { query = '', kind, sort = 'name' } = texts;
  if (query.length > LONGEST_FILTER) {
    issues.push(invalidParameter({ problem: 'long_filter', most: LONGEST_FILTER }));
  }
  const descending = sort.startsWith('-');
  const column = descending ? sort.slice(1) : sort;
  issues.push(...unknownIssue('kind', kind, KINDS), ...unknownIssue('sort', column, COLUMNS));
  if (issues.length > 0) return { ok: false, issues };
  const filter = {
    query: query.trim(),
    kind: kind as Kind | undefined,
    column: column as Column,
    descending,
  };
  return { ok: true, value: filter };
}

function unknownIssue(field: string, given: string | undefined, known: readonly string[]): Issue[] {
  if (given === undefined || known.includes(given)) return [];
  return [invalidParameter({ problem: 'not_among', field, given, known: [...known] })];
}

/** The kind and the traits of a member. Tests are of no use to a Worker: they are listed only if they are selected. */
export function traitsOf(member: Member): Kind[] {
  if (isOfTests(member)) return ['tests'];
  return [member.kind, buildOf(member) ?? [], member.patched ? ('patched' as const) : []].flat();
}

/** Matches a part of the canonical name or of an import name, as the page's script does. */
export function isKept(member: Member, { query, kind }: Filter): boolean {
  const traits = traitsOf(member);
  if (kind === undefined ? traits.includes('tests') : !traits.includes(kind)) return false;
  const part = query.toLowerCase();
  const imports = member.imports.join(', ').toLowerCase();
  return member.name.includes(canonicalName(part)) || imports.includes(part);
}

const COMPARE: Record<Column, (a: Member, b: Member) => number> = {
  name: (a, b) => compareText(a.name, b.name),
  version: (a, b) => compareWritten(a.version, b.version),
  kind: (a, b) => compareText(traitsOf(a).slice(0, 2).join(), traitsOf(b).slice(0, 2).join()),
  // Patched packages come first.
  patched: (a, b) => compareText(b.patched?.by ?? '', a.patched?.by ?? ''),
};

/** Sorted by a column, and equals by their names. */
export function inOrder(members: readonly Member[], { column, descending }: Filter): Member[] {
  const sign = descending ? -1 : 1;
  return members.toSorted((a, b) => sign * COMPARE[column](a, b) || COMPARE.name(a, b));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
