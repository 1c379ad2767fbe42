/** `pinwheel dev`: serves the Worker of a project, and builds it again on each edit. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CommandError, commandErrorOf } from '../common/failure.ts';
import { writeFile } from '../common/folders.ts';
import { packageFile } from '../common/package-root.ts';
import { printIssues } from '../print/print.ts';
import { type BuildOptions, buildProject } from '../project/build.ts';
import { findConfig } from '../project/build-project.ts';
import { Watch } from '../project/watch.ts';
import { environmentName } from '../project/wrangler-file.ts';
import { BUILD_MAKER } from '../worker/build.ts';
import { writeFailure } from '../worker/modules.ts';
import { secretFiles, servingWrangler, settingsBeside } from '../worker/wrangler.ts';
import { printBuilt } from './build.ts';

/** Next to wrangler's own state, and not the folder that is deployed. */
const DEV_OUT = '.wrangler/pinwheel';

/** The files that wrangler watches: beside the folder, which each build replaces, and none of the project's if it is there. */
export function filesBeside(out: string): { signal: string; settings: string } {
  const hidden = join(dirname(out), `.${basename(out)}`);
  return { signal: `${hidden}.built`, settings: `${hidden}.wrangler.json` };
}

/** Whether a build writes a path: the folder itself, the one that it is in, the files beside it, or what will replace it. */
export function madeBeside(out: string): (path: string) => boolean {
  const around = dirname(out);
  const hidden = join(around, `.${basename(out)}.`);
  return (path) => path === out || path === around || path.startsWith(hidden);
}

export async function devCommand(
  folder: string,
  { port, ip, ...options }: BuildOptions & { port?: string; ip?: string },
): Promise<void> {
  const home = resolve(dirname(await findConfig(folder, options.config)));
  const out = resolve(options.to ?? join(home, DEV_OUT));
  // Standard input cannot be read again.
  const watch = options.requirements.includes('-') ? null : new Watch([1, 2], madeBeside(out));
  const { signal, settings } = filesBeside(out);
  const dev = watch && { watch: (folders: readonly string[]) => watch.replace(folders) };
  const { command, workerd } = servingWrangler('dev', home);
  const served = { ...options, to: out, dev, servedBy: workerd?.version };
  const build = async () => {
    printBuilt(await buildProject(folder, served));
    const made = settingsBeside(out, JSON.parse(await readFile(join(out, 'wrangler.json'), 'utf8')));
    // wrangler only reloads: this process builds.
    if (watch) made.build = { command: 'exit 0', watch_dir: basename(signal) };
    await overwrite(settings, JSON.stringify(made));
  };
  await build().catch((error: unknown) => {
    // An open watcher would keep the process running.
    watch?.close();
    throw error;
  });
  await writeFile(signal, '');
  const asked = [
    ...['dev', '--config', settings],
    ...secretFiles(home, environmentName(options.env)),
    ...['--persist-to', join(home, '.wrangler/state')],
    ...(port === undefined ? [] : ['--port', port]),
    ...(ip === undefined ? [] : ['--ip', ip]),
  ];
  const [program, ...words] = command;
  const env = { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${QUICK_RELOADS}`.trim() };
  const child = spawn(program!, [...words, ...asked], { cwd: home, stdio: 'inherit', env });
  const stop = () => {
    child.kill();
    for (const file of [signal, settings]) rmSync(file, { force: true });
  };
  process.once('exit', stop);
  const leave = () => process.exit();
  process.once('disconnect', leave);
  const [[code]] = await Promise.all([
    once(child, 'exit').finally(() => watch?.close()),
    watch && buildAgain(watch, build, out, signal),
  ]);
  process.removeListener('disconnect', leave);
  process.removeListener('exit', stop);
  stop();
  if (code !== 0) throw new CommandError(1, []);
}

/** Builds after each change until the watch ends. If that fails, the Worker answers with why until the next edit. */
async function buildAgain(
  watch: Watch,
  build: () => Promise<void>,
  out: string,
  signal: string,
): Promise<void> {
  for await (const _ of watch.changes()) {
    const before = await madeAt(out);
    let isNew = true;
    try {
      await build();
      isNew = (await madeAt(out)) !== before;
    } catch (error) {
      const failure = commandErrorOf(error);
      if (failure === null) throw error;
      printIssues(failure.issues);
      await writeFailure(out, failure.message);
    }
    // wrangler reloads what it serves.
    if (isNew) await writeFile(signal, `${Date.now()}`);
  }
}

/**
 * Writes a text over that of a file. wrangler stops watching a file that another one replaces, and reads at once: so no
 * moment may come in which the file is empty, or has the end of a longer text.
 */
async function overwrite(path: string, text: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => null);
  if (before?.trimEnd() === text) return;
  const missing = Buffer.byteLength(before ?? '') - Buffer.byteLength(text);
  const padded = text + ' '.repeat(Math.max(missing, 0));
  await writeFile(path, padded, { flag: before === null ? 'w' : 'r+' });
}

/** When the Worker in a folder was made, in milliseconds since the epoch. */
const madeAt = async (folder: string) => (await stat(join(folder, BUILD_MAKER.marker))).mtimeMs;

/** Has Node load the module that makes wrangler's reloads quick. */
const QUICK_RELOADS = `--import ${packageFile('dist/reloads.js').href}`;
