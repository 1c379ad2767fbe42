/** Other projects' servers for comparison, each in a process of its own on loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ServerProcess {
  url: URL;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 30_000;

/** A port that was free a moment ago, for servers that cannot choose one themselves. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a server and waits until it answers under `path`. */
export async function startProcess(
  command: string,
  args: readonly string[],
  { port, path, env = {} }: { port: number; path: string; env?: Record<string, string> },
): Promise<ServerProcess> {
  // Into a file: a log of each request must not cost the process that sends the requests.
  const folder = await mkdtemp(join(tmpdir(), 'pinwheel-server-'));
  const log = await open(join(folder, 'log'), 'w+');
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', log.fd, log.fd] });
  const stop = async () => {
    await end(child);
    await log.close();
    await rm(folder, { recursive: true, force: true });
  };
  const url = new URL(`http://127.0.0.1:${port}`);
  try {
    await answers(new URL(path, url), child);
  } catch (cause) {
    const said = await readFile(join(folder, 'log'), 'utf8');
    await stop();
    throw new Error(`${command} did not start: ${said.slice(-1000)}`, { cause });
  }
  return { url, stop };
}

async function answers(url: URL, child: ChildProcess): Promise<void> {
  let failure: unknown;
  child.on('error', (error) => {
    failure = error;
  });
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; ) {
    if (failure || child.exitCode !== null) throw failure ?? new Error(`it ended with ${child.exitCode}`);
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing answered at ${url} within ${READY_WITHIN_MS / 1000} s`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
