/** What an upstream may cost. */
export interface PullLimits {
  /** The largest file taken in. */
  bytes: number;
  /** For all of it, redirects and other URLs included. */
  totalMs: number;
  /** Between two pieces of it. */
  stallMs: number;
}

/** workerd lets work go on for 30 s once the client has gone; what is left is for R2 and D1. */
export const LIMITS: PullLimits = { bytes: 256 * 1024 * 1024, totalMs: 25_000, stallMs: 15_000 };

/** Thrown for what an upstream did wrong; the message says what. */
export class UpstreamError extends Error {
  readonly code: 'upstream_failed' | 'upstream_timeout';

  constructor(code: UpstreamError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Two clocks on one upstream: one that runs from the beginning, and one for each thing that is waited for. */
export class UpstreamDeadline {
  readonly #controller = new AbortController();
  readonly #limits: PullLimits;
  readonly #total: ReturnType<typeof setTimeout>;

  /** `deadline` is when all has to be done, in milliseconds since the epoch. */
  constructor(limits: PullLimits, deadline: number) {
    this.#limits = limits;
    this.#total = setTimeout(
      () => this.#expire(`was not done after ${limits.totalMs / 1000} s`),
      Math.max(0, deadline - Date.now()),
    );
  }

  /** Aborts with an {@link UpstreamError} when a clock has run out. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits for something from the upstream. What fails for another reason is the upstream's issue as well. */
  async waitFor<Value>(work: Promise<Value>): Promise<Value> {
    const stall = setTimeout(
      () => this.#expire(`sent nothing for ${this.#limits.stallMs / 1000} s`),
      this.#limits.stallMs,
    );
    try {
      return await work;
    } catch (error) {
      this.signal.throwIfAborted();
      throw new UpstreamError('upstream_failed', `failed: ${reasonOf(error)}`, { cause: error });
    } finally {
      clearTimeout(stall);
    }
  }

  stop(): void {
    clearTimeout(this.#total);
  }

  #expire(why: string): void {
    this.#controller.abort(new UpstreamError('upstream_timeout', why));
  }
}

/** What workerd says of a connection that fails is a number for its log. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return message.startsWith('internal error') ? 'the connection could not be made, or broke' : message;
}
