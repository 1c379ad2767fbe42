/** Questions as addresses: of pages, or of the API. */
import type { FormQuestion } from '../../http/form.ts';

export interface Address {
  date: string | null;
  flags: readonly string[];
  as_of?: string | undefined;
  revision?: number | undefined;
  experimental?: boolean | undefined;
}

/** The given members, without defaults. */
export function addressOf({
  question,
  revision,
  asOfGiven,
}: Omit<FormQuestion, 'requirements' | 'remarks'>): Address {
  return {
    date: question.compatibility_date,
    flags: question.compatibility_flags,
    as_of: asOfGiven ? question.as_of : undefined,
    revision,
    experimental: question.experimental,
  };
}

/** A query string. Its characters are safe between single quotes in a shell. */
export function queryOf({ date, flags, as_of, revision, experimental }: Address): string {
  const parameters = new URLSearchParams();
  if (date !== null) parameters.set('date', date);
  for (const flag of flags) parameters.append('flag', flag);
  if (as_of !== undefined) parameters.set('as_of', as_of);
  if (revision !== undefined) parameters.set('revision', String(revision));
  if (experimental) parameters.set('experimental', 'true');
  return parameters.toString();
}

/** The same for the upgrade view. */
export function queryOfSides(address: Address, { from, to }: { from: string; to: string }): string {
  const query = new URLSearchParams(queryOf({ ...address, date: null }));
  query.set('from', from);
  query.set('to', to);
  return query.toString();
}

/** Some proxies reject longer addresses. */
export const LONGEST_ADDRESS = 6_000;

interface Parameters {
  /** One for each requirement. */
  each: readonly string[];
  joined: string;
}

/** For a page with many links to its question, by the requirements. */
const encoded = new WeakMap<readonly string[], Parameters>();

/** A query string with requirements, of which those that equal `replaced` are `other` instead. */
export function withRequirements(
  query: string,
  requirements: readonly string[],
  [replaced, other]: [string, string] | [] = [],
): string {
  const known = encoded.get(requirements) ?? parametersOf(requirements);
  encoded.set(requirements, known);
  const [from, to] = replaced === undefined ? [] : parametersOf([replaced, other!]).each;
  const joined =
    from === undefined ? known.joined : known.each.map((one) => (one === from ? to! : one)).join('&');
  return query === '' || joined === '' ? query + joined : `${query}&${joined}`;
}

function parametersOf(requirements: readonly string[]): Parameters {
  const joined = new URLSearchParams(requirements.map((one) => ['requirement', one])).toString();
  return { each: joined.split('&'), joined };
}

export function packagePath(name: string, flag?: string): string {
  return `/packages/${encodeURIComponent(name)}${flag === undefined ? '' : `?flag=${encodeURIComponent(flag)}`}`;
}

export function setPath(flag: string): string {
  return `/sets/${encodeURIComponent(flag)}`;
}
