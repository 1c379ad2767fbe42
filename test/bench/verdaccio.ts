/** Verdaccio, the private npm registry, with one package that it holds itself. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/root.ts';
import { freePort, type ServerProcess, startProcess } from './server-process.ts';

export const VERDACCIO_VERSION = '6.10.4';
const PACKAGE = 'pinwheel-bench';

/**
 * As it comes, but without npmjs behind it, with packages from anybody, and without a line of log for each
 * request, which the servers beside it do not write either.
 */
const CONFIG = `
storage: ./storage
web: {title: Verdaccio}
auth: {htpasswd: {file: ./htpasswd}}
packages: {'**': {access: $all, publish: $anonymous}}
server: {keepAliveTimeout: 60}
middlewares: {audit: {enabled: true}}
log: {type: stdout, format: pretty, level: error}
`;

/** What npm asks for when it installs. */
export const NPM_ACCEPT = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*';

/** Started with a package of one version, that is, of one file. */
export async function startVerdaccio(): Promise<ServerProcess & { path: string }> {
  const program = await install();
  const folder = await mkdtemp(join(tmpdir(), 'pinwheel-verdaccio-'));
  await writeFile(join(folder, 'config.yaml'), CONFIG);
  const port = await freePort();
  const args = [program, '--config', join(folder, 'config.yaml'), '--listen', `127.0.0.1:${port}`];
  const env = { NODE_ENV: 'production' };
  const server = await startProcess(process.execPath, args, { port, path: '/-/ping', env });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await publish(server.url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: server.url, path: `/${PACKAGE}`, stop };
}

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

async function publish(registry: URL): Promise<void> {
  const tarball = Buffer.from('not unpacked by anyone');
  const filename = `${PACKAGE}-1.0.0.tgz`;
  const version = {
    name: PACKAGE,
    version: '1.0.0',
    description: 'A package of one file',
    dist: {
      shasum: createHash('sha1').update(tarball).digest('hex'),
      integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
      tarball: new URL(`/${PACKAGE}/-/${filename}`, registry).href,
    },
  };
  const response = await fetch(new URL(`/${PACKAGE}`, registry), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      _id: PACKAGE,
      name: PACKAGE,
      'dist-tags': { latest: '1.0.0' },
      versions: { '1.0.0': version },
      _attachments: {
        [filename]: {
          content_type: 'application/octet-stream',
          data: tarball.toString('base64'),
          length: tarball.length,
        },
      },
    }),
  });
  if (!response.ok) throw new Error(`verdaccio took no package: ${response.status} ${await response.text()}`);
}
