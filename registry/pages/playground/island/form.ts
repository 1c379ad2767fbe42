import type { Diagnostic } from '../../../../resolver/answer.ts';
import type { ResolveQuestion } from '../../../../resolver/closure/resolve.ts';
import { isPackageFlag } from '../../../../resolver/compatibility/package-set.ts';
import { readRequirementLines } from '../../home/requirement-lines.ts';

export interface Asked {
  question: ResolveQuestion;
  /** About what was left out of the requirements. */
  remarks: Diagnostic[];
  revision: number | undefined;
}

/** What the form asks, by the rules of the registry's own pages. */
export function readQuestion(form: HTMLFormElement): Asked {
  const fields = new FormData(form);
  const text = (name: string) => String(fields.get(name) ?? '').trim();
  const flags = [...text('flags').split(/[\s,"'[\]]+/), text('flag')].filter((flag) => flag !== '');
  if (flags.length === 0) flags.push('python_workers');
  const today = new Date().toISOString().slice(0, 10);
  const as_of = text('as_of') || today;
  const { requirements, remarks } = readRequirementLines(text('requirements'));
  return {
    remarks,
    revision: text('revision') === '' ? undefined : Number(text('revision')),
    question: {
      compatibility_date: text('date') || (flags.some(isPackageFlag) ? null : today),
      compatibility_flags: flags,
      as_of,
      experimental: fields.has('experimental'),
      requirements,
    },
  };
}

/** Puts the question into the page's address, as the registry's own pages have it. */
export function writeAddress(
  form: HTMLFormElement,
  { compatibility_date, compatibility_flags, experimental, requirements }: ResolveQuestion,
  revision: number | undefined,
): void {
  const query = new URLSearchParams();
  if (compatibility_date !== null) query.set('date', compatibility_date);
  for (const flag of compatibility_flags) query.append('flag', flag);
  for (const requirement of requirements) query.append('requirement', requirement);
  const asOf = String(new FormData(form).get('as_of') ?? '').trim();
  if (asOf !== '') query.set('as_of', asOf);
  if (revision !== undefined) query.set('revision', String(revision));
  if (experimental) query.set('experimental', 'true');
  history.replaceState(null, '', `${location.pathname}?${query}`);
}
