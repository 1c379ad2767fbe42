/** The smoke lines of `data/evidence/smoke/`, and what answers those of HTTP clients. */
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** By the name of their package. */
export async function readSmokeLines(folder: string): Promise<Map<string, string>> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.py'));
  const lines = files.map(async (name) => {
    return [name.slice(0, -'.py'.length), await readFile(join(folder, name), 'utf8')] as const;
  });
  return new Map(await Promise.all(lines));
}

/** Answers for `smoke.invalid` on this machine, until the process ends. Returns its host and port. */
export async function serveSmoke(): Promise<string> {
  const server = createServer(({ headers: { host = '' }, socket }, response) => {
    if (host === 'smoke.invalid' || host === own()) response.end('pinwheel');
    else socket.destroy();
  });
  const own = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return own();
}
