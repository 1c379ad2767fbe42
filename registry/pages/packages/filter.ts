/** The filter and the order of a set's packages. */

import type { CatalogView, Issue, Outcome } from '../../../resolver/index.ts';
import { invalidParameter } from '../../../resolver/issues/question.ts';
import type { Fields } from '../../../resolver/question/fields.ts';
import { MemberKind } from '../../../resolver/schemas.ts';
import { nearest } from '../../../resolver/text/nearest.ts';
import { type Form, readFields } from '../../http/question.ts';

/** In UTF-16 units. */
const LONGEST_FILTER = 100;

const FILTER = {
  query: { kind: 'text', meaning: 'a part of the name' },
  kind: { kind: 'text', meaning: 'the kind of a member, or a trait' },
  since: { kind: 'text', meaning: 'the package flag of the set to compare with' },
  sort: { kind: 'text', meaning: 'a column, after - for the descending order' },
} as const satisfies Fields;

/** What a filter can select in addition to a member's kind. */
export const TRAITS = ['compiled', 'pure', 'patched', 'tests'] as const;
export type Trait = (typeof TRAITS)[number];

export const COLUMNS = ['name', 'version', 'kind', 'patched'] as const;
export type Column = (typeof COLUMNS)[number];

/** As it was given. */
export type AskedFilter = Record<keyof typeof FILTER, string>;

export interface Filter {
  query: string;
  kind: MemberKind | Trait | undefined;
  /** The package flag of the set to compare with. */
  since: string | undefined;
  sort: { column: Column; descending: boolean };
}

export function readFilter(form: Form): {
  asked: AskedFilter;
  outcome: Outcome<Filter>;
} {
  const { texts, issues } = readFields(form, FILTER);
  const { query = '', kind, since, sort = 'name' } = texts;
  const asked = { query, kind: kind ?? '', since: since ?? '', sort };
  if (query.length > LONGEST_FILTER) {
    issues.push(invalidParameter({ problem: 'long_filter', most: LONGEST_FILTER }));
  }
  const kinds: readonly string[] = [...MemberKind.options, ...TRAITS];
  if (kind !== undefined && !kinds.includes(kind)) issues.push(oneOf('kind', kind, kinds));
  const descending = sort.startsWith('-');
  const column = descending ? sort.slice(1) : sort;
  const columns: readonly string[] = COLUMNS;
  if (!columns.includes(column)) issues.push(oneOf('sort', sort, columns));
  if (issues.length > 0) return { asked, outcome: { ok: false, issues } };
  const filter = {
    query: query.trim(),
    kind: kind as Filter['kind'],
    since,
    sort: { column: column as Column, descending },
  };
  return { asked, outcome: { ok: true, value: filter } };
}

/** The issues of the set to compare with. */
export function sinceIssues({ since }: Filter, view: CatalogView): Issue[] {
  if (since === undefined || view.sets.has(since)) return [];
  const near = nearest(since, view.sets.keys());
  return [invalidParameter({ problem: 'no_set_since', package_set: since, near })];
}

function oneOf(field: string, given: string, known: readonly string[]): Issue {
  return invalidParameter({ problem: 'not_among', field, given, known: [...known] });
}
