/**
 * Reads a page's question from its address or its form: the API's parameters, and pasted text. The upgrade view runs
 * this in the browser too, so it needs neither zod nor the Worker.
 */

import { isCalendarDay } from '../../resolver/compatibility/date.ts';
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import { remark, warning } from '../../resolver/diagnostic.ts';
import {
  type Diagnostic,
  MAX_REQUIREMENTS,
  type Outcome,
  type TargetQuestion,
} from '../../resolver/index.ts';
import { tooManyRequirements } from '../../resolver/issues/requirements.ts';
import { tooManyFlags } from '../../resolver/issues/target.ts';
import { MOST_FLAGS } from '../../resolver/question/fields.ts';
import { LINE_END, parseRequirementsFile } from '../../resolver/requirements/requirements-file.ts';
import { listed } from '../../resolver/text/listed.ts';
import { type Fields, readSingles, textsOf, unreadable } from './fields.ts';

/** The values of the form: the fields as given. */
export interface Asked {
  date: string;
  /** Of `flag` and `flags` together. */
  flags: string[];
  as_of: string;
  revision: string;
  experimental: boolean;
  /** One on each line, as written. */
  requirements: string;
  wrangler: string;
  /** Whether any field was given. */
  anything: boolean;
}

export interface FormQuestion {
  question: TargetQuestion;
  revision: number | undefined;
  /** Whether `as_of` was given; today otherwise. */
  asOfGiven: boolean;
  requirements: string[];
  /** Remarks about lines that were left out of the requirements. */
  remarks: Diagnostic[];
}

const SINGLE = ['date', 'as_of', 'revision', 'experimental', 'requirements', 'wrangler'] as const;
const REPEATED = ['flag', 'flags', 'requirement'] as const;

/** More than a file of {@link MAX_REQUIREMENTS} requirements has, with its hashes and comments. */
const MOST_LINES = 10_000;

/** Of all requirements together, in UTF-16 units: to read 250,000 of specifiers takes 200 ms. */
export const LONGEST_REQUIREMENTS = 30_000;

/** Why the requirements of a question would take too long to read; undefined if they would not. */
export function tooLongTogether(requirements: readonly unknown[]): string | undefined {
  const size = requirements.reduce<number>((sum, one) => sum + (typeof one === 'string' ? one.length : 0), 0);
  if (size <= LONGEST_REQUIREMENTS) return undefined;
  return `together they have ${size} characters, but at most ${LONGEST_REQUIREMENTS} are allowed.`;
}

/** The syntax of a revision, and the error for others. */
export const REVISION = { pattern: /^\d{1,15}$/, message: 'A revision is a whole number, such as 12.' };

/**
 * Reads the fields. Empty ones, which forms send, count as not given. In addition to the repeated `flag` and
 * `requirement`, `flags` is text with several flags, and `requirements` a requirements file. The default of the date is
 * `as_of`, whose default is `today`; a package flag has a date of its own. The default flag is `python_workers`.
 */
export function readForm(fields: Fields, today: string): { asked: Asked; outcome: Outcome<FormQuestion> } {
  const { singles, issues } = readSingles(fields, SINGLE);
  const { revision, experimental = 'false', requirements: pasted = '', wrangler = '' } = singles;
  const named = [...(fields.flags ?? []).flatMap(splitFlags), ...textsOf(fields, 'flag')];
  const flags = named.length > 0 ? named : ['python_workers'];
  const day = isCalendarDay(singles.as_of ?? '') ? singles.as_of! : today;
  const date = singles.date ?? (flags.some(isPackageFlag) ? null : day);
  const single = textsOf(fields, 'requirement');
  const hasTooManyLines = pasted.split(LINE_END).length > MOST_LINES;
  const lines = readRequirementLines(hasTooManyLines ? '' : pasted);
  const requirements = [...single, ...lines.requirements];
  const count = requirements.length;
  const tooLong = tooLongTogether(requirements);
  const asked: Asked = {
    date: singles.date ?? '',
    flags,
    as_of: singles.as_of ?? '',
    revision: revision ?? '',
    experimental: experimental === 'true',
    requirements: [...single, ...(pasted === '' ? [] : [pasted])].join('\n'),
    wrangler,
    anything: [...SINGLE, ...REPEATED].some((name) => textsOf(fields, name).length > 0),
  };
  const correct = 'Correct it, or leave it out.';
  if (revision !== undefined && !REVISION.pattern.test(revision)) {
    issues.push(unreadable(`revision: ${REVISION.message}`, correct));
  }
  if (!/^(true|false)$/.test(experimental)) {
    issues.push(unreadable('experimental: it is either true or false.', correct));
  }
  // Found here, so that a page does not repeat all of them.
  if (hasTooManyLines)
    issues.push(unreadable(`requirements: there are more than ${MOST_LINES} lines.`, 'Paste less.'));
  if (tooLong) issues.push(unreadable(`requirements: ${tooLong}`, 'Split the question.'));
  if (count > MAX_REQUIREMENTS) issues.push(tooManyRequirements({ count, most: MAX_REQUIREMENTS }));
  if (flags.length > MOST_FLAGS) issues.push(tooManyFlags({ count: flags.length, most: MOST_FLAGS }));
  if (issues.length > 0) return { asked, outcome: { ok: false, issues } };
  const value: FormQuestion = {
    question: {
      compatibility_date: date,
      compatibility_flags: flags,
      as_of: singles.as_of ?? today,
      experimental: asked.experimental,
    },
    revision: revision === undefined ? undefined : Number(revision),
    asOfGiven: singles.as_of !== undefined,
    requirements,
    remarks: lines.remarks,
  };
  return { asked, outcome: { ok: true, value } };
}

/** Flags as pasted from a wrangler file: between spaces, commas, quotes or brackets. */
function splitFlags(text: string): string[] {
  return text.split(/[\s,"'[\]]+/).filter((flag) => flag !== '');
}

/** Pasted requirements: a list, or a whole requirements file of pip. */
function readRequirementLines(text: string): { requirements: string[]; remarks: Diagnostic[] } {
  const { entries, remarks: skipped, refused } = parseRequirementsFile('Requirements', text);
  const remarks = [
    ...skipped,
    ...refused.map(({ code, message, fix, where }) => remark('error', code, `${where}: ${message}`, fix)),
  ];
  const requirements: string[] = [];
  const hashed: string[] = [];
  const unread: string[] = [];
  for (const entry of entries) {
    if (!('text' in entry)) unread.push(entry.where);
    else {
      requirements.push(entry.text);
      if (entry.hashes) hashed.push(entry.where);
    }
  }
  if (hashed.length > 0) {
    remarks.push(notRead(hashed, '--hash is skipped', 'The command line compares hashes with the set.'));
  }
  if (unread.length > 0) {
    remarks.push(notRead(unread, 'other files are not read', 'Paste their content too.'));
  }
  return { requirements, remarks };
}

/** The remark about lines that were left out. */
function notRead(places: readonly string[], what: string, fix: string): Diagnostic {
  return warning('option_skipped', `${listed(places, 1)}: ${what}.`, fix);
}
