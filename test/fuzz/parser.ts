import type { Random } from '../resolver/requirements/random.ts';

/** A function that reads external text, and what to try on it. */
export interface Parser {
  name: string;
  /** How many of a million strings it gets, in thousands. */
  share: number;
  /**
   * Reads a text, and returns whether it was accepted. Binary formats get a byte for each character. Throws only errors
   * that {@link Parser.isOurs} accepts.
   */
  read(text: string): boolean | Promise<boolean>;
  /** Whether an error is one that the parser may throw; by default, there is none. */
  isOurs?(error: unknown): boolean;
  /** Real inputs. */
  samples: readonly string[];
  /** The pieces from which inputs are made. */
  pieces: readonly string[];
  /** Generates mostly well-formed inputs, if samples and pieces are not enough. */
  make?(random: Random): string;
  /** The length of the longest string, in UTF-16 units; by default, {@link USUAL_LENGTH}. */
  usual?: number;
  /** The length of the longest text on which time is measured, in UTF-16 units. */
  longest: number;
}

export const USUAL_LENGTH = 600;
export const USUAL_SEED = 1;

/** The bytes of a binary format. */
export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
