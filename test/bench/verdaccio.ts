/** Verdaccio, the private npm registry, with packages that it holds itself. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/root.ts';
import { freePort, type ServerProcess, startProcess } from './server-process.ts';

export const VERDACCIO_VERSION = '6.10.4';

/** Its own default, which logs each request, and the least that it logs. */
export type LogLevel = 'http' | 'error';

/** Its defaults, but without npmjs as an uplink, and with packages that anybody may publish. */
const configOf = (level: LogLevel) => `
storage: ./storage
web: {title: Verdaccio}
auth: {htpasswd: {file: ./htpasswd}}
packages: {'**': {access: $all, publish: $anonymous}}
server: {keepAliveTimeout: 60}
middlewares: {audit: {enabled: true}}
log: {type: stdout, format: pretty, level: ${level}}
`;

/** What npm sends when it installs, under another name. */
export const NPM_HEADERS = {
  accept: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*',
  'accept-encoding': 'gzip,deflate',
  'user-agent': 'npm/11.6.2 node/v24.21.0 linux x64 workspaces/false',
};

/** A version of a package: the manifest and the README that `npm publish` would send. */
export interface NpmPackage {
  manifest: { name: string; version: string; description?: string };
  readme: string;
}

/** The packages that this repository is built on, each in the version that is installed. */
export async function installedPackages(): Promise<NpmPackage[]> {
  const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const names = Object.keys({ ...own.dependencies, ...own.devDependencies });
  return Promise.all(
    names.map(async (name) => {
      const folder = join(root, 'node_modules', name);
      const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
      const readme = (await readdir(folder)).find((file) => /^readme\.md$/i.test(file));
      return { manifest, readme: readme ? await readFile(join(folder, readme), 'utf8') : '' };
    }),
  );
}

/** Started with packages of one version each, that is, of one file. */
export async function startVerdaccio(
  level: LogLevel,
  packages: readonly NpmPackage[],
): Promise<ServerProcess & { paths: string[] }> {
  const program = await install();
  const folder = await mkdtemp(join(tmpdir(), 'pinwheel-verdaccio-'));
  await writeFile(join(folder, 'config.yaml'), configOf(level));
  const port = await freePort();
  const args = [program, '--config', join(folder, 'config.yaml'), '--listen', `127.0.0.1:${port}`];
  const env = { NODE_ENV: 'production' };
  const server = await startProcess(process.execPath, args, { port, path: '/-/ping', env });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const one of packages) await publish(server.url, one);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: server.url, paths: packages.map(({ manifest }) => pathOf(manifest.name)), stop };
}

/** As npm writes it. */
const pathOf = (name: string) => `/${name.replace('/', '%2f')}`;

/** Into `.cache/`, and only once. */
async function install(): Promise<string> {
  const folder = join(root, '.cache', `verdaccio-${VERDACCIO_VERSION}`);
  const program = join(folder, 'node_modules/verdaccio/bin/verdaccio');
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  const manifest = {
    private: true,
    dependencies: { verdaccio: VERDACCIO_VERSION },
    // One of its plugins wants node-fetch by a tag, which not every mirror of npm has.
    overrides: { 'node-fetch': '2.7.0' },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await promisify(execFile)('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund']);
  return program;
}

async function publish(registry: URL, { manifest, readme }: NpmPackage): Promise<void> {
  const { name, version, description } = manifest;
  const tarball = Buffer.from('not unpacked by anyone');
  const filename = `${name.split('/').at(-1)}-${version}.tgz`;
  const dist = {
    shasum: createHash('sha1').update(tarball).digest('hex'),
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    tarball: new URL(`/${name}/-/${filename}`, registry).href,
  };
  const response = await fetch(new URL(pathOf(name), registry), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      _id: name,
      name,
      description,
      'dist-tags': { latest: version },
      versions: { [version]: { ...manifest, _id: `${name}@${version}`, readme, dist } },
      _attachments: {
        [filename]: {
          content_type: 'application/octet-stream',
          data: tarball.toString('base64'),
          length: tarball.length,
        },
      },
    }),
  });
  if (!response.ok) throw new Error(`verdaccio did not take ${name}: ${await response.text()}`);
}
