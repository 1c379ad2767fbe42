/** The filter of a set's packages, as the address of the set's page gives it. */
import type { Member, Outcome } from '../../../resolver/index.ts';
import { invalidParameter } from '../../../resolver/issues/question.ts';
import type { Fields } from '../../../resolver/question/fields.ts';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import { MemberKind } from '../../../resolver/schemas.ts';
import { isOfTests } from '../../facts/tests.ts';
import { type Form, readFields } from '../../http/question.ts';
import { buildOf } from '../components/words.ts';

/** The longest filter, in UTF-16 units. */
export const LONGEST_FILTER = 100;

const FIELDS = {
  query: { kind: 'text', meaning: 'a part of the name' },
  kind: { kind: 'text', meaning: 'the kind of a member, or a trait' },
} as const satisfies Fields;

/** Kinds of members and traits that a filter can select. */
const KINDS = [...MemberKind.options, 'compiled', 'pure', 'patched', 'tests'] as const;
export type Kind = (typeof KINDS)[number];

export interface Filter {
  query: string;
  kind: Kind | undefined;
}

export function readFilter(form: Form): Outcome<Filter> {
  const { texts, issues } = readFields(form, FIELDS);
  const { query = '', kind } = texts;
  if (query.length > LONGEST_FILTER) {
    issues.push(invalidParameter({ problem: 'long_filter', most: LONGEST_FILTER }));
  }
  if (kind !== undefined && !KINDS.includes(kind as Kind)) {
    issues.push(invalidParameter({ problem: 'not_among', field: 'kind', given: kind, known: [...KINDS] }));
  }
  if (issues.length > 0) return { ok: false, issues };
  return { ok: true, value: { query: query.trim(), kind: kind as Kind | undefined } };
}

/** The kind and the traits of a member. Tests are of no use to a Worker: they are listed only if they are selected. */
export function traitsOf(member: Member): Kind[] {
  if (isOfTests(member)) return ['tests'];
  return [member.kind, buildOf(member) ?? [], member.patched ? ('patched' as const) : []].flat();
}

/** Matches a part of the canonical name or of an import name, as the page's script does. */
export function isKept(member: Member, { query, kind }: Filter, traits = traitsOf(member)): boolean {
  if (kind === undefined ? traits.includes('tests') : !traits.includes(kind)) return false;
  const part = query.toLowerCase();
  const imports = member.imports.join(', ').toLowerCase();
  return member.name.includes(canonicalName(part)) || imports.includes(part);
}
