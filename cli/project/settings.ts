/** The settings for packages that the set does not have: from options, else the environment, else `[tool.pinwheel]`. */
import { basename, dirname, join, resolve } from 'node:path';
import { isCalendarDay } from '../../resolver/compatibility/date.ts';
import { isTable, own, type Table, tableAt } from '../../resolver/formats/table.ts';
import { malformedPyproject } from '../../resolver/issues/files.ts';
import {
  type Asking,
  type Field,
  type Fields,
  INDEX_FIELDS,
  type IndexField,
  type Kind,
  optionOf,
  settingOf,
  type Values,
  variableOf,
} from '../../resolver/question/fields.ts';
import { isList, valueIn } from '../../resolver/question/read.ts';
import type { IndexOptions } from '../../resolver/solver/index.ts';
import { nearest } from '../../resolver/text/nearest.ts';
import { PYPI } from '../common/credentials.ts';
import { type LocatedIssue, misused } from '../common/failure.ts';
import { inputError, readPyproject } from '../common/read-text.ts';
import { GIVEN_FIELDS, type GivenField, givenTo } from './options.ts';
import type { QuestionOptions } from './question.ts';
import { PROJECT_FILE } from './sources/sources.ts';
import { projectHome } from './wrangler-file.ts';

export interface BeyondSettings {
  /** URLs of simple indexes, in the order in which they are asked. */
  indexUrls: readonly string[];
  /** Whether the command line or the environment names them, and not the project. */
  isAsked: boolean;
  /** Folders with wheels, which are searched before them. */
  findLinks: readonly string[];
  asked: Asking<IndexField>;
  set: string | undefined;
  /** Whether `pinwheel build` makes the Worker. */
  isBuilt: boolean;
}

export async function readSettings(options: QuestionOptions & Where): Promise<BeyondSettings> {
  const table = await readToolTable(options);
  const textsOf = (name: GivenField) => givenTo(options, name) ?? variable(name);
  const asked = askedIndexUrls(options);
  const settings = {
    indexUrls: asked ?? table.index ?? [],
    isAsked: asked !== undefined,
    findLinks: textsOf('find_links') ?? table.find_links ?? [],
    set: textsOf('set')?.[0] ?? table.set,
    isBuilt: options.built ?? table.built ?? false,
  };
  // Settings that are only configured have no effect without an index.
  if (settings.indexUrls.length + settings.findLinks.length === 0) {
    const idle = INDEX_FIELDS.find((name) => givenTo(options, name));
    if (idle === undefined) return { ...settings, asked: {} };
    throw misused({ problem: 'option_without_index', option: optionOf(idle) });
  }
  const fields = INDEX_FIELDS.map((name) => [name, settingIn(name, textsOf(name), table[name])]);
  return { ...settings, asked: Object.fromEntries(fields) };
}

/** The value of texts, else that of the table. Of values by name, both count. */
function settingIn(name: IndexField, texts: string[] | undefined, kept: unknown): unknown {
  if (texts === undefined) return kept;
  const field: Field = GIVEN_FIELDS[name];
  const value = valueIn(field.kind, texts);
  if (field.kind !== 'moments') return value;
  if (value !== null) return { ...(kept as object | undefined), ...(value as object) };
  const [[key, day]] = Object.entries(field.example!) as [[string, string]];
  throw misused({
    problem: 'invalid_pair',
    option: optionOf(name),
    text: texts.find((text) => valueIn(field.kind, [text]) === null)!,
    form: field.option!.slice(1, -1).toUpperCase(),
    example: `${key}=${day}`,
  });
}

function askedIndexUrls(options: QuestionOptions): string[] | undefined {
  const { index } = options;
  const named = givenTo(options, 'index') ?? [];
  if (index === false && named.length > 0)
    throw misused({ problem: 'contradiction', options: ['--no-index', '--index-url'] });
  if (index === false) return [];
  // The named indexes go before PyPI, which has everything.
  if (index === true || named.length > 0) return [...named, ...(index === true ? [PYPI] : [])];
  return variable('index');
}

/** Words of an environment variable. Only paths may contain spaces. */
function variable(name: GivenField): string[] | undefined {
  const field: Field = GIVEN_FIELDS[name];
  const text = process.env[variableOf(name, field)];
  if (!text) return undefined;
  if (!isList(field.kind) && field.kind !== 'index') return [text];
  return text.split(field.option === '<folder>' ? /,/ : /[\s,]+/).filter((word) => word !== '');
}

/** The values of fields as a table has them: indexes by their URLs, and a set by its path. */
type Kept = Omit<Values, 'index' | 'set'> & { index: readonly string[]; set: string };

type KeptField = {
  [Name in GivenField]: (typeof GIVEN_FIELDS)[Name] extends { kept: true } ? Name : never;
}[GivenField];

export type ToolTable = { [Name in KeptField]?: Kept[(typeof GIVEN_FIELDS)[Name]['kind']] } & {
  /** Under `audit.ignore`. */
  ignore?: Ignored[];
  /** Requests that are answered at build time, such as `GET /`. */
  warm?: string[];
};

/** A finding that does not count up to a day, and why. */
export interface Ignored {
  id: string;
  reason: string;
  until: string;
}

type Read = (value: unknown) => unknown;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const texts: Read = (value) => {
  const list = [value].flat();
  return list.every(isText) ? list : undefined;
};
const text: Read = (value) => (isText(value) ? value : undefined);
/** TOML has date and time values. */
const moment: Read = (value) => {
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, '');
  return value === false ? false : text(value);
};
const moments: Read = (value) => {
  if (!isTable(value)) return undefined;
  const entries = Object.entries(value).map(([name, day]) => [name, moment(day)] as const);
  return entries.every(([, day]) => day !== undefined) ? Object.fromEntries(entries) : undefined;
};

const READERS: Partial<Record<Kind, Read>> = {
  text,
  texts,
  names: texts,
  moment,
  moments,
  index: texts,
  set: text,
  flag: (value) => (typeof value === 'boolean' ? value : undefined),
};

const ignored: Read = (value) => {
  const list = isTable(value) && Object.keys(value).length === 1 ? own(value, 'ignore') : undefined;
  if (!Array.isArray(list)) return undefined;
  const read = list.flatMap((entry) => {
    const { id, reason, until, ...rest } = isTable(entry) ? entry : {};
    const day = moment(until);
    const isWhole = isText(id) && isText(reason) && Object.keys(rest).length === 0;
    return isWhole && typeof day === 'string' && isCalendarDay(day) ? { id, reason, until: day } : [];
  });
  return read.length === list.length ? read : undefined;
};

const IGNORED_EXAMPLE: Ignored = { id: 'PYSEC-2026-141', reason: 'no proxies here', until: '2027-01-31' };

const WARM = /^(?:DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) (?:https?:\/\/|\/(?!\/))\S*$/;

const warm: Read = (value) => {
  const list = texts(value) as string[] | undefined;
  return list?.every((text) => WARM.test(text) && URL.canParse(text.split(' ')[1]!, 'https://localhost'))
    ? list
    : undefined;
};

/** The settings by the names that they have in the table: fields of questions, and what commands have of their own. */
const SETTINGS = new Map<string, { name: string; read: Read; example: unknown }>([
  ...Object.entries(GIVEN_FIELDS as Fields).flatMap(([name, field]) => {
    const read = field.kept && READERS[field.kind];
    const example = field.kind === 'index' ? (field.example as IndexOptions).url : field.example;
    return read ? [[settingOf(name, field), { name, read, example }] as const] : [];
  }),
  ['audit', { name: 'ignore', read: ignored, example: { ignore: [IGNORED_EXAMPLE] } }],
  ['warm', { name: 'warm', read: warm, example: ['GET /', 'GET https://example.com/items?page=1'] }],
]);

export interface Where {
  config?: string | undefined;
  requirements?: readonly string[] | undefined;
}

/** The settings of the first named `pyproject.toml`, else of the project's. Its paths are relative to its folder. */
export async function readToolTable({ config, requirements }: Where): Promise<ToolTable> {
  const named = requirements?.find((path) => basename(path) === PROJECT_FILE);
  const file = named ?? join(projectHome(config), PROJECT_FILE);
  const table = own(tableAt(await readPyproject(file), 'tool') ?? {}, 'pinwheel');
  if (table === undefined) return {};
  if (!isTable(table)) throw inputError([issue(file, { problem: 'no_table' })]);
  const settings = settingsIn(table, file);
  const { set, find_links: links } = settings;
  const pathOf = (path: string) => resolve(dirname(file), path);
  return {
    ...settings,
    ...(set !== undefined && { set: pathOf(set) }),
    ...(links && { find_links: links.map(pathOf) }),
  };
}

function settingsIn(table: Table, file: string): ToolTable {
  const known = [...SETTINGS.keys()];
  const settings: Record<string, unknown> = {};
  const issues = Object.entries(table).flatMap(([setting, value]) => {
    const row = SETTINGS.get(setting);
    if (!row)
      return issue(file, { problem: 'unknown_setting', setting, near: nearest(setting, known), known });
    const read = row.read(value);
    if (read !== undefined) settings[row.name] = read;
    const example = tomlOf(row.example);
    return read === undefined ? issue(file, { problem: 'invalid_setting', setting, example }) : [];
  });
  if (issues.length > 0) throw inputError(issues);
  return settings;
}

/** A value on one line of TOML. */
function tomlOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(tomlOf).join(', ')}]`;
  if (!isTable(value)) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, item]) => `${name} = ${tomlOf(item)}`)
    .join(', ')} }`;
}

function issue(file: string, given: Parameters<typeof malformedPyproject>[0]): LocatedIssue {
  return { ...malformedPyproject(given), where: file };
}
