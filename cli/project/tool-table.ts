/** `[tool.pinwheel]` of a `pyproject.toml`: the settings of a project. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isTable, own, type Table } from '../../resolver/formats/table.ts';
import { malformedPyproject } from '../../resolver/issues/documents.ts';
import { didYouMean, nearest } from '../../resolver/text/nearest.ts';
import type { LocatedIssue } from '../common/failure.ts';
import { inputError } from '../common/input-error.ts';
import type { Listener } from '../common/listener.ts';
import { readText } from '../common/read-text.ts';
import { PROJECT_FILE } from './sources/source-walk.ts';
import { parseToml } from './sources/toml.ts';
import { findWranglerFile } from './wrangler-file.ts';

export interface ToolTable {
  'index-url'?: string[];
  'find-links'?: string[];
  'exclude-newer'?: string | false;
  'exclude-newer-package'?: Record<string, string | false>;
  unpin?: string[];
  set?: string;
  'package-set'?: string;
  /** For `pinwheel build`. */
  place?: string;
  bucket?: string;
}

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

const SETTINGS: Record<keyof ToolTable, { read: Read; example: string }> = {
  'index-url': { read: texts, example: '"https://pypi.org/simple/"' },
  'find-links': { read: texts, example: '["wheels"]' },
  'exclude-newer': { read: moment, example: '"2026-11-20"' },
  'exclude-newer-package': { read: moments, example: '{ django = "2026-11-20" }' },
  unpin: { read: texts, example: '["fastapi"]' },
  set: { read: text, example: '"pyodide-lock.json"' },
  'package-set': { read: text, example: '"python_3.13_packages_2025_09_22"' },
  place: { read: text, example: '"assets"' },
  bucket: { read: text, example: '"files"' },
};

/**
 * The settings of a project: from the first `pyproject.toml` among the named files, else from the one next to the
 * wrangler file, or in the current folder if there is no wrangler file. Its paths are relative to its folder.
 */
export async function readToolTable(where: Where): Promise<ToolTable> {
  const file = fileOf(where);
  const known = tables.get(file) ?? readTable(file, where.listener);
  tables.set(file, known);
  return known;
}

/** Cached, so that remarks about a file are made once. */
const tables = new Map<string, Promise<ToolTable>>();

interface Where {
  config?: string | undefined;
  requirements?: readonly string[] | undefined;
  listener: Pick<Listener, 'remarks'>;
}

function fileOf({ config, requirements }: Omit<Where, 'listener'>): string {
  const named = requirements?.find((path) => basename(path) === PROJECT_FILE);
  const wrangler = config ?? findWranglerFile();
  return named ?? join(wrangler === null ? '' : dirname(wrangler), PROJECT_FILE);
}

async function readTable(file: string, listener: Where['listener']): Promise<ToolTable> {
  if (!existsSync(file)) return {};
  const top = await parseToml(file, await readText(file), malformedPyproject);
  const tool = own(top, 'tool');
  const table = isTable(tool) ? own(tool, 'pinwheel') : undefined;
  if (table === undefined) return {};
  if (!isTable(table))
    throw inputError([issue(file, 'tool.pinwheel has to be a table', 'Write [tool.pinwheel].')]);
  return withPaths(settingsIn(table, file, listener), dirname(file));
}

function settingsIn(table: Table, file: string, listener: Where['listener']): ToolTable {
  const issues: LocatedIssue[] = [];
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(table)) {
    const known = Object.hasOwn(SETTINGS, key) ? SETTINGS[key as keyof ToolTable] : undefined;
    if (!known) {
      const fix =
        didYouMean(nearest(key, Object.keys(SETTINGS))) ??
        `The settings are ${Object.keys(SETTINGS).join(', ')}.`;
      const message = `${file}: tool.pinwheel has no setting ${key}.`;
      listener.remarks([{ severity: 'warning', message, fix }]);
      continue;
    }
    const read = known.read(value);
    if (read !== undefined) settings[key] = read;
    else
      issues.push(
        issue(file, `tool.pinwheel.${key} is invalid`, `Write it as in ${key} = ${known.example}.`),
      );
  }
  if (issues.length > 0) throw inputError(issues);
  return settings;
}

function withPaths(settings: ToolTable, folder: string): ToolTable {
  const { set, 'find-links': links } = settings;
  return {
    ...settings,
    ...(set !== undefined && { set: resolve(folder, set) }),
    ...(links && { 'find-links': links.map((one) => resolve(folder, one)) }),
  };
}

function issue(file: string, problem: string, fix: string): LocatedIssue {
  return { ...malformedPyproject({ message: `${problem}.`, fix }), where: file };
}
