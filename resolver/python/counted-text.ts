import type { Input } from '@lezer/common';

/** In UTF-16 units. */
const CHUNK = 1_024;
/** How often the whole of a text may be read; real files are read once, and a little more. */
const MOST_READINGS = 30;
/** Chunks that may be read besides, of whatever text. */
const MOST_BESIDES = 1_000;

/**
 * A text that counts how much of it is read: in trouble the parser may look for the end of a string again and
 * again, each time to the end of the text.
 */
export class CountedText implements Input {
  readonly length: number;
  readonly lineChunks = false;
  readonly #text: string;
  #last = Number.NEGATIVE_INFINITY;
  #left: number;

  constructor(text: string) {
    this.length = text.length;
    this.#text = text;
    this.#left = MOST_BESIDES + (MOST_READINGS * text.length) / CHUNK;
  }

  /** Whether more has been read than any real file takes. */
  get isExhausted(): boolean {
    return this.#left < 0;
  }

  chunk(from: number): string {
    // To look back and forth over the edge of a chunk costs little; to read on and on does.
    if (from === this.#last + CHUNK) this.#left--;
    this.#last = from;
    return this.#text.slice(from, from + CHUNK);
  }

  read(from: number, to: number): string {
    return this.#text.slice(from, to);
  }
}
