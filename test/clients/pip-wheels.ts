/** Real wheels, fetched by the machine's pip from its index once. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { wheels } from '../patches/python-packages.ts';

export interface DownloadedWheel {
  path: string;
  filename: string;
  sha256: string;
  bytes: Buffer;
}

/**
 * The file that `pip download` picks for a requirement, such as `httpx==0.28.1`. Pin the version: what is cached is not
 * asked again.
 */
export async function downloadWheel(requirement: string): Promise<DownloadedWheel> {
  const [path] = (await wheels([requirement])) as [string];
  const bytes = await readFile(path);
  return { path, filename: basename(path), sha256: createHash('sha256').update(bytes).digest('hex'), bytes };
}

/** The environment in which Python imports the newest pip: that of a system may be old, and may refuse to install. */
export async function newestPip(): Promise<NodeJS.ProcessEnv> {
  return { ...process.env, PYTHONPATH: (await downloadWheel('pip')).path };
}
