/** The files that Python finds in a Worker: one blob, an index into it, and libraries that have no bytes. */
import type { EmscriptenModule, FileSystem, Pyodide } from './pyodide.ts';

/** Path, offset and length of each file in a blob. */
export type FileIndex = readonly (readonly [path: string, offset: number, length: number])[];

/** Where the project's own modules lie, as on Workers that have Python built in. */
export const PROJECT = '/session/metadata';

/**
 * Writes the files of some blobs. Not before Pyodide has started: it looks for packages then, and keeps what it
 * finds in an object of JavaScript, which no snapshot holds.
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
  // Python remembers which folders were not there.
  pyodide.runPython('import importlib\nimportlib.invalidate_caches()');
}

/**
 * Libraries are compiled modules. In the file system they are empty, and reading one returns its module, which
 * Emscripten accepts instead of bytes.
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
