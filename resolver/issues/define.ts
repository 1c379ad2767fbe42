/** The rows of the table of issues: what kind each code is, which fields it has, and the template of its prose. */
import { type Fixed, fixed, type SaidFixes } from './fixes.ts';

/**
 * `malformed` questions cannot be read, `unanswerable` ones can be, but nothing satisfies them, `unknown` ones name
 * what does not exist, `conflict` is of a publication that another one stands against, and `unreachable` is what did
 * not answer.
 */
export type IssueKind = 'malformed' | 'unanswerable' | 'unknown' | 'conflict' | 'unreachable';

/** An issue of one code: what all of them have, and the fields of its own. */
export type IssueOf<Code extends string, Kind extends IssueKind, Fields extends object> = {
  kind: Kind;
  code: Code;
  message: string;
} & Fixed &
  Fields;

/** Makes issues of one code out of their fields. */
export interface Row<Code extends string, Kind extends IssueKind, Fields extends object, Given = Fields> {
  (given: Given): IssueOf<Code, Kind, Fields>;
  readonly code: Code;
  readonly kind: Kind;
  /** The names of its fields. */
  readonly fields: readonly string[];
}

/** What a template says. */
type Said = readonly [message: string, fixes: SaidFixes];

/** The types of fields, by what rows call them. */
interface Types {
  string: string;
  'string | null': string | null;
  'string[]': string[];
  number: number;
  'number | null': number | null;
  'number[]': number[];
}

/** The name of a type that is none of these. */
export type Named<Type> = string & { type: Type };

type Shape = Readonly<Record<string, keyof Types | Named<unknown>>>;

export type FieldsOf<Of extends Shape> = {
  -readonly [Field in keyof Of]: Of[Field] extends keyof Types
    ? Types[Of[Field]]
    : Of[Field] extends Named<infer Type>
      ? Type
      : never;
};

/** `shape` has the fields that callers pass, and that issues have; `say` is the template of their prose. */
export function define<
  const Code extends string,
  const Kind extends IssueKind,
  const Of extends Shape,
  /** What the template needs beside: fixes that were found by looking, or a proof. */
  More = object,
>(
  kind: Kind,
  code: Code,
  shape: Of,
  say: (fields: FieldsOf<Of> & More) => Said,
): Row<Code, Kind, FieldsOf<Of>, FieldsOf<Of> & More> {
  const names = Object.keys(shape) as (keyof Of & string)[];
  // What only the template needs, such as a proof, is no field of the issue.
  const pick = (given: FieldsOf<Of>) =>
    Object.fromEntries(names.map((name) => [name, given[name]])) as FieldsOf<Of>;
  return rowOf(kind, code, names, say, pick);
}

/** A row with several causes, each with its fields and its template. `problem` names the cause. */
export function defineCauses<
  const Code extends string,
  const Kind extends IssueKind,
  Causes extends Readonly<Record<string, (fields: never) => Said>>,
>(kind: Kind, code: Code, causes: Causes): Row<Code, Kind, CauseOf<Causes>> {
  const say = (given: CauseOf<Causes>) => causes[given.problem]!(given as never);
  return rowOf(kind, code, ['problem'], say, (given) => given);
}

type CauseOf<Causes extends Readonly<Record<string, (fields: never) => Said>>> = {
  [Problem in keyof Causes & string]: { problem: Problem } & (Parameters<Causes[Problem]> extends [
    infer Fields,
  ]
    ? Fields
    : unknown);
}[keyof Causes & string];

function rowOf<Code extends string, Kind extends IssueKind, Fields extends object, Given>(
  kind: Kind,
  code: Code,
  names: readonly string[],
  say: (given: Given) => Said,
  pick: (given: Given) => Fields,
): Row<Code, Kind, Fields, Given> {
  const row = (given: Given): IssueOf<Code, Kind, Fields> => {
    const [message, said] = say(given);
    return { kind, code, message, ...fixed(said), ...pick(given) };
  };
  return Object.assign(row, { kind, code, fields: names });
}
