/**
 * Issues of questions that cannot be read, in the library and in a registry's addresses, bodies and forms, or that a client
 * cannot answer.
 */
import { didYouMean } from '../text/nearest.ts';
import { listed, printable } from '../text/printable.ts';
import { type CauseOf, type Causes, define, defineCauses } from './define.ts';

const EXAMPLE = "Write it as in { compatibility_date: '2025-11-02', requirements: ['fastapi'] }.";
const SEE = 'See /openapi.json.';
const CORRECT_IT = 'Correct it, or leave it out.';

const LIST = 'a list of strings';

/** The valid values of a field, by its kind. */
const NEEDED = {
  text: 'a string',
  texts: LIST,
  names: LIST,
  number: 'a whole number',
  flag: 'true or false',
  moment: 'a day, a moment or false',
  moments: 'an object of days, moments or false by names',
  index: 'an object with the url of an index',
  registry_index: 'true, false or a URL',
  set: 'a package set',
  files: 'an object of strings or bytes by paths',
} as const;
type Needed = keyof typeof NEEDED;

const LONGEST = 60;
const MOST_DATES = 5;

/** A value as messages name it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `the string '${printable(value.slice(0, LONGEST))}'`;
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' ? 'an object' : String(value);
}

/** `near` and `known` are the names of fields. */
type Unknown = { name: string; near: string[]; known: string[] };

const unknown = (what: string, { name, near, known }: Unknown) => {
  const all = `There ${known[1] ? 'are' : 'is only'} ${known.join(', ')}.`;
  return [
    `There is no ${what} ${printable(name.slice(0, LONGEST))}.`,
    didYouMean(near) ?? (known[0] ? all : 'Leave it out.'),
  ] as const;
};

/** Problems of an object's fields. `given` is text made by {@link shown}; `otherwise` says where to read more. */
const fieldCauses = (otherwise: string | null) =>
  ({
    no_object: () => ['A question has to be an object.', EXAMPLE],
    missing_field: ['{field} is missing.', 'Write {field}: {example}.'],
    unknown_field: (given: Unknown) => unknown('field', given),
    wrong_type: (wrong: { field: string; needed: Needed; given: string; example: string | null }) => [
      `${wrong.field} has to be ${NEEDED[wrong.needed]}, but is ${wrong.given}.`,
      wrong.example === null ? otherwise : `Write ${wrong.field}: ${wrong.example}.`,
    ],
    too_long: ['{field} has to be of {most:number} characters at most, but is {given}.', otherwise],
    empty: ['{field} is empty.', otherwise],
    out_of_range: ['{field} has to be from 1 to {most:number}, but is {given}.', otherwise],
    too_many_elements: [
      '{field} has {count:number} elements, but may have {most:number} at most.',
      otherwise,
    ],
  }) as const satisfies Causes;
export type FieldCause = CauseOf<ReturnType<typeof fieldCauses>>;

const questionCauses = () =>
  ({
    ...fieldCauses(null),
    no_index: ({ names }: { names: string[] }) => {
      const [need, them] = names.length > 1 ? ['need', 'them'] : ['needs', 'it'];
      return [
        `${names.join(', ')} ${need} an index.`,
        `Write index: { url: 'https://pypi.org/simple/' }, or leave ${them} out.`,
      ];
    },
    pyodide_and_target: [
      'A Pyodide version replaces a compatibility date and flags.',
      'Leave out the Pyodide version, or the date and the flags.',
    ],
    /** `known`: the newest versions; `older`: how many more there are. */
    no_set_of_pyodide: ({ pyodide, known, older }: { pyodide: string; known: string[]; older: number }) => [
      `No package set is for Pyodide ${printable(pyodide)}.`,
      `There are sets of ${known.join(', ')} and ${older} older ones.`,
    ],
    equal_markers: ({ targets }: { targets: string[] }) => [
      `A pylock.toml cannot tell ${targets.join(' and ')} apart: no marker differs between them.`,
      'Write a file for each, or --json.',
    ],
  }) as const satisfies Causes;

/** A question that the library cannot read. */
export const invalidQuestion = /* @__PURE__ */ defineCauses(
  'malformed',
  'invalid_question',
  /* @__PURE__ */ questionCauses(),
);

/** `given`: the text; `form`: whether a form sent it. */
type Misread = { field: string; needed: Needed; example: string; given: string; form: boolean };

const parameterCauses = () =>
  ({
    ...fieldCauses(SEE),
    missing_parameter: ['{field} is missing.', 'Give {field}={example}.'],
    unknown_parameter: (given: Unknown) => unknown('parameter', given),
    repeated: ({ field, form }: { field: string; form: boolean }) => [
      `${field} is given more than once.`,
      form ? 'Give it once.' : SEE,
    ],
    misread: ({ field, needed, example, given, form }: Misread) => [
      `${field} has to be ${
        needed === 'number'
          ? `a whole number${/^\d+$/.test(given) ? ' of 15 digits at most' : ''}, such as ${example}`
          : needed === 'moments'
            ? 'NAME=DAY'
            : 'true or false'
      }, but is '${printable(given.slice(0, LONGEST))}'.`,
      form ? CORRECT_IT : SEE,
    ],
    long_together: [
      'requirements: together they have {size:number} characters, but at most {most:number} are allowed.',
      'Split the question.',
    ],
    too_many_dates: ({ dates, most }: { dates: string[]; most: number }) => [
      `A ${most === 1 ? 'wrangler file moves to one date' : 'question has one date, or two for a move'}, but there are ${listed(dates, MOST_DATES)}.`,
      'Leave out the others.',
    ],
    too_many_lines: ['requirements: there are more than {most:number} lines.', 'Paste less.'],
    not_among: ({ field, given, known }: { field: string; given: string; known: string[] }) => [
      `${field}: "${printable(given)}" is not one of ${known.join(', ')}.`,
      CORRECT_IT,
    ],
    long_filter: ['A part of a name has at most {most:number} characters.', 'Shorten it.'],
    no_form: ['This page takes what its form sends.', 'Send questions in JSON to /v1/resolve.'],
    unread_form: ['The form could not be read.', 'Send it once more.'],
    large_question: [
      'What is pasted may have {most} at most.',
      'Paste less, or ask the API in several questions.',
    ],
  }) as const satisfies Causes;

/** A parameter in an address, a body or a form of a registry. */
export const invalidParameter = /* @__PURE__ */ defineCauses(
  'malformed',
  'invalid_parameter',
  /* @__PURE__ */ parameterCauses(),
);

/** A question that needs code which this client was created without. */
export const leftOut = /* @__PURE__ */ define(
  'unanswerable',
  'left_out',
  { name: 'string', entry: 'string' },
  ({ name, entry }) => [
    `This client was created without ${name}, which answers that.`,
    `Write createClient({ registry, ${name} }), and import { ${name} } from '${entry}'.`,
  ],
);
