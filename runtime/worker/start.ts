/** Starts Python from a Worker's modules, and imports the main module. */
import zlib from 'node:zlib';
import {
  createModule,
  loadPyodide,
  manifest,
  packages,
  project,
  snapshot,
  stdlib,
  wasm,
} from 'pinwheel:parts';
import { libraries } from 'pinwheel:wasm';
import { createPyodide, lockOf, restorer } from '../create.ts';
import { serveFiles } from '../host.ts';
import { OLDEST_WORKERD } from '../oldest-workerd.ts';
import { readLarge } from '../placed.ts';
import type { PyObject } from '../pyodide.ts';
import { fillSite } from '../site.ts';
import { bridge } from './bridge.ts';

let servesFiles = false;

/** Python functions by their purpose (see `Handlers` in `events.py`). */
export type Python = Record<'handle' | 'make' | 'call', PyObject>;

/** @param env its `DEBUG` has restored memory checked against the digest that it had */
export async function start(env: Record<string, unknown>): Promise<Python> {
  if (zlib.zstdDecompressSync === undefined) {
    throw new Error(
      `This Worker needs workerd ${OLDEST_WORKERD} or newer, for Zstandard in node:zlib: npm install --save-dev wrangler@latest`,
    );
  }
  const { runtime, snapshot: state } = manifest;
  const read = (file: typeof packages) => readLarge(file, env);
  const [library, site, saved] = await Promise.all([
    read(stdlib),
    read(packages),
    snapshot === null ? null : read(snapshot),
  ]);
  // Once, also if a start is tried again.
  if (!servesFiles) serveFiles({ wasm, stdlib: decompressed(library), lock: lockOf(runtime) });
  servesFiles = true;
  let restored: Uint8Array | undefined;
  const pages = state ? pagesIn(saved!, state.sha256) : null;
  const copy = (memory: Uint8Array) => {
    restorer(state!, pages!)(memory);
    if (env.DEBUG) restored = memory.slice();
  };
  const pyodide = await createPyodide(
    { runtime, loadPyodide, createModule, libraries, bridge },
    state ? { restore: { state, copy } } : {},
  );
  if (restored) await checkMemory(restored, state!.sha256);
  fillSite(pyodide, [
    [manifest.packages, decompressed(site)],
    [manifest.project, new Uint8Array(project)],
  ]);
  const begin = pyodide.pyimport('_pinwheel.begin');
  const handlers = (begin.begin as PyObject)(manifest.main, state !== null) as PyObject;
  begin.destroy();
  const { handle, make, call } = handlers as unknown as Python;
  return { handle, make, call };
}

/** Not as Node's `Buffer`, whose parts differ from those of an array. */
function decompressed(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, byteLength } = zlib.zstdDecompressSync!(bytes);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Nothing else would detect wrong pages. */
function pagesIn(bytes: Uint8Array, sha256: string): Uint8Array {
  const found = new TextDecoder().decode(bytes.subarray(-sha256.length));
  if (found === sha256) return decompressed(bytes.subarray(0, -sha256.length));
  throw new Error(
    `snapshot.bin is the snapshot of another build: it ends with ${JSON.stringify(found)}, and this Worker expects ${sha256}. Build the Worker again.`,
  );
}

async function checkMemory(memory: Uint8Array, sha256: string): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', memory as BufferSource));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (found !== sha256)
    throw new Error(`Restored memory has the SHA-256 ${found}, and its snapshot ${sha256}.`);
}
