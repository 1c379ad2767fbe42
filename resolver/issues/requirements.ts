/** Issues of requirements that cannot be read. */
import { asciiOnly, quote } from '../text/printable.ts';
import { define, type FieldsOf, type Row, row } from './define.ts';

/** The requirement of a question that an issue is about. */
export const WRITTEN = {
  /** As it was written, up to the limit of a requirement. */
  requirement: 'string',
  /** The index of the requirement in the question, from 0. */
  index: 'number',
  /** The further places at which the same text stands. */
  repeats: 'number[]',
} as const;
export type Written = FieldsOf<typeof WRITTEN>;

/** `column` is from 1. */
const MISREAD = { ...WRITTEN, problem: 'string', column: 'number' } as const;
export type Misread = FieldsOf<typeof MISREAD>;

const EXCERPT_BEFORE = 40;
const EXCERPT_AFTER = 30;

/** The problem, and the place below it. */
function sayMisread({ requirement, problem, column, fix }: Misread & { fix: string | null }) {
  const position = column - 1;
  const start = Math.max(0, position - EXCERPT_BEFORE);
  const end = Math.min(requirement.length, position + EXCERPT_AFTER);
  const before = (start > 0 ? '...' : '') + asciiOnly(requirement.slice(start, position));
  const after = asciiOnly(requirement.slice(position, end)) + (end < requirement.length ? '...' : '');
  const excerpt =
    (before + after).trim() === '' ? '' : `:\n    ${before}${after}\n    ${' '.repeat(before.length)}^`;
  return [`${problem}, at column ${column}${excerpt}`, fix] as const;
}

export const MISREAD_CODES = [
  'invalid_requirement',
  'invalid_specifier',
  'invalid_marker',
  'marker_too_deep',
  'pip_option_requirement',
  'direct_url_requirement',
  'local_path_requirement',
] as const;
export type MisreadCode = (typeof MISREAD_CODES)[number];

/** Text that is not a requirement, for whichever reason. */
export function misread<Code extends MisreadCode>(
  code: Code,
): Row<Code, 'malformed', Misread, Misread & { fix: string | null }> {
  return define('malformed', code, MISREAD, sayMisread);
}

const TOO_LONG = { ...WRITTEN, length: 'number', limit: 'number' } as const;
export type TooLong = FieldsOf<typeof TOO_LONG>;

export const READ = ['requirement', 'marker', 'specifier'] as const;
/** A kind of text that has a parser of its own. */
export type Read = (typeof READ)[number];

export function tooLong<What extends Read>(what: What): Row<`${What}_too_long`, 'malformed', TooLong> {
  return define('malformed', `${what}_too_long`, TOO_LONG, ({ requirement, length, limit }) => [
    `A ${what} of ${length} characters is over the limit of ${limit}: ${quote(requirement)}`,
    `Shorten the ${what}.`,
  ]);
}

export const tooManyRequirements = /* @__PURE__ */ row('malformed', 'too_many_requirements', [
  'There are {count:number} requirements, but at most {most:number} are allowed.',
  'Split the question.',
]);

export type SyntaxIssue = ReturnType<
  { [Code in MisreadCode]: Row<Code, 'malformed', Misread> }[MisreadCode] | ReturnType<typeof tooLong<Read>>
>;
