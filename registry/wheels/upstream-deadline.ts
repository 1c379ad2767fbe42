/** Limits on a fetch from an upstream. */
export interface PullLimits {
  /** The largest file. */
  bytes: number;
  /** For the whole file, with redirects and other URLs. */
  totalMs: number;
  /** Between two pieces. */
  stallMs: number;
}

/** workerd continues work for 30 s after the client has disconnected; the rest is for R2 and D1. */
export const LIMITS: PullLimits = { bytes: 256 * 1024 * 1024, totalMs: 25_000, stallMs: 15_000 };

/** Thrown for an upstream's errors, with a message for clients. */
export class UpstreamError extends Error {
  readonly code: 'upstream_failed' | 'upstream_timeout';

  constructor(code: UpstreamError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Two time limits on one upstream: one for everything, and one for each wait. */
export class UpstreamDeadline {
  readonly #controller = new AbortController();
  readonly #limits: PullLimits;
  readonly #total: ReturnType<typeof setTimeout>;

  /** `deadline` is the end of everything, in milliseconds since the epoch. */
  constructor(limits: PullLimits, deadline: number) {
    this.#limits = limits;
    this.#total = setTimeout(
      () => this.#expire(`was not done after ${limits.totalMs / 1000} s`),
      Math.max(0, deadline - Date.now()),
    );
  }

  /** Aborts with an {@link UpstreamError} at either limit. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits for the upstream. Turns other failures into an {@link UpstreamError}, too. */
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

/** workerd's message for a failed connection is only a number in its log. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return message.startsWith('internal error') ? 'the connection could not be made, or broke' : message;
}
