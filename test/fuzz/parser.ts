import type { Random } from '../resolver/requirements/random.ts';

/** Something that takes texts from outside, and what to try on it. */
export interface Parser {
  name: string;
  /** How many of a million strings it gets, in thousands. */
  share: number;
  /**
   * Reads a text, and tells whether it was taken or refused. Binary formats get a byte for each character. Throws
   * what {@link Parser.isOurs} knows for a refusal, and otherwise nothing.
   */
  read(text: string): boolean | Promise<boolean>;
  /** Whether a thrown error is the parser's way to refuse; without it, none is. */
  isOurs?(error: unknown): boolean;
  /** Real inputs. */
  samples: readonly string[];
  /** Pieces of which inputs are made. */
  pieces: readonly string[];
  /** Makes inputs that are mostly well-formed, where samples and pieces would not come far. */
  make?(random: Random): string;
  /** The length of the longest string, in UTF-16 units; {@link USUAL_LENGTH} without it. */
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
