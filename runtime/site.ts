/** The files of a Worker's Python: blobs with an index each, and libraries, which are compiled modules. */
import type { EmscriptenModule, FileNode, FileSystem, FolderNode, PyObject, Pyodide } from './pyodide.ts';

/** Path, offset and length of each file in a blob. */
export type FileIndex = readonly (readonly [path: string, offset: number, length: number])[];

/** The size of the blob, in bytes. */
export function sizeOfBlob(index: FileIndex): number {
  const [, offset, length] = index.at(-1) ?? ['', 0, 0];
  return offset + length;
}

/** A regular file that all may read and write. */
const NEW_FILE = 0o100666;

/** Returns the bytes of one file in a blob. Called when the file is first read. */
export type ReadFile = (offset: number, length: number) => Uint8Array;

/** Returns what `make` makes, and makes it again if it is needed after nothing else referred to it. */
export function weakly(make: () => Uint8Array): () => Uint8Array {
  let last: Pick<WeakRef<Uint8Array>, 'deref'> | undefined;
  return () => {
    const bytes = last?.deref() ?? make();
    // workerd has no WeakRef before the compatibility date 2025-05-05.
    last = globalThis.WeakRef ? new WeakRef(bytes) : { deref: () => bytes };
    return bytes;
  };
}

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
  blobs: readonly (readonly [index: FileIndex, read: ReadFile])[],
): void {
  const { FS } = pyodide._module;
  const enter = folderMaker(FS);
  for (const [index, read] of blobs) {
    for (const [path, offset, length] of index) {
      const folder = enter(path);
      const name = path.slice(path.lastIndexOf('/') + 1);
      // Writing an empty file first takes ten times as long.
      const node = folder.contents[name] ?? folder.node_ops.mknod(folder, name, NEW_FILE, 0);
      giveContent(node, length, () => read(offset, length), true);
    }
  }
  // Python caches which folders did not exist.
  const importlib = pyodide.pyimport('importlib');
  (importlib.invalidate_caches as PyObject)();
  importlib.destroy();
}

/** Adds a file, or replaces one, whose content is made each time it is read. It cannot be written to. */
export function addFile(FS: FileSystem, path: string, length: number, read: () => Uint8Array): void {
  FS.writeFile(path, new Uint8Array(0), { canOwn: true });
  giveContent(FS.lookupPath(path).node, length, read, false);
}

/** @param keeps whether the file keeps its content when it is first read */
function giveContent(node: FileNode, length: number, read: () => Uint8Array, keeps: boolean): void {
  node.usedBytes = length;
  const become = (value: Uint8Array) => {
    Object.defineProperty(node, 'contents', { value, writable: true });
    return value;
  };
  Object.defineProperty(node, 'contents', {
    configurable: true,
    enumerable: true,
    get: keeps ? () => become(read()) : read,
    set: become,
  });
}

/** Where Pyodide puts the standard library. */
export function standardLibrary(python: string): string {
  const [major, minor] = python.split('.');
  return `/lib/python${major}${minor}.zip`;
}

/**
 * Adds libraries as empty files. Reading one returns its compiled module, which Emscripten accepts instead of bytes.
 */
export function mountLibraries(
  module: EmscriptenModule,
  libraries: ReadonlyMap<string, WebAssembly.Module>,
): void {
  const { FS } = module;
  const enter = folderMaker(FS);
  for (const path of libraries.keys()) {
    enter(path);
    FS.writeFile(path, new Uint8Array(0), { canOwn: true });
  }
  const read = FS.readFile;
  // A library that names its dependencies by a path from its own folder, as shapely does, asks for `lib/../other.libs`.
  FS.readFile = (path, options) => libraries.get(FS.lookupPath(path).path) ?? read.call(FS, path, options);
  module.fileOf = (name) => {
    if (name.startsWith('/')) return FS.lookupPath(name).path;
    // A library that another one needs, by its name alone.
    return [...libraries.keys()].find((path) => path.endsWith(`/${name}`));
  };
  module.libraryHook = (name, flags) => {
    flags.rpath = true;
    return libraries.get(module.fileOf(name) ?? name);
  };
}

/** Makes the folder of a path if there is none, and returns it. */
function folderMaker(FS: FileSystem): (path: string) => FolderNode {
  const made = new Map<string, FolderNode>();
  return (path) => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    let node = made.get(folder);
    if (node === undefined) {
      FS.mkdirTree(folder);
      node = FS.lookupPath(folder).node as unknown as FolderNode;
      made.set(folder, node);
    }
    return node;
  };
}
