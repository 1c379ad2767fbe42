/** Starts Python from a Worker's modules, and imports the main module. */
import zlib from 'node:zlib';
import {
  base,
  changes,
  createModule,
  loadPyodide,
  manifest,
  packages,
  project,
  stdlib,
  wasm,
} from 'pinwheel:parts';
import { libraries } from 'pinwheel:wasm';
import { createPyodide, lockOf } from '../create.ts';
import { serveFiles } from '../host.ts';
import { restoreChanges, restorePages } from '../memory.ts';
import { OLDEST_WORKERD } from '../oldest-workerd.ts';
import { readLarge } from '../placed.ts';
import type { EmscriptenModule, PyObject } from '../pyodide.ts';
import { fillSite } from '../site.ts';
import { bridge } from './bridge.ts';

let servesFiles = false;

/** Python functions by their purpose (see `Handlers` in `events.py`). */
export type Python = Record<'handle' | 'make' | 'call', PyObject>;

/** @param env with `DEBUG`, restored memory is checked against its digest */
export async function start(env: Record<string, unknown>): Promise<Python> {
  if (zlib.zstdDecompressSync === undefined) {
    throw new Error(
      `This Worker needs workerd ${OLDEST_WORKERD} or newer, for Zstandard in node:zlib: npm install --save-dev wrangler@latest`,
    );
  }
  const { runtime, snapshot: state } = manifest;
  const read = (file: typeof base) => (file === null ? null : readLarge(file, env));
  const [library, site, shared, own] = await Promise.all([stdlib, packages, base, changes].map(read));
  // Once, also if a start is tried again.
  if (!servesFiles) serveFiles({ wasm, stdlib: decompressed(library!), lock: lockOf(runtime) });
  servesFiles = true;
  let restored: Uint8Array | undefined;
  const restoring = state && {
    base: { runs: state.base.runs, data: pagesIn('base', shared!, state.base.sha256) },
    changes: { runs: state.runs, data: pagesIn('changes', own!, state.sha256) },
  };
  const copy = ({ HEAPU8 }: EmscriptenModule) => {
    restorePages(HEAPU8, restoring!.base);
    restoreChanges(HEAPU8, restoring!.base.runs, restoring!.changes);
    if (env.DEBUG) restored = HEAPU8.slice();
  };
  const pyodide = await createPyodide(
    { runtime, loadPyodide, createModule, libraries, bridge },
    state ? { restore: { state, copy } } : {},
  );
  if (restored) await checkMemory(restored, state!.sha256);
  fillSite(pyodide, [
    [manifest.packages, decompressed(site!)],
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
function pagesIn(name: string, bytes: Uint8Array, sha256: string): Uint8Array {
  const found = new TextDecoder().decode(bytes.subarray(-sha256.length));
  if (found === sha256) return decompressed(bytes.subarray(0, -sha256.length));
  throw new Error(
    `snapshot/${name}.bin is the snapshot of another build: it ends with ${JSON.stringify(found)}, and this Worker expects ${sha256}. Build the Worker again.`,
  );
}

async function checkMemory(memory: Uint8Array, sha256: string): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', memory as BufferSource));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (found !== sha256)
    throw new Error(`Restored memory has the SHA-256 ${found}, and its snapshot ${sha256}.`);
}
