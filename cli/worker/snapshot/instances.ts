/** Pyodides that a job starts, anew or from memory, and the memory of one, saved. */
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  createPyodide,
  type Parts,
  type RuntimeInfo,
  type SavedPages,
  type SnapshotChanges,
  type SnapshotStart,
} from '../../../runtime/create.ts';
import { restoreDerived } from '../../../runtime/derived.ts';
import { type LibraryState, recordLoads } from '../../../runtime/libraries.ts';
import {
  PAGE,
  type Pages,
  packChanges,
  packKept,
  packPages,
  restorePages,
  sizeOf,
} from '../../../runtime/memory.ts';
import type { EmscriptenModule, PyObject, Pyodide } from '../../../runtime/pyodide.ts';
import { addFile, type FileIndex, fillSite, type ReadFile, standardLibrary } from '../../../runtime/site.ts';
import { watchForEnd } from '../../../runtime/worker/lifetime.ts';
import { writeWhole } from '../../common/folders.ts';
import { NO_SEED } from '../environment.ts';
import { sha256Of } from '../files.ts';
import { type StillHost, watchFiles } from './host.ts';
import type { ProjectClasses, Setting, SnapshotRemark } from './job.ts';
import { type Anchors, anchorsOf, withMarks } from './marks.ts';
import { settled } from './settled.ts';
import { bridge } from './warm.ts';

/** Increased when the format of the cached files changes. */
const FORMAT = 9;

export interface Saved extends SnapshotStart, SavedPages {
  /** The contents of `first`, and then of `runs`. */
  data: Uint8Array;
}

export interface Instance {
  pyodide: Pyodide;
  /** The length of the function table before any library was loaded. */
  firstEntry: number;
  finishLoads(): LibraryState;
  anchors: Anchors;
  /** With nothing in it that is no longer used, once it has been looked at. */
  memory?: Uint8Array;
}

export interface Import<Result> {
  instance: Instance;
  watched: Watched;
  result: Result;
}

/** Imports the same again in a world, or with what one module reads alone in that world. */
type Again = (world: number, only?: string) => Promise<Import<unknown>>;

/** The parts of an instance: to start anew, or to restore memory with these libraries. */
export type PartsFor = (restored: LibraryState | null) => Parts;

export class Instances {
  readonly #setting: Setting;
  readonly #host: StillHost;
  readonly #partsFor: PartsFor;
  readonly #library: Uint8Array;
  readonly #files: readonly (readonly [FileIndex, ReadFile])[];

  /** @param library the standard library, which restored memory is given only when it reads it */
  constructor(
    setting: Setting,
    host: StillHost,
    partsFor: PartsFor,
    library: Uint8Array,
    files: readonly (readonly [FileIndex, ReadFile])[],
  ) {
    this.#setting = setting;
    this.#host = host;
    this.#partsFor = partsFor;
    this.#library = library;
    this.#files = files;
  }

  /** Starts anew, or from saved memory; in a way that its own memory can be saved. */
  async create(base: Saved | null): Promise<Instance> {
    this.#host.enterWorld(0);
    let finishLoads: (() => LibraryState) | undefined;
    let firstEntry = 0;
    const begin = ({ HEAPU8 }: EmscriptenModule) => restorePages(HEAPU8, firstOf(base!));
    const finish = (module: EmscriptenModule) => {
      const { length } = this.#library;
      addFile(module.FS, standardLibrary(this.#setting.runtime.python), length, () => this.#library);
      restorePages(module.HEAPU8, othersOf(base!));
      restoreDerived(module, base!.marks);
      finishLoads = recordLoads(module, base!.libraries.loads);
    };
    const pyodide = await createPyodide(this.#partsFor(base?.libraries ?? null), {
      makeSnapshot: true,
      onModule: (module) => {
        watchForEnd(module, () => {});
        firstEntry = module.wasmTable.length;
        if (!base) finishLoads = recordLoads(module);
      },
      ...(base ? { restore: { state: base, begin, finish } } : {}),
    });
    fillSite(pyodide, this.#files);
    return { pyodide, firstEntry, finishLoads: finishLoads!, anchors: anchorsOf(pyodide) };
  }

  async createPlain(): Promise<Pyodide> {
    const onModule = (module: EmscriptenModule) => watchForEnd(module, () => {});
    const pyodide = await createPyodide(this.#partsFor(null), { onModule });
    fillSite(pyodide, this.#files);
    return pyodide;
  }

  /**
   * Starts an instance, imports modules in a world, and watches what no snapshot may hold.
   * @param only the module whose readings alone are of that world
   */
  async import<Result>(
    base: Saved | null,
    importing: (instance: Instance) => Result | Promise<Result>,
    world = 0,
    only?: string,
  ): Promise<Import<Result>> {
    const instance = await this.create(base);
    const { pyodide } = instance;
    begin(pyodide, 'import_bridge');
    this.#host.enterWorld(world, only);
    const watch = pyodide.pyimport('_pinwheel.watch');
    const { readings } = this.#host;
    const files = watchFiles(pyodide._module.FS, standardLibrary(this.#setting.runtime.python));
    const failures: unknown[] = [];
    // Python would raise an error of these as one of the project's import.
    const counted = (count: () => number) => {
      const get = () => {
        try {
          return count();
        } catch (error) {
          failures.push(error);
          return 0;
        }
      };
      return { get, configurable: true };
    };
    const counts = { files: counted(files), callbacks: counted(() => this.#liveReferences(pyodide)) };
    (watch.begin as PyObject)(Object.defineProperties(readings, counts));
    const result = await importing(instance);
    if (failures.length > 0) throw failures[0];
    const watched = JSON.parse(String((watch.end as PyObject)()));
    watch.destroy();
    return { instance, watched, result };
  }

  /**
   * Imports the same in another world, of another time and other random numbers. Returns the modules of whose readings
   * memory keeps something; that of `unknown` if it differs, and no module has read anything.
   */
  async findKeeping(
    made: Import<unknown>,
    again: Again,
    unknown: string | null,
  ): Promise<Set<string | null>> {
    const differs = async (only?: string) => !this.#isSame(made, await again(1, only));
    if (!(await differs())) return new Set();
    const readings = made.watched.remarks.filter(({ is_reading }) => is_reading);
    const modules = new Set(readings.map(({ module }) => module));
    if (modules.size === 0) return new Set([unknown]);
    if (modules.size === 1) return modules;
    const keeping = new Set<string | null>();
    for (const module of modules) if (await differs(module!)) keeping.add(module);
    return keeping.size === 0 ? modules : keeping;
  }

  /**
   * Imports as many modules as a snapshot may contain. Only a try shows which of them import another. Returns null if
   * memory still differs in another world.
   */
  async createWith(
    base: Saved | null,
    modules: readonly string[],
    isLeftOut: (remark: Remark) => boolean,
  ): Promise<Instance | null> {
    for (let wanted = modules; ; ) {
      const again: Again = (world, only) =>
        this.import(
          base,
          ({ pyodide }) => begin(pyodide, 'import_possible', JSON.stringify(wanted)),
          world,
          only,
        );
      const made = await again(0);
      const { imported, remarks } = made.watched;
      const possible = without(remarks.filter(isLeftOut), wanted).filter((name) => imported.includes(name));
      if (possible.length === wanted.length) {
        return this.#isSame(made, await again(1)) ? made.instance : null;
      }
      wanted = possible;
    }
  }

  #isSame(first: Import<unknown>, other: Import<unknown>): boolean {
    const memory = this.#memoryOf(first.instance);
    return Buffer.compare(memory, settled(other.instance)) === 0;
  }

  /** The memory of an instance. Throws a {@link LiveReference} if it cannot be saved. */
  async save(instance: Instance): Promise<Saved> {
    const { state, marked, sha256 } = this.#stateOf(instance);
    const whole = await this.#startToRestore(state, null);
    const first = packKept(whole.memory.subarray(0, startOfLibraries(state)), marked);
    const before = await this.#pagesBefore(state, first, instance);
    const others = packPages(marked, before);
    const data = Buffer.concat([first.data, others.data]);
    return { ...state, first: first.runs, runs: others.runs, data, sha256 };
  }

  /** The memory of an instance that was started from saved memory, as the changes of that. */
  async saveChanges(instance: Instance, base: Saved): Promise<SnapshotChanges & { data: Uint8Array }> {
    const { state, marked, sha256 } = this.#stateOf(instance);
    const before = await this.#pagesBefore(state, firstOf(base), instance);
    const data = packChanges(marked, before, othersOf(base));
    return { ...state, changes: data.length, data, sha256 };
  }

  #stateOf(instance: Instance) {
    const memory = this.#memoryOf(instance);
    const { pyodide, finishLoads } = instance;
    const references = referencesOf(pyodide, (value) => this.#nameOf(value));
    const { marked, marks } = withMarks(pyodide._module, memory, instance.anchors);
    const state = { libraries: finishLoads(), references, size: memory.length, marks };
    return { state, marked, sha256: sha256Of(memory) };
  }

  /** A copy, which JavaScript's garbage collection does not change: it lets go of objects of Python. */
  #memoryOf(instance: Instance): Uint8Array {
    instance.memory ??= settled(instance).slice();
    return instance.memory;
  }

  /** The number of JavaScript values that Python refers to, and that have no name. */
  #liveReferences(pyodide: Pyodide): number {
    let count = 0;
    referencesOf(pyodide, (value) => {
      if (value !== bridge) count++;
      return null;
    });
    return count;
  }

  #nameOf(value: unknown): string {
    if (value === bridge) return 'bridge';
    throw new LiveReference();
  }

  /** The pages of a Worker before it copies a snapshot over them. */
  async #pagesBefore(state: SnapshotStart, first: Pages, { pyodide, firstEntry }: Instance) {
    const { libraries, size } = state;
    const kind = [libraries, size, sha256Of(first.data)];
    const { names, ...pages } = await this.#remembered(kind, async () => {
      const { memory, names } = await this.#startToRestore(state, first);
      return { names, ...packPages(memory) };
    });
    // A function that is in only one of the tables is a JavaScript function that is still in use.
    const free = new Set(libraries.free.map((entry) => entry - names.first));
    const table = namesIn(pyodide._module, firstEntry);
    if (table.some((name, at) => name !== names.list[at] && !free.has(at))) throw new LiveReference();
    return pages;
  }

  /** @param given the pages that are there at first; null for a binary that has its data */
  async #startToRestore(state: SnapshotStart, given: Pages | null) {
    this.#host.enterWorld(1);
    let module: EmscriptenModule | undefined;
    let first = 0;
    let memory: Uint8Array | undefined;
    const onModule = (created: EmscriptenModule) => {
      module = created;
      first = created.wasmTable.length;
    };
    const begin = ({ HEAPU8 }: EmscriptenModule) => {
      if (given !== null) restorePages(HEAPU8, given);
    };
    const finish = ({ HEAPU8 }: EmscriptenModule) => {
      // Nothing runs there any more.
      memory = HEAPU8;
      throw new Enough();
    };
    const parts = this.#partsFor(given === null ? null : state.libraries);
    const runtime = withoutSeed(parts.runtime);
    const restore = { state, begin, finish };
    await createPyodide({ ...parts, runtime }, { onModule, restore }).catch((error: unknown) => {
      if (!(error instanceof Enough)) throw error;
    });
    return { memory: memory!, names: { first, list: namesIn(module!, first) } };
  }

  /** Pages that depend on the packages alone, and on what `kind` says. */
  async #remembered<Value extends Pages>(kind: unknown, find: () => Promise<Value>): Promise<Value> {
    const { cache, packagesDigest, pyodide, runtime } = this.#setting;
    const known = JSON.stringify([FORMAT, packagesDigest, basename(pyodide), withoutSeed(runtime), kind]);
    const file = join(cache, `${sha256Of(known)}.bin`);
    const content = await readFile(file).catch(() => null);
    if (content !== null) {
      const end = content.indexOf('\n');
      return { ...JSON.parse(content.toString('utf8', 0, end)), data: content.subarray(end + 1) };
    }
    const created = await find();
    const { data, ...head } = created;
    await mkdir(cache, { recursive: true });
    const line = Buffer.from(`${JSON.stringify(head)}\n`);
    // The words of `data` have to be aligned.
    await writeWhole(file, Buffer.concat([Buffer.alloc(-line.length & 3, ' '), line, data]));
    return created;
  }
}

export interface Watched {
  remarks: Remark[];
  /** The modules that were imported, and those of them that are not of the project. */
  imported: string[];
  others: string[];
  names: string[];
}

export interface Remark extends SnapshotRemark {
  /** The modules whose import was under way. */
  importers: string[];
  /** Whether another world shows if memory keeps anything of it. */
  is_reading: boolean;
}

function firstOf({ first, data }: Saved): Pages {
  return { runs: first, data: data.subarray(0, sizeOf(first)) };
}

function othersOf({ first, runs, data }: Saved): Pages {
  return { runs, data: data.subarray(sizeOf(first)) };
}

/** The modules that may be imported alone, which imports their parents. */
export function without(left: readonly Remark[], modules: readonly string[]): string[] {
  const out = new Set(left.flatMap(({ module, importers }) => [module, ...importers]));
  const isPossible = (name: string): boolean => {
    const end = name.lastIndexOf('.');
    return !out.has(name) && (end < 0 || isPossible(name.slice(0, end)));
  };
  return modules.filter(isPossible);
}

/** Calls a function of `_pinwheel.begin`. Rethrows Python's exception. */
export function begin(pyodide: Pyodide, name: string, ...values: unknown[]): unknown {
  const module = pyodide.pyimport('_pinwheel.begin');
  const result = (module[name] as PyObject)(...values);
  module.destroy();
  return result;
}

export function classesOf(pyodide: Pyodide, main: string): ProjectClasses {
  return JSON.parse(String(begin(pyodide, 'classes_of', main)));
}

/**
 * Where the data of the first library begins, as the start of a page: nothing reads the data of libraries before all of
 * memory is restored, and what is compressed together is smaller.
 */
function startOfLibraries({ libraries: { loads }, size }: SnapshotStart): number {
  const places = loads.flatMap(({ libraries }) => Object.values(libraries).map(({ memory }) => memory));
  const start = Math.min(size, ...places);
  return start - (start % PAGE);
}

/**
 * What Python refers to in JavaScript, named. Pyodide would throw at a symbol, or at the `this` of a function that has
 * none, which is undefined since 0.29: they are given to `nameOf` as objects.
 */
function referencesOf({ _module }: Pyodide, nameOf: (value: unknown) => unknown): object {
  const get = _module.__hiwire_get;
  _module.__hiwire_get = (at) => {
    const value = get(at);
    return value === null ? value : Object(value);
  };
  try {
    return _module.API.serializeHiwireState(nameOf);
  } finally {
    _module.__hiwire_get = get;
  }
}

/** The seed changes with the packages. It has a fixed length, so that nothing else moves in memory. */
function withoutSeed(runtime: RuntimeInfo): RuntimeInfo {
  return { ...runtime, env: { ...runtime.env, PYTHONHASHSEED: NO_SEED } };
}

/** The signatures of the functions in the table, from an index on. */
function namesIn({ wasmTable }: EmscriptenModule, first: number): (string | null)[] {
  return Array.from({ length: wasmTable.length - first }, (_, at) => wasmTable.get(first + at)?.name ?? null);
}

/** Memory refers to a JavaScript object that has no name, and so cannot be found again. */
export class LiveReference extends Error {}

class Enough extends Error {}
