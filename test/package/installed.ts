/** The package as npm publishes it, installed by npm into an empty project without a network. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root } from '../../scripts/root.ts';
import { builtPackage } from '../built.ts';

/** How those write whose TypeScript is strictest. */
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
  /** Runs a program there, with nothing of this machine's settings but where programs are. */
  run(command: string, args: readonly string[], more?: RunOptions): Promise<Ended>;
  /** Writes files into the project. */
  write(files: Record<string, string>): Promise<void>;
  remove(): Promise<void>;
}

export async function installPackage(): Promise<Installed> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'pinwheel-package-')));
  const [source, project] = [join(home, 'source'), join(home, 'project')];
  await mkdir(source);
  await mkdir(project);
  await cp(await builtPackage(), join(source, 'dist'), { recursive: true });
  for (const path of ['package.json', 'README.md', 'LICENSE', 'NOTICE', 'bin', 'data']) {
    await cp(join(root, path), join(source, path), { recursive: true });
  }

  // The project's own Node, and npm of whoever runs this.
  const env = {
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: home,
    npm_config_cache: join(home, 'npm-cache'),
    npm_config_update_notifier: 'false',
  } as unknown as NodeJS.ProcessEnv;
  const run = (command: string, args: readonly string[], { cwd = project, env: more }: RunOptions = {}) =>
    new Promise<Ended>((resolve) => {
      const options = { cwd, env: { ...env, ...more }, maxBuffer: 1 << 26 };
      const child = execFile(command, args, options, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
      child.stdin?.end();
    });
  const pack = async (folder: string) => {
    const args = ['pack', folder, '--ignore-scripts', '--json', '--pack-destination', home];
    const { code, stdout, stderr } = await run('npm', args, { cwd: home });
    if (code !== 0) throw new Error(`npm pack failed:\n${stderr}`);
    return join(home, JSON.parse(stdout)[0].filename);
  };
  const tarballs = await Promise.all([pack(source), pack(join(root, 'node_modules/zod'))]);

  await writeFile(join(project, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }');
  const install = ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs];
  const { code, stderr } = await run('npm', install);
  if (code !== 0) throw new Error(`npm install failed:\n${stderr}`);
  return {
    tarball: tarballs[0]!,
    project,
    run,
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(project, path)), { recursive: true });
        await writeFile(join(project, path), text);
      }
    },
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

/** Gives the project a package of this repository's own, such as one of types. */
export async function lend({ project }: Installed, name: string): Promise<void> {
  const place = join(project, 'node_modules', name);
  await mkdir(dirname(place), { recursive: true });
  await symlink(join(root, 'node_modules', name), place);
}
