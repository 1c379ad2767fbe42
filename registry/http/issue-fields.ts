/** The fields of the API's issues, by their codes: what the rows of the table say, and what each field means. */

import * as closure from '../../resolver/issues/closure.ts';
import { invalidParameter } from '../../resolver/issues/question.ts';
import {
  MISREAD_CODES,
  misread,
  READ,
  tooLong,
  tooManyRequirements,
} from '../../resolver/issues/requirements.ts';
import * as solver from '../../resolver/issues/solver.ts';
import * as target from '../../resolver/issues/target.ts';

const ROWS = [
  invalidParameter,
  ...Object.values(target),
  ...Object.values(solver),
  tooManyRequirements,
  ...MISREAD_CODES.map(misread),
  ...READ.map(tooLong),
  ...Object.values(closure),
];

export const ISSUE_FIELDS = ROWS.map(({ code, fields }) => ({ code, fields: fields as readonly Field[] }));

/** Distributes over the rows: the union of all issues has no fields in common. */
type FieldOf<Row> = Row extends (given: never) => infer Issue
  ? Exclude<keyof Issue, 'kind' | 'code' | 'message' | 'fix' | 'fixes'>
  : never;
type Field = FieldOf<(typeof ROWS)[number]>;

/** The types ensure that no field is left out. */
export const FIELD_MEANINGS: { [Name in Field]: string } = {
  index: 'The position of the requirement in the question, from 0.',
  requirement: 'The requirement as it was written.',
  repeats: 'The other positions of the same requirement.',
  package: 'The canonical name of the package.',
  package_set: 'The set of the target, by its package flag.',
  pinned: 'The version that the set pins.',
  near: 'Names similar to the one asked for.',
  providers: 'Packages that have a module of that name.',
  chain: 'From the requested package to the one that needs what is missing.',
  comparison: 'The part of the marker that cannot be compared.',
  available: 'The newest set with a version that satisfies the requirement, or null.',
  problem: 'What is wrong: with a requirement, in words; with a parameter, as a code.',
  column: 'The position in the requirement, from 1.',
  length: 'Characters.',
  limit: 'Characters at most.',
  count: 'How many there are.',
  most: 'How many there may be.',
  date: 'The date as it was given.',
  meant: 'The date that is probably meant.',
  today: 'The day of the question.',
  as_of: 'The day as it was given.',
  flag: 'The flag as it was given.',
  flags: 'The two package flags.',
  enable: 'The flag that turns it on.',
  disable: 'The flag that turns it off.',
  revision: 'The revision that was asked for.',
  first: 'The first revision with a runtime.',
  newest: 'The newest revision.',
  cutoff: 'The day or moment as it was given.',
  name: 'The name as it was given.',
  asked: 'The index that was asked for.',
  url: 'The URL as it was given, or that of the index of this registry.',
  pyodide: 'The Pyodide that has no package set.',
  reason: 'Why the set was yanked.',
};
