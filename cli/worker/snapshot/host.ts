/**
 * The host of Python while its memory is made: the globals of a Worker, and a clock and entropy that are the same in
 * every build, so that the same inputs have the same snapshot.
 */
import { createHash } from 'node:crypto';
import type { FileSystem } from '../../../runtime/pyodide.ts';

/** The day before compatibility dates begin. No program that is built here was written then. */
const MOMENT = Date.UTC(2021, 10, 1);
/** Between the clocks of two worlds: another year, month, day, weekday, hour, minute and second. */
const BETWEEN = Date.UTC(2022, 11, 6, 8, 52, 48) - MOMENT;

/** The reads of the clock after which each moves it by a millisecond: what waits at import, such as `time.sleep`, ends. */
const STILL = 10_000;

export interface StillHost {
  /**
   * From now on, the clock and the random numbers are those of a world, in which nothing has been read.
   * @param module if it is named, only what this reads is of that world, and all else of the first
   */
  enterWorld(number: number, module?: string): void;
  readonly readings: Readings;
}

/** Python's reads and questions, and its own words on what it does (see `watch.py`). */
export interface Readings {
  /** How often random numbers were drawn, a request was sent, and the clock read. */
  entropy: number;
  network: number;
  clock: number;
  /** The module that is imported. */
  importing: string;
  /** Whether what it draws is the same in all worlds. */
  shares: boolean;
  /** Whether a native module is created. */
  creates: boolean;
}

/** The random numbers for a new native module: the two keys of Rust's hash tables, which instances may share. */
const HASH_KEYS = 16;

export function stillHost(): StillHost {
  const readings: Readings = {
    entropy: 0,
    network: 0,
    clock: 0,
    importing: '',
    shares: false,
    creates: false,
  };
  let world = 0;
  let only: string | undefined;
  /** By module, so that none gets other numbers because another one draws more. */
  const draws = new Map<string, number>();
  /** The world that something is read from. */
  const read = (kind: 'entropy' | 'clock', shares = readings.shares) => {
    if (shares) return 0;
    readings[kind]++;
    return only === undefined || only === readings.importing ? world : 0;
  };
  const fill = (view: Uint8Array) => {
    const { importing, creates } = readings;
    const count = draws.get(importing) ?? 0;
    draws.set(importing, count + 1);
    const isOfHashes = creates && count === 0 && view.length === HASH_KEYS;
    const from = read('entropy', readings.shares || isOfHashes);
    for (let at = 0; at < view.length; at += 32) {
      const block = createHash('sha256').update(`${from} ${importing} ${count} ${at}`).digest();
      view.set(block.subarray(0, Math.min(32, view.length - at)), at);
    }
  };
  globalThis.crypto.getRandomValues = (array) => {
    const view = array as unknown as ArrayBufferView;
    fill(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    return array;
  };
  globalThis.crypto.randomUUID = () => {
    const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
    // RFC 9562: version 4, and its variant.
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    return Buffer.from(bytes)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') as ReturnType<Crypto['randomUUID']>;
  };
  Math.random = () => 1 / (2 + read('entropy'));
  const since = () => read('clock') * BETWEEN + Math.max(0, readings.clock - STILL);
  const now = () => MOMENT + since();
  globalThis.Date = new Proxy(Date, {
    apply: (date) => new date(now()).toString(),
    construct: (date, given, made) => Reflect.construct(date, given.length === 0 ? [now()] : given, made),
  });
  Date.now = now;
  Date.prototype.constructor = Date;
  performance.now = since;
  Object.defineProperty(performance, 'timeOrigin', { get: now });
  const { fetch } = globalThis;
  globalThis.fetch = (...asked) => {
    readings.network++;
    return fetch(...asked);
  };
  return {
    enterWorld(number, module) {
      world = number;
      only = module;
      draws.clear();
      Object.assign(readings, { entropy: 0, network: 0, clock: 0 });
    },
    readings,
  };
}

/** The calls that change files or folders, beside opening a file to write to it. */
const CHANGES = [
  'chdir',
  'chmod',
  'mkdir',
  'rename',
  'rmdir',
  'symlink',
  'truncate',
  'unlink',
  'utime',
] as const;

/**
 * Returns how often files were changed from now on, and how many are open: Python's memory has none of that. Devices do
 * not count: OpenSSL leaves that of random numbers open, and opens it again.
 * @param library the standard library, which `importlib.metadata` leaves open until memory is saved
 */
export function watchFiles(FS: FileSystem, library: string): () => number {
  let changes = 0;
  const { open } = FS;
  for (const name of CHANGES) {
    const change = FS[name];
    FS[name] = (...values) => {
      const result = change.apply(FS, values);
      changes++;
      return result;
    };
  }
  FS.open = (path, flags, mode) => {
    const stream = open.call(FS, path, flags, mode);
    if (stream.isWrite && FS.isFile(stream.node.mode)) changes++;
    return stream;
  };
  const isOpen = (stream: FileSystem['streams'][number]) =>
    stream && stream.path !== library && !FS.isChrdev(stream.node.mode);
  return () => changes + FS.streams.filter(isOpen).length;
}

/**
 * The globals of workerd that Node lacks: a project may import them from `js` at build time, and use them in events.
 * Memory refers to them by name, so that an instance that starts from it has the real ones.
 */
const FUNCTIONS = [
  'Body',
  'Cache',
  'CacheStorage',
  'ErrorEvent',
  'EventSource',
  'ExtendableEvent',
  'FetchEvent',
  'FixedLengthStream',
  'HTMLRewriter',
  'IdentityTransformStream',
  'PromiseRejectionEvent',
  'ScheduledEvent',
  'ServiceWorkerGlobalScope',
  'TailEvent',
  'TraceEvent',
  'WebSocketPair',
  'WebSocketRequestResponsePair',
  'dispatchEvent',
  'removeEventListener',
  'reportError',
];

const OBJECTS = { Cloudflare: ['compatibilityFlags'], caches: ['default', 'open'], scheduler: ['wait'] };

export function standInForWorker(): void {
  readableByAll();
  for (const name of FUNCTIONS) define(globalThis, name, standIn(name));
  for (const [name, properties] of Object.entries(OBJECTS)) {
    const object = {};
    for (const property of properties) define(object, property, standIn(`${name}.${property}`));
    define(globalThis, name, object);
  }
}

/**
 * Node's `crypto`, for one, throws if it is read from another object than the global scope. Pyodide reads it from a proxy
 * of that, by which memory refers to it.
 */
function readableByAll(): void {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(globalThis))) {
    const { get, set, configurable } = property as PropertyDescriptor;
    if (!get || !configurable) continue;
    const own: PropertyDescriptor = { ...property, get: () => get.call(globalThis) };
    if (set) own.set = (value) => set.call(globalThis, value);
    Object.defineProperty(globalThis, name, own);
  }
}

function define(object: object, name: string, value: object): void {
  if (!(name in object)) Object.defineProperty(object, name, { value, configurable: true, enumerable: true });
}

/** Says why it cannot be used, however it is. */
function standIn(name: string): object {
  return function unavailable() {
    throw new Error(`${name} can be used only while an event is handled, as in fetch, and not at import.`);
  };
}
