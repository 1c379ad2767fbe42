/**
 * Fetches upstream wheels into a cache: by the user's pip, with its index, proxy and credentials, or if there is no
 * pip, or pip fails, from PyPI.
 */
import { execFile } from 'node:child_process';
import { copyFile, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openIndex } from '../../../resolver/solver/simple-index/open-index.ts';
import { PYPI } from '../../common/credentials.ts';
import { withScratch } from '../../common/folders.ts';
import { sha256Of } from '../../worker/files.ts';
import { Cache } from '../cache.ts';
import { download } from '../download.ts';
import type { Upstream } from './patch-folder.ts';

/** The bytes of an upstream wheel. @throws if it cannot be fetched, with the errors of pip and of PyPI */
export async function fetchUpstream(name: string, upstream: Upstream, folder: string): Promise<Uint8Array> {
  const { version, filename, sha256 } = upstream;
  const path = join(folder, filename);
  const cached = await readFile(path).catch(() => null);
  if (cached && sha256Of(cached) === sha256) return cached;
  // pip writes into another folder, so that an interrupted download never passes for a whole one.
  await withScratch(folder, 'partial-', async (partial) => {
    const fetched = join(partial, filename);
    try {
      await runPip([`${name}==${version}`, '--dest', partial, ...tagOptions(filename)]);
    } catch (failure) {
      const wheel = await fetchFromPypi(name, upstream, folder).catch((error: Error) => {
        const said = `pip does not fetch ${filename}: ${lastLine(failure)}; nor PyPI: ${error.message}`;
        throw new Error(said, { cause: error });
      });
      await copyFile(wheel, fetched);
    }
    await rename(fetched, path);
  });
  return readFile(path);
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

/** The path of a release's file in the cache. PyPI lists it by its SHA-256. */
export async function fetchFromPypi(
  name: string,
  { version, filename, sha256 }: Upstream,
  folder: string,
  index = PYPI,
): Promise<string> {
  const listed = (await openIndex({ url: index, fetch }).versionsOf(name)) ?? [];
  const file = listed.find((candidate) => candidate.sha256 === sha256);
  const { host } = new URL(index);
  if (!file) throw new Error(`${host} lists no ${filename} with the SHA-256 ${sha256}`);
  const { url, size } = file;
  const pinned = { name, version, filename, sha256, size, url, kind: 'wheel' } as const;
  return (await download(pinned, new Cache(folder), () => {})).path;
}
