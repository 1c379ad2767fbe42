/** Packages of npm, fetched into a cache folder by the user's own npm, with its registry, proxy and credentials. */
import { execFile } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { readTar } from '../../resolver/archives/tar.ts';
import { withScratch } from '../common/folders.ts';
import { together } from '../common/together.ts';

/** npm reports as JSON, and does not retry for minutes. */
const OPTIONS = [
  '--json',
  '--loglevel',
  'silent',
  '--fetch-retry-mintimeout',
  '1000',
  '--fetch-retry-maxtimeout',
  '5000',
];

/** The npm that runs this program if there is one, else the one on the path. */
export async function runNpm(args: string[], signal?: AbortSignal): Promise<string> {
  const script = process.env.npm_execpath;
  const isNpm = script !== undefined && basename(script) === 'npm-cli.js';
  const words = [...(isNpm ? [script] : []), ...args, ...OPTIONS];
  const shell = !isNpm && process.platform === 'win32';
  const options = { shell, maxBuffer: MOST_OUTPUT, signal };
  return (await promisify(execFile)(isNpm ? process.execPath : 'npm', words, options)).stdout;
}

/** The list of thousands of versions takes a megabyte. */
const MOST_OUTPUT = 1 << 25;

export function reasonOf(error: unknown): string {
  const { stdout, message } = error as Error & { stdout?: string };
  try {
    return JSON.parse(stdout ?? '').error.summary;
  } catch {
    return message;
  }
}

const PARALLEL = 3;

export interface NpmPackage {
  name: string;
  version: string;
}

export interface Tarball extends NpmPackage {
  path: string;
  /** Bytes that came over the network; 0 for a cached tarball. */
  downloaded: number;
}

/** The tarballs in the order of the packages, each reported as it arrives. @throws with npm's message */
export async function fetchTarballs(
  packages: NpmPackage[],
  report: (line: string) => void,
  folder: string,
  signal?: AbortSignal,
): Promise<Tarball[]> {
  let done = 0;
  return together(packages, PARALLEL, async (wanted) => {
    const tarball = await fetchTarball(wanted, folder, signal);
    const how = tarball.downloaded ? `${(tarball.downloaded / 1e6).toFixed(1)} MB` : 'cached';
    report(`${++done}/${packages.length} ${wanted.name}@${wanted.version} ${how}`);
    return tarball;
  });
}

async function fetchTarball(
  { name, version }: NpmPackage,
  cache: string,
  signal?: AbortSignal,
): Promise<Tarball> {
  const path = join(cache, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  if (existsSync(path)) return { name, version, path, downloaded: 0 };
  // npm writes into a temporary folder, so that an interrupted download is never taken for a complete one.
  await withScratch(cache, 'partial-', async (folder) => {
    await runNpm(['pack', `${name}@${version}`, '--pack-destination', folder], signal);
    const [file] = await readdir(folder);
    if (!file) throw new Error('npm pack wrote no file');
    await rename(join(folder, file), path);
  }).catch((error: unknown) => {
    throw new Error(`${name}@${version} cannot be fetched with npm: ${reasonOf(error)}`, { cause: error });
  });
  return { name, version, path, downloaded: (await stat(path)).size };
}

/** The bytes of a path, such as `package/bin/workerd`. @throws if the archive is damaged or has no such file */
export async function readFromTarball(tarball: string, path: string): Promise<Buffer> {
  let extracted: Buffer | undefined;
  try {
    await pipeline(createReadStream(tarball), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const { name, content } of readTar(chunks)) {
        if (name !== path) continue;
        const pieces: Uint8Array[] = [];
        for await (const piece of content()) pieces.push(piece);
        extracted = Buffer.concat(pieces);
      }
    });
  } catch (error) {
    throw new Error(`${tarball} has no complete ${path}: ${(error as Error).message}`, { cause: error });
  }
  if (!extracted) throw new Error(`${tarball} has no complete ${path}`);
  return extracted;
}
