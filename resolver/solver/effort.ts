/**
 * Finding out whether there is an answer can take exponential time: the problem is NP-complete, and a hostile index can
 * exploit that. So the work for a question is limited.
 */

/** A few seconds. Two hundred requirements of real projects take less than a hundredth of it. */
const MOST_STEPS = 30_000_000;

/** The limit was reached with neither an answer nor a proof that there is none. */
export class TooMuchEffort extends Error {}

/** Counts the steps of one question over all attempts: comparisons of versions, and terms evaluated. */
export class Effort {
  #left: number;

  constructor(most = MOST_STEPS) {
    this.#left = most;
  }

  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TooMuchEffort();
  }
}
