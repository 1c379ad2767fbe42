/** The same question again with one thing changed, as a link. */
import type { Candidate } from '../../../resolver/issues/closure.ts';
import type { FormQuestion } from '../../http/form.ts';
import {
  type Address,
  addressOf,
  LONGEST_ADDRESS,
  queryOf,
  queryOfSides,
  withRequirements,
} from './links.ts';

/** The address of the question with a candidate instead of the requirement at `index`, or in addition to it. */
export type Again = (candidate: Candidate, index: number) => string;

/** Undefined for a question that is too long for a link. */
export function resolveAgain(address: Address, requirements: readonly string[]): Again | undefined {
  return againAt('/resolve', requirements, (candidate) =>
    queryOf({ ...address, ...(candidate && changedTarget(address, candidate)) }),
  );
}

/** In the upgrade view, another date or set is the destination. */
export function upgradeAgain(
  address: Address,
  { from, to, requirements }: { from: string; to: string; requirements: readonly string[] },
): Again | undefined {
  return againAt('/compare', requirements, (candidate) =>
    queryOfSides(address, { from, to: (candidate && sideOf(candidate)) ?? to }),
  );
}

function againAt(
  path: string,
  requirements: readonly string[],
  queryWith: (candidate?: Candidate) => string,
): Again | undefined {
  if (path.length + withRequirements(queryWith(), requirements).length >= LONGEST_ADDRESS) return undefined;
  return (candidate, index) => {
    const other = candidate.change === 'requirement' ? candidate.requirement : undefined;
    const change: [] | [string, string] = other === undefined ? [] : [requirements[index]!, other];
    return `${path}?${withRequirements(queryWith(candidate), requirements, change)}`;
  };
}

function sideOf(candidate: Candidate): string | null {
  if (candidate.change === 'requirement') return null;
  return candidate.change === 'package_flag' ? candidate.package_set : candidate.compatibility_date;
}

/** The question with a candidate applied. */
export function changedQuestion(asking: FormQuestion, candidate: Candidate, index: number): FormQuestion {
  const { date, flags } = changedTarget(addressOf(asking), candidate);
  const question = { ...asking.question, compatibility_date: date, compatibility_flags: flags };
  return { ...asking, question, requirements: changedRequirements(asking.requirements, candidate, index) };
}

function changedTarget({ date, flags }: Address, candidate: Candidate): Pick<Address, 'date' | 'flags'> {
  if (candidate.change === 'compatibility_date') return { date: candidate.compatibility_date, flags };
  if (candidate.change === 'requirement') return { date, flags };
  const others = flags.filter((flag) => flag !== candidate.replaces);
  return { date, flags: [...others, candidate.package_set] };
}

function changedRequirements(texts: readonly string[], candidate: Candidate, index: number): string[] {
  if (candidate.change !== 'requirement') return [...texts];
  return texts.map((text) => (text === texts[index] ? candidate.requirement : text));
}
