/** The rows of the table of issues: what kind each code is, which fields it has, and the template of its prose. */
import { printable } from '../text/printable.ts';
import { type Fixed, fixed, type SaidFixes } from './fixes.ts';

/**
 * `malformed` questions cannot be read, `unanswerable` ones not be satisfied, `unknown` ones name what does not exist;
 * another publication stands against one in `conflict`, and what is `unreachable` did not answer.
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
  readonly fields: readonly string[];
}

type Said = readonly [message: string, fixes?: SaidFixes];

/** How templates have their fields: `{file}`, `{count:number}`, and `{name:quoted}` for text that others wrote. */
const HOLE = /\{(\w+)(?::(\w+))?\}/g;

type HoleField<Hole> = Hole extends `${infer Name}:number`
  ? { [Key in Name]: number }
  : Hole extends `${infer Name}:quoted`
    ? { [Key in Name]: string }
    : { [Key in Hole & string]: string };

type FieldsIn<Text> = Text extends `${string}{${infer Hole}}${infer Rest}`
  ? HoleField<Hole> & FieldsIn<Rest>
  : unknown;

type TemplateFields<Template extends Said> = FieldsIn<Template[0]> & FieldsIn<Template[1]>;
type Flat<Type> = { [Key in keyof Type]: Type[Key] };

function filled([message, fixes = null]: Said, fields: object): Said {
  const values = fields as Record<string, unknown>;
  const fill = (text: string) =>
    text.replace(HOLE, (_, name: string, as?: string) =>
      as === 'quoted' ? printable(String(values[name])) : String(values[name]),
    );
  return [fill(message), typeof fixes === 'string' ? fill(fixes) : fixes];
}

/** A row whose fields are those of its template. */
export function row<const Code extends string, const Kind extends IssueKind, const Template extends Said>(
  kind: Kind,
  code: Code,
  template: Template,
): Row<Code, Kind, Flat<TemplateFields<Template>>> {
  const texts = template.filter((text) => typeof text === 'string').join('');
  const names = [...new Set(Array.from(texts.matchAll(HOLE), ([, name]) => name!))];
  return rowOf(kind, code, names, (given) => filled(template, given));
}

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

/** A row that computes its prose. `shape` has the fields that callers pass, and that issues have. */
export function define<
  const Code extends string,
  const Kind extends IssueKind,
  const Of extends Shape,
  /** Further input of the prose, such as a proof or fixes that were looked up. Issues do not have it as fields. */
  More = object,
>(
  kind: Kind,
  code: Code,
  shape: Of,
  say: (fields: FieldsOf<Of> & More) => Said,
): Row<Code, Kind, FieldsOf<Of>, FieldsOf<Of> & More> {
  return rowOf(kind, code, Object.keys(shape), say);
}

/** The prose of each cause: a template, or what computes it. */
export type Causes = Readonly<Record<string, Said | ((fields: never) => Said)>>;

/** A row with several causes, each with its fields and its prose. `problem` names the cause. */
export function defineCauses<
  const Code extends string,
  const Kind extends IssueKind,
  const Of extends Causes,
>(kind: Kind, code: Code, causes: Of): Row<Code, Kind, CauseOf<Of>> {
  const say = (given: CauseOf<Of>) => {
    const cause: Causes[string] = causes[given.problem]!;
    return typeof cause === 'function' ? cause(given as never) : filled(cause, given);
  };
  return rowOf(kind, code, ['problem'], say, (given) => given);
}

/** The fields of a row with causes: `problem`, and those of the cause that it names. */
export type CauseOf<Of extends Causes> = {
  [Problem in keyof Of & string]: { problem: Problem } & (Of[Problem] extends (fields: infer Fields) => Said
    ? Fields
    : Of[Problem] extends Said
      ? Flat<TemplateFields<Of[Problem]>>
      : unknown);
}[keyof Of & string];

function rowOf<Code extends string, Kind extends IssueKind, Fields extends object, Given extends Fields>(
  kind: Kind,
  code: Code,
  names: readonly string[],
  say: (given: Given) => Said,
  pick = (given: Fields) => {
    const picked = {} as Fields;
    for (const name of names as (keyof Fields)[]) picked[name] = given[name];
    return picked;
  },
): Row<Code, Kind, Fields, Given> {
  const make = (given: Given): IssueOf<Code, Kind, Fields> => {
    const [message, said = null] = say(given);
    return { kind, code, message, ...fixed(said), ...pick(given) };
  };
  return Object.assign(make, { kind, code, fields: names });
}
