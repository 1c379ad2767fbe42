/** The fields of the API's issues in addition to `code`, `message` and `fix`. */
import type { Issue } from '../../resolver/index.ts';
import type * as closure from '../../resolver/issues/closure.ts';
import type { SyntaxIssue, tooManyRequirements } from '../../resolver/issues/requirements.ts';
import type * as solver from '../../resolver/issues/solver.ts';
import type * as target from '../../resolver/issues/target.ts';

type ApiCode =
  | ReturnType<
      (typeof target)[keyof typeof target] | (typeof solver)[keyof typeof solver] | typeof tooManyRequirements
    >['code']
  | (SyntaxIssue | closure.UnmetIssue)['code']
  | 'invalid_parameter';

/** Distributes over the codes: the union of all issues has no fields in common. */
type FieldOf<Code> = Code extends ApiCode
  ? Exclude<keyof Extract<Issue, { code: Code }>, 'kind' | 'code' | 'message' | 'fix'>
  : never;

const FLAG = { flag: true, near: true } as const;
const WRITTEN = { index: true, requirement: true, repeats: true } as const;
const MISREAD = { ...WRITTEN, problem: true, column: true } as const;
const TOO_LONG = { ...WRITTEN, length: true, limit: true } as const;
const UNMET = { ...WRITTEN, package: true, package_set: true, candidates: true } as const;
const UNMET_PIN = { ...UNMET, available: true } as const;

/** The types ensure that no code and no field is left out. */
export const ISSUE_FIELDS: { [Code in ApiCode]: { [Field in FieldOf<Code>]: true } } = {
  invalid_parameter: {},
  invalid_compatibility_date: { date: true, meant: true },
  future_compatibility_date: { date: true, today: true },
  missing_compatibility_date: {},
  invalid_as_of: { as_of: true },
  unknown_flag: FLAG,
  experimental_flag: { flag: true },
  repeated_flag: { flag: true },
  contradictory_flags: { enable: true, disable: true },
  python_workers_required: {},
  unknown_package_flag: FLAG,
  contradictory_package_flags: { flags: true },
  too_many_flags: { count: true, most: true },
  no_runtime_yet: { revision: true, first: true },
  no_package_set: { pyodide: true, revision: true },
  yanked_package_set: { pyodide: true, package_set: true, reason: true },
  unknown_revision: { revision: true, newest: true },
  no_version: { ...WRITTEN, package: true },
  no_solution: {},
  too_hard: {},
  invalid_cutoff: { cutoff: true },
  invalid_name: { name: true },
  no_index_here: {},
  other_index: { asked: true, url: true },
  invalid_wheel_url: { url: true },
  too_many_requirements: { count: true, most: true },
  invalid_requirement: MISREAD,
  invalid_specifier: MISREAD,
  invalid_marker: MISREAD,
  marker_too_deep: MISREAD,
  pip_option_requirement: MISREAD,
  direct_url_requirement: MISREAD,
  local_path_requirement: MISREAD,
  requirement_too_long: TOO_LONG,
  marker_too_long: TOO_LONG,
  specifier_too_long: TOO_LONG,
  unknown_package: { ...UNMET_PIN, near: true, providers: true },
  version_conflict: { ...UNMET_PIN, pinned: true },
  meaningless_marker: { ...WRITTEN, package: true, comparison: true },
  missing_dependency: { ...UNMET, chain: true },
};

export const FIELD_MEANINGS: { [Field in FieldOf<ApiCode>]: string } = {
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
  candidates:
    'Changes that make it work, by `change`: another `compatibility_date` or `package_flag` for the whole ' +
    'question, or another `requirement`. Null from the 51st issue on.',
  available: 'The newest set with a version that satisfies the requirement, or null.',
  problem: 'What is wrong, without the position.',
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
