import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ResolvedPackage } from '../../../resolver/answer.ts';
import { resolveClosure } from '../../../resolver/closure/closure.ts';
import { prepareSet } from '../../../resolver/closure/prepare.ts';
import { shortestChains } from '../../../resolver/closure/why.ts';
import { parseRequirement } from '../../../resolver/requirements/requirement.ts';
import { targetOf, view } from '../compatibility/catalog.ts';
import { setOf } from './sets.ts';

const target = targetOf({});

function closureOf(packages: Record<string, string[]>, ...requested: string[]): ResolvedPackage[] {
  const requirements = requested.flatMap((text) => {
    const outcome = parseRequirement(text);
    return outcome.ok ? [outcome.value] : [];
  });
  const outcome = resolveClosure(view, target, prepareSet(setOf(packages)), requirements);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.issues));
  return outcome.value.packages;
}

describe('the shortest chains', () => {
  test('are limited, and the rest is counted', () => {
    const layers: Record<string, string[]> = { end: [] };
    for (let layer = 0; layer < 40; layer++) {
      const next = layer === 0 ? ['end'] : [`l${layer - 1}`, `r${layer - 1}`];
      layers[`l${layer}`] = next;
      layers[`r${layer}`] = next;
    }
    const { chains, more } = shortestChains(closureOf(layers, 'l39'), 'end');
    expect(new Set(chains.map(String)).size).toBe(20);
    expect(more).toBe(2 ** 39 - 20);
  });

  test('agree with a search of every path', () => {
    const graph = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { maxLength: 3 }), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(graph, fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1 }), (edges, roots) => {
        const packages = Object.fromEntries(
          edges.map((to, at) => [`p${at}`, to.map((other) => `p${other}`)]),
        );
        const closure = closureOf(packages, ...roots.map((root) => `p${root}`));
        const expected = roots.flatMap((root) => shortest(packages, `p${root}`));
        const { chains, more } = shortestChains(closure, 'p0');
        expect(chains.length + more).toBe(expected.length);
        if (more === 0) expect(chains.map(String).sort()).toEqual(expected.sort());
        const lengths = chains.map(({ length }) => length);
        expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
      }),
      { numRuns: 300 },
    );
  });
});

/** Every path without repeats from a package to p0, and of these the shortest. */
function shortest(packages: Record<string, string[]>, root: string): string[] {
  const found: string[][] = [];
  const follow = (path: string[]) => {
    const last = path.at(-1)!;
    if (last === 'p0') found.push(path);
    else for (const next of packages[last]!) if (!path.includes(next)) follow([...path, next]);
  };
  follow([root]);
  const least = Math.min(...found.map(({ length }) => length));
  return found.filter(({ length }) => length === least).map(String);
}
