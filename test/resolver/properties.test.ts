/** Properties of resolving, over random package sets and the real ones, compared with brute force. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ResolveAnswer } from '../../resolver/answer.ts';
import type { PackageSet } from '../../resolver/catalog.ts';
import { prepareSet } from '../../resolver/closure/prepare.ts';
import { resolve } from '../../resolver/closure/resolve.ts';
import type { Issue } from '../../resolver/issue.ts';
import { realSets, setOf } from './closure/sets.ts';
import { AS_OF, source, view } from './time/data.ts';

/** A requirement with its meaning, so that it need not be parsed. */
interface Asked {
  name: string;
  /** Each with whether it holds for what the set pins. */
  constraints: { text: string; holds: boolean }[];
  /** Null if there is no marker. */
  marker: { text: string; holds: boolean } | null;
}

interface World {
  set: PackageSet;
  asked: Asked[];
}

const MARKERS = [
  { text: 'sys_platform == "emscripten"', holds: true },
  { text: 'python_version < "3.0"', holds: false },
  { text: 'os_name == "posix" and (python_version > "3.0" or extra == "x")', holds: true },
];

/** Versions are whole numbers, so that specifiers can be evaluated by comparing numbers. */
const version = fc.nat(5);
const constraintsOn = (pinned: number) =>
  fc.array(
    fc.tuple(fc.constantFrom('==', '!=', '<', '<=', '>', '>='), version).map(([operator, number]) => ({
      text: `${operator}${number}`,
      holds: compare(pinned, operator, number),
    })),
    { maxLength: 2 },
  );

function compare(pinned: number, operator: string, number: number): boolean {
  if (operator === '==') return pinned === number;
  if (operator === '!=') return pinned !== number;
  if (operator.startsWith('<')) return operator === '<=' ? pinned <= number : pinned < number;
  return operator === '>=' ? pinned >= number : pinned > number;
}

const markerOf = fc.option(fc.constantFrom(...MARKERS), { freq: 3 });

/** Sets of up to 20 packages with cycles, and requirements, some of which are unknown. */
const smallWorld: fc.Arbitrary<World> = fc
  .array(fc.tuple(fc.array(fc.nat(19), { maxLength: 3 }), version), { minLength: 1, maxLength: 20 })
  .chain((packages) => {
    const name = (at: number) => `p${at % packages.length}`;
    const graph = packages.map(([edges, pinned], at): [string, string[]] => [
      `p${at}==${pinned}`,
      edges.map(name),
    ]);
    const requirement = fc.nat(packages.length * 4).chain((at) =>
      at >= packages.length * 3
        ? fc.constant<Asked>({ name: `q${at}`, constraints: [], marker: null })
        : fc.record({
            name: fc.constant(name(at)),
            constraints: constraintsOn(packages[at % packages.length]![1]),
            marker: markerOf,
          }),
    );
    return fc.record({
      set: fc.constant(setOf(Object.fromEntries(graph))),
      asked: fc.array(requirement, { maxLength: 6 }),
    });
  });

/** The real sets, whose versions are only compared for equality. */
const realWorld: fc.Arbitrary<World> = fc.constantFrom(...realSets).chain((set) => {
  const requirement = fc.constantFrom(...set.packages).chain(({ name, version: pinned }) =>
    fc.record({
      name: fc.constant(name),
      constraints: fc.array(
        fc.constantFrom({ text: `===${pinned}`, holds: true }, { text: `===${pinned}.x`, holds: false }),
        { maxLength: 1 },
      ),
      marker: markerOf,
    }),
  );
  return fc.record({ set: fc.constant(set), asked: fc.array(requirement, { maxLength: 6 }) });
});

const world = fc.oneof({ weight: 3, arbitrary: smallWorld }, { weight: 1, arbitrary: realWorld });

function textOf({ name, constraints, marker }: Asked): string {
  return `${name}${constraints.map(({ text }) => text).join(',')}${marker ? ` ; ${marker.text}` : ''}`;
}

type Outcome = { ok: true; answer: ResolveAnswer } | { ok: false; issues: Issue[] };

async function ask(set: PackageSet, asked: readonly Asked[]): Promise<Outcome> {
  const question = {
    compatibility_date: '2025-11-02',
    compatibility_flags: ['python_workers'],
    as_of: AS_OF,
    requirements: asked.map(textOf),
  };
  const outcome = await resolve(view, question, { ...source, openSet: async () => prepareSet(set) });
  return outcome.ok ? { ok: true, answer: outcome.value } : outcome;
}

/** The expected answer, as a fixed point over the set's document; null if there is none. */
function bruteForce({ packages }: PackageSet, asked: readonly Asked[]) {
  const wanted = asked.filter(({ marker }) => marker?.holds !== false);
  const isPinned = (name: string) => packages.some((member) => member.name === name);
  const meets = ({ name, constraints }: Asked) => isPinned(name) && constraints.every(({ holds }) => holds);
  if (!wanted.every(meets)) return null;
  const names = new Set(wanted.map(({ name }) => name));
  for (let before = -1; before < names.size; ) {
    before = names.size;
    for (const { name, depends } of packages)
      if (names.has(name)) for (const dependency of depends) names.add(dependency);
  }
  const parentsOf = (name: string) =>
    packages.filter(
      (member) => names.has(member.name) && member.name !== name && member.depends.includes(name),
    );
  return [...names].sort().map((name) => ({
    name,
    version: packages.find((candidate) => candidate.name === name)!.version,
    requested: wanted.some((requirement) => requirement.name === name),
    required_by: parentsOf(name)
      .map((member) => member.name)
      .sort(),
  }));
}

/** An answer in the same form. */
function plain({ packages }: ResolveAnswer) {
  return packages
    .map(({ name, version, requested, required_by }) => ({
      name,
      version,
      requested,
      required_by: required_by.toSorted(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const messages = (issues: readonly { message: string }[]) => issues.map(({ message }) => message).sort();

describe('an answer', () => {
  test('is that of brute force, if there is one', async () => {
    const seen = { answered: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(world, async ({ set, asked }) => {
        const outcome = await ask(set, asked);
        const expected = bruteForce(set, asked);
        expect(outcome.ok ? plain(outcome.answer) : null).toEqual(expected);
        seen[outcome.ok ? 'answered' : 'refused']++;
      }),
      { numRuns: 600 },
    );
    expect(Math.min(seen.answered, seen.refused)).toBeGreaterThan(100);
  });

  test('does not depend on the order of the requirements', async () => {
    const shuffled = world.chain(({ set, asked }) =>
      fc.tuple(
        fc.constant({ set, asked }),
        fc.shuffledSubarray(asked, { minLength: asked.length, maxLength: asked.length }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async ([{ set, asked }, other]) => {
        const [first, second] = [await ask(set, asked), await ask(set, other)];
        if (!first.ok || !second.ok) {
          expect(first.ok).toBe(second.ok);
          if (!first.ok && !second.ok) expect(messages(first.issues)).toEqual(messages(second.issues));
          return;
        }
        const { diagnostics: said, ...answer } = first.answer;
        const { diagnostics: alsoSaid, ...same } = second.answer;
        expect(JSON.stringify(same)).toBe(JSON.stringify(answer));
        expect(messages(alsoSaid)).toEqual(messages(said));
      }),
      { numRuns: 300 },
    );
  });

  test('with an unrelated requirement is the union of both answers', async () => {
    let unrelated = 0;
    const free = world.map(({ set, asked }) => ({
      set,
      asked: asked.map((requirement): Asked => ({ ...requirement, constraints: [], marker: null })),
    }));
    await fc.assert(
      fc.asyncProperty(free, async ({ set, asked }) => {
        const [more, ...others] = asked;
        if (!more) return;
        const [alone, before, both] = [await ask(set, [more]), await ask(set, others), await ask(set, asked)];
        if (!alone.ok || !before.ok || !both.ok) return;
        const its = new Set(alone.answer.packages.map(({ name }) => name));
        if (before.answer.packages.some(({ name }) => its.has(name))) return;
        unrelated++;
        const [own, rest] = [true, false].map((isOwn) =>
          both.answer.packages.filter(({ name }) => its.has(name) === isOwn),
        );
        expect(rest).toEqual(before.answer.packages);
        expect(own).toEqual(alone.answer.packages);
      }),
      { numRuns: 600 },
    );
    expect(unrelated).toBeGreaterThan(50);
  });
});

describe('a smaller question', () => {
  test('still has an answer, without the packages of the removed requirement', async () => {
    const seen = { answered: 0, constrained: 0 };
    await fc.assert(
      fc.asyncProperty(world, fc.nat(), async ({ set, asked }, which) => {
        const before = await ask(set, asked);
        if (!before.ok) return;
        for (const dropped of asked) {
          seen.answered++;
          const without = await ask(
            set,
            asked.filter((other) => other !== dropped),
          );
          if (!without.ok)
            throw new Error(`without ${textOf(dropped)}: ${messages(without.issues).join(' ')}`);
          const names = new Set(before.answer.packages.map(({ name }) => name));
          expect(without.answer.packages.every(({ name }) => names.has(name))).toBe(true);

          if (dropped.constraints.length === 0) continue;
          seen.constrained++;
          const constraints = dropped.constraints.filter(
            (_, index) => index !== which % dropped.constraints.length,
          );
          const looser = asked.map((other) => (other === dropped ? { ...dropped, constraints } : other));
          const answered = await ask(set, looser);
          expect(answered.ok && answered.answer.packages).toEqual(before.answer.packages);
        }
      }),
      { numRuns: 800 },
    );
    expect(Math.min(seen.answered, seen.constrained)).toBeGreaterThan(50);
  });

  test('has an answer without the requirements of the issues', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(world, async ({ set, asked }) => {
        const outcome = await ask(set, asked);
        if (outcome.ok) return;
        refused++;
        const said = outcome.issues.map(({ message }) => message).join('\n');
        const blamed = (requirement: Asked) =>
          said.includes(`no package "${requirement.name}"`) ||
          said.includes(`${textOf(requirement)} cannot be satisfied`);
        const rest = asked.filter((requirement) => !blamed(requirement));
        expect(rest.length).toBeLessThan(asked.length);
        expect((await ask(set, rest)).ok).toBe(true);
      }),
      { numRuns: 400 },
    );
    expect(refused).toBeGreaterThan(50);
  });
});
