/** From a Worker's modules to a Python that has its main module imported. */
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
import type { PyObject } from '../pyodide.ts';
import { fillSite } from '../site.ts';
import { bridge } from './bridge.ts';

serveFiles({ wasm, stdlib, lock: lockOf(manifest.runtime) });

/** @param debug checks restored memory against the digest that it had */
export async function start(debug: boolean): Promise<PyObject> {
  const { runtime, snapshot: state } = manifest;
  let restored: Uint8Array | undefined;
  const copy = (memory: Uint8Array) => {
    restorer(state!, new Uint8Array(snapshot!))(memory);
    if (debug) restored = memory.slice();
  };
  const pyodide = await createPyodide(
    { runtime, loadPyodide, createModule, libraries, bridge },
    state ? { restore: { state, copy } } : {},
  );
  if (restored) await checkMemory(restored, state!.sha256);
  fillSite(pyodide, [
    [manifest.packages, new Uint8Array(packages)],
    [manifest.project, new Uint8Array(project)],
  ]);
  const begin = pyodide.pyimport('_pinwheel.begin');
  const handlers = (begin.begin as PyObject)(manifest.main, state !== null) as PyObject;
  begin.destroy();
  return handlers;
}

async function checkMemory(memory: Uint8Array, sha256: string): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', memory as BufferSource));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (found !== sha256)
    throw new Error(`Restored memory has the SHA-256 ${found}, and its snapshot ${sha256}.`);
}
