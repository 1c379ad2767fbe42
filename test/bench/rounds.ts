import type { Load } from './load.ts';

/**
 * The highest rate of each server, in requests a second, over rounds in which each has its turn: what else the
 * machine does makes a server slower, never faster. Every one is warmed up by a round that does not count.
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
