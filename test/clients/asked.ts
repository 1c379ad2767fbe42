/** The questions of test/fixtures/questions.json, for each program that answers them. */

import { devNull } from 'node:os';
import type { ResolveQuestion } from '../../resolver/closure/resolve.ts';
import type { Outcome } from '../../resolver/issue.ts';

export interface Question {
  name: string;
  date?: string;
  flags: string[];
  /** By default {@link AS_OF}. */
  as_of?: string;
  experimental?: true;
  revision?: number;
  requirements: string[];
  /** The codes of the issues; undefined if there is an answer. */
  codes?: string[];
  /** Those of the command line, if they differ. */
  codes_of_command?: string[];
}

export const AS_OF = '2026-11-20';

export function forLibrary({ date, flags, as_of, experimental, requirements }: Question): ResolveQuestion {
  return {
    compatibility_date: date ?? null,
    compatibility_flags: flags,
    as_of: as_of ?? AS_OF,
    experimental: experimental ?? false,
    requirements,
  };
}

export function forCommandLine({
  date,
  flags,
  as_of,
  experimental,
  revision,
  requirements,
}: Question): string[] {
  return [
    'resolve',
    '--json',
    ...(date === undefined ? [] : [`--date=${date}`]),
    ...flags.map((flag) => `--flag=${flag}`),
    `--as-of=${as_of ?? AS_OF}`,
    ...(experimental ? ['--experimental'] : []),
    ...(revision === undefined ? [] : [`--revision=${revision}`]),
    // An empty file requires nothing.
    ...(requirements.length > 0 ? ['--', ...requirements] : [`--requirements=${devNull}`]),
  ];
}

export function forQuery({ date, flags, as_of, experimental, revision, requirements }: Question): string {
  const query = new URLSearchParams({ as_of: as_of ?? AS_OF });
  if (date !== undefined) query.set('date', date);
  for (const flag of flags) query.append('flag', flag);
  if (experimental) query.set('experimental', 'true');
  if (revision !== undefined) query.set('revision', String(revision));
  for (const requirement of requirements) query.append('requirement', requirement);
  return query.toString();
}

export function forBody(question: Question): string {
  const { revision } = question;
  return JSON.stringify({ ...forLibrary(question), ...(revision === undefined ? {} : { revision }) });
}

/** The bytes to compare: those of the answer, or of the issues. */
export function bytesOf(outcome: Outcome<unknown>): string {
  if (outcome.ok) return JSON.stringify(outcome.value);
  return JSON.stringify(outcome.issues.map(({ kind: _, ...issue }) => issue));
}
