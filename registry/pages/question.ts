/** What the page of packages is asked: the API's parameters, and what its form adds for people. */
import { MemberKind } from '../../resolver/catalog.ts';
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import type { TargetQuestion } from '../../resolver/compatibility/target.ts';
import type { Fault, Outcome } from '../../resolver/fault.ts';
import { questionOf, TargetQuery } from '../api/question.ts';

/** In UTF-16 units. */
const LONGEST_FILTER = 100;

/** What the form is filled with: the parameters as they were given. */
export interface Asked {
  date: string;
  /** Of `flag` and `flags` together. */
  flags: string[];
  as_of: string;
  revision: string;
  experimental: boolean;
  query: string;
  kind: string;
}

export interface PackagesQuestion {
  question: TargetQuestion;
  revision: number | undefined;
  /** Whether `as_of` was given; today otherwise. */
  asOfGiven: boolean;
  filter: { query: string; kind: MemberKind | undefined };
}

const SINGLE = ['date', 'as_of', 'revision', 'experimental', 'query', 'kind'] as const;

const PackagesQuery = TargetQuery.extend({
  query: TargetQuery.shape.date
    .unwrap()
    .max(LONGEST_FILTER, `A part of a name has at most ${LONGEST_FILTER} characters.`)
    .default(''),
  kind: MemberKind.optional(),
});

/**
 * Reads the parameters. A form sends empty fields, which count as not given; `flags` is a text of several
 * flags beside the repeated `flag`. Without a date the page asks about `today`, unless a package flag brings
 * its own date; without any flag it asks for `python_workers`.
 */
export function readQuestion(
  parameters: Record<string, string[]>,
  today: string,
): { asked: Asked; outcome: Outcome<PackagesQuestion> } {
  const given = new Map(SINGLE.map((name) => [name, (parameters[name] ?? []).filter((text) => text !== '')]));
  const named = [
    ...(parameters.flags ?? []).flatMap(splitFlags),
    ...(parameters.flag ?? []).filter((flag) => flag !== ''),
  ];
  const flags = named.length > 0 ? named : ['python_workers'];
  const first = (name: (typeof SINGLE)[number]) => given.get(name)?.[0];
  const date = first('date') ?? (flags.some(isPackageFlag) ? undefined : today);
  const asked: Asked = {
    date: date ?? '',
    flags,
    as_of: first('as_of') ?? '',
    revision: first('revision') ?? '',
    experimental: first('experimental') === 'true',
    query: first('query') ?? '',
    kind: first('kind') ?? '',
  };

  const repeated = SINGLE.filter((name) => given.get(name)!.length > 1).map((name) => onlyOnce(name));
  if (repeated.length > 0) return { asked, outcome: { ok: false, faults: repeated } };
  const single = Object.fromEntries(SINGLE.map((name) => [name, first(name)]));
  const read = PackagesQuery.safeParse({ ...single, date, flag: flags });
  if (!read.success) {
    const faults = read.error.issues.map(({ path, message }) =>
      unreadable(`${path.map(String).join('.')}: ${message}`, 'Correct it, or leave it out.'),
    );
    return { asked, outcome: { ok: false, faults } };
  }
  const { revision, query, kind, as_of } = read.data;
  const filter = { query: query.trim(), kind };
  const question = questionOf(read.data);
  return {
    asked,
    outcome: { ok: true, value: { question, revision, asOfGiven: as_of !== undefined, filter } },
  };
}

/** Flags as people paste them from a wrangler file: between spaces, commas, quotes or brackets. */
function splitFlags(text: string): string[] {
  return text.split(/[\s,"'[\]]+/).filter((flag) => flag !== '');
}

function onlyOnce(name: string): Fault {
  return unreadable(`${name} is given more than once.`, 'Give it once.');
}

function unreadable(message: string, fix: string): Fault {
  return { kind: 'malformed', code: 'invalid_parameter', message, fix };
}
