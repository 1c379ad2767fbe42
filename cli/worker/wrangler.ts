/** The wrangler file of a built Worker, and the wrangler that serves it. */

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { isTable, own, type Table } from '../../resolver/formats/table.ts';
import type { Issue } from '../../resolver/index.ts';
import { lateDate, noWrangler, oldWorkerd } from '../../resolver/issues/build.ts';
import { OLDEST_WORKERD } from '../../runtime/manifest.ts';
import { unanswered } from '../common/failure.ts';
import { pathFrom } from '../common/folders.ts';
import type { Remark } from '../common/listener.ts';
import { ENTRY, MODULE_RULES } from './modules.ts';

/** Settings about the project's source modules, which the built Worker does not have. */
const LEFT_OUT = new Set([
  'main',
  'env',
  'rules',
  'build',
  'base_dir',
  'no_bundle',
  'find_additional_modules',
  'preserve_file_names',
  'minify',
  'alias',
  'define',
  'tsconfig',
  'python_modules',
  '$schema',
]);

/** Settings that an environment does not take from the top level (as wrangler's documentation lists them). */
const NOT_INHERITED = new Set([
  'vars',
  'durable_objects',
  'kv_namespaces',
  'd1_databases',
  'r2_buckets',
  'queues',
  'services',
  'vectorize',
  'hyperdrive',
  'ai',
  'workflows',
  'browser',
  'images',
  'analytics_engine_datasets',
  'dispatch_namespaces',
  'mtls_certificates',
  'send_email',
  'version_metadata',
  'secrets_store_secrets',
  'ratelimits',
]);

/** The Worker includes its Python, and workerd does not know package flags. */
const PYTHON_FLAG = /^(?:no_)?python_/;
/** But these change what the platform's SDK for Python does; `python_workers` implies the first from a date on. */
const IMPLIED = { flag: 'python_workflows_implicit_dependencies', since: '2026-02-25' };
const SDK_FLAGS = [IMPLIED.flag, 'python_request_headers_preserve_commas'];
/** The flags that a Worker needs, each with the compatibility date from which it is on by itself. */
const NEEDED = [
  { flag: 'nodejs_compat', since: '9999-12-31' },
  { flag: 'nodejs_zlib', since: '2024-09-23' },
  { flag: 'enable_weak_ref', since: '2025-05-05' },
  { flag: 'handle_cross_request_promise_resolution', since: '2024-10-14' },
  { flag: 'transformstream_enable_standard_constructor', since: '2022-11-30' },
  { flag: 'enable_request_signal', since: '9999-12-31' },
];

/** The date if none is stated. */
const OLDEST = '2025-05-05';

export function environmentsOf(tables: readonly Table[]): string[] {
  const environments = own(tables.at(-1)!, 'env');
  return isTable(environments) ? Object.keys(environments) : [];
}

/** @param environment the one that the Worker is built for, or empty; `date`: replaces that of the tables */
export function wranglerJson(
  tables: readonly Table[],
  environment: string,
  home: string,
  out: string,
  date?: string,
): Table {
  const [first, top = first] = tables as [Table, Table?];
  const result: Table = {};
  for (const [key, value] of Object.entries(top!)) {
    if (LEFT_OUT.has(key) || (environment !== '' && NOT_INHERITED.has(key))) continue;
    result[key] = value;
  }
  if (first !== top) {
    for (const [key, value] of Object.entries(first)) if (!LEFT_OUT.has(key)) result[key] = value;
  }
  if (environment !== '' && own(first, 'name') === undefined && typeof result.name === 'string') {
    result.name = `${result.name}-${environment}`;
  }
  if (date !== undefined) result.compatibility_date = date;
  Object.assign(result, compatibility(result));
  movePaths(result, home, out);
  return {
    ...result,
    main: ENTRY,
    no_bundle: true,
    find_additional_modules: true,
    base_dir: '.',
    rules: MODULE_RULES,
    ...environmentFields(tables, environment),
  };
}

/** The settings of a built Worker as those of a wrangler file beside its folder. */
export function settingsBeside(out: string, settings: Table): Table {
  const folder = basename(out);
  const result = { ...settings, main: `${folder}/${ENTRY}`, base_dir: folder };
  movePaths(result, out, dirname(out));
  return result;
}

/** Fields by which wrangler refuses to deploy the Worker of one environment to another. */
function environmentFields(tables: readonly Table[], environment: string): Table {
  const environments = environmentsOf(tables);
  if (environments.length === 0) return {};
  const name = own(tables.at(-1)!, 'name');
  return {
    ...(typeof name === 'string' ? { topLevelName: name } : {}),
    definedEnvironments: environments,
    ...(environment === '' ? {} : { targetEnvironment: environment }),
  };
}

function compatibility({ compatibility_date, compatibility_flags }: Table): Table {
  const date = typeof compatibility_date === 'string' ? compatibility_date : OLDEST;
  // The opposite of `enable_…` is `disable_…`; of all others, `no_…`.
  const flags = (Array.isArray(compatibility_flags) ? compatibility_flags : []).filter(
    (flag) =>
      (!PYTHON_FLAG.test(String(flag)) || SDK_FLAGS.includes(String(flag).replace(/^no_/, ''))) &&
      !NEEDED.some(({ flag: needed }) => flag === `no_${needed}` || flag === needed.replace(/^en/, 'dis')),
  );
  if (date >= IMPLIED.since && !flags.some((flag) => String(flag).endsWith(IMPLIED.flag))) {
    flags.push(IMPLIED.flag);
  }
  for (const { flag, since } of NEEDED) if (date < since && !flags.includes(flag)) flags.push(flag);
  return { compatibility_date: date, compatibility_flags: flags };
}

/** Folders that the settings name, relative to the new file. */
function movePaths(settings: Table, home: string, out: string): void {
  const move = (table: unknown, key: string) => {
    if (!isTable(table) || typeof table[key] !== 'string' || isAbsolute(table[key])) return;
    table[key] = pathFrom(out, join(home, table[key]));
  };
  for (const key of ['assets', 'site', 'd1_databases']) settings[key] &&= structuredClone(settings[key]);
  move(settings.assets, 'directory');
  move(settings.site, 'bucket');
  const databases = settings.d1_databases;
  for (const database of Array.isArray(databases) ? databases : []) {
    if (isTable(database)) database.migrations_dir ??= 'migrations';
    move(database, 'migrations_dir');
  }
}

/**
 * Wrangler's options for the files with a project's secrets: `.dev.vars`, or else all of `.env`, those of an environment
 * before others. It would look for them beside the settings that it serves. Whole paths, which Node and wrangler read alike.
 * @see https://developers.cloudflare.com/workers/configuration/secrets/#local-development-with-secrets
 */
export function secretFiles(home: string, environment: string): string[] {
  const has = (name: string) => existsSync(join(home, name));
  const ends = environment === '' ? [''] : [`.${environment}`, ''];
  const [own] = ends.map((end) => `.dev.vars${end}`).filter(has);
  const shared = ends.toReversed().flatMap((end) => [`.env${end}`, `.env${end}.local`]);
  const files = own === undefined ? shared.filter(has) : [own];
  return files.flatMap((name) => ['--env-file', resolve(home, name)]);
}

/** Wrangler's redirected configuration: from the project's folder, it then takes the built Worker. */
export function redirection(home: string, out: string) {
  const path = join(home, '.wrangler/deploy/config.json');
  return { path, content: { configPath: pathFrom(dirname(path), join(out, 'wrangler.json')) } };
}

/** The settings that name bindings other than variables. */
export function bindingsOf(settings: Table): string[] {
  return Object.keys(settings).filter((name) => NOT_INHERITED.has(name) && name !== 'vars');
}

/** The command of wrangler, and its workerd if known; or why it cannot be run, as the end of a sentence. */
export type WranglerProgram = Wrangler | { problem: string };
type Wrangler = { command: string[]; workerd: WorkerdProgram | null };

export interface WorkerdProgram {
  version: string;
  manifest: string;
}

export function findWrangler(home: string, environment: NodeJS.ProcessEnv): WranglerProgram {
  const own = wranglerBeside(home);
  if (own !== null) return own;
  for (const folder of (environment.PATH ?? '').split(delimiter).filter((entry) => entry !== '')) {
    // On Windows npm puts a script there, which Node does not start, beside the package.
    const global = existsSync(join(folder, 'wrangler.cmd')) ? wranglerBeside(folder) : null;
    if (global !== null) return global;
    const path = join(folder, 'wrangler');
    if (!existsSync(path)) continue;
    const workerd = resolved(realpathSync(path), 'workerd/package.json');
    return { command: [path], workerd: workerd === null ? null : workerdOf(workerd) };
  }
  return { problem: 'it is neither in node_modules nor on the path' };
}

/** The one in the `node_modules` of a folder, or of one above it; null if there is none. */
function wranglerBeside(folder: string): WranglerProgram | null {
  const manifest = resolved(join(folder, 'package.json'), 'wrangler/package.json');
  if (manifest === null) return null;
  const workerd = resolved(manifest, 'workerd/package.json');
  if (workerd === null) return { problem: `the wrangler in ${dirname(manifest)} lacks its workerd` };
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return { command: [process.execPath, join(dirname(manifest), bin.wrangler)], workerd: workerdOf(workerd) };
}

/** The wrangler that serves a built Worker for a command. Throws if there is none, or one that cannot. */
export function servingWrangler(command: string, home: string): Wrangler {
  const wrangler = findWrangler(home, process.env);
  if ('problem' in wrangler) throw unanswered([noWrangler({ command, home, problem: wrangler.problem })]);
  const old = tooOldWorkerd(home, wrangler);
  if (old !== null) throw unanswered([old]);
  return wrangler;
}

function workerdOf(manifest: string): WorkerdProgram {
  return { version: JSON.parse(readFileSync(manifest, 'utf8')).version, manifest };
}

/** The version of its workerd, if known. */
export function versionOf(wrangler: WranglerProgram): string | undefined {
  return 'workerd' in wrangler ? wrangler.workerd?.version : undefined;
}

/** An issue about a wrangler whose workerd cannot serve a built Worker; null if it can. */
export function tooOldWorkerd(home: string, wrangler: WranglerProgram): Issue | null {
  const version = versionOf(wrangler);
  if (version === undefined || !isOlder(version, OLDEST_WORKERD)) return null;
  return oldWorkerd({ home, workerd: version, needed: OLDEST_WORKERD });
}

/** Each workerd that can serve a built Worker accepts compatibility dates up to a week after its own day. */
const DAYS_AHEAD = 7;

/** The date with which the project's workerd serves a Worker, and a remark if it is not the Worker's own. */
export interface ServedDate {
  date: string;
  remarks: Remark[];
}

/** @param workerd its version, if known; `date`: the Worker's */
export function servedDate(home: string, workerd: string | undefined, date: string): ServedDate {
  const [, year, month, day] = /^\d+\.(\d{4})(\d\d)(\d\d)\./.exec(workerd ?? '') ?? [];
  if (year === undefined || isOlder(workerd!, OLDEST_WORKERD)) return { date, remarks: [] };
  const newest = new Date(Date.UTC(+year, +month! - 1, +day! + DAYS_AHEAD)).toISOString().slice(0, 10);
  if (date <= newest) return { date, remarks: [] };
  const remark = { ...lateDate({ home, workerd: workerd!, newest, date }), severity: 'info' as const };
  return { date: newest, remarks: [remark] };
}

/** Versions of workerd are a number, a day and a number. */
function isOlder(version: string, than: string): boolean {
  const [left, right] = [version, than].map((part) => part.split('.').map(Number));
  const at = left!.findIndex((part, index) => part !== right![index]);
  return at !== -1 && left![at]! < right![at]!;
}

function resolved(from: string, name: string): string | null {
  try {
    return createRequire(resolve(from)).resolve(name);
  } catch {
    return null;
  }
}
