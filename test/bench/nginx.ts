/** nginx, serving one file from disk. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/root.ts';
import { freePort, type ServerProcess, startProcess } from './server-process.ts';

const run = promisify(execFile);

export async function startNginx(
  body: string,
  contentType: string,
): Promise<ServerProcess & { path: string }> {
  const program = await findNginx();
  const folder = await mkdtemp(join(tmpdir(), 'pinwheel-nginx-'));
  const port = await freePort();
  await writeFile(join(folder, 'page'), body);
  await writeFile(join(folder, 'nginx.conf'), configOf(folder, port, contentType));
  const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')];
  const server = await startProcess(program, args, { port, path: '/page' });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: server.url, path: '/page', stop };
}

/** As nginx comes, with one worker as a Worker has one thread; without its log and its limit to a connection. */
function configOf(folder: string, port: number, contentType: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
    daemon off;
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    worker_processes 1;
    pid ${folder}/nginx.pid;
    events { worker_connections 768; }
    http {
      access_log off;
      sendfile on;
      tcp_nopush on;
      keepalive_requests 1000000000;
      default_type ${contentType};
      ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n      ')}
      server {
        listen 127.0.0.1:${port};
        root ${folder};
      }
    }
  `;
}

/** The machine's, or Debian's package unpacked into `.cache/`: installed, it would start a server of its own. */
async function findNginx(): Promise<string> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  const folder = join(root, '.cache/nginx');
  const unpacked = join(folder, 'usr/sbin/nginx');
  const found = [...folders.map((one) => join(one, 'nginx')), unpacked].find((path) => existsSync(path));
  if (found) return found;
  await mkdir(folder, { recursive: true });
  await run('apt-get', ['download', 'nginx'], { cwd: folder }).catch(async () => {
    await run('apt-get', ['update']);
    await run('apt-get', ['download', 'nginx'], { cwd: folder });
  });
  const [file] = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
  await run('dpkg', ['-x', join(folder, file!), folder]);
  return unpacked;
}
