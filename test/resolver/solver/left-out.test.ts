/**
 * Pre-releases and yanked versions: compared with every choice of versions in small worlds, and with the rule that pip
 * follows. `npm run test:all` tries more.
 */
import { describe, expect, test } from 'vitest';
import { parseRequirement, type Requirement } from '../../../resolver/requirements/requirement.ts';
import { satisfies } from '../../../resolver/requirements/specifier.ts';
import { Random } from '../requirements/random.ts';
import { ask, type Projects, type Release, releaseOf, shortly } from './made-index.ts';
import { host, shared, worker } from './targets.ts';

const solved = async (...asked: Parameters<typeof ask>) => shortly(await ask(...asked));
const yanked = { yanked: true };

describe('all requirements on a package count together', () => {
  const projects = {
    a: { '1.0': [], '2.0': [], '3.0rc1': [] },
    asks: { '1.0': ['a>=2.0rc1'] },
    any: { '1.0': ['a>=1'] },
    below: { '1.0': ['a<2'] },
    between: { '1.0': ['c>1.0'] },
    c: { '1.0': [], '1.5rc1': [], '2.0': [] },
    older: { '1.0': ['c<2'] },
    gone: { '1.0': yanked, '1.1rc1': [] },
  };
  test.each([
    [['asks', 'any'], 'a==3.0rc1'],
    [['asks', 'any', 'a'], 'a==3.0rc1'],
    [['asks', 'any', 'a!=3.0rc1'], 'a==2.0'],
    [['any'], 'a==2.0'],
    [['asks', 'below'], 'no_solution'],
    // Nothing else satisfies both.
    [['between', 'older'], 'c==1.5rc1'],
    [['between'], 'c==2.0'],
    // A yanked version is a final one.
    [['gone'], 'no_version'],
    [['gone>=1.1rc1'], 'gone==1.1rc1'],
  ])('%j', async (requirements, found) => expect(await solved(requirements, projects)).toContain(found));

  test('only those in the answer', async () => {
    const worlds = {
      a: { '1.0': ['c==1.0', 'absent'], '2.0': ['c'] },
      c: { '1.0': yanked },
    };
    expect(await solved(['a'], worlds)).toEqual(['no_solution']);
  });

  test.each(['z', 'b', '0'])('whatever the names are: %s', async (name) => {
    const worlds = {
      a: { '1.0': ['d'] },
      [name]: { '1.0': ['d==2.0rc1'] },
      d: { '1.0': ['absent'], '2.0rc1': [] },
    };
    expect(await solved(['a', name], worlds)).toContain('d==2.0rc1');
  });

  test('constraints too', async () => {
    expect(await solved(['any'], projects, {}, { constraints: ['a>=2.0rc1'] })).toContain('a==3.0rc1');
    expect(await solved(['gone'], projects, {}, { constraints: ['gone==1.0'] })).toEqual(['gone==1.0']);
  });

  test('for several Pythons too', async () => {
    const { slices, unshared } = await shared(
      worker('worker', ['between', 'older'], projects),
      host(['between'], projects),
    );
    expect(slices.map(({ packages }) => packages.filter((pin) => pin.startsWith('c=')))).toEqual([
      ['c==1.5rc1'],
      ['c==2.0'],
    ]);
    expect(unshared).toMatchObject([{ name: 'c', reason: 'no_answer' }]);
  });
});

interface World {
  projects: Record<string, Record<string, Release>>;
  requirements: string[];
}

const VERSIONS = ['1.0', '1.1rc1', '1.1', '2.0b1', '2.0'];
const SPECIFIERS = ['', '', '', '>=1.1', '<2', '==1.0', '==1.1', '>=1.1rc1', '==2.0b1', '!=1.0', '>1.0,<2.0'];

function worldOf(seed: number): World {
  const random = new Random(seed);
  const names = Array.from({ length: 3 + random.below(3) }, (_, at) => `p${at}`);
  const requirement = () => `${random.pick(random.chance(6) ? ['absent'] : names)}${random.pick(SPECIFIERS)}`;
  const releases = (): [string, Release][] =>
    VERSIONS.filter(() => random.chance(45)).map((version) => {
      const requires = Array.from({ length: random.below(3) }, requirement);
      return [version, { requires, yanked: random.chance(35) }];
    });
  const projects = Object.fromEntries(names.map((name) => [name, Object.fromEntries(releases())]));
  return { projects, requirements: Array.from({ length: 1 + random.below(2) }, requirement) };
}

const parsed = new Map<string, Requirement>();
function read(text: string): Requirement {
  const found = parseRequirement(text);
  if (!found.ok) throw new Error(text);
  parsed.set(text, found.value);
  return found.value;
}

type Choice = ReadonlyMap<string, string>;

/** What the packages of a choice require; and which there are, beginning with what is asked for. */
function walk({ projects, requirements }: World, choice: Choice, without: string | null) {
  const reached = new Set<string>();
  const demands = requirements.map((text) => parsed.get(text) ?? read(text));
  for (const { name } of demands) {
    const version = choice.get(name);
    if (name === without || version === undefined || reached.has(name)) continue;
    reached.add(name);
    demands.push(
      ...releaseOf(projects[name]![version]!).requires!.map((text) => parsed.get(text) ?? read(text)),
    );
  }
  return { reached, demands };
}

const isPre = (version: string) => /[a-z]/.test(version);

/** The versions of a package that its requirements admit, as pip has it. */
function admitted({ projects }: World, name: string, demands: readonly Requirement[]): string[] {
  const specifiers = demands.filter((demand) => demand.name === name).flatMap((demand) => demand.specifiers);
  const all = Object.keys(projects[name] ?? {}).filter((version) => satisfies(version, specifiers));
  const final = all.filter((version) => !isPre(version));
  const asks = specifiers.some(({ operator, written }) => operator !== '!=' && isPre(written));
  const found = asks || final.length === 0 ? all : final;
  const isYanked = (version: string) => releaseOf(projects[name]![version]!).yanked;
  const pins = specifiers.some(({ operator }) => operator === '==');
  return found.every(isYanked) && pins ? found : found.filter((version) => !isYanked(version));
}

function isAnswer(world: World, choice: Choice): boolean {
  const { reached, demands } = walk(world, choice, null);
  if (reached.size !== choice.size || !demands.every(({ name }) => choice.has(name))) return false;
  return [...choice].every(([name, version]) => {
    const own = demands.filter((demand) => demand.name === name).flatMap((demand) => demand.specifiers);
    // What the package itself leads to does not admit it.
    return (
      satisfies(version, own) && admitted(world, name, walk(world, choice, name).demands).includes(version)
    );
  });
}

function hasAnswer(world: World): boolean {
  const names = Object.keys(world.projects);
  const choose = (at: number, choice: Map<string, string>): boolean => {
    if (at === names.length) return isAnswer(world, choice);
    const name = names[at]!;
    if (choose(at + 1, choice)) return true;
    return Object.keys(world.projects[name]!).some((version) =>
      choose(at + 1, new Map([...choice, [name, version]])),
    );
  };
  return choose(0, new Map());
}

test('in random worlds, there is an answer exactly if some choice of versions is one', async () => {
  const count = { answers: 0, failures: 0, leftOut: 0 };
  const worlds = process.env.TEST_ALL ? 10_000 : 300;
  for (let seed = 0; seed < worlds; seed++) {
    const world = worldOf(seed);
    const { projects, requirements } = world;
    const outcome = await ask(requirements, projects as Projects);
    expect({ seed, ok: outcome.ok }).toEqual({ seed, ok: hasAnswer(world) });
    count[outcome.ok ? 'answers' : 'failures']++;
    // The same with the names in another order.
    const turned = (text: string) => text.replace(/^p\d/, (name) => `q${9 - Number(name[1])}`);
    const others = Object.entries(projects).map(([name, versions]) => {
      const releases = Object.entries(versions).map(
        ([version, release]) => [version, { ...release, requires: release.requires!.map(turned) }] as const,
      );
      return [turned(name), Object.fromEntries(releases)] as const;
    });
    const again = await ask(requirements.map(turned), Object.fromEntries(others));
    expect({ seed, ok: again.ok }).toEqual({ seed, ok: outcome.ok });
    if (!outcome.ok) continue;
    const choice = new Map(outcome.value.packages.map(({ name, version }) => [name, version]));
    expect({ seed, choice, isAnswer: isAnswer(world, choice) }).toEqual({ seed, choice, isAnswer: true });
    if (outcome.value.diagnostics.length > 0) count.leftOut++;
  }
  expect(Math.min(count.answers, count.failures) * 5).toBeGreaterThan(worlds);
  expect(count.leftOut * 20).toBeGreaterThan(worlds);
});
