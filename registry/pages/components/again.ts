/** The same question again with one thing changed, as a link. */
import type { Candidate } from '../../../resolver/issues/closure.ts';
import type { FormQuestion } from '../../http/form.ts';
import { type Address, addressOf, queryOf } from './links.ts';

/** The address of the question with a candidate instead of the requirement at `index`, or in addition to it. */
export type Again = (candidate: Candidate, index: number) => string;

export function resolveAgain(address: Address, requirements: readonly string[]): Again {
  return (candidate, index) => {
    const { date, flags } = changedTarget(address, candidate);
    const query = new URLSearchParams(queryOf({ ...address, date, flags }));
    for (const one of changedRequirements(requirements, candidate, index)) query.append('requirement', one);
    return `/resolve?${query}`;
  };
}

/** In the upgrade view, another date or set is the destination. */
export function upgradeAgain(
  address: Address,
  { from, to, requirements }: { from: string; to: string; requirements: readonly string[] },
): Again {
  return (candidate, index) => {
    const query = new URLSearchParams(queryOf({ ...address, date: null }));
    query.set('from', from);
    query.set('to', sideOf(candidate) ?? to);
    for (const one of changedRequirements(requirements, candidate, index)) query.append('requirement', one);
    return `/compare?${query}`;
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
