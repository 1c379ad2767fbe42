/**
 * Whether there is an answer at all can take exponential time to find out: the question is as hard as any in NP, and
 * an index can be made to pose it so. So the work that a question may make has an end.
 */

/** Some seconds. Two hundred requirements of real projects take less than a hundredth of it. */
const MOST_STEPS = 30_000_000;

/** Neither an answer nor a proof that there is none, in as many steps as there may be. */
export class TooMuchEffort extends Error {}

/** The steps of one question, whatever is tried for it: versions compared, and statements looked at. */
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
