/**
 * Every field of a question, described once: what the library, the registry and the command line read, refuse, complete
 * and document follows from this table. Null or absence means that a field is not given, everywhere.
 */
import type { PackageSet } from '../catalog.ts';
import type { PackageIndex } from '../solver/package-index.ts';
import type { IndexOptions } from '../solver/simple-index/open-index.ts';

/** A question with more requirements is rejected. */
export const MAX_REQUIREMENTS = 1_000;

export const MOST_FLAGS = 100;

export interface Values {
  text: string;
  texts: readonly string[];
  /** Names of packages. */
  names: readonly string[];
  number: number;
  flag: boolean;
  /** A day (UTC, included) or an RFC 3339 moment, the last one that counts; `false` if all do. */
  moment: string | false;
  /** Days or moments by the names of packages. */
  moments: Readonly<Record<string, string | false>>;
  /** A simple index, by its URL; or anything that lists files and reads their METADATA, as `openIndex` makes one. */
  index: PackageIndex | IndexOptions;
  /** Whether to ask the index of a registry, or its URL. */
  registry_index: boolean | string;
  set: PackageSet;
  files: Readonly<Record<string, string | Uint8Array>>;
}
export type Kind = keyof Values;

export interface Field {
  kind: Kind;
  /** A phrase, which help prints as it is, and other documents as a sentence. */
  meaning: string;
  example?: unknown;
  /** The default, in words. */
  default?: string;
  /** The most elements of a list, or characters of a text; or the largest number, from 1 on. */
  most?: number;
  /** The name in addresses and on the command line, where a list is given one element at a time. */
  single?: string;
  /** The placeholder after the option on the command line, such as `<day>`; null for a switch. */
  option?: string | null;
  /** The name of its option, if it is not the field's own. */
  spelled?: string;
  /** Whether `[tool.pinwheel]` and the environment may have it. */
  kept?: true;
  /** The words before the value in an answer, if the field is recorded with an index and has no effect without one. */
  of_index?: string;
}

const SIDE = {
  kind: 'text',
  meaning: 'compatibility date or package flag, which has its own date',
} as const;

export const FIELDS = {
  compatibility_date: {
    kind: 'text',
    meaning: 'compatibility date, YYYY-MM-DD',
    example: '2025-11-02',
    single: 'date',
    option: '<date>',
  },
  compatibility_flags: {
    kind: 'texts',
    meaning: 'compatibility flag or package flag',
    example: ['python_workers'],
    most: MOST_FLAGS,
    single: 'flag',
    option: '<flag>',
  },
  as_of: {
    kind: 'text',
    meaning: 'the day on which the question is asked',
    default: 'today, UTC',
    example: '2026-11-20',
    option: '<date>',
  },
  revision: {
    kind: 'number',
    meaning: 'answer as the registry did at this revision',
    default: 'the newest',
    example: 12,
    option: '<number>',
  },
  experimental: {
    kind: 'flag',
    meaning: 'allow experimental flags, as workerd --experimental does',
    example: true,
    option: null,
  },
  pyodide: {
    kind: 'text',
    meaning: 'use this Pyodide, without a date and flags',
    example: '0.29.5',
    option: '<version>',
  },
  requirements: {
    kind: 'texts',
    meaning: 'a PEP 508 requirement',
    example: ['fastapi'],
    most: MAX_REQUIREMENTS,
    single: 'requirement',
  },
  index: {
    kind: 'index',
    meaning: 'get packages that the set lacks from this simple index',
    example: { url: 'https://pypi.org/simple/' },
    option: '<url>',
    spelled: 'index-url',
    kept: true,
  },
  exclude_newer: {
    kind: 'moment',
    meaning: 'ignore later uploads',
    default: 'the compatibility date, or the release of the set if that is later',
    example: '2026-11-20',
    option: '<day>',
    kept: true,
    of_index: 'uploads up to',
  },
  exclude_newer_package: {
    kind: 'moments',
    meaning: 'the same for one package',
    example: { django: '2026-11-20' },
    option: '<name=day>',
    kept: true,
    of_index: 'up to',
  },
  unpin: {
    kind: 'names',
    meaning: 'get this package of the set from the index',
    example: ['fastapi'],
    most: 100,
    option: '<name>',
    kept: true,
    of_index: 'not from the set',
  },
  constraints: {
    kind: 'texts',
    meaning: 'a PEP 508 requirement that limits the versions of the index, and requires nothing',
    example: ['urllib3<2'],
    most: MAX_REQUIREMENTS,
  },
  set: {
    kind: 'set',
    meaning: "use this pyodide-lock.json, not the target's package set",
    example: 'pyodide-lock.json',
    option: '<file>',
    kept: true,
  },
  requirement: {
    kind: 'text',
    meaning: 'a PEP 508 requirement',
    example: 'polars>=1',
  },
  from: { ...SIDE, example: '2025-11-02' },
  to: { ...SIDE, example: '2026-11-01' },
  files: {
    kind: 'files',
    meaning: "the project's files by their paths",
    example: { 'entry.py': 'import json' },
  },
  main: {
    kind: 'text',
    meaning: 'the main module, from whose folder modules are imported',
    example: 'src/entry.py',
  },
  wheels: {
    kind: 'texts',
    meaning:
      'the URL of a wheel of your own, which replaces a package of the same name; it is not downloaded whole if it ' +
      'ends in #sha256=…',
    example: ['https://files.example/shout-2.0-py3-none-any.whl#sha256=…'],
    most: 50,
  },
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;

export type Asking<Name extends FieldName> = {
  [Key in Name]?: Values[(typeof FIELDS)[Key]['kind']] | null | undefined;
};

/** The fields that only have an effect with an index. */
export type IndexField = {
  [Name in FieldName]: (typeof FIELDS)[Name] extends { of_index: string } ? Name : never;
}[FieldName];

/** The fields of which each takes an answer beyond its package set. */
export type BeyondField = IndexField | 'index' | 'constraints' | 'set';

export const TARGET_FIELDS = [
  'compatibility_date',
  'compatibility_flags',
  'as_of',
  'revision',
  'experimental',
] as const satisfies FieldName[];

export const INDEX_FIELDS: readonly IndexField[] = /* @__PURE__ */ fieldsOfIndex();

export const BEYOND_FIELDS = /* @__PURE__ */ ['index', 'constraints', 'set'].concat(
  INDEX_FIELDS,
) as readonly BeyondField[];

function fieldsOfIndex(): IndexField[] {
  const names = Object.keys(FIELDS) as FieldName[];
  return names.filter((name): name is IndexField => 'of_index' in FIELDS[name]);
}

export type Fields = Readonly<Record<string, Field>>;

export function fieldsNamed<Name extends FieldName>(
  ...names: readonly Name[]
): { [Key in Name]: (typeof FIELDS)[Key] } {
  const rows = names.map((name) => [name, FIELDS[name]]);
  return Object.fromEntries(rows) as { [Key in Name]: (typeof FIELDS)[Key] };
}

/** The key of a field in `[tool.pinwheel]`, such as `exclude-newer`. */
export function settingOf(name: string, { spelled, single }: Field = FIELDS[name as FieldName]): string {
  return spelled ?? (single ?? name).replaceAll('_', '-');
}

/** The option of a field on the command line, such as `--exclude-newer`. */
export function optionOf(name: string, field?: Field): string {
  return `--${settingOf(name, field)}`;
}

/** The environment variable of a field, such as `PINWHEEL_EXCLUDE_NEWER`. */
export function variableOf(name: string, field?: Field): string {
  return `PINWHEEL_${settingOf(name, field).replaceAll('-', '_').toUpperCase()}`;
}
