/** All fields that options, the environment or `[tool.pinwheel]` may give, and their values among a command's options. */
import {
  BEYOND_FIELDS,
  FIELDS,
  type Fields,
  optionOf,
  settingOf,
  TARGET_FIELDS,
} from '../../resolver/question/fields.ts';
import { shellWord } from '../../resolver/text/printable.ts';
import { withoutCredentials } from '../common/credentials.ts';

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
  built: {
    kind: 'flag',
    meaning: 'the Worker is what pinwheel build makes, with its own Python and SDK',
    example: true,
    kept: true,
  },
  place: {
    kind: 'text',
    meaning: 'where to put the snapshot, the standard library and package files',
    example: 'assets',
    option: '<where>',
    kept: true,
  },
  bucket: {
    kind: 'text',
    meaning: 'the bucket for --place r2',
    example: 'files',
    option: '<name>',
    kept: true,
  },
} as const satisfies Fields;

/** All that options, the environment or `[tool.pinwheel]` may give. */
export const GIVEN_FIELDS = { ...FIELDS, ...OWN_FIELDS };
export type GivenField = keyof typeof GIVEN_FIELDS;

/** The texts that an option of a field was given; undefined if it was not. */
export function givenTo(options: object, name: GivenField): string[] | undefined {
  const given = options as Record<string, string | string[] | undefined>;
  // `asOf` for `--as-of`.
  const property = settingOf(name, GIVEN_FIELDS[name]).replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  const value = given[property];
  return value === undefined ? undefined : [value].flat();
}

/** A command that is proposed, with the options of the one that proposes it, and without credentials, which nobody should see. */
export function commandWith(options: object, ...words: readonly string[]): string {
  const all = ['pinwheel', ...words, ...wordsOf(options)];
  return all.map((word) => shellWord(withoutCredentials(word))).join(' ');
}

/** The options of a closure, as a command that is proposed repeats them. */
export function wordsOf(options: object): string[] {
  const { index, ...given } = options as Record<string, unknown>;
  const word = (option: string, value: unknown) =>
    (value === undefined ? [] : [value].flat()).flatMap((text) =>
      text === true ? [option] : [option, String(text)],
    );
  const fields = [...TARGET_FIELDS, 'pyodide', 'find_links', ...BEYOND_FIELDS] as const;
  return [
    ...['config', 'env', 'registry', 'offline', 'extra', 'group', 'targets'].flatMap((name) =>
      word(`--${name}`, given[name]),
    ),
    ...word('--max-age', given.maxAge),
    ...(index === undefined ? [] : [index === true ? '--index' : '--no-index']),
    ...fields.flatMap((name) => word(optionOf(name, GIVEN_FIELDS[name]), givenTo(given, name))),
  ];
}
