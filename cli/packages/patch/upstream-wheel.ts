/**
 * Fetches upstream wheels into a cache: by the user's pip, with its index, proxy and credentials, or if there is no
 * pip, or pip fails, from PyPI.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withScratch } from '../../common/folders.ts';
import { sha256Of } from '../../worker/files.ts';
import type { Upstream } from './patch-folder.ts';

/** The bytes of an upstream wheel. @throws if it cannot be fetched, with the errors of pip and of PyPI */
export async function fetchUpstream(name: string, upstream: Upstream, folder: string): Promise<Uint8Array> {
  const path = join(folder, upstream.filename);
  if (existsSync(path)) {
    const cached = await readFile(path);
    if (sha256Of(cached) === upstream.sha256) return cached;
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

/** Time limits for the listing, short in case there is no network, and for the file. */
const LISTING_MS = 10_000;
const FILE_MS = 60_000;
const MOST_LISTING = 16 * 2 ** 20;
const MOST_FILE = 64 * 2 ** 20;

interface Listing {
  urls?: { url?: unknown; digests?: { sha256?: unknown } }[];
}

/**
 * The bytes of a release's file, found by its SHA-256 in PyPI's JSON API.
 * @throws if PyPI cannot be reached, does not list the file, or sends other bytes
 */
export async function fetchFromPypi(
  name: string,
  { version, filename, sha256: pinned }: Upstream,
  index = new URL('https://pypi.org/'),
): Promise<Uint8Array> {
  const listing = await get(new URL(`pypi/${name}/${version}/json`, index), MOST_LISTING, LISTING_MS);
  const { urls = [] }: Listing = JSON.parse(new TextDecoder().decode(listing));
  const url = urls.find(({ digests }) => digests?.sha256 === pinned)?.url;
  if (typeof url !== 'string')
    throw new Error(`${index.host} lists no ${filename} with the SHA-256 ${pinned}`);
  const file = new URL(url);
  if (file.protocol !== 'https:' && file.origin !== index.origin) {
    throw new Error(`${index.host} names ${url}, which is not https`);
  }
  const bytes = await get(file, MOST_FILE, FILE_MS);
  const actual = sha256Of(bytes);
  if (actual !== pinned) throw new Error(`${file.host} sent ${filename} with the SHA-256 ${actual}`);
  return bytes;
}

async function get(url: URL, mostBytes: number, patienceMs: number): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) }).catch((error: Error) => {
    const { message } = (error.cause as Error | undefined) ?? error;
    throw new Error(`${url.host} cannot be reached: ${message}`, { cause: error });
  });
  if (!response.ok) throw new Error(`${url.host} answers ${url.pathname} with status ${response.status}`);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > mostBytes)
      throw new Error(`${url.host} sends more than ${mostBytes} bytes as ${url.pathname}`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
