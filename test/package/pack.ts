/** Packs the package as npm publishes it, and installs it into an empty project, offline. */
import { execFile } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/root.ts';

/** Without this machine's settings except `PATH`, with the project's Node and this machine's npm. */
export const environmentOf = (home: string) =>
  ({
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: home,
    TMPDIR: home,
    npm_config_cache: join(home, 'npm-cache'),
    npm_config_update_notifier: 'false',
  }) as unknown as NodeJS.ProcessEnv;

/** Creates the tarballs in `home`, and `project/` with the package in its `node_modules/`. */
export async function packAndInstall(dist: string, home: string): Promise<void> {
  const [source, project] = [join(home, 'source'), join(home, 'project')];
  await mkdir(source, { recursive: true });
  await mkdir(project);
  await cp(dist, join(source, 'dist'), { recursive: true });
  for (const path of ['package.json', 'README.md', 'LICENSE', 'NOTICE', 'bin', 'data']) {
    await cp(join(root, path), join(source, path), { recursive: true });
  }
  const npm = async (cwd: string, ...args: string[]) => {
    const options = { cwd, env: environmentOf(home), maxBuffer: 1 << 26 };
    return (await promisify(execFile)('npm', args, options)).stdout;
  };
  const pack = async (folder: string) => {
    const args = ['pack', folder, '--ignore-scripts', '--json', '--pack-destination', home];
    return join(home, JSON.parse(await npm(home, ...args))[0].filename);
  };
  const tarballs = await Promise.all([pack(source), pack(join(root, 'node_modules/zod'))]);
  await writeFile(join(project, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }');
  await npm(project, 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs);
  await Promise.all(
    [source, join(home, 'npm-cache')].map((folder) => rm(folder, { recursive: true, force: true })),
  );
}
