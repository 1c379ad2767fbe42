/** One lock for several Pythons: the same versions if possible, with remarks about differences. */
import { describe, expect, test } from 'vitest';
import { solve, solveTargets } from '../../../resolver/solver/index.ts';
import type { Pins } from './made-index.ts';
import { type RandomWorld, randomWorld } from './random-world.ts';
import { isSatisfiableTogether } from './sat.ts';
import { host, shared, worker } from './targets.ts';

describe('several Pythons', () => {
  test('a version that Pinwheel patched is the upstream one', async () => {
    const pins = { httpx: ['0.28.1+pinwheel.1'] } satisfies Pins;
    const projects = { httpx: { '0.28.1': [], '0.29.0': [] } };
    const { slices, unshared } = await shared(
      worker('worker', ['httpx'], {}, pins),
      host(['httpx'], projects),
    );
    expect(slices[1]!.packages).toEqual(['httpx==0.28.1']);
    expect(unshared).toEqual([]);
  });

  test('all get the newest version that each of them can have', async () => {
    const projects = {
      django: {
        '5.1': ['asgiref'],
        '5.2': ['asgiref'],
        '6.0': { requires: ['asgiref>=3.9'], requiresPython: '>=3.12' },
      },
      asgiref: { '3.8': [], '3.9': { requiresPython: '>=3.12' } },
    };
    expect(await shared(worker('worker', ['django'], projects), host(['django'], projects))).toEqual({
      slices: [
        {
          name: 'worker',
          packages: ['asgiref==3.8', 'django==5.2'],
          moved: ['asgiref 3.9 to 3.8', 'django 6.0 to 5.2'],
        },
        { name: 'host', packages: ['asgiref==3.8', 'django==5.2'], moved: [] },
      ],
      unshared: [],
    });
  });

  test('differences that are necessary are reported', async () => {
    const projects = {
      a: { '1.0': ['b<2; sys_platform == "linux"', 'b>=2; sys_platform != "linux"', 'c'] },
      b: { '1.0': [], '2.0': [] },
      c: { '1.0': { requiresPython: '<3.12' }, '2.0': { requiresPython: '>=3.12' } },
    };
    const outcome = await shared(
      worker('worker', ['a', 'd'], projects, { d: ['1.0'] }),
      worker('other', ['a', 'd'], projects, { d: ['2.0'] }),
      host(['a'], projects),
    );
    expect(outcome.slices.map(({ moved }) => moved)).toEqual([[], [], []]);
    expect(outcome.unshared).toEqual([
      { name: 'd', versions: { worker: '1.0', other: '2.0' }, reason: 'pins' },
      { name: 'b', versions: { worker: '2.0', other: '2.0', host: '1.0' }, reason: 'no_answer' },
      { name: 'c', versions: { worker: '2.0', other: '2.0', host: '1.0' }, reason: 'no_common_version' },
    ]);
  });
});

/** The same requirements and index for two package sets. */
function twoWorkers(seed: number) {
  const world = randomWorld(seed);
  const other = { ...world, pins: randomWorld(seed + 5_000).pins };
  const { requirements, projects } = world;
  const questions = [
    worker('one', requirements, projects, world.pins),
    worker('two', requirements, projects, other.pins),
  ];
  return { worlds: [world, other] satisfies [RandomWorld, RandomWorld], requirements, questions };
}

test('an earlier choice does not prevent sharing', async () => {
  const projects = {
    // The newest a that both can have leaves no common b, an older one does.
    a: { '1.0': ['b'], '2.0': ['b>=2; python_version >= "3.12"', 'b<2; python_version < "3.12"'] },
    b: { '1.0': [], '2.0': [] },
  };
  const { slices, unshared } = await shared(worker('worker', ['a'], projects), host(['a'], projects));
  expect(unshared).toEqual([]);
  expect(slices.map(({ packages }) => packages)).toEqual(
    Array(2).fill(['a==1.0', expect.stringMatching(/^b==/)]),
  );
});

test('sharing that takes too long is skipped, with a remark', async () => {
  // Alone, each Python has few constraints; together, they are those of twelve pigeons in eleven holes.
  const names = Array.from({ length: 12 }, (_, at) => `p${at}`);
  const others = (own: number, hole: number) =>
    names.flatMap((name, other) => {
      const platform = (own + other) % 2 === 0 ? '==' : '!=';
      return other === own ? [] : [`${name}!=${hole}.0; sys_platform ${platform} "linux"`];
    });
  const projects = Object.fromEntries(
    names.map((name, own) => [
      name,
      Object.fromEntries(names.slice(1).map((_, hole) => [`${hole}.0`, others(own, hole)])),
    ]),
  );
  const questions = [worker('worker', names, projects), host(names, projects)];
  const reasons = async (effort: number) => {
    const outcome = await solveTargets(questions.map((question) => ({ ...question, effort })));
    return outcome.ok ? outcome.unshared.map(({ reason }) => reason) : 'no answer';
  };
  expect(await reasons(1_000)).toBe('no answer');
  expect(new Set(await reasons(100_000))).toEqual(new Set(['too_hard']));
});

test('in random worlds, a SAT solver finds no way in which fewer packages differ', async () => {
  let count = 0;
  for (let seed = 0; seed < 150; seed++) {
    const { worlds, questions } = twoWorkers(seed);
    const outcome = await solveTargets(questions);
    if (!outcome.ok) continue;
    const names = Object.keys({ ...worlds[0].projects, ...worlds[0].pins, ...worlds[1].pins });
    const namesOf = (isFree: boolean) =>
      outcome.unshared.flatMap(({ name, reason }) => ((reason === 'no_answer') === isFree ? name : []));
    const [forced, differing] = [namesOf(false), namesOf(true)];
    if (differing.length === 0) continue;
    count++;
    const rest = names.filter((name) => !forced.includes(name));
    for (const fewer of choices(rest, differing.length - 1)) {
      const ok = isSatisfiableTogether(worlds, new Set([...forced, ...fewer]));
      expect({ seed, fewer, ok }).toEqual({ seed, fewer, ok: false });
    }
  }
  expect(count).toBeGreaterThan(2);
});

/** All combinations of so many items. */
function choices<Item>(items: readonly Item[], count: number): Item[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, at) => choices(items.slice(at + 1), count - 1).map((rest) => [item, ...rest]));
}

test('in random worlds, each target has an answer, with true statements about the others', async () => {
  let sharedByMoving = 0;
  for (let seed = 0; seed < 150; seed++) {
    const { questions, requirements } = twoWorkers(seed);
    const alone = await Promise.all(questions.map(solve));
    const outcome = await solveTargets(questions);
    expect({ seed, ok: outcome.ok }).toEqual({ seed, ok: alone.every(({ ok }) => ok) });
    if (!outcome.ok) continue;
    const versions = outcome.slices.map(
      ({ answer }) => new Map(answer.packages.map(({ name, version }) => [name, version])),
    );
    for (const [at, { moved }] of outcome.slices.entries()) {
      const before = alone[at]!;
      const own = new Map(before.ok ? before.value.packages.map(({ name, version }) => [name, version]) : []);
      for (const move of moved) {
        expect(own.get(move.name) ?? null).toBe(move.alone);
        own.delete(move.name);
        if (move.version !== null) own.set(move.name, move.version);
        sharedByMoving++;
      }
      expect([...own].sort()).toEqual([...versions[at]!].sort());
      // With requirements for exactly these versions, the solver finds them.
      const exactly = [...versions[at]!].map(([name, version]) => `${name}===${version}`);
      const again = await solve({ ...questions[at]!, requirements: [...requirements, ...exactly] });
      expect({ seed, ok: again.ok }).toEqual({ seed, ok: true });
    }
    const [first, second] = versions as [Map<string, string>, Map<string, string>];
    const differing = [...first].filter(([name, version]) => (second.get(name) ?? version) !== version);
    expect(outcome.unshared.map(({ name }) => name).sort()).toEqual(differing.map(([name]) => name).sort());
  }
  expect(sharedByMoving).toBeGreaterThan(10);
});
