import type { Load } from './load.ts';
import { median } from './report.ts';

/**
 * The highest rate of each server, in requests a second, over interleaved rounds: other load on the machine makes a
 * server slower, never faster. The first round only warms them up.
 */
export async function bestRates<Name extends string>(
  servers: Record<Name, () => Promise<Load>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const entries = Object.entries(servers) as [Name, () => Promise<Load>][];
  const best = Object.fromEntries(entries.map(([name]) => [name, 0])) as Record<Name, number>;
  for (let round = 0; round <= rounds; round++) {
    for (const [name, measure] of entries) {
      const { rate } = await measure();
      if (round > 0) best[name] = Math.max(best[name], rate);
    }
  }
  return best;
}

/**
 * How much faster the second of two servers is than the first: the median of rounds. In each, one follows directly
 * after the other, and their order alternates, so that other load on the machine affects both.
 */
export async function medianRatio(
  first: () => Promise<Load>,
  second: () => Promise<Load>,
  rounds: number,
): Promise<{ ratio: number; first: number; second: number }> {
  const rates: { first: number; second: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const [earlier, later] = round % 2 === 0 ? [first, second] : [second, first];
    const [a, b] = [(await earlier()).rate, (await later()).rate];
    if (round > 0) rates.push(round % 2 === 0 ? { first: a, second: b } : { first: b, second: a });
  }
  return {
    ratio: median(rates.map((rate) => rate.second / rate.first)),
    first: median(rates.map((rate) => rate.first)),
    second: median(rates.map((rate) => rate.second)),
  };
}
