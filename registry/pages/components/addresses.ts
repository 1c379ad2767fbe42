/** Questions as addresses: of pages, or of the API; and the same question again with one thing changed. */
import type { Fix } from '../../../resolver/issues/fix.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import type { FormQuestion } from '../../http/form.ts';

export interface Address {
  date: string | null;
  flags: readonly string[];
  as_of?: string | undefined;
  revision?: number | undefined;
  experimental?: boolean | undefined;
}

/** The address of a question: members as given, without defaults. */
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

/** The query of the upgrade view. */
export function queryOfSides(address: Address, { from, to }: { from: string; to: string }): string {
  const query = new URLSearchParams(queryOf({ ...address, date: null }));
  query.set('from', from);
  query.set('to', to);
  return query.toString();
}

/** Some proxies reject longer addresses. */
export const LONGEST_ADDRESS = 6_000;

/** A query string with requirements. */
export function withRequirements(query: string, requirements: readonly string[]): string {
  return joined(query, parametersOf(requirements));
}

function parametersOf(requirements: readonly string[]): string {
  return new URLSearchParams(requirements.map((text) => ['requirement', text])).toString();
}

function joined(query: string, parameters: string): string {
  return query === '' || parameters === '' ? query + parameters : `${query}&${parameters}`;
}

export function packagePath(name: string, flag?: string): string {
  return `/packages/${encodeURIComponent(name)}${flag === undefined ? '' : `?flag=${encodeURIComponent(flag)}`}`;
}

export function setPath(flag: string): string {
  return `/sets/${encodeURIComponent(flag)}`;
}

/** A fix that a link can ask for. */
export type Change = FixOf<'date' | 'package_flag' | 'set_requirement'>;

export function isChange(fix: Fix): fix is Change {
  return fix.kind === 'date' || fix.kind === 'package_flag' || fix.kind === 'set_requirement';
}

/** The address of the question with a change, of the requirement at `index` or of all. */
export type Again = (change: Change, index: number) => string;

/** Links that ask again; undefined for a question that is too long for a link. */
export function resolveAgain(address: Address, requirements: readonly string[]): Again | undefined {
  return againAt('/resolve', requirements, (change) =>
    queryOf({ ...address, ...(change && changedTarget(address, change)) }),
  );
}

/** In the upgrade view, another date or set is the destination. */
export function upgradeAgain(
  address: Address,
  { from, to, requirements }: { from: string; to: string; requirements: readonly string[] },
): Again | undefined {
  return againAt('/compare', requirements, (change) =>
    queryOfSides(address, { from, to: (change && sideOf(change)) ?? to }),
  );
}

function againAt(
  path: string,
  requirements: readonly string[],
  queryWith: (change?: Change) => string,
): Again | undefined {
  // A page may have hundreds of links with the same requirements.
  const same = parametersOf(requirements);
  if (path.length + joined(queryWith(), same).length >= LONGEST_ADDRESS) return undefined;
  return (change, index) => {
    const isOther = change.kind === 'set_requirement';
    const parameters = isOther ? parametersOf(changedRequirements(requirements, change, index)) : same;
    return `${path}?${joined(queryWith(change), parameters)}`;
  };
}

function sideOf(change: Change): string | null {
  if (change.kind === 'set_requirement') return null;
  return change.kind === 'package_flag' ? change.flag : change.compatibility_date;
}

/** The question with a change applied. */
export function changedQuestion(asking: FormQuestion, change: Change, index: number): FormQuestion {
  const { date, flags } = changedTarget(addressOf(asking), change);
  const question = { ...asking.question, compatibility_date: date, compatibility_flags: flags };
  return { ...asking, question, requirements: changedRequirements(asking.requirements, change, index) };
}

function changedTarget({ date, flags }: Address, change: Change): Pick<Address, 'date' | 'flags'> {
  if (change.kind === 'date') return { date: change.compatibility_date, flags };
  if (change.kind === 'set_requirement') return { date, flags };
  return { date, flags: [...flags.filter((flag) => flag !== change.replaces), change.flag] };
}

function changedRequirements(texts: readonly string[], change: Change, index: number): string[] {
  if (change.kind !== 'set_requirement') return [...texts];
  return texts.map((text) => (text === texts[index] ? change.requirement : text));
}
