/** `pinwheel build`: a project becomes a Worker that brings its own Python. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BUILD_MAKER, type BuildReport, buildWorker } from '../build/build.ts';
import { readProject, readTool } from '../build/project.ts';
import { buildLines, buildRemarks } from '../build/report.ts';
import { type BuildQuestion, resolveProject } from '../build/resolve.ts';
import { pathFrom, redirection, wranglerJson } from '../build/wrangler-json.ts';
import { print, printRemarks } from '../output/print.ts';
import { screenOf } from '../output/screen.ts';
import { defaultCacheFolder } from '../vendor/cache.ts';
import { claimFolder } from '../vendor/folder.ts';

export interface BuildOptions extends BuildQuestion {
  to?: string;
  cache?: string;
  force?: true;
  /** False for `--no-snapshot`. */
  snapshot: boolean;
}

export const DEFAULT_OUT = 'dist/worker';

export async function buildCommand(folder: string, options: BuildOptions): Promise<void> {
  const report = await build(folder, options);
  if (options.format === 'json') return print([JSON.stringify(report)]);
  printRemarks(buildRemarks(report));
  print(buildLines(report, screenOf(process.stdout)));
}

export async function build(
  folder: string,
  options: BuildOptions,
): Promise<BuildReport & { folder: string }> {
  const to = options.to ?? join(folder, DEFAULT_OUT);
  const out = await claimFolder(to, options.force === true, BUILD_MAKER);
  const project = await readProject(folder, options.config, options.env, out);
  const { home, tables, config } = project;
  const tool = await readTool(home);
  const pinned = tool['package-set'];
  const flag = typeof pinned === 'string' && options.flag.length === 0 ? { flag: [pinned] } : {};
  const closure = await resolveProject(home, { ...options, config, ...flag });
  const wrangler = wranglerJson(tables, options.env, home, out, commandOf(home, out, project.root, options));
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const cache = options.cache ?? defaultCacheFolder();
  const { snapshot } = options;
  const report = await buildWorker({ project, closure, out, cache, snapshot, wrangler, say });
  const { path, content } = redirection(home, out);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
  return { folder: to, ...report };
}

/**
 * What wrangler runs before it takes the modules: the same build again. It does so in the folder that it is
 * started in, which is the project's if the Worker lies there.
 */
function commandOf(home: string, out: string, root: string, options: BuildOptions): object | null {
  const to = pathFrom(home, out);
  if (to.startsWith('..')) return null;
  const given = [
    ...(options.set === undefined ? [] : ['--set', pathFrom(home, options.set)]),
    ...(options.env === undefined ? [] : ['--env', options.env]),
    ...options.flag.flatMap((flag) => ['--flag', flag]),
    ...(options.date === undefined ? [] : ['--date', options.date]),
    ...(options.snapshot ? [] : ['--no-snapshot']),
  ];
  const command = ['npx', '--no', 'pinwheel', 'build', '--to', to, ...given].join(' ');
  const watched = pathFrom(out, root);
  // A folder that the Worker lies in would change with every build.
  return /^[./]*$/.test(watched) ? { command } : { command, watch_dir: watched };
}
