/**
 * Which members answers have, and what these mean. What an answer says for the same question, `as_of` day and
 * revision stays; a later version may say more, or say it in better words.
 *
 * @example
 * ```ts
 * import { ANSWER_VERSION } from 'pinwheel-py';
 *
 * ANSWER_VERSION; // → 1
 * ```
 */
export const ANSWER_VERSION = 1;
