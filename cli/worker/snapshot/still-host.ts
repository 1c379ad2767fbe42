/** Clock and entropy of the build: the same in every build, so that the same inputs have the same snapshot. */
import { createHash } from 'node:crypto';

/** The day before compatibility dates begin. No program that is built here was written then. */
const MOMENT = Date.UTC(2021, 10, 1);
const HOUR = 3_600_000;

export interface StillHost {
  /**
   * Resets the clock and the random numbers to those of this world. Memory that holds any of them differs from one
   * world to another.
   */
  enterWorld(number: number): void;
  /** How often random numbers were drawn, and a request was sent. */
  readonly counts: { entropy: number; network: number };
}

export function stillHost(): StillHost {
  let world = 0;
  let draws = 0;
  const counts = { entropy: 0, network: 0 };
  const fill = (view: Uint8Array) => {
    for (let at = 0; at < view.length; at += 32) {
      const block = createHash('sha256').update(`${world} ${draws++}`).digest();
      view.set(block.subarray(0, Math.min(32, view.length - at)), at);
    }
  };
  globalThis.crypto.getRandomValues = (array) => {
    counts.entropy++;
    const view = array as unknown as ArrayBufferView;
    fill(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    return array;
  };
  Date.now = () => MOMENT + world * HOUR;
  performance.now = () => world * HOUR;
  const { fetch } = globalThis;
  globalThis.fetch = (...asked) => {
    counts.network++;
    return fetch(...asked);
  };
  Math.random = () => 1 / (2 + world);
  return {
    enterWorld(number) {
      world = number;
      draws = 0;
    },
    counts,
  };
}
