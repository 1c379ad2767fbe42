/** `[tool.pinwheel]` of a `pyproject.toml`: the settings of a project. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isTable, own, type Table } from '../../resolver/formats/table.ts';
import { malformedPyproject } from '../../resolver/issues/files.ts';
import { type Field, type Fields, settingOf } from '../../resolver/question/fields.ts';
import type { IndexOptions } from '../../resolver/solver/index.ts';
import { nearest } from '../../resolver/text/nearest.ts';
import type { LocatedIssue } from '../common/failure.ts';
import { inputError, parseToml, readText } from '../common/read-text.ts';
import { GIVEN_FIELDS, type GivenField } from './options.ts';
import { PROJECT_FILE } from './sources/sources.ts';
import { findWranglerFile } from './wrangler-file.ts';

/** What a table has of each kind of field. */
interface Kept {
  text: string;
  texts: string[];
  names: string[];
  moment: string | false;
  moments: Record<string, string | false>;
  /** The URLs of indexes. */
  index: string[];
  /** The path of a `pyodide-lock.json`. */
  set: string;
}

type KeptField = {
  [Name in GivenField]: (typeof GIVEN_FIELDS)[Name] extends { kept: true } ? Name : never;
}[GivenField];

export type ToolTable = { [Name in KeptField]?: Kept[(typeof GIVEN_FIELDS)[Name]['kind']] };

/** The fields by the names that they have in the table. */
const SETTINGS = new Map<string, Field & { name: string }>(
  Object.entries(GIVEN_FIELDS as Fields).flatMap(([name, field]) =>
    field.kept ? [[settingOf(name, field), { ...field, name }] as const] : [],
  ),
);

type Read = (value: unknown) => unknown;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const texts: Read = (value) => {
  const list = isText(value) ? [value] : value;
  return Array.isArray(list) && list.every(isText) ? list : undefined;
};
const text: Read = (value) => (isText(value) ? value : undefined);
/** TOML has date and time values. */
const moment: Read = (value) =>
  value instanceof Date
    ? (value as Date).toISOString().replace(/T00:00:00\.000Z$/, '')
    : value === false
      ? false
      : text(value);
const moments: Read = (value) => {
  if (!isTable(value)) return undefined;
  const found = Object.entries(value).map(([name, one]) => [name, moment(one)] as const);
  return found.every(([, one]) => one !== undefined) ? Object.fromEntries(found) : undefined;
};

const READERS: Record<keyof Kept, Read> = {
  text,
  texts,
  names: texts,
  moment,
  moments,
  index: texts,
  set: text,
};

/**
 * The settings of a project: from the first `pyproject.toml` among the named files, else from the one next to the
 * wrangler file, or in the current folder if there is no wrangler file. Its paths are relative to its folder.
 */
export async function readToolTable(where: Where): Promise<ToolTable> {
  const file = fileOf(where);
  const known = tables.get(file) ?? readTable(file);
  tables.set(file, known);
  return known;
}

/** Read once. */
const tables = new Map<string, Promise<ToolTable>>();

interface Where {
  config?: string | undefined;
  requirements?: readonly string[] | undefined;
}

function fileOf({ config, requirements }: Where): string {
  const named = requirements?.find((path) => basename(path) === PROJECT_FILE);
  const wrangler = config ?? findWranglerFile();
  return named ?? join(wrangler === null ? '' : dirname(wrangler), PROJECT_FILE);
}

async function readTable(file: string): Promise<ToolTable> {
  if (!existsSync(file)) return {};
  const top = await parseToml(file, await readText(file), malformedPyproject);
  const tool = own(top, 'tool');
  const table = isTable(tool) ? own(tool, 'pinwheel') : undefined;
  if (table === undefined) return {};
  if (!isTable(table)) throw inputError([issue(file, { problem: 'no_table' })]);
  return withPaths(settingsIn(table, file), dirname(file));
}

function settingsIn(table: Table, file: string): ToolTable {
  const issues: LocatedIssue[] = [];
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(table)) {
    const field = SETTINGS.get(key);
    if (!field) {
      const known = [...SETTINGS.keys()];
      const near = nearest(key, known);
      issues.push(issue(file, { problem: 'unknown_setting', setting: key, near, known }));
      continue;
    }
    const read = READERS[field.kind as keyof Kept](value);
    if (read !== undefined) settings[field.name] = read;
    else {
      const example = tomlOf(field.kind === 'index' ? (field.example as IndexOptions).url : field.example);
      issues.push(issue(file, { problem: 'invalid_setting', setting: key, example }));
    }
  }
  if (issues.length > 0) throw inputError(issues);
  return settings;
}

/** A value on one line of TOML. */
function tomlOf(value: unknown): string {
  if (!isTable(value)) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, one]) => `${name} = ${tomlOf(one)}`)
    .join(', ')} }`;
}

function withPaths(settings: ToolTable, folder: string): ToolTable {
  const { set, find_links: links } = settings;
  return {
    ...settings,
    ...(set !== undefined && { set: resolve(folder, set) }),
    ...(links && { find_links: links.map((one) => resolve(folder, one)) }),
  };
}

function issue(file: string, given: Parameters<typeof malformedPyproject>[0]): LocatedIssue {
  return { ...malformedPyproject(given), where: file };
}
