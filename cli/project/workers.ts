/** The Workers that a command line is about: by folders, wrangler files, and globs of either. */
import { basename, dirname, join } from 'node:path';
import { parseRequirement } from '../../resolver/requirements/requirement.ts';
import { shellWord } from '../../resolver/text/printable.ts';
import { misused } from '../common/failure.ts';
import { isFile, isFolder } from '../common/folders.ts';
import { distinct } from '../common/text.ts';
import { SKIPPED } from './layout.ts';
import { isPylock } from './sources/lock-files.ts';
import { findWranglerFile, WRANGLER_FILES } from './wrangler-file.ts';

export interface WorkerPlace {
  folder: string;
  /** The wrangler file; undefined if nobody named one. */
  config: string | undefined;
}

/** Folders with other people's Workers, and with copies. */
const IGNORED = [...SKIPPED].map((name) => `**/${name}/**`);
const PYODIDE_LOCK = /(?:^|[/\\])pyodide-lock[^/\\]*\.json$/i;
/** Wrangler's own names, and those that are given with `--config`, such as `wrangler.staging.toml`. */
const WRANGLER_FILE = /^wrangler\b.*\.(?:toml|jsonc?)$/i;

/** Whether a word names wrangler files, and is not a requirement. */
export function namesWorkers(word: string): boolean {
  if (WRANGLER_FILE.test(basename(word))) return true;
  return isGlob(word) && !parseRequirement(word).ok;
}

/** One Worker, or a list: of wrangler files, a glob, or a folder outside any project with Workers below it. */
export async function findWorkers(
  named: readonly string[],
  configs: readonly string[],
): Promise<WorkerPlace | WorkerPlace[]> {
  if (configs.length > 1 && named.length > 0) {
    throw misused({ problem: 'folders_and_files' });
  }
  if (configs.length > 1) return distinct(configs).map((config) => ({ folder: dirname(config), config }));
  const [config] = configs;
  const [word = '.', ...more] = named;
  if (config !== undefined) {
    if (more.length === 0 && !namesWorkers(word)) return { folder: word, config };
    throw misused({ problem: 'config_and_workers' });
  }
  if (more.length === 0 && !isGlob(word)) {
    if (isFile(word)) return placeOf(word);
    if (findWranglerFile(word) !== null || !isFolder(word)) return { folder: word, config: undefined };
    const below = await expand('**/wrangler.*', word);
    return below.length > 0 ? below : { folder: word, config: undefined };
  }
  const places: WorkerPlace[] = [];
  for (const pattern of named) places.push(...(await placesOf(pattern)));
  return distinct(places);
}

function placeOf(file: string): WorkerPlace {
  const wanted = 'the wrangler file of a Worker';
  const lock = { problem: 'lock_as_other', path: file, wanted } as const;
  if (isPylock(file)) throw misused({ ...lock, command: 'pinwheel lock --check' });
  if (PYODIDE_LOCK.test(file))
    throw misused({ ...lock, command: `pinwheel explain-lock ${shellWord(file)}` });
  if (/\.(?:toml|jsonc?)$/i.test(file)) return { folder: dirname(file), config: file };
  throw misused({ problem: 'no_worker', path: file });
}

async function placesOf(word: string): Promise<WorkerPlace[]> {
  if (!isGlob(word)) return [isFile(word) ? placeOf(word) : { folder: word, config: undefined }];
  const places = await expand(word);
  if (places.length > 0) return places;
  throw misused({ problem: 'no_match', pattern: word });
}

/** The wrangler files that a glob matches, and for each folder that it matches, the one that wrangler uses. */
async function expand(pattern: string, folder = ''): Promise<WorkerPlace[]> {
  const { glob } = await import('tinyglobby');
  const options = { ignore: IGNORED, onlyFiles: false, expandDirectories: false, followSymbolicLinks: false };
  const paths = await glob(pattern, { ...options, ...(folder === '' ? {} : { cwd: folder }) });
  const files = paths.sort().flatMap((path) => {
    const place = join(folder, path);
    if (!isFolder(place)) return WRANGLER_FILE.test(basename(place)) ? [place] : [];
    return WRANGLER_FILES.map((name) => join(place, name)).filter(isFile);
  });
  const { BUILD_MAKER } = await import('../worker/build.ts');
  // A built Worker is no project.
  const projects = files.filter((path) => !isFile(join(dirname(path), BUILD_MAKER.marker)));
  const isHidden = (path: string) => {
    const rank = WRANGLER_FILES.indexOf(basename(path));
    const first = WRANGLER_FILES.slice(0, Math.max(0, rank)).map((name) => join(dirname(path), name));
    return first.some((other) => projects.includes(other));
  };
  return distinct(projects)
    .filter((path) => !isHidden(path))
    .map((config) => ({ folder: dirname(config), config }));
}

function isGlob(word: string): boolean {
  return /[*?[\]{}]/.test(word) && !isFolder(word) && !isFile(word);
}
