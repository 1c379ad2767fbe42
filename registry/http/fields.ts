/** The fields of a query or a form: texts by name; names may repeat. */
import type { Issue } from '../../resolver/index.ts';
import { invalidParameter } from '../../resolver/issues/documents.ts';

/** The fields of all pages. Others are not looked at, because a client can send a hundred thousand. */
const NAMES = [
  ...(['date', 'flag', 'flags', 'as_of', 'revision', 'experimental', 'wrangler'] as const),
  ...(['requirement', 'requirements', 'from', 'to'] as const),
  ...(['q', 'show', 'query', 'kind', 'since', 'sort'] as const),
] as const;
type FieldName = (typeof NAMES)[number];

export type Fields = Partial<Record<FieldName, string[]>>;

/** The texts of a form; files in it are left out. */
export function fieldsOf(form: { getAll(name: string): unknown[] }): Fields {
  return Object.fromEntries(
    NAMES.map((name) => [name, form.getAll(name).filter((value) => typeof value === 'string')]),
  );
}

/** The fields of an address. */
export function queryFields(url: string): Fields {
  return fieldsOf(new URL(url).searchParams);
}

/** All values of a name, without empty ones. */
export function textsOf(fields: Fields, name: FieldName): string[] {
  return (fields[name] ?? []).filter((text) => text !== '');
}

/** The values of `names`, without those that a form sent empty; an issue for each that was given several times. */
export function readSingles<Name extends FieldName>(
  fields: Fields,
  names: readonly Name[],
): { singles: Partial<Record<Name, string>>; issues: Issue[] } {
  const singles: Partial<Record<Name, string>> = {};
  const issues: Issue[] = [];
  for (const name of names) {
    const [first, ...others] = textsOf(fields, name);
    if (first !== undefined) singles[name] = first;
    if (others.length > 0) issues.push(unreadable(`${name} is given more than once.`, 'Give it once.'));
  }
  return { singles, issues };
}

export function unreadable(message: string, fix: string): Issue {
  return invalidParameter({ message, fix });
}
