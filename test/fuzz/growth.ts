/** Whether time is linear: texts that are eight times as long should take about eight times as long. */
import { Random } from '../resolver/requirements/random.ts';
import type { Parser } from './parser.ts';

export interface Growth {
  /** How many times as long the longest text took as one of an eighth of its length, over eight; linear is 1. */
  factor: number;
  /** The text that is repeated. */
  unit: string;
  /** The text before it. */
  head: string;
}

/** In milliseconds. */
export type Measure = (text: string) => Promise<number>;

const STEP = 8;
/** In milliseconds: shorter times are harmless, and hard to measure. */
const NOTICEABLE = 1;
/** In milliseconds: one measurement of a text that takes longer is enough. */
const LONG = 50;
/** Beyond this, a text is measured again, because other work may have interfered. */
const SUSPICIOUS = 2;
const RETRIES = 8;
/** Units that are tried in addition to each piece. */
const MIXED = 60;

/** The worst of all repetitions of a parser's pieces; null if none takes noticeable time. */
export async function worstGrowth(
  parser: Parser,
  seed: number,
  measure: Measure,
  onProgress: () => void = () => {},
): Promise<Growth | null> {
  let worst: Growth | null = null;
  for (const { head, unit } of patternsOf(parser, new Random(seed))) {
    onProgress();
    const textOf = (length: number) => head + unit.repeat(Math.ceil(length / unit.length));
    const [short, long] = [textOf(Math.ceil(parser.longest / STEP)), textOf(parser.longest)];
    const first = await measure(long);
    if (first < NOTICEABLE) continue;
    const growthFrom = async (before: string, after: string) =>
      (await measure(after)) / (await measure(before)) / STEP;
    let factor = first / (await measure(short)) / STEP;
    for (let retry = 0; retry < RETRIES && factor > SUSPICIOUS; retry++) {
      factor = Math.min(factor, await growthFrom(short, long));
    }
    // Large arrays get memory of their own, which costs much once or twice: what is not linear grows at each doubling.
    for (let length = parser.longest; factor > SUSPICIOUS && length < parser.longest * STEP; length *= 2) {
      const next = (await measure(textOf(2 * length))) / (await measure(textOf(length))) / 2;
      // Less time for more text means that it was refused for its length.
      if (next < 1 / 2) break;
      factor = Math.min(factor, next ** Math.log2(STEP));
    }
    if (factor > (worst?.factor ?? 0)) worst = { factor, unit, head };
  }
  return worst;
}

function patternsOf({ pieces, samples }: Parser, random: Random): { head: string; unit: string }[] {
  const mixed = random.list(MIXED, MIXED, () => random.list(2, 4, () => random.pick(pieces)).join(''));
  const units = [...new Set([...pieces, ...mixed, '(', '[', '{', '"', ' ', '\n', 'a', '1', '\\'])];
  return units
    .filter((unit) => unit !== '')
    .map((unit) => ({
      head: random.chance(60) ? '' : random.pick(samples).slice(0, random.below(80)),
      unit,
    }));
}

/** The least of so many times counts, unless they take too long together. */
const MOST_ROUNDS = 5;

/** Measures a parser's time, and ignores exceptions. */
export function measureOf(parser: Parser): Measure {
  return async (text) => {
    let least = Number.POSITIVE_INFINITY;
    const begun = performance.now();
    for (let round = 0; round < MOST_ROUNDS && (round === 0 || performance.now() - begun < LONG); round++) {
      const started = performance.now();
      try {
        const outcome = parser.read(text);
        if (typeof outcome !== 'boolean') await outcome;
      } catch {
        // Refused.
      }
      least = Math.min(least, performance.now() - started);
    }
    return least;
  };
}
