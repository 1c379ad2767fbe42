/** Questions as addresses: of pages, or of the API; and the same question again with one thing changed. */
import type { Fix } from '../../../resolver/issues/fix.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import type { FormQuestion } from '../../http/form.ts';

export interface Address {
  /** In a move, the date or the package flag of the Worker now. */
  date: string | null;
  /** The date or the package flag that the Worker moves to. */
  to?: string | undefined;
  flags: readonly string[];
  as_of?: string | undefined;
  revision?: number | undefined;
  experimental?: boolean | undefined;
  requirements?: readonly string[];
}

/** The address of a question: members as given, without defaults. */
export function addressOf(asked: Omit<FormQuestion, 'remarks'>) {
  const { question, revision, asOfGiven, requirements } = asked;
  return {
    date: question.compatibility_date,
    flags: question.compatibility_flags,
    as_of: asOfGiven ? question.as_of : undefined,
    revision,
    experimental: question.experimental,
    requirements,
  } satisfies Address;
}

/** A query string. Its characters are safe between single quotes in a shell. */
export function queryOf(address: Address): string {
  const { date, to, flags, as_of, revision, experimental, requirements = [] } = address;
  const parameters = new URLSearchParams();
  if (date !== null) parameters.set(to === undefined ? 'date' : 'from', date);
  if (to !== undefined) parameters.set('to', to);
  for (const flag of flags) parameters.append('flag', flag);
  if (as_of !== undefined) parameters.set('as_of', as_of);
  if (revision !== undefined) parameters.set('revision', String(revision));
  if (experimental) parameters.set('experimental', 'true');
  for (const text of requirements) parameters.append('requirement', text);
  return parameters.toString();
}

/** Some proxies reject longer addresses. */
const LONGEST_ADDRESS = 6_000;

/** The page of a question; null if its address is too long, which is not written if the requirements alone are. */
export function linkOf(address: Address): string | null {
  if ((address.requirements ?? []).join('').length > LONGEST_ADDRESS) return null;
  const path = questionPath(address);
  return path.length > LONGEST_ADDRESS ? null : path;
}

/** The page of a question. */
export function questionPath(address: Address): string {
  return `/${address.to === undefined ? 'resolve' : 'compare'}?${queryOf(address)}`;
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
export function againPath(address: Address, change: Change, index: number): string {
  const requirements = changedRequirements(address.requirements ?? [], change, index);
  return questionPath({ ...changedAddress(address, change), requirements });
}

/** The question with a change applied. */
export function changedQuestion(asking: FormQuestion, change: Change, index: number): FormQuestion {
  const { date, flags } = changedAddress(addressOf(asking), change);
  const question = { ...asking.question, compatibility_date: date, compatibility_flags: [...flags] };
  return { ...asking, question, requirements: changedRequirements(asking.requirements, change, index) };
}

/** In a move, another date or set is the destination. */
function changedAddress(address: Address, change: Change): Address {
  if (change.kind === 'set_requirement') return address;
  const side = change.kind === 'date' ? change.compatibility_date : change.flag;
  if (address.to !== undefined) return { ...address, to: side };
  if (change.kind === 'date') return { ...address, date: side };
  return { ...address, flags: [...address.flags.filter((flag) => flag !== change.replaces), side] };
}

function changedRequirements(texts: readonly string[], change: Change, index: number): string[] {
  if (change.kind !== 'set_requirement') return [...texts];
  return texts.map((text) => (text === texts[index] ? change.requirement : text));
}
