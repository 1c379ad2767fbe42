/** A copy of the project in which npm installed the package. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/root.ts';
import { shared } from '../common/ask.ts';
import { newFolder } from '../common/own.ts';
import { environmentOf } from './pack.ts';

/** The strictest TypeScript options. */
export const STRICT = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  module: 'nodenext',
  target: 'es2024',
  lib: ['es2024'],
  types: ['node'],
  noEmit: true,
};

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** By default the project. */
  cwd?: string;
  env?: Record<string, string>;
}

export interface Installed {
  tarball: string;
  /** The project in whose `node_modules/` the package is. */
  project: string;
  /** Runs a program there, without this machine's settings except `PATH`. */
  run(command: string, args: readonly string[], more?: RunOptions): Promise<Ended>;
  /** Writes files into the project. */
  write(files: Record<string, string>): Promise<void>;
}

/** @public Nobody calls it: `npm test -- --changed` follows it to what is in the package. */
export const sources = () => import('../common/package.ts');

export async function installPackage(): Promise<Installed> {
  const home = newFolder();
  await cp(await shared('installed'), home, { recursive: true, verbatimSymlinks: true });
  const project = join(home, 'project');
  const tarball = (await readdir(home)).find((name) => name.startsWith('pinwheel-py-'))!;
  const env = environmentOf(home);
  const run = (command: string, args: readonly string[], { cwd = project, env: more }: RunOptions = {}) =>
    new Promise<Ended>((resolve) => {
      const options = { cwd, env: { ...env, ...more }, maxBuffer: 1 << 26 };
      const child = execFile(command, args, options, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
      child.stdin?.end();
    });
  return {
    tarball: join(home, tarball),
    project,
    run,
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(project, path)), { recursive: true });
        await writeFile(join(project, path), text);
      }
    },
  };
}

/** Adds one of this repository's packages to the project, such as one of types. */
export async function lend({ project }: Installed, name: string): Promise<void> {
  const place = join(project, 'node_modules', name);
  await mkdir(dirname(place), { recursive: true });
  await symlink(join(root, 'node_modules', name), place);
}
