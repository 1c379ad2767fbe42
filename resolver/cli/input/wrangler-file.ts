/** The compatibility date and flags of a wrangler file, as wrangler reads them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Complaint, misused, unanswered } from '../failure.ts';
import { nameOf, readText } from './read-text.ts';
import { isTable, own, type Table } from './table.ts';

export interface WranglerSettings {
  compatibility_date: string | null;
  compatibility_flags: string[];
}

/** In the order in which wrangler looks for them. */
const FILE_NAMES = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'];

/** The wrangler file of a folder, by default the current one, or null. */
export function findWranglerFile(folder = ''): string | null {
  return FILE_NAMES.map((name) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** Reads a wrangler file; what an environment does not say itself it takes from the top level. */
export async function readWranglerFile(path: string, environment: string | null): Promise<WranglerSettings> {
  const tables = await readTables(path, environment);
  const complaints: Complaint[] = [];
  const settings = {
    compatibility_date: dateOf(path, first(tables, 'compatibility_date'), complaints),
    compatibility_flags: flagsOf(path, first(tables, 'compatibility_flags'), complaints),
  };
  if (complaints.length > 0) throw unanswered(complaints);
  return settings;
}

/** Where a Worker begins, as paths from the folder of the wrangler file; null for what it does not say. */
export async function readWranglerEntry(
  path: string,
  environment: string | null,
): Promise<{ main: string | null; base_dir: string | null }> {
  const tables = await readTables(path, environment);
  const text = (key: string) => {
    const value = first(tables, key);
    return typeof value === 'string' ? value : null;
  };
  return { main: text('main'), base_dir: text('base_dir') };
}

/** The tables in which a setting is looked for, in their order. */
async function readTables(path: string, environment: string | null): Promise<Table[]> {
  const kind = /\.(toml|jsonc?)$/i.exec(path)?.[1]?.toLowerCase();
  if (!kind) throw misused(`--config ${path} is no wrangler file.`, 'Give a .toml, .jsonc or .json file.');
  const text = await readText(path);
  const top = kind === 'toml' ? await parseToml(path, text) : await parseJson(path, text);
  if (!isTable(top)) throw malformed(path, 'it is no object', 'Write the settings between { and }.');
  return environment === null ? [top] : [environmentOf(path, top, environment), top];
}

async function parseToml(path: string, text: string): Promise<unknown> {
  const { parse } = await import('smol-toml');
  try {
    return parse(text);
  } catch (error) {
    throw malformed(path, (error as Error).message.trimEnd(), 'Correct the TOML.');
  }
}

async function parseJson(path: string, text: string): Promise<unknown> {
  const { parse, printParseErrorCode } = await import('jsonc-parser');
  const errors: import('jsonc-parser').ParseError[] = [];
  let value: unknown;
  try {
    value = parse(text, errors, { allowTrailingComma: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw malformed(path, 'it is nested too deep', null);
  }
  const [wrong] = errors;
  if (!wrong) return value;
  const before = text.slice(0, wrong.offset).split('\n');
  const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
  const what = printParseErrorCode(wrong.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  throw malformed(path, `${what} at ${place}`, 'Correct the JSON; comments and trailing commas are fine.');
}

function malformed(path: string, problem: string, fix: string | null) {
  const message = `${nameOf(path)} could not be understood: ${problem}`;
  return unanswered([{ code: 'malformed_wrangler_file', message, fix }]);
}

function environmentOf(path: string, top: Table, name: string): Table {
  const environments = own(top, 'env');
  const table = isTable(environments) ? own(environments, name) : undefined;
  if (isTable(table)) return table;
  const known = isTable(environments) ? Object.keys(environments).slice(0, 10) : [];
  throw unanswered([
    {
      code: 'unknown_environment',
      message: `${nameOf(path)} has no environment "${name}".`,
      fix: known.length > 0 ? `It has ${known.join(', ')}.` : 'It has no environments: leave --env out.',
    },
  ]);
}

function dateOf(path: string, value: unknown, complaints: Complaint[]): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string') return value;
  const quoted = value instanceof Date ? `"${value.toISOString().slice(0, 10)}"` : '"2025-11-02"';
  complaints.push({
    code: 'malformed_wrangler_file',
    message: `compatibility_date in ${nameOf(path)} has to be a string.`,
    fix: `Write it between quotation marks, such as ${quoted}.`,
  });
  return null;
}

function flagsOf(path: string, value: unknown, complaints: Complaint[]): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((flag) => typeof flag === 'string')) return value;
  complaints.push({
    code: 'malformed_wrangler_file',
    message: `compatibility_flags in ${nameOf(path)} has to be a list of strings.`,
    fix: 'Write it as in ["python_workers"].',
  });
  return [];
}

function first(tables: readonly Table[], key: string): unknown {
  return tables.map((table) => own(table, key)).find((value) => value !== undefined);
}
