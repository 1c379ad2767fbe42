/** The options of questions, from the table of fields and what only the command line has. */
import { type Command, Option } from 'commander';
import {
  FIELDS,
  type Field,
  type Fields,
  INDEX_FIELDS,
  isList,
  optionOf,
} from '../../resolver/question/fields.ts';

/** The fields that only a command line or `[tool.pinwheel]` has. */
const OWN_FIELDS = {
  find_links: {
    kind: 'texts',
    meaning: 'take wheels from this folder first',
    example: ['wheels'],
    option: '<folder>',
    kept: true,
  },
  package_set: {
    kind: 'text',
    meaning: "the project's package set, by its flag",
    example: 'python_3.13_packages_2025_09_22',
    kept: true,
  },
  place: {
    kind: 'text',
    meaning: 'where to put the snapshot, the standard library and package files',
    example: 'assets',
    kept: true,
  },
  bucket: { kind: 'text', meaning: 'the bucket for --place r2', example: 'files', kept: true },
} as const satisfies Fields;

/** All that options, the environment or `[tool.pinwheel]` may give. */
export const GIVEN_FIELDS = { ...FIELDS, ...OWN_FIELDS };
export type GivenField = keyof typeof GIVEN_FIELDS;

/** The options of an index and a set, beside those of {@link INDEX_FIELDS}. */
export interface BeyondOptions {
  /** `--index` is PyPI, `--no-index` none, whatever is configured. */
  index?: boolean;
  /** A `pyodide-lock.json`. */
  set?: string;
  /** A Pyodide version. */
  pyodide?: string;
}

const append = (value: string, values: string[] = []): string[] => [...values, value];

/** Adds the option of a field, with its help. */
function addOption(command: Command, name: GivenField): void {
  const field: Field = GIVEN_FIELDS[name];
  const { kind, meaning, option, default: otherwise } = field;
  const repeatable = isList(kind) || kind === 'index';
  const help = `${meaning}${otherwise ? ` (default: ${otherwise})` : ''}${repeatable ? '; repeatable' : ''}`;
  const made = new Option(option ? `${optionOf(name, field)} ${option}` : optionOf(name, field), help);
  command.addOption(repeatable ? made.argParser(append) : made);
}

export function addOptions(command: Command, ...names: GivenField[]): void {
  for (const name of names) addOption(command, name);
}

/** Where commander puts the value of an option: `asOf` for `--as-of`. */
export function attributeOf(name: string, field: Field): string {
  return new Option(optionOf(name, field)).attributeName();
}

/** The texts that an option of a field was given; undefined if it was not. */
export function givenTo(options: object, name: GivenField): string[] | undefined {
  const given = options as Record<string, string | string[] | undefined>;
  const value = given[attributeOf(name, GIVEN_FIELDS[name])];
  return value === undefined ? undefined : [value].flat();
}

/** The options for packages that the set does not have. */
export function addIndexOptions(command: Command): void {
  command
    .option('--index', 'get packages that the set lacks from PyPI')
    .option('--no-index', 'use only the package set, even if an index is configured');
  addOptions(command, 'index', 'find_links', ...INDEX_FIELDS);
}

/** The options that replace the target's package set, or its date and flags. */
export function addSetOptions(command: Command): void {
  addOptions(command, 'set', 'pyodide');
}
