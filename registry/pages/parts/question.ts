/** What a page is asked: the API's parameters, as forms send them. */
import { isPackageFlag } from '../../../resolver/compatibility/package-set.ts';
import type { TargetQuestion } from '../../../resolver/compatibility/target.ts';
import type { Issue, Outcome } from '../../../resolver/issue.ts';
import { questionOf, TargetQuery } from '../../http/question.ts';
import { readSingles, unreadable } from './parameters.ts';

/** What the form is filled with: the parameters as they were given. */
export interface Asked {
  date: string;
  /** Of `flag` and `flags` together. */
  flags: string[];
  as_of: string;
  revision: string;
  experimental: boolean;
}

export interface PageQuestion {
  question: TargetQuestion;
  revision: number | undefined;
  /** Whether `as_of` was given; today otherwise. */
  asOfGiven: boolean;
}

const SINGLE = ['date', 'as_of', 'revision', 'experimental'] as const;

/**
 * Reads the parameters. A form sends empty fields, which count as not given; `flags` is a text of several
 * flags beside the repeated `flag`. Without a date the page asks about `today`, unless a package flag brings
 * its own date; without any flag it asks for `python_workers`.
 */
export function readQuestion(
  parameters: Record<string, string[]>,
  today: string,
): { asked: Asked; outcome: Outcome<PageQuestion> } {
  const { singles, issues } = readSingles(parameters, SINGLE);
  const named = [
    ...(parameters.flags ?? []).flatMap(splitFlags),
    ...(parameters.flag ?? []).filter((flag) => flag !== ''),
  ];
  const flags = named.length > 0 ? named : ['python_workers'];
  const date = singles.date ?? (flags.some(isPackageFlag) ? undefined : today);
  const asked: Asked = {
    date: date ?? '',
    flags,
    as_of: singles.as_of ?? '',
    revision: singles.revision ?? '',
    experimental: singles.experimental === 'true',
  };
  if (issues.length > 0) return { asked, outcome: { ok: false, issues } };
  const read = TargetQuery.safeParse({ ...singles, date, flag: flags });
  if (!read.success) return { asked, outcome: { ok: false, issues: issuesOf(read.error.issues) } };
  const { revision, as_of } = read.data;
  const value = { question: questionOf(read.data), revision, asOfGiven: as_of !== undefined };
  return { asked, outcome: { ok: true, value } };
}

/** Flags as people paste them from a wrangler file: between spaces, commas, quotes or brackets. */
export function splitFlags(text: string): string[] {
  return text.split(/[\s,"'[\]]+/).filter((flag) => flag !== '');
}

function issuesOf(issues: readonly { path: PropertyKey[]; message: string }[]): Issue[] {
  return issues.map(({ path, message }) =>
    unreadable(`${path.map(String).join('.')}: ${message}`, 'Correct it, or leave it out.'),
  );
}
