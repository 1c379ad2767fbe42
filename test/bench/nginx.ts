/** nginx, serving files from disk. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './debian.ts';
import { freePort, type ServerProcess, startProcess } from './server-process.ts';

/** Started with a file of each body, all of one type. */
export async function startNginx(
  bodies: readonly string[],
  contentType: string,
): Promise<ServerProcess & { paths: string[] }> {
  const { path: program, env } = await findProgram('nginx', ['nginx']);
  const folder = await mkdtemp(join(tmpdir(), 'pinwheel-nginx-'));
  const port = await freePort();
  await Promise.all(bodies.map((body, at) => writeFile(join(folder, `page-${at}`), body)));
  await writeFile(join(folder, 'nginx.conf'), configOf(folder, port, contentType));
  const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')];
  const server = await startProcess(program, args, { port, path: '/page-0', env });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: server.url, paths: bodies.map((_, at) => `/page-${at}`), stop };
}

/** nginx's defaults, but one worker, because a Worker has one thread, no log, and no limit of requests per connection. */
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
