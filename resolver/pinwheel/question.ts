/** Reads questions: applies defaults, and ignores unknown keys. */
import type { Issue, Outcome } from '../issue.ts';
import { invalidQuestion } from '../issues/documents.ts';
import { printable } from '../text/printable.ts';

/** The members with defaults. */
type Defaulted = 'as_of' | 'compatibility_date' | 'compatibility_flags' | 'from' | 'to';

/**
 * A question as given: `as_of` defaults to today and `revision` to the newest. Other keys, such as those of a wrangler
 * file, are ignored.
 *
 * @example
 * ```ts
 * import type { Asked, ResolveQuestion } from 'pinwheel-py';
 *
 * const wranglerConfig = { name: 'hello', compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
 * const question: Asked<ResolveQuestion> = { ...wranglerConfig, requirements: ['fastapi'] };
 * question.as_of; // → undefined
 * ```
 */
export type Asked<Question> = Omit<Question, Defaulted> & {
  [Key in keyof Question & Defaulted]?: Question[Key] | null | undefined;
} & {
  /** Answers as the registry did at this revision. */
  revision?: number | null | undefined;
  /** A Pyodide version, such as `0.29.5`, instead of a compatibility date and flags. */
  pyodide?: string | null | undefined;
};

/** The schema of a member. */
type Kind = 'text' | 'texts' | 'number' | 'flag' | 'object' | 'index' | 'moment' | 'moments' | 'set';

const COMMON = {
  compatibility_date: 'text',
  compatibility_flags: 'texts',
  as_of: 'text',
  experimental: 'flag',
  pyodide: 'text',
  revision: 'number',
} satisfies Record<string, Kind>;

export interface Read {
  compatibility_date: string | null;
  compatibility_flags: readonly string[];
  as_of: string;
  experimental: boolean;
  pyodide: string | undefined;
  revision: number | undefined;
}

/**
 * The question with defaults applied, or the issues of invalid members. `needed` and `more` are the members that not
 * every question has.
 */
export function readQuestion<Needed extends Record<string, Kind>, More extends Record<string, Kind>>(
  given: unknown,
  needed: Needed,
  more: More,
): Outcome<Read & { [Key in keyof Needed | keyof More]: unknown }> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { ok: false, issues: [invalid('A question has to be an object.', EXAMPLE)] };
  }
  const members = given as Record<string, unknown>;
  const issues: Issue[] = [];
  const read: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries({ ...COMMON, ...needed, ...more })) {
    const value = Object.hasOwn(members, name) ? (members[name] ?? undefined) : undefined;
    if (value !== undefined) {
      const issue = issueOf(name, kind, value);
      if (issue) issues.push(issue);
      else read[name] = value;
    } else if (name in needed)
      issues.push(invalid(`${name} is missing.`, `Write ${name}: ${EXAMPLES[kind]}.`));
  }
  if (issues.length > 0) return { ok: false, issues };
  const defaults = {
    compatibility_date: null,
    compatibility_flags: [],
    as_of: today(),
    experimental: false,
    pyodide: undefined,
    revision: undefined,
  };
  return {
    ok: true,
    value: { ...defaults, ...read } as Read & { [Key in keyof Needed | keyof More]: unknown },
  };
}

/** Today, in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

const EXAMPLE = "Write it as in { compatibility_date: '2025-11-02', requirements: ['fastapi'] }.";

const EXAMPLES: Record<Kind, string> = {
  text: "'…'",
  texts: "['…']",
  number: '1',
  flag: 'true',
  object: "{ 'entry.py': '…' }",
  index: "{ url: 'https://pypi.org/simple/' }",
  moment: "'2026-11-20'",
  moments: "{ django: '2026-11-20' }",
  set: "{ kind: 'set', … }",
};

const NAMES: Record<Kind, string> = {
  text: 'a string',
  texts: 'a list of strings',
  number: 'a whole number',
  flag: 'true or false',
  object: 'an object of files by their paths',
  index: 'an object with the url of an index',
  moment: 'a day, a moment or false',
  moments: 'an object of days, moments or false by names',
  set: 'a package set',
};

function issueOf(name: string, kind: Kind, value: unknown): Issue | null {
  if (kind === 'texts') {
    if (!Array.isArray(value)) {
      const fix =
        typeof value === 'string'
          ? `Write ${name}: ['${printable(value)}'].`
          : `Write ${name}: ${EXAMPLES[kind]}.`;
      return invalid(`${name} has to be ${NAMES[kind]}, but is ${shown(value)}.`, fix);
    }
    const at = value.findIndex((one) => typeof one !== 'string');
    return at < 0 ? null : invalid(`${name}[${at}] has to be a string, but is ${shown(value[at])}.`, null);
  }
  const isObject = typeof value === 'object' && !Array.isArray(value);
  const isRight = {
    text: typeof value === 'string',
    number: Number.isSafeInteger(value),
    flag: typeof value === 'boolean',
    object: isObject,
    index: isObject && typeof (value as { url?: unknown }).url === 'string',
    moment: isMoment(value),
    set: isObject && (value as { kind?: unknown }).kind === 'set',
    moments: isObject && Object.values(value as object).every(isMoment),
  }[kind];
  return isRight ? null : invalid(`${name} has to be ${NAMES[kind]}, but is ${shown(value)}.`, null);
}

function isMoment(value: unknown): boolean {
  return typeof value === 'string' || value === false;
}

const LONGEST = 60;

function shown(value: unknown): string {
  if (typeof value === 'string') return `the string '${printable(value.slice(0, LONGEST))}'`;
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  return typeof value === 'object' || typeof value === 'function'
    ? `an ${typeof value}`.replace('an f', 'a f')
    : String(value);
}

function invalid(message: string, fix: string | null): Issue {
  return invalidQuestion({ message, fix });
}
