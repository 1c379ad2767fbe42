/**
 * Properties of every answer, on random worlds. `npm run test:all` tries more: the oracle takes about ten
 * milliseconds for each.
 */
import { describe, expect, test } from 'vitest';
import { Random } from '../requirements/random.ts';
import { ask, releaseOf, shortly } from './made-index.ts';
import { type RandomWorld, randomWorld } from './random-world.ts';
import { isSatisfiable } from './sat.ts';

const WORLDS = process.env.TEST_ALL ? 10_000 : 100;
const seeds = Array.from({ length: WORLDS }, (_, seed) => seed);
const TIMEOUT = 900_000 + WORLDS * 1_000;

const solved = async ({ requirements, projects, pins }: RandomWorld) =>
  shortly(await ask(requirements, projects, pins));

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const rest = [...items];
  return items.map(() => rest.splice(random.below(rest.length), 1)[0]!);
}

function shuffledEntries<Value>(record: Record<string, Value>, random: Random): Record<string, Value> {
  return Object.fromEntries(shuffled(Object.entries(record), random));
}

describe(`in ${WORLDS} random worlds`, () => {
  test('there is an answer exactly if a SAT solver finds one', { timeout: TIMEOUT }, async () => {
    const count = { answers: 0, failures: 0 };
    for (const seed of seeds) {
      const world = randomWorld(seed);
      const { ok } = await ask(world.requirements, world.projects, world.pins);
      expect({ seed, ok }).toEqual({ seed, ok: isSatisfiable(world) });
      count[ok ? 'answers' : 'failures']++;
    }
    expect(count.answers).toBeGreaterThan(WORLDS / 4);
    expect(count.failures).toBeGreaterThan(WORLDS / 4);
  });

  test('the order of anything does not matter', { timeout: TIMEOUT }, async () => {
    for (const seed of seeds) {
      const world = randomWorld(seed);
      const random = new Random(seed + 1);
      const projects = Object.fromEntries(
        shuffled(Object.entries(world.projects), random).map(([name, releases]) => [
          name,
          shuffledEntries(releases, random),
        ]),
      );
      const requirements = shuffled(world.requirements, random);
      const other = { requirements, projects, pins: shuffledEntries(world.pins, random) };
      const [before, after] = await Promise.all([world, other].map(solved));
      expect({ seed, answer: after!.toSorted() }).toEqual({ seed, answer: before!.toSorted() });
    }
  });

  test('an unrelated package changes nothing', { timeout: TIMEOUT }, async () => {
    for (const seed of seeds) {
      const world = randomWorld(seed);
      const requirements = [...world.requirements, 'apart>=1'];
      const apart = { apart: { '1.0': ['alone'], '2.0': ['alone<2'] }, alone: { '1.0': [], '2.0': [] } };
      const [before, after] = await Promise.all(
        [world, { ...world, requirements, projects: { ...world.projects, ...apart } }].map(solved),
      );
      const isRefused = !before!.every((line) => line.includes('=='));
      const expected = isRefused ? before : [...before!, 'alone==1.0', 'apart==2.0'].sort();
      expect({ seed, after }).toEqual({ seed, after: expected });
    }
  });

  test('leaving out a requirement never breaks an answer', { timeout: TIMEOUT }, async () => {
    for (const seed of seeds) {
      const world = randomWorld(seed);
      if (!(await ask(world.requirements, world.projects, world.pins)).ok) continue;
      for (const at of world.requirements.keys()) {
        const outcome = await ask(world.requirements.toSpliced(at, 1), world.projects, world.pins);
        expect({ seed, at, ok: outcome.ok }).toEqual({ seed, at, ok: true });
      }
    }
  });

  test('a later upload changes no byte', { timeout: TIMEOUT }, async () => {
    for (const seed of seeds) {
      const world = randomWorld(seed);
      const later = { requires: [], uploaded: '2026-10-02T00:00:00Z' };
      const projects = Object.fromEntries(
        Object.entries(world.projects).map(([name, releases]) => [
          name,
          { ...releases, '1.2': later, '4.0': later },
        ]),
      );
      const [before, after] = await Promise.all(
        [world.projects, projects].map((index) => ask(world.requirements, index, world.pins)),
      );
      if (before!.ok) expect({ seed, after }).toEqual({ seed, after: before });
      else expect({ seed, ok: after!.ok }).toEqual({ seed, ok: false });
    }
  });

  test('each step of a proof follows from the facts', { timeout: TIMEOUT }, async () => {
    for (const seed of seeds) {
      const world = randomWorld(seed);
      const outcome = await ask(world.requirements, world.projects, world.pins);
      if (outcome.ok) continue;
      const derivation = outcome.derivation!;
      for (const [at, { because }] of derivation.entries()) {
        if (because.kind === 'conflict') for (const step of because.steps) expect(step).toBeLessThan(at);
      }
      expect(derivation.at(-1)!.claims.filter(({ name }) => name !== '')).toEqual([]);
      for (const { message } of outcome.issues) expect(message).toMatch(/^[A-Z]/);
    }
  });

  test('what is proposed gives the whole question an answer', { timeout: TIMEOUT }, async () => {
    let count = 0;
    for (const seed of seeds) {
      const world = randomWorld(seed);
      const random = new Random(seed + 3);
      const projects = Object.fromEntries(
        Object.entries(world.projects).map(([name, releases]) => [
          name,
          Object.fromEntries(
            Object.entries(releases).map(([version, release]) => {
              const uploaded = random.chance(30) ? { uploaded: '2026-10-05T00:00:00Z' } : {};
              return [version, { ...releaseOf(release), ...uploaded }];
            }),
          ),
        ]),
      );
      const outcome = await ask(world.requirements, projects, world.pins);
      const changes = outcome.ok
        ? []
        : outcome.issues.filter(({ fixes }) => fixes.some(({ kind }) => kind === 'take_from_index'));
      const [first] = changes;
      if (outcome.ok || !first) continue;
      count++;
      expect(new Set(changes.map(({ fix }) => fix)).size).toBe(1);
      const [proposed] = first.fixes;
      if (proposed?.kind !== 'take_from_index') throw new Error(first.fix!);
      const { packages: unpin, newer } = proposed;
      // What nothing helps has an issue of its own.
      const hopeless = outcome.issues.flatMap((issue) =>
        'requirement' in issue && !changes.includes(issue) ? String(issue.requirement) : [],
      );
      const rest = world.requirements.filter((requirement) => !hopeless.includes(requirement));
      const exclude_newer_package = Object.fromEntries(newer.map(({ project, day }) => [project, day]));
      const { ok } = await ask(rest, projects, world.pins, { unpin, exclude_newer_package });
      expect({ seed, fix: first.fix, ok }).toEqual({ seed, fix: first.fix, ok: true });
    }
    expect(count).toBeGreaterThan(WORLDS / 20);
  });
});
