/** The fields of a query or a form: texts by name; names may repeat. */
import type { Issue } from '../../resolver/issue.ts';
import { invalidParameter } from '../../resolver/issues/documents.ts';

export type Fields = Record<string, string[]>;

/** The texts of a form; files in it are left out. */
export function fieldsOf(entries: Iterable<[name: string, value: unknown]>): Fields {
  const fields: Fields = Object.create(null);
  for (const [name, value] of entries) {
    if (typeof value !== 'string') continue;
    fields[name] ??= [];
    fields[name].push(value);
  }
  return fields;
}

/** All values of a name, without empty ones. */
export function textsOf(fields: Fields, name: string): string[] {
  return (fields[name] ?? []).filter((text) => text !== '');
}

/** The values of `names`, without those that a form sent empty; an issue for each that was given several times. */
export function readSingles<Name extends string>(
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
