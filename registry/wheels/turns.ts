/**
 * Doing a thing once for all requests that want it at the same time in this isolate. Promises of I/O belong to
 * the request that began them and die with it, so others do not wait for the promise: they look, every few
 * milliseconds, for what came of it, which is plain data. A request that dies midway leaves its turn to the
 * next when the turn's time is up. Isolates do not know of each other; two of them may do the same thing at the
 * same time, which must therefore be harmless.
 */
import { StorageUnavailableError } from '../storage/operations.ts';

const LOOK_EVERY_MS = 20;

interface Turn<Outcome> {
  settled: PromiseSettledResult<Outcome> | undefined;
  /** When others stop waiting for it. */
  expires: number;
}

export class Turns<Outcome> {
  readonly #turns = new Map<string, Turn<Outcome>>();
  readonly #mostAtOnce: number;
  readonly #lifetimeMs: number;

  constructor(mostAtOnce: number, lifetimeMs: number) {
    this.#mostAtOnce = mostAtOnce;
    this.#lifetimeMs = lifetimeMs;
  }

  /** Does `work`, or waits for another request's outcome of it. `waitUntil` keeps it going when the client goes. */
  async take(
    key: string,
    waitUntil: (work: Promise<unknown>) => void,
    work: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const patience = Date.now() + this.#lifetimeMs;
    for (let turn = this.#current(key); turn || this.#isFull(); turn = this.#current(key)) {
      if (Date.now() > patience) throw new StorageUnavailableError('too many files are on their way in');
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      if (turn?.settled?.status === 'fulfilled') return turn.settled.value;
      if (turn?.settled) throw turn.settled.reason;
    }
    const turn: Turn<Outcome> = { settled: undefined, expires: Date.now() + this.#lifetimeMs };
    this.#turns.set(key, turn);
    const settled = Promise.allSettled([work()]).then(([outcome]) => {
      turn.settled = outcome;
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
      return outcome;
    });
    waitUntil(settled);
    const outcome = await settled;
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }

  #current(key: string): Turn<Outcome> | undefined {
    const turn = this.#turns.get(key);
    if (turn && turn.expires < Date.now()) this.#turns.delete(key);
    return this.#turns.get(key);
  }

  #isFull(): boolean {
    if (this.#turns.size < this.#mostAtOnce) return false;
    for (const key of this.#turns.keys()) this.#current(key);
    return this.#turns.size >= this.#mostAtOnce;
  }
}
