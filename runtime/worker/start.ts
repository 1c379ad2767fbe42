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
import { restoreDerived } from '../derived.ts';
import { serveFiles } from '../host.ts';
import { OLDEST_WORKERD } from '../manifest.ts';
import { partsOf, restoreChanges, sizeOf } from '../memory.ts';
import { readLarge } from '../placed.ts';
import type { EmscriptenModule, PyObject } from '../pyodide.ts';
import { addFile, fillSite, sizeOfBlob, standardLibrary, weakly } from '../site.ts';
import { bridge } from './bridge.ts';
import { watchPromises } from './event.ts';
import { watchForEnd } from './lifetime.ts';

const EMPTY = new Uint8Array(0);
/** The least room for output that zlib accepts. */
const ROOM = 64;

let servesFiles = false;

/** Python functions by their purpose (see `Handlers` in `events.py`). */
export type Python = Record<'handle' | 'make' | 'call', PyObject>;

/**
 * @param env with `PINWHEEL_CHECK_MEMORY`, restored memory is checked against its digest
 * @param onEnd called if Python ends by a fatal error
 */
export async function start(env: Record<string, unknown>, onEnd: () => void): Promise<Python> {
  if (zlib.zstdDecompressSync === undefined) {
    throw new Error(
      `This Worker needs workerd ${OLDEST_WORKERD} or newer, for Zstandard in node:zlib: npm install --save-dev wrangler@latest`,
    );
  }
  const { runtime, snapshot: state } = manifest;
  const readNow = (file: typeof base) => (file === null ? null : readLarge(file, env));
  const [library, site, ...pages] = await Promise.all([stdlib, packages, base, changes].map(readNow));
  const readLibrary = lazily(library!, manifest.stdlib);
  const readSite = lazily(site!, sizeOfBlob(manifest.packages));
  // Once, also if a start is tried again.
  if (!servesFiles) serveFiles({ stdlib: state ? () => EMPTY : readLibrary, lock: lockOf(runtime) });
  servesFiles = true;
  let restored: Uint8Array | undefined;
  let unpackInto: Unpack | undefined;
  const begin = ({ HEAPU8 }: EmscriptenModule) => {
    const { first, runs, sha256 } = state!.base;
    readPart('base', pages[0]!, sha256, (bytes) => {
      unpackInto = unpacker(bytes, sizeOf(first) + sizeOf(runs));
      for (const part of partsOf(HEAPU8, first)) unpackInto(part);
    });
  };
  const finish = (module: EmscriptenModule) => {
    const { FS, HEAPU8 } = module;
    addFile(FS, standardLibrary(runtime.python), manifest.stdlib, readLibrary);
    const { runs, sha256 } = state!.base;
    // Pyodide keeps this function, which then refers to none of the bytes.
    const [shared, own] = pages.splice(0);
    readPart('base', shared!, sha256, () => {
      for (const part of partsOf(HEAPU8, runs)) unpackInto!(part);
      unpackInto = undefined;
    });
    readPart('changes', own!, state!.sha256, (bytes) =>
      restoreChanges(HEAPU8, decompressed(bytes, state!.changes)),
    );
    restoreDerived(module, state!.marks);
    if (env.PINWHEEL_CHECK_MEMORY) restored = HEAPU8.slice();
  };
  const pyodide = await createPyodide(
    { runtime, loadPyodide, createModule, wasm, libraries, bridge },
    state ? { restore: { state, begin, finish } } : {},
  );
  watchForEnd(pyodide._module, onEnd);
  watchPromises(pyodide._module);
  // For the inspector, which has no other way to the memory of WebAssembly.
  Object.defineProperty(globalThis, Symbol.for('pinwheel.module'), {
    value: pyodide._module,
    configurable: true,
  });
  if (restored) await checkMemory(restored, state!.sha256);
  restored = undefined;
  fillSite(pyodide, [
    [manifest.packages, (offset, length) => readSite().slice(offset, offset + length)],
    [manifest.project, (offset, length) => new Uint8Array(project, offset, length)],
  ]);
  const module = pyodide.pyimport('_pinwheel.begin');
  const handlers = (module.begin as PyObject)(manifest.main, state !== null) as PyObject;
  module.destroy();
  const { handle, make, call } = handlers as unknown as Python;
  return { handle, make, call };
}

/**
 * Not as Node's `Buffer`, whose parts differ from those of an array.
 * @param size of what it returns: with room for all of it and more, nothing is copied meanwhile
 */
function decompressed(bytes: Uint8Array, size: number): Uint8Array {
  const { buffer, byteOffset, byteLength } = zlib.zstdDecompressSync!(bytes, { chunkSize: size + ROOM });
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A function of its own, so that what it returns refers to nothing else. */
function lazily(bytes: Uint8Array, size: number): () => Uint8Array {
  return weakly(() => decompressed(bytes, size));
}

/** The members of a decompressor of `node:zlib` that are there, here and in Node, but not documented. */
interface Decompressor {
  _handle?: {
    setErrorHandler(handle: () => void): void;
    close(): void;
    writeSync(
      flush: number,
      from: Uint8Array,
      start: number,
      size: number,
      ...to: [Uint8Array, number, number]
    ): void;
  };
  /** The room that was left after writing, and how much was not read. */
  _writeState?: Uint32Array;
}

/** Fills a part of memory with the bytes that follow those of the part before. */
type Unpack = (part: Uint8Array) => void;

/**
 * Decompresses in steps straight into memory, if that is possible. Other bytes would be twice as many pages that the
 * system has to provide, and a copy.
 * @param size of all that is to be decompressed
 */
function unpacker(bytes: Uint8Array, size: number): Unpack {
  const { _handle: handle, _writeState: left } = zlib.createZstdDecompress() as unknown as Decompressor;
  let hasFailed = handle === undefined || left === undefined;
  handle?.setErrorHandler(() => (hasFailed = true));
  let [read, filled] = [0, 0];
  let whole: Uint8Array | undefined;
  return (part) => {
    if (!hasFailed) {
      const rest = bytes.length - read;
      handle!.writeSync(zlib.constants.ZSTD_e_continue, bytes, read, rest, part, 0, part.length);
      hasFailed ||= left![0] !== 0;
      read = bytes.length - left![1]!;
    }
    if (hasFailed) {
      // The error says what is wrong.
      whole ??= decompressed(bytes, size);
      part.set(whole.subarray(filled, filled + part.length));
    }
    filled += part.length;
    if (filled === size) handle?.close();
  };
}

/** Nothing else would detect a wrong part. */
function readPart(name: string, bytes: Uint8Array, sha256: string, use: (bytes: Uint8Array) => void): void {
  const ending = new TextDecoder().decode(bytes.subarray(-sha256.length));
  try {
    if (ending === sha256) {
      use(bytes.subarray(0, -sha256.length));
      return;
    }
  } catch (error) {
    throw new Error(`snapshot/${name}.bin is damaged (${(error as Error).message}). Build the Worker again.`);
  }
  throw new Error(
    `snapshot/${name}.bin is the snapshot of another build: it ends with ${JSON.stringify(ending)}, and this Worker expects ${sha256}. Build the Worker again.`,
  );
}

async function checkMemory(memory: Uint8Array, sha256: string): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', memory as BufferSource));
  const actual = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (actual !== sha256)
    throw new Error(`Restored memory has the SHA-256 ${actual}, and its snapshot ${sha256}.`);
}
