/**
 * The version of the members of answers, and of their meaning. The data of an answer for the same question, `as_of` and
 * revision stay the same; a later version may add members or improve the prose.
 *
 * @example
 * ```ts
 * import { ANSWER_VERSION } from 'pinwheel-py';
 *
 * ANSWER_VERSION; // → 1
 * ```
 */
export const ANSWER_VERSION = 1;
