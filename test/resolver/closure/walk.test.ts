import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PreparedSet, prepareSet, walk } from '../../../resolver/closure/prepare.ts';
import { compareClosures } from '../../../scripts/import/compare-closures.ts';
import { realSets, setOf } from './sets.ts';

function closureOf(set: PreparedSet, ...names: string[]): string[] {
  return walk(
    set,
    names.map((name) => set.index.get(name)!),
  ).members.map((at) => set.members[at]!.name);
}

test('a closure may have a chain deeper than any stack', () => {
  const names = Array.from({ length: 50_000 }, (_, at) => `p${String(at).padStart(5, '0')}`);
  const chain = Object.fromEntries(names.map((name, at) => [name, names.slice(at + 1, at + 2)]));
  expect(closureOf(prepareSet(setOf(chain)), names[0]!)).toHaveLength(50_000);
});

const graphs = fc
  .array(fc.array(fc.nat(19), { maxLength: 5 }), { minLength: 1, maxLength: 20 })
  .map((edges) => {
    const name = (at: number) => `p${at % edges.length}`;
    return Object.fromEntries(edges.map((to, at) => [`p${at}`, to.map(name)]));
  });

test('for any graph, dependencies come first, except in cycles', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const set = prepareSet(setOf(graph));
      const loaded = new Set<string>();
      for (const name of closureOf(set, ...Object.keys(graph))) {
        for (const needed of graph[name]!) {
          if (!loaded.has(needed)) expect(closureOf(set, needed)).toContain(name);
        }
        loaded.add(name);
      }
    }),
  );
});

describe('for the real sets', () => {
  test.each(realSets.map((set) => [set.flag, set] as const))('%s: every closure is the lock’s', (_, set) => {
    const written = set.packages.map((member) => [
      member.name,
      { name: member.written_name, depends: member.written_depends },
    ]);
    expect(compareClosures(set, JSON.stringify({ packages: Object.fromEntries(written) }))).toEqual([]);
  });

  test('the installed Pyodide’s own lock gives the closures of its set', async () => {
    const folder = new URL('../../../node_modules/pyodide/', import.meta.url);
    const { version } = JSON.parse(await readFile(new URL('package.json', folder), 'utf8'));
    const lock = await readFile(new URL('pyodide-lock.json', folder), 'utf8');
    const set = realSets.find(({ runtime, source }) => runtime === version && source.package === 'pyodide')!;
    expect(compareClosures(set, lock)).toEqual([]);
    const cut = { ...set, packages: set.packages.map((member) => ({ ...member, depends: [] })) };
    expect(compareClosures(cut, lock).length).toBeGreaterThan(100);
  });
});
