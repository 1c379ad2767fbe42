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

export function packagePath(name: string, flag?: string): string {
  return `/packages/${encodeURIComponent(name)}${flag === undefined ? '' : `?flag=${encodeURIComponent(flag)}`}`;
}

export function setPath(flag: string): string {
  return `/sets/${encodeURIComponent(flag)}`;
}
