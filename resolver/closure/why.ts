/** Why a package is in a closure or not, as a zod schema. */
import * as z from 'zod';
import { Diagnostic, RegistryStamp, ResolvedPackage, Target } from '../answer.ts';

const MOST_CHAINS = 20;

export interface Chains {
  /** Ways from requested packages to this one, the shortest first. */
  chains: string[][];
  more: number;
}

/** Every shortest chain to a package from each requested one that leads there; a requested package itself is one. */
export function shortestChains(packages: readonly ResolvedPackage[], name: string): Chains {
  const byName = new Map(packages.map((member) => [member.name, member]));
  if (!byName.has(name)) return { chains: [], more: 0 };
  /** By name: the distance to the package, the number of shortest ways, and the first step of each. */
  const places = new Map([[name, { steps: 0, ways: 1, next: [] as string[] }]]);
  for (const [reached, place] of places) {
    for (const parent of byName.get(reached)!.required_by) {
      const known = places.get(parent);
      if (!known) places.set(parent, { steps: place.steps + 1, ways: place.ways, next: [reached] });
      else if (known.steps === place.steps + 1) {
        known.ways += place.ways;
        known.next.push(reached);
      }
    }
  }
  const chains: string[][] = [];
  let all = 0;
  // A map keeps the order of insertion, which is by distance.
  for (const [root, { ways }] of places) {
    if (!byName.get(root)!.requested) continue;
    all += ways;
    const unfinished = [[root]];
    for (let chain = unfinished.pop(); chain && chains.length < MOST_CHAINS; chain = unfinished.pop()) {
      const { next } = places.get(chain.at(-1)!)!;
      if (next.length === 0) chains.push(chain);
      for (const step of next.toReversed()) unfinished.push([...chain, step]);
    }
  }
  return { chains, more: Math.min(all, Number.MAX_SAFE_INTEGER) - chains.length };
}

export const WhyAnswer = z.strictObject({
  registry: RegistryStamp,
  target: Target,
  name: z.string(),
  /** Null if the package is not in the closure. */
  package: ResolvedPackage.nullable(),
  /** The shortest ones, from each requested package that leads to it; limited in number. */
  chains: z.array(z.array(z.string())),
  more_chains: z.int(),
  /** Why the package is not in the closure, or null if it is. */
  absence: Diagnostic.omit({ severity: true }).nullable(),
});
export type WhyAnswer = z.infer<typeof WhyAnswer>;
