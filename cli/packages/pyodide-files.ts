/** The files of a Pyodide release, from npm, in the cache. */
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { unknownPyodide } from '../../resolver/issues/build.ts';
import { wrongBytes } from '../../resolver/issues/documents.ts';
import { outOfReach, unanswered } from '../common/failure.ts';
import { isPlaced, placed, writeFile } from '../common/folders.ts';
import { compress, LEVELS } from '../worker/files.ts';
import { COMPRESSED_STDLIB } from '../worker/modules.ts';
import { type PyodideRelease, patchGlue, RELEASES } from '../worker/releases.ts';
import { restoredFileOf, restoredPyodide } from '../worker/restored-binary.ts';
import { fetchTarballs, readFromTarball } from './npm.ts';
import { withoutComments } from './python-comments.ts';

const BINARY = 'pyodide.asm.wasm';

/** The names under which a Worker includes them. */
export const PYODIDE_FILES = ['pyodide.mjs', 'pyodide.asm.mjs', BINARY, 'python_stdlib.zip'] as const;

/** Local time, as zip files have it. */
const ZIP_EPOCH = new Date(1980, 0, 1);

/** Increased when the derived files change, so that no cached ones are used. */
const FORMAT = 14;

/** A folder with the release's files, verified by its integrity, and its glue patched. */
export async function pyodideFolder(
  version: string,
  cache: string,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const release = releaseOf(version);
  const folder = join(cache, 'pyodide', `${version}-${FORMAT}`);
  if (await isPlaced(folder, restoredFileOf(BINARY))) return folder;
  const tarball = await fetchRelease(version, join(cache, 'npm'), say, signal);
  await placed(folder, async (scratch) => {
    for (const name of PYODIDE_FILES) {
      const source = name === 'pyodide.asm.mjs' ? release.glue : name;
      signal?.throwIfAborted();
      const bytes = await readFromTarball(tarball, `package/${source}`);
      await writeFile(join(scratch, name), made(name, bytes, version, release));
    }
    signal?.throwIfAborted();
    const library = await readFile(join(scratch, 'python_stdlib.zip'));
    await writeFile(join(scratch, COMPRESSED_STDLIB), await compress(library, LEVELS.once));
    signal?.throwIfAborted();
    const binary = join(scratch, BINARY);
    await writeFile(restoredFileOf(binary), restoredPyodide(await readFile(binary)));
  });
  return folder;
}

function releaseOf(version: string): PyodideRelease {
  if (Object.hasOwn(RELEASES, version)) return RELEASES[version]!;
  throw unanswered([unknownPyodide({ pyodide: version, known: Object.keys(RELEASES) })]);
}

function made(
  name: (typeof PYODIDE_FILES)[number],
  bytes: Buffer,
  version: string,
  { glue }: PyodideRelease,
): string | Uint8Array {
  if (name === 'pyodide.asm.mjs') return patchGlue(version, glue, bytes.toString());
  return name === 'python_stdlib.zip' ? madeLibrary(bytes) : bytes;
}

/** Stored uncompressed, because the Worker as a whole is compressed better then; comments are a fifth of it. */
function madeLibrary(archive: Buffer): Uint8Array {
  const files = Object.entries(unzipSync(archive)).map(([path, bytes]): [string, Uint8Array] => {
    return [path, path.endsWith('.py') ? withoutComments(bytes) : bytes];
  });
  return zipSync(Object.fromEntries(files), { level: 0, mtime: ZIP_EPOCH });
}

/** npm's archive of a known release, verified. */
export async function fetchRelease(
  version: string,
  folder: string,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const { integrity } = releaseOf(version);
  const [tarball] = await fetchTarballs([{ name: 'pyodide', version }], () => {}, folder, signal).catch(
    (error: unknown) => {
      throw outOfReach({ problem: 'no_pyodide', detail: (error as Error).message }, error);
    },
  );
  const { path, downloaded } = tarball!;
  const actual = `sha512-${createHash('sha512')
    .update(await readFile(path))
    .digest('base64')}`;
  if (actual !== integrity) {
    await rm(path, { force: true });
    const url = `npm:pyodide@${version}`;
    throw unanswered([wrongBytes({ problem: 'pyodide', url, version, found: actual, pinned: integrity })]);
  }
  say(`Pyodide ${version} ${downloaded > 0 ? 'from npm' : 'from the cache'}`);
  return path;
}
