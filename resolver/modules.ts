/** The packages of a closure as modules, for Workers that are created at run time. */
import { gunzipSync, unzipSync } from 'fflate';
import type { ResolvedPackage, Target } from './answer.ts';
import { pathIssue } from './archives/entry-path.ts';
import { readTar } from './archives/tar.ts';
import { concat, readAtMost } from './bytes.ts';
import type { Fetch } from './client/transport.ts';
import type { ResolveQuestion } from './closure/resolve.ts';
import { sha256 } from './digest.ts';
import { fileUrls } from './formats/file.ts';
import type { Issue } from './issue.ts';
import { refusedArchive, unknownArchive, wrongBytes } from './issues/documents.ts';
import { outOfReach } from './issues/reach.ts';
import { type Pinwheel, ResolveError } from './pinwheel/pinwheel.ts';
import type { Asked } from './question/read.ts';
import { destinationOf } from './wheels/files.ts';

// The part of the host's API that is used here.
declare const fetch: Fetch;

/** A module for `env.LOADER`: Python code, or bytes. */
export type LoaderModule = { py: string } | { data: ArrayBuffer };

/** The sources of answers and wheels. */
export interface ModulesOptions {
  pinwheel: Pinwheel;
  /** The registry that serves the wheels; by default, each is fetched from its pinned URL. */
  registry?: string;
  /** By default the host's own `fetch`. */
  fetch?: Fetch;
  /** Milliseconds for one wheel; 30,000 by default. */
  timeoutMs?: number;
}

/** The parts of a dynamic Worker's code, in addition to its own modules. */
export interface LoaderModules {
  compatibilityDate: string;
  /** workerd's flags, without a package flag. */
  compatibilityFlags: string[];
  /** By name: the files of all packages below `python_modules/`. */
  modules: Record<string, LoaderModule>;
  target: Target;
  /** In load order. */
  packages: ResolvedPackage[];
}

const TIMEOUT_MS = 30_000;
/** The limit for all files together: a Worker has no more memory. */
const MOST_BYTES = 128 * 1024 * 1024;
const FOLDER = 'python_modules';

/**
 * The modules of every package that requirements need, each wheel checked against the SHA-256 that its set pins. Parts
 * of the standard library and shared libraries, which Pyodide loads from elsewhere, are left out.
 *
 * Throws a {@link ResolveError} for a question without an answer, and for a wheel that is not available, is not the
 * pinned one, or cannot be unpacked.
 * @example
 * ```ts
 * import { modulesFor } from 'pinwheel-py';
 * import { createResolver } from 'pinwheel-py/bundled';
 * const pinwheel = createResolver();
 * // The code that `env.LOADER.get(id, code)` of a dynamic Worker takes.
 * const code = async (entry: string) => {
 *   const question = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
 *   const { modules, ...rest } = await modulesFor({ ...question, requirements: ['jinja2'] }, { pinwheel });
 *   return { ...rest, mainModule: 'entry.py', modules: { ...modules, 'entry.py': { py: entry } } };
 * };
 * typeof code; // → 'function'
 * ```
 */
export async function modulesFor(
  question: Asked<ResolveQuestion>,
  { pinwheel, registry, fetch: given = fetch, timeoutMs = TIMEOUT_MS }: ModulesOptions,
): Promise<LoaderModules> {
  const { packages, target } = await pinwheel.resolve(question);
  const wanted = packages.filter(({ kind }) => kind === 'package');
  const urls = fileUrls(wanted, registry ?? null);
  if (!urls.ok) throw new ResolveError(urls.issues);
  const modules: Record<string, LoaderModule> = {};
  let total = 0;
  const fetched = wanted.map((resolved) => fetchFile(resolved, urls.value(resolved), given, timeoutMs));
  for (const [at, bytes] of (await Promise.all(fetched)).entries()) {
    const { name, wheel } = wanted[at]!;
    const refuse = (detail: string) => {
      const { filename } = wheel;
      return new ResolveError([refusedArchive({ problem: 'not_loaded', filename, package: name, detail })]);
    };
    for (const [path, content] of await unpack(wheel.filename, name, bytes, refuse)) {
      total += content.length;
      if (total > MOST_BYTES) throw refuse(`with it, all comes to more than ${MOST_BYTES} bytes`);
      modules[`${FOLDER}/${path}`] = moduleOf(path, content);
    }
  }
  return {
    compatibilityDate: target.compatibility_date,
    compatibilityFlags: [...target.workerd_flags],
    modules,
    target,
    packages,
  };
}

async function fetchFile(
  { wheel }: ResolvedPackage,
  url: string,
  get: Fetch,
  timeoutMs: number,
): Promise<Uint8Array> {
  const fail = (issue: Issue) => new ResolveError([issue]);
  const unreachable = (reason: string) => fail(outOfReach({ problem: 'unfetched', url, detail: reason }));
  const init = { headers: {}, signal: AbortSignal.timeout(timeoutMs) };
  const response = await get(url, init).catch((error: unknown) => {
    throw unreachable((error as Error).message);
  });
  if (response.status !== 200) throw unreachable(`it answered with status ${response.status}`);
  const bytes = await readAtMost(response.body, MOST_BYTES).catch((error: unknown) => {
    throw unreachable((error as Error).message);
  });
  if (!bytes) throw unreachable(`it sent more than ${MOST_BYTES} bytes`);
  const actual = await sha256(bytes);
  if (actual === wheel.sha256) return bytes;
  const { filename, sha256: pinned } = wheel;
  throw fail(wrongBytes({ problem: 'sent', url, filename, found: actual, pinned }));
}

type Files = [path: string, content: Uint8Array][];

/** The files of an archive by their paths below the folder of Python modules. */
async function unpack(
  filename: string,
  name: string,
  bytes: Uint8Array,
  refuse: (message: string) => Error,
): Promise<Files> {
  let entries: Files;
  try {
    if (/\.(?:whl|zip)$/.test(filename)) entries = Object.entries(unzipSync(bytes));
    else if (/\.(?:tar\.gz|tgz)$/.test(filename)) entries = await filesOfTar(gunzipSync(bytes));
    else throw new ResolveError([unknownArchive({ filename, package: name })]);
  } catch (error) {
    throw error instanceof ResolveError ? error : refuse((error as Error).message);
  }
  const files: Files = [];
  for (const [path, content] of entries) {
    if (path.endsWith('/')) continue;
    const issue = pathIssue(path);
    if (issue !== null) throw refuse(`${JSON.stringify(path)} ${issue}`);
    const place = filename.endsWith('.whl') ? destinationOf(path) : { path };
    if (place.path !== null) files.push([place.path, content]);
  }
  return files;
}

async function filesOfTar(bytes: Uint8Array): Promise<Files> {
  async function* once() {
    yield bytes;
  }
  const files: Files = [];
  for await (const { name, type, content } of readTar(once())) {
    if (type !== 'file') continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of content()) chunks.push(chunk.slice());
    files.push([name.replace(/^\.\//, ''), concat(chunks)]);
  }
  return files;
}

function moduleOf(path: string, content: Uint8Array): LoaderModule {
  if (path.endsWith('.py')) return { py: new TextDecoder().decode(content) };
  return { data: content.slice().buffer as ArrayBuffer };
}
