/** The wrangler file of a project: where it is, and what it says. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Table } from '../../resolver/formats/table.ts';
import type { WranglerSettings } from '../../resolver/formats/wrangler.ts';
import type { Outcome } from '../../resolver/issue.ts';
import { misused, unanswered } from '../failure.ts';
import { nameOf, readText } from './read-text.ts';

/** In the order in which wrangler looks for them. */
const FILE_NAMES = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'];

/** The wrangler file of a folder, by default the current one, or null. */
export function findWranglerFile(folder = ''): string | null {
  return FILE_NAMES.map((name) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** Reads a wrangler file; what an environment does not say itself it takes from the top level. */
export async function readWranglerFile(path: string, environment: string | null): Promise<WranglerSettings> {
  const tables = await readTables(path, environment);
  const { wranglerSettings } = await import('../../resolver/formats/wrangler.ts');
  return unwrap(wranglerSettings(nameOf(path), tables));
}

/** Where a Worker begins, as paths from the folder of the wrangler file; null for what it does not say. */
export async function readWranglerEntry(
  path: string,
  environment: string | null,
): Promise<{ main: string | null; base_dir: string | null }> {
  const tables = await readTables(path, environment);
  const { settingIn } = await import('../../resolver/formats/wrangler.ts');
  const text = (key: string) => {
    const value = settingIn(tables, key);
    return typeof value === 'string' ? value : null;
  };
  return { main: text('main'), base_dir: text('base_dir') };
}

/** The parsers come with the first file that there is to read. */
async function readTables(path: string, environment: string | null): Promise<Table[]> {
  const kind = /\.(toml|jsonc?)$/i.exec(path)?.[1]?.toLowerCase();
  if (!kind) throw misused(`--config ${path} is no wrangler file.`, 'Give a .toml, .jsonc or .json file.');
  const text = await readText(path);
  const { readWranglerTables } = await import('../../resolver/formats/wrangler.ts');
  return unwrap(readWranglerTables(nameOf(path), text, kind === 'toml' ? 'toml' : 'json', environment));
}

function unwrap<Value>(outcome: Outcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw unanswered(outcome.issues.map(({ code, message, fix }) => ({ code, message, fix })));
}
