/** Runs one parser on many strings: what it accepts, what it throws, and which string takes longest. */
import { Random } from '../resolver/requirements/random.ts';
import type { Parser } from './parser.ts';
import { textFor } from './texts.ts';

export interface Thrown {
  text: string;
  error: string;
}

export interface Result {
  strings: number;
  taken: number;
  /** Exceptions that are not the parser's own; the first of each kind. */
  thrown: Thrown[];
  /** How many there were. */
  exceptions: number;
  /** The slowest text for its length, of those that are long enough to measure. */
  slowest: { text: string; nanoseconds: number } | null;
}

/** Shorter texts are too fast to measure. */
const LONG_ENOUGH = 100;
/** Kinds of exceptions that are kept. */
const MOST_KEPT = 5;
/** Strings between two reports of progress. */
const STEP = 500;

/** @param onProgress gets the number of finished strings repeatedly */
export async function fuzz(
  parser: Parser,
  seed: number,
  strings: number,
  onProgress: (done: number) => void = () => {},
): Promise<Result> {
  const random = new Random(seed ^ hashOf(parser.name));
  const result: Result = { strings, taken: 0, thrown: [], exceptions: 0, slowest: null };
  const kinds = new Set<string>();
  for (let done = 0; done < strings; done++) {
    if (done % STEP === 0) onProgress(done);
    const text = textFor(parser, random);
    const started = performance.now();
    const ended = await outcomeOf(parser, text);
    const nanoseconds = ((performance.now() - started) * 1e6) / text.length;
    if (ended === true) result.taken++;
    if (typeof ended === 'object') {
      result.exceptions++;
      const kind = ended.error.slice(0, 60);
      if (!kinds.has(kind) && result.thrown.length < MOST_KEPT) result.thrown.push(ended);
      kinds.add(kind);
    }
    if (text.length >= LONG_ENOUGH && nanoseconds > (result.slowest?.nanoseconds ?? 0)) {
      // Other work on the machine may have slowed it down.
      const again = await timeOf(parser, text);
      const least = Math.min(nanoseconds, again);
      if (least > (result.slowest?.nanoseconds ?? 0)) result.slowest = { text, nanoseconds: least };
    }
  }
  return result;
}

/** Whether a text was accepted, or the exception. */
async function outcomeOf(parser: Parser, text: string): Promise<boolean | Thrown> {
  try {
    const outcome = parser.read(text);
    return typeof outcome === 'boolean' ? outcome : await outcome;
  } catch (error) {
    if (parser.isOurs?.(error)) return false;
    return { text, error: error instanceof Error ? (error.stack ?? String(error)) : String(error) };
  }
}

/** The least of three times, in nanoseconds per character. */
async function timeOf(parser: Parser, text: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const started = performance.now();
    await outcomeOf(parser, text);
    least = Math.min(least, performance.now() - started);
  }
  return (least * 1e6) / text.length;
}

function hashOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
  return hash;
}
