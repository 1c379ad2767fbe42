/** A copy of the project in which npm installed the package. */
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/root.ts';
import { shared } from '../common/ask.ts';
import { newFolder, writeFiles } from '../common/own.ts';
import { type Ended, runIn } from '../common/project-copy.ts';
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
  return {
    tarball: join(home, tarball),
    project,
    run: (command, args, { cwd = project, env: more } = {}) => runIn(cwd, { ...env, ...more }, command, args),
    write: (files) => writeFiles(project, files),
  };
}

/** Adds one of this repository's packages to the project, such as one of types. */
export async function lend({ project }: Installed, name: string): Promise<void> {
  const place = join(project, 'node_modules', name);
  await mkdir(dirname(place), { recursive: true });
  await symlink(join(root, 'node_modules', name), place);
}
