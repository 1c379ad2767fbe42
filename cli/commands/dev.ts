/** `pinwheel dev`: wrangler serves a project on workerd, and runs the build again on each edit. */
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { noWrangler } from '../../resolver/issues/build.ts';
import { CommandError, unanswered } from '../common/failure.ts';
import { buildLines, buildRemarks } from '../print/build.ts';
import { print, printRemarks } from '../print/print.ts';
import { screenOf } from '../print/table.ts';
import { buildProject } from '../project/build.ts';
import type { BuildOptions } from '../project/build-closure.ts';
import { findConfig } from '../project/build-project.ts';
import { findWrangler, tooOldWorkerd } from '../worker/wrangler.ts';

export interface DevOptions extends BuildOptions {
  port?: string;
  ip?: string;
}

/** Next to wrangler's own state, and not the folder that is deployed. */
const DEV_OUT = '.wrangler/pinwheel';

/** Ends when wrangler does. */
export async function devCommand(folder: string, { port, ip, ...options }: DevOptions): Promise<void> {
  const home = resolve(dirname(await findConfig(folder, options.config)));
  const found = findWrangler(home, process.env);
  if ('problem' in found) throw unanswered([noWrangler({ home, problem: found.problem })]);
  const old = tooOldWorkerd(home, found);
  if (old !== null) throw unanswered([old]);
  const to = options.to ?? join(home, DEV_OUT);
  const report = await buildProject(folder, { ...options, to, dev: true });
  printRemarks(buildRemarks(report));
  print(buildLines(report, screenOf(process.stdout)).slice(0, 1));
  const [program, ...words] = found.command;
  const asked = [
    ...['dev', '--config', join(resolve(to), 'wrangler.json')],
    ...['--persist-to', join(home, '.wrangler/state')],
    ...(port === undefined ? [] : ['--port', port]),
    ...(ip === undefined ? [] : ['--ip', ip]),
  ];
  // The build command is relative to the project's folder.
  const child = spawn(program!, [...words, ...asked], { cwd: home, stdio: 'inherit' });
  const stop = () => void child.kill();
  process.once('exit', stop);
  const code = await new Promise<number | null>((end, fail) => child.on('error', fail).on('exit', end));
  process.removeListener('exit', stop);
  if (code !== 0) throw new CommandError(1, []);
}
