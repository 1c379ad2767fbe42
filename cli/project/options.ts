/** All fields that options, the environment or `[tool.pinwheel]` may give, and their values among a command's options. */
import { FIELDS, type Fields, INDEX_FIELDS, settingOf } from '../../resolver/question/fields.ts';

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

/** The options of an index and a set, beside those of {@link INDEX_FIELDS}. */
export interface BeyondOptions {
  /** `--index` is PyPI, `--no-index` none, whatever is configured. */
  index?: boolean;
  set?: string;
  pyodide?: string;
  /** Not given by words: set where a build follows. */
  built?: true;
}

/** The texts that an option of a field was given; undefined if it was not. */
export function givenTo(options: object, name: GivenField): string[] | undefined {
  const given = options as Record<string, string | string[] | undefined>;
  // `asOf` for `--as-of`.
  const property = settingOf(name, GIVEN_FIELDS[name]).replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  const value = given[property];
  return value === undefined ? undefined : [value].flat();
}
