/** Builds the Worker of a project, or checks that it is up to date. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { noEnvironment } from '../../resolver/issues/build.ts';
import { defaultCacheFolder } from '../common/folders.ts';
import { claimFolder } from '../common/staged-folder.ts';
import { supplyFrom } from '../packages/layer.ts';
import {
  BUILD_MAKER,
  type BuildReport,
  type BuildRequest,
  buildWorker,
  checkBuild,
} from '../worker/build.ts';
import type { BuildProject } from '../worker/inputs.ts';
import { type Place, readPlace, withPlace } from '../worker/place.ts';
import { environmentsOf, pathFrom, redirection, wranglerJson } from '../worker/wrangler.ts';
import { commandAgain } from './again.ts';
import { type BuildOptions, resolveProject } from './build-closure.ts';
import { findConfig, projectFiles, readProject } from './build-project.ts';
import { readToolTable } from './tool-table.ts';
import { environmentName } from './wrangler-file.ts';

/** In the project's folder. */
export const DEFAULT_OUT = 'dist/worker';

export async function buildProject(folder: string, options: BuildOptions): Promise<Built> {
  const { to, request } = await requestOf(folder, options);
  const report = await buildWorker(request);
  if (!options.dev) {
    const { path, content } = redirection(request.project.home, request.out);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
  }
  const { place } = request;
  const bucket = place.kind === 'r2' ? place.bucket : null;
  return { folder: to, home: request.project.home, bucket, ...report };
}

export interface Built extends BuildReport {
  folder: string;
  /** The project's folder. */
  home: string;
  bucket: string | null;
}

/** Throws if the Worker is not up to date with its project. Returns its folder. */
export async function checkProjectBuild(folder: string, options: BuildOptions): Promise<string> {
  const { to, request } = await requestOf(folder, options);
  await checkBuild(request);
  return to;
}

async function requestOf(
  folder: string,
  options: BuildOptions,
): Promise<{ to: string; request: BuildRequest }> {
  const path = await findConfig(folder, options.config);
  const to = options.to ?? join(dirname(path), DEFAULT_OUT);
  const out = await claimFolder(to, options.force === true, BUILD_MAKER);
  const environment = environmentName(options.env);
  const found = await readProject(path, environment, out);
  const { home, tables, config } = found;
  const environments = environmentsOf(tables);
  if (environments.length > 0 && environment === '' && options.env === undefined && !options.dev) {
    options.listener.remarks([{ ...noEnvironment({ file: config, environments }), severity: 'warning' }]);
  }
  const closure = await resolveProject(home, { ...options, config });
  const project = { ...found, files: await projectFiles(found.files, closure) };
  // A Worker that is served locally has no bucket to read from.
  const place: Place = options.dev
    ? { kind: 'bundle' }
    : readPlace(options, await readToolTable({ ...options, config }));
  const settings = wranglerJson(tables, environment, home, out);
  if (options.dev) settings.build = buildOf(project, out, options);
  const wrangler = withPlace(settings, place, config);
  const say = options.listener.step;
  const cache = options.cache ?? defaultCacheFolder();
  const { snapshot, dev = false } = options;
  const supply = supplyFrom(cache, options.listener);
  return {
    to,
    request: { project, closure, supply, out, cache, snapshot, dev, place, wrangler, say },
  };
}

/**
 * For `pinwheel dev`, the command with which wrangler repeats this build, in the project's folder, when a file changes.
 * A Worker that is deployed has none: it is what it is, wherever it is deployed from.
 */
function buildOf(
  { home, root, files, config }: BuildProject,
  out: string,
  options: BuildOptions,
): object | undefined {
  const command = commandAgain([process.execPath, process.argv[1]!], home, out, options);
  if (command === null) return undefined;
  // If the Worker is in a watched folder, that folder changes with every build; so its present entries are watched.
  const holdsOut = !pathFrom(root, out).startsWith('..');
  const sources = holdsOut ? new Set(files.map(({ file }) => topOf(root, file))) : [root];
  const settings = ['pyproject.toml', 'requirements.txt'].map((name) => join(home, name)).filter(existsSync);
  const watched = [...new Set([...sources, config, ...settings])].map((path) => pathFrom(out, path));
  return { command, watch_dir: watched.sort() };
}

/** The file, or the folder of `root` that it is in. */
function topOf(root: string, file: string): string {
  return join(root, pathFrom(root, file).split('/')[0]!);
}
