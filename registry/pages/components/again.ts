/** The same question again with one thing changed, as a link. */
import type { Fix } from '../../../resolver/issues/fix.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import type { FormQuestion } from '../../http/form.ts';
import {
  type Address,
  addressOf,
  LONGEST_ADDRESS,
  queryOf,
  queryOfSides,
  withRequirements,
} from './links.ts';

/** A fix that a link can ask for. */
export type Change = FixOf<'date' | 'package_flag' | 'set_requirement'>;

export function isChange(fix: Fix): fix is Change {
  return fix.kind === 'date' || fix.kind === 'package_flag' || fix.kind === 'set_requirement';
}

/** The address of the question with a change, of the requirement at `index` or of all. */
export type Again = (change: Change, index: number) => string;

/** Undefined for a question that is too long for a link. */
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
  if (path.length + withRequirements(queryWith(), requirements).length >= LONGEST_ADDRESS) return undefined;
  return (change, index) => {
    const other: [] | [string, string] =
      change.kind === 'set_requirement' ? [requirements[index]!, change.requirement] : [];
    return `${path}?${withRequirements(queryWith(change), requirements, other)}`;
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
