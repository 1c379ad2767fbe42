/**
 * Does work once for all simultaneous requests of this isolate. Promises of I/O belong to the request that started them
 * and end with it, so other requests do not wait for the promise: they poll for its outcome, which is plain data. If a
 * request dies, the next one takes its flight over once it has expired. Isolates share nothing: two of them may do the
 * same work at the same time, so it must be harmless to repeat.
 */
import { StorageUnavailableError } from '../storage/operations.ts';

const LOOK_EVERY_MS = 20;

interface Flight<Outcome> {
  settled: PromiseSettledResult<Outcome> | undefined;
  /** The time when other requests stop waiting for this flight. */
  expires: number;
}

export class SingleFlight<Outcome> {
  readonly #flights = new Map<string, Flight<Outcome>>();
  readonly #mostAtOnce: number;
  readonly #lifetimeMs: number;

  constructor(mostAtOnce: number, lifetimeMs: number) {
    this.#mostAtOnce = mostAtOnce;
    this.#lifetimeMs = lifetimeMs;
  }

  /** Does `work`, or waits for its outcome in another request. `waitUntil` continues it if the client disconnects. */
  async take(
    key: string,
    waitUntil: (work: Promise<unknown>) => void,
    work: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const patience = Date.now() + this.#lifetimeMs;
    for (let flight = this.#current(key); flight || this.#isFull(); flight = this.#current(key)) {
      if (Date.now() > patience) throw new StorageUnavailableError('too many downloads are in progress');
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      if (flight?.settled?.status === 'fulfilled') return flight.settled.value;
      if (flight?.settled) throw flight.settled.reason;
    }
    const flight: Flight<Outcome> = { settled: undefined, expires: Date.now() + this.#lifetimeMs };
    this.#flights.set(key, flight);
    const settled = Promise.allSettled([work()]).then(([outcome]) => {
      flight.settled = outcome;
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
      return outcome;
    });
    waitUntil(settled);
    const outcome = await settled;
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }

  #current(key: string): Flight<Outcome> | undefined {
    const flight = this.#flights.get(key);
    if (flight && flight.expires < Date.now()) this.#flights.delete(key);
    return this.#flights.get(key);
  }

  #isFull(): boolean {
    if (this.#flights.size < this.#mostAtOnce) return false;
    for (const key of this.#flights.keys()) this.#current(key);
    return this.#flights.size >= this.#mostAtOnce;
  }
}
