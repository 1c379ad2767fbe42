/**
 * The events that are under way, and what Python runs in each. workerd lets no event use another's I/O, so Python's
 * event loop (`loop.py`) names the event of each callback, and whichever event is running may schedule it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { EmscriptenModule, Handler, Handlers, PyObject } from '../pyodide.ts';

export interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

/** The longest timer, in milliseconds. */
const LONGEST = 2 ** 31 - 1;
/** After so many rounds of jobs, an event lets timers and I/O go on, although more jobs are ready. */
const ROUNDS = 16;

const current = new AsyncLocalStorage<Event>();
const underWay = new Map<number, Event>();
/** Timers of events that are over, and when they are due. The next event goes on with them. */
const left = new Map<number, number>();
let latest = 0;
let python: { run: PyObject; leave: PyObject; wait: PyObject; isDone: PyObject } | undefined;

/** An event. It lasts until it is handled, released as often as it was held, and nothing is ready to run. */
export class Event {
  readonly id = ++latest;
  readonly #ready: (() => void)[] = [];
  readonly #timers = new Map<number, { due: number; timer: ReturnType<typeof setTimeout> }>();
  /** For each promise that Python waits for: what releases its handlers, and Python's callback for its value. */
  readonly #waits = new Map<() => void, () => PyObject>();
  readonly #context: Context;
  readonly #request: Request | null;
  #signal: AbortSignal | undefined;
  #woken: PromiseWithResolvers<void> | undefined;
  #lasts = false;
  #isHandled = false;
  /** By Python. */
  #holds = 0;

  /** @param request null if the event is none of a client */
  constructor(context: Context, request: Request | null) {
    this.#context = context;
    this.#request = request;
    underWay.set(this.id, this);
    for (const [key, due] of left) {
      // A timer would wait for an event that is longer than most.
      if (due <= Date.now()) this.soon(calling('run', key));
      else this.after(key, due - Date.now());
    }
    left.clear();
  }

  /** Has to be called before anything else can happen. An event that is handled at once needs none of this. */
  last(): void {
    if (this.#lasts) return;
    this.#lasts = true;
    this.#signal = this.#request?.signal;
    if (this.hasLeft) this.leave();
    else this.#signal?.addEventListener('abort', () => this.leave(), { once: true });
    this.#context.waitUntil(this.enter(() => this.#work()));
  }

  enter<Result>(use: () => Result): Result {
    return current.run(this, use);
  }

  hold(): void {
    this.#holds++;
  }

  release(): void {
    this.#holds--;
    this.soon(() => {});
  }

  /** Python has ended. */
  forget(): void {
    this.#holds = 1;
    this.#timers.clear();
    this.#waits.clear();
    this.release();
  }

  handled(): void {
    this.#isHandled = true;
    if (this.#lasts) this.soon(() => {});
    else if (this.#isOver()) this.#end();
    else this.last();
  }

  /** The client has disconnected. */
  leave(): void {
    this.soon(calling('leave', this.id));
  }

  /** False for an event that does not last, which is over before anything is known of its client. */
  get hasLeft(): boolean {
    return this.#signal?.aborted === true;
  }

  /** Any event may call it. */
  soon(job: () => void): void {
    // workerd continues in the event that made the promise.
    if (this.#ready.push(job) === 1) this.#woken?.resolve();
  }

  /** @param key of a callback of Python; `delay`: in milliseconds */
  after(key: number, delay: number): void {
    const due = Date.now() + delay;
    const run = calling('run', key);
    const fire = () => {
      this.#timers.delete(key);
      run();
    };
    const asks = python;
    this.soon(() => {
      if (asks === python) this.#timers.set(key, { due, timer: setTimeout(fire, due - Date.now()) });
    });
  }

  cancel(key: number): boolean {
    clearTimeout(this.#timers.get(key)?.timer);
    return this.#timers.delete(key);
  }

  /** Handlers of a promise that do nothing once they are released. */
  watch([fulfilled, rejected]: Handlers, callback: () => PyObject): Handlers {
    const { destroy } = fulfilled;
    const once = <Value>(call: (value: Value) => unknown) => {
      return (value: Value) => (this.#waits.delete(destroy) ? call(value) : undefined);
    };
    const watched = (handler: Handler) => Object.assign(once(handler), { destroy: once(destroy) }) as Handler;
    this.#waits.set(destroy, callback);
    const waiting = callback();
    python?.wait(waiting, this.id);
    waiting.destroy();
    return [watched(fulfilled), watched(rejected)];
  }

  async #work(): Promise<void> {
    // Without a timer, workerd takes an event that waits for another one to have hung.
    const alive = setTimeout(() => {}, LONGEST);
    let rounds = 0;
    while (!this.#isOver()) {
      this.#woken = Promise.withResolvers();
      if (this.#ready.length === 0) await this.#woken.promise;
      for (const job of this.#ready.splice(0)) job();
      // From Pyodide 314 on, Python begins in the next microtask (`cli/worker/releases.ts`).
      await null;
      // A task that never waits for anything stops neither timers nor I/O.
      if (this.#ready.length > 0 && ++rounds % ROUNDS === 0)
        await new Promise((resolve) => setTimeout(resolve, 0));
    }
    clearTimeout(alive);
    this.#end();
  }

  #isOver(): boolean {
    return this.#isHandled && this.#holds <= 0 && this.#ready.length === 0;
  }

  #end(): void {
    underWay.delete(this.id);
    for (const [key, { due, timer }] of this.#timers) {
      clearTimeout(timer);
      left.set(key, due);
    }
    this.#releaseWaits();
  }

  /**
   * Python gave up waiting for some promises, because of a time limit or of a client that left. workerd settles none of
   * them after the event, so their handlers would hold on to Python's objects.
   */
  #releaseWaits(): void {
    for (const [release, callbackOf] of this.#waits) {
      const callback = callbackOf();
      if (python?.isDone(callback)) {
        this.#waits.delete(release);
        release();
      }
      callback.destroy();
    }
  }
}

export function watchPromises(module: EmscriptenModule): void {
  module.promiseHook = (callback, handlers) => {
    if (callback === 0) return handlers;
    return running()?.watch(handlers, () => module.pyproxy_new(callback)) ?? handlers;
  };
}

/** A function that calls the Python of now; nothing if that has ended meanwhile. */
function calling(name: 'run' | 'leave', argument: number): () => void {
  const asks = python;
  return async () => {
    if (asks === undefined || asks !== python) return;
    try {
      await asks[name].callPromising(argument);
    } catch (error) {
      // The end of Python is in the log already.
      if (asks === python) console.error(error);
    }
  };
}

/** The event that is running, if that is known. */
export const running = () => current.getStore();

/**
 * The event of this number; if it is over, or 0, the one that is running. That is unknown where another Worker calls
 * back, as in a step of a Workflow.
 */
function eventOf(id: number): Event | undefined {
  return underWay.get(id) ?? underWay.get(running()?.id ?? 0);
}

/** The functions that Python's event loop calls. A key stands for a callback, and an id for the event that it belongs to. */
export const loop = {
  begin(run: PyObject, leave: PyObject, wait: PyObject, isDone: PyObject): void {
    python = { run, leave, wait, isDone };
  },
  /** Python has ended. */
  end(): void {
    python = undefined;
    for (const event of underWay.values()) event.forget();
    left.clear();
  },
  soon(id: number, key: number): void {
    const event = eventOf(id);
    const run = calling('run', key);
    if (event) event.soon(run);
    else setTimeout(run, 0);
  },
  after(id: number, key: number, delay: number): void {
    const event = eventOf(id);
    if (event) event.after(key, delay);
    else setTimeout(calling('run', key), delay);
  },
  cancel(id: number, key: number): void {
    if (underWay.get(id)?.cancel(key) || left.delete(key)) return;
    for (const event of underWay.values()) event.cancel(key);
  },
  hold: (id: number) => underWay.get(id)?.hold(),
  /** Holds the event that is running. Returns what to release. */
  stay(): number {
    const event = running();
    event?.hold();
    return event?.id ?? 0;
  },
  release: (id: number) => underWay.get(id)?.release(),
};
