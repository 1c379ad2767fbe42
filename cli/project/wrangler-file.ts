/** Finds and reads the wrangler file of a project. */
import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { WranglerSettings, WranglerTables } from '../../resolver/formats/wrangler.ts';
import { answered, misused } from '../common/failure.ts';
import { isFile } from '../common/folders.ts';
import { nameOf, readText } from '../common/read-text.ts';

/** The names of wrangler files, in the order in which wrangler looks for them. */
export const WRANGLER_FILES = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'];

/** As wrangler does, looks for the first name in the folder and all above it, then for the next name. */
export function findWranglerFile(folder = ''): string | null {
  for (const name of WRANGLER_FILES) {
    for (let place = resolve(folder); ; place = dirname(place)) {
      const path = join(place, name);
      // As the user would write it: in a named folder, or relative to the current one.
      if (isFile(path) && place === resolve(folder)) return join(folder, name);
      if (isFile(path)) return isAbsolute(folder) ? path : relative('', path);
      if (dirname(place) === place) break;
    }
  }
  return null;
}

/** The folder of the project's wrangler file, wherever below it a command is started; else the current one. */
export function projectHome(config: string | undefined): string {
  const path = config ?? findWranglerFile();
  return path === null ? '' : dirname(path);
}

/** The selected environment: `--env`, else `CLOUDFLARE_ENV`; empty for the top level. */
export function environmentName(named: string | undefined): string {
  return named ?? process.env.CLOUDFLARE_ENV ?? '';
}

/**
 * The settings of a wrangler file that decide the target. An environment inherits from the top level.
 * @param written the text of a file that is yet to be written
 */
export async function readWranglerFile(
  path: string,
  env: string | undefined,
  written?: string,
): Promise<WranglerSettings & Pick<WranglerTables, 'remarks'>> {
  const { tables, remarks } = await readTables(path, env, written);
  const { wranglerSettings } = await import('../../resolver/formats/wrangler.ts');
  return { ...answered(wranglerSettings(nameOf(path), tables)), remarks };
}

/** The wrangler file of a project, and its main module. */
export async function ownFiles(config: string, env: string | undefined): Promise<string[]> {
  const { main } = await readTables(config, env);
  return [config, ...(main === null ? [] : [join(dirname(config), main)])];
}

/** The tables of a wrangler file, its folder, and the main module of its Worker. */
export interface WranglerFile extends WranglerTables {
  home: string;
  /** The path of the main module from there; null if the file names none. */
  main: string | null;
  /** Why no Worker can have that main, as words after the name of the file; null if one can. */
  mainProblem: string | null;
  /** The folder that modules are imported from. */
  root: string;
}

/** Rejects what is no wrangler file, before it is read. The parsers are imported on first use. */
export async function readTables(
  path: string,
  env: string | undefined,
  written?: string,
): Promise<WranglerFile> {
  const [, ending] = /\.(toml|jsonc?)$/i.exec(path) ?? [];
  if (!ending) throw misused({ problem: 'no_wrangler_file', path });
  const syntax = ending.toLowerCase() === 'toml' ? 'toml' : 'json';
  const text = written ?? (await readText(path));
  const { readWranglerTables, settingIn } = await import('../../resolver/formats/wrangler.ts');
  const read = answered(readWranglerTables(nameOf(path), text, syntax, environmentName(env)));
  const textOf = (key: string) => {
    const value = settingIn(read.tables, key);
    return typeof value === 'string' ? value : null;
  };
  const home = dirname(path);
  const main = textOf('main');
  const root = join(home, textOf('base_dir') ?? dirname(main ?? ''));
  return { ...read, home, main, mainProblem: problemOfMain(home, main), root };
}

function problemOfMain(home: string, main: string | null): string | null {
  if (main === null) return 'names no main';
  if (!main.endsWith('.py')) return `has the main ${main}, which is not a Python file`;
  return existsSync(join(home, main)) ? null : `has the main ${main}, which does not exist`;
}

/** The first with Python 3.13. A built Worker includes its Python, so a later date changes nothing. */
export const BUILT_DATE = '2025-11-02';

export function newWranglerFile(name: string, main: string): string {
  return `name = ${JSON.stringify(name)}
main = ${JSON.stringify(main)}
compatibility_date = "${BUILT_DATE}"
compatibility_flags = ["python_workers"]
`;
}

/** A name that wrangler accepts: lower-case letters, digits and dashes. */
export function workerName(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name.slice(0, 60) || 'worker';
}
