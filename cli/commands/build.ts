/** `pinwheel build`: a project becomes a Worker that includes its own Python. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { claimFolder } from '../common/staged-folder.ts';
import { visible } from '../common/text.ts';
import { defaultCacheFolder } from '../packages/cache.ts';
import { buildLines, buildRemarks } from '../print/build.ts';
import { print, printRemarks } from '../print/print.ts';
import { screenOf } from '../print/screen.ts';
import { commandAgain } from '../project/again.ts';
import { type BuildQuestion, resolveProject } from '../project/build-closure.ts';
import { projectFiles } from '../project/build-files.ts';
import { type BuildProject, findConfig, readProject } from '../project/build-project.ts';
import { readToolTable } from '../project/tool-table.ts';
import {
  BUILD_MAKER,
  type BuildReport,
  type BuildRequest,
  buildWorker,
  checkBuild,
} from '../worker/build.ts';
import { type Place, readPlace, withPlace } from '../worker/place.ts';
import { pathFrom, redirection, wranglerJson } from '../worker/wrangler-json.ts';
import { findWrangler, tooOldWorkerd } from '../worker/wrangler-program.ts';

export interface BuildOptions extends BuildQuestion {
  to?: string;
  cache?: string;
  force?: true;
  /** False for `--no-snapshot`. */
  snapshot: boolean;
  /** For `pinwheel dev`: this program rebuilds the Worker, and `wrangler deploy` does not use the result. */
  dev?: true;
  /** The place of large files; and the bucket, for R2. */
  place?: string;
  bucket?: string;
  /** Builds nothing, and fails if the folder is not what a build would make. */
  check?: true;
}

/** In the project's folder. */
export const DEFAULT_OUT = 'dist/worker';

export async function buildCommand(folder: string, options: BuildOptions): Promise<void> {
  if (options.check) return check(folder, options);
  const report = await build(folder, options);
  if (options.format === 'json') {
    const { home: _, ...data } = report;
    return print([JSON.stringify(data)]);
  }
  const old = tooOldWorkerd(report.home, findWrangler(report.home, process.env));
  // What is deployed runs on the platform's own workerd.
  if (old !== null) printRemarks([{ ...old, severity: 'warning' }]);
  printRemarks(buildRemarks(report));
  const lines = buildLines(report, screenOf(process.stdout));
  print(options.dev ? lines.slice(0, 1) : [...lines, ...(await uploadLines(report))]);
}

export async function build(folder: string, options: BuildOptions): Promise<Built> {
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

interface Built extends BuildReport {
  folder: string;
  /** The project's folder. */
  home: string;
  bucket: string | null;
}

/** The commands that upload the files of a Worker to its bucket: a deployment does not. */
async function uploadLines({ folder, bucket }: Built) {
  if (bucket === null) return [];
  const names = await readdir(join(folder, 'r2'));
  const lines = names.map(
    (name) =>
      `  npx wrangler r2 object put ${visible(bucket)}/pinwheel/${name} --file ${visible(folder)}/r2/${name} --remote`,
  );
  return ['', 'Before you deploy it, put its files into the bucket:', ...lines];
}

async function check(folder: string, options: BuildOptions): Promise<void> {
  const { to, request } = await requestOf(folder, options);
  await checkBuild(request);
  if (options.format === 'json') print([JSON.stringify({ folder: to, is_current: true })]);
  else print([`${visible(to)} is up to date with this project.`]);
}

async function requestOf(
  folder: string,
  options: BuildOptions,
): Promise<{ to: string; request: BuildRequest }> {
  const path = await findConfig(folder, options.config);
  const to = options.to ?? join(dirname(path), DEFAULT_OUT);
  const out = await claimFolder(to, options.force === true, BUILD_MAKER);
  const found = await readProject(path, options.env, out);
  const { home, tables, config } = found;
  const closure = await resolveProject(home, { ...options, config });
  const project = { ...found, files: await projectFiles(found.files, closure) };
  // A Worker that is served locally has no bucket to read from.
  const place: Place = options.dev
    ? { kind: 'bundle' }
    : readPlace(options, await readToolTable({ config, requirements: options.requirements }));
  const settings = wranglerJson(tables, options.env, home, out, buildOf(project, out, options));
  const wrangler = withPlace(settings, place, config);
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const cache = options.cache ?? defaultCacheFolder();
  const { snapshot, dev = false } = options;
  return { to, request: { project, closure, out, cache, snapshot, dev, place, wrangler, say } };
}

/**
 * The command with which wrangler repeats this build before it reads the modules. wrangler runs it in the folder that
 * it was started in, which is the project's if the Worker is there.
 */
function buildOf(
  { home, root, files, config }: BuildProject,
  out: string,
  options: BuildOptions,
): object | null {
  if (pathFrom(home, out).startsWith('..')) return null;
  const program = options.dev ? [process.execPath, process.argv[1]!] : ['npx', '--no', 'pinwheel'];
  const command = commandAgain(program, home, out, options);
  if (command === null) return null;
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
