/**
 * Fetches upstream wheels into a cache: by the user's pip, with its index, proxy and credentials, or if there is no
 * pip, or pip fails, from PyPI.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withScratch } from '../../cli/common/folders.ts';
import { sha256 } from '../import/digest.ts';
import { root } from '../root.ts';
import type { Upstream } from './manifest.ts';
import { fetchFromPypi } from './pypi-file.ts';

const cacheFolder = join(root, '.cache', 'wheels');

/** The bytes of an upstream wheel. @throws if it cannot be fetched, with the errors of pip and of PyPI */
export async function fetchUpstream(
  name: string,
  upstream: Upstream,
  folder = cacheFolder,
): Promise<Uint8Array> {
  const path = join(folder, upstream.filename);
  if (existsSync(path)) {
    const cached = await readFile(path);
    if (sha256(cached) === upstream.sha256) return cached;
  }
  // pip writes into another folder, so that an interrupted download never passes for a whole one.
  await withScratch(folder, 'partial-', async (partial) => {
    const fetched = join(partial, upstream.filename);
    try {
      await runPip([`${name}==${upstream.version}`, '--dest', partial, ...tagOptions(upstream.filename)]);
    } catch (error) {
      await writeFile(fetched, await withoutPip(name, upstream, lastLine(error)));
    }
    await rename(fetched, path);
  });
  return readFile(path);
}

async function withoutPip(name: string, upstream: Upstream, pip: string): Promise<Uint8Array> {
  return fetchFromPypi(name, upstream).catch((error: Error) => {
    const { filename } = upstream;
    throw new Error(`pip does not fetch ${filename}: ${pip}; nor PyPI: ${error.message}`, { cause: error });
  });
}

const PYTHON = process.platform === 'win32' ? 'python' : 'python3';
const DOWNLOAD = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--retries', '0'];

async function runPip(args: string[]): Promise<void> {
  await promisify(execFile)(PYTHON, [...DOWNLOAD, '--no-deps', '--only-binary', ':all:', ...args]);
}

/** The options by which pip chooses the file with these tags, on any Python and platform. */
function tagOptions(filename: string): string[] {
  const [python, abi, platforms] = filename.slice(0, -'.whl'.length).split('-').slice(-3) as [
    string,
    string,
    string,
  ];
  if (platforms === 'any') return [];
  const [, implementation, version] = /^([a-z]+)(\d+)/.exec(python)!;
  return [
    ...['--python-version', version!, '--implementation', implementation!, '--abi', abi],
    ...platforms.split('.').flatMap((platform) => ['--platform', platform]),
  ];
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string };
  return (stderr?.trim() || message).split('\n').at(-1)!;
}
