/** The files of a Worker's Python: blobs with an index each, and libraries, which are compiled modules. */
import type { EmscriptenModule, FileSystem, Pyodide } from './pyodide.ts';

/** Path, offset and length of each file in a blob. */
export type FileIndex = readonly (readonly [path: string, offset: number, length: number])[];

/** The folder of the project's modules, as on Workers that have Python built in. */
export const PROJECT = '/session/metadata';

/** The folders of it that Python looks in, in this order (see `PATHS` in `begin.py`). */
export const ROOTS = [PROJECT, `${PROJECT}/python_modules`, `${PROJECT}/vendor`];

/**
 * Writes the files of some blobs. Call it after Pyodide has started: at its start, Pyodide lists the packages that it
 * finds in a JavaScript object, which a snapshot cannot contain.
 */
export function fillSite(
  pyodide: Pyodide,
  blobs: readonly (readonly [index: FileIndex, blob: Uint8Array])[],
): void {
  const { FS } = pyodide._module;
  const enter = folderMaker(FS);
  for (const [index, blob] of blobs) {
    for (const [path, offset, length] of index) {
      enter(path);
      FS.writeFile(path, blob.subarray(offset, offset + length), { canOwn: true });
    }
  }
  // Python caches which folders did not exist.
  pyodide.runPython('import importlib\nimportlib.invalidate_caches()');
}

/**
 * Adds libraries as empty files. Reading one returns its compiled module, which Emscripten accepts instead of bytes.
 */
export function mountLibraries(
  { FS }: EmscriptenModule,
  libraries: ReadonlyMap<string, WebAssembly.Module>,
): void {
  const enter = folderMaker(FS);
  for (const path of libraries.keys()) {
    enter(path);
    FS.writeFile(path, new Uint8Array(0), { canOwn: true });
  }
  const read = FS.readFile;
  FS.readFile = (path, options) => libraries.get(path) ?? read.call(FS, path, options);
}

function folderMaker(FS: FileSystem): (path: string) => void {
  const made = new Set<string>();
  return (path) => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (made.has(folder)) return;
    FS.mkdirTree(folder);
    made.add(folder);
  };
}
