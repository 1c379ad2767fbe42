/**
 * Compares the solver with pip's resolver, on an index of real projects with additional synthetic versions. pip's
 * answers are recorded (`record-pip-answers.ts`), because each takes a second; a sample is compared, and a few are
 * resolved again. `npm run test:all` compares all, and resolves 50 again.
 */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareVersions, parseVersion } from '../../../resolver/requirements/version.ts';
import { isPreRelease } from '../../../resolver/solver/candidates.ts';
import { openIndex, type PackageIndex, type SolveOutcome } from '../../../resolver/solver/index.ts';
import { askPackaging, installPackaging } from '../requirements/packaging.ts';
import { askPip, askSolver, hostVariables } from './ask-pip.ts';
import { makeIndex, releaseOf, shortly } from './made-index.ts';
import { readPipAnswers } from './pip-answers.ts';
import { listOf, REAL_LISTS, realProjects } from './real-projects.ts';
import { type ServedIndex, serveIndex } from './served-index.ts';

const ANEW = process.env.TEST_ALL ? 50 : 4;
const SAMPLE = process.env.TEST_ALL ? 1 : 8;
const ORACLE = fileURLToPath(new URL('closure_oracle.py', import.meta.url));

const projects = realProjects();
const recorded = readPipAnswers();
const seeds = [...recorded.keys()].filter((_, at) => at % SAMPLE === 0);

/** The violations that `packaging` finds in answers. */
function violations(answers: readonly { requirements: string[]; packages: readonly string[] }[]): string[][] {
  return askPackaging<string[]>(
    answers.map(({ requirements, packages }) => ({
      requirements,
      environment: hostVariables,
      python: hostVariables.python_full_version,
      packages: Object.fromEntries(
        packages.map((pin) => {
          const [name, version] = pin.split('==') as [string, string];
          const { requires = [], requiresPython = null } = releaseOf(projects[name]![version]!);
          return [name, { version, requires_dist: requires, requires_python: requiresPython }];
        }),
      ),
    })),
    ORACLE,
  );
}

let index: PackageIndex;
let ours: Map<number, SolveOutcome>;
beforeAll(async () => {
  installPackaging();
  index = makeIndex(projects);
  ours = new Map();
  for (const seed of seeds) ours.set(seed, await askSolver(listOf(seed, projects), index));
});

describe(`${seeds.length} lists of requirements over ${Object.keys(projects).length} projects`, () => {
  test('have an answer exactly if pip finds one', () => {
    const differing = seeds.filter((seed) => {
      const outcome = ours.get(seed)!;
      // If nothing but a pre-release satisfies a requirement, PEP 440 has it taken; pip 23 has not.
      const isForced =
        outcome.ok && outcome.value.diagnostics.some(({ code }) => code === 'pre_release_chosen');
      return outcome.ok !== (recorded.get(seed) !== null) && !isForced;
    });
    expect(
      differing.map((seed) => ({
        seed,
        list: listOf(seed, projects),
        ours: shortly(ours.get(seed)!),
        pip: recorded.get(seed),
      })),
    ).toEqual([]);
    expect(seeds.filter((seed) => recorded.get(seed) === null).length).toBeGreaterThan(seeds.length / 20);
    expect(seeds.filter((seed) => seed < REAL_LISTS).length).toBeGreaterThan(0);
  });

  test('satisfy every constraint, as packaging evaluates it', () => {
    const answered = seeds.filter((seed) => ours.get(seed)!.ok);
    const answers = answered.map((seed) => ({
      requirements: listOf(seed, projects),
      packages: shortly(ours.get(seed)!),
    }));
    const found = violations(answers).flatMap((wrong, at) =>
      wrong.length > 0 ? [{ seed: answered[at], wrong }] : [],
    );
    expect(found).toEqual([]);
  });

  test('agree with pip, or have no older version without need', () => {
    const cases = seeds.flatMap((seed) => {
      const theirs = new Map((recorded.get(seed) ?? []).map((pin) => pin.split('==') as [string, string]));
      const outcome = ours.get(seed)!;
      if (!outcome.ok) return [];
      // Replaces one package by pip's newer version, and keeps the others.
      return shortly(outcome).flatMap((line, at, all) => {
        const [name, version] = line.split('==') as [string, string];
        const other = theirs.get(name);
        const [newer, own] = [parseVersion(other ?? ''), parseVersion(version)!];
        // A pre-release is not better than a final release, though one of several requirements names it.
        if (newer === null || isPreRelease(newer) || compareVersions(newer, own) <= 0) return [];
        return [
          {
            seed,
            requirements: listOf(seed, projects),
            packages: all.with(at, `${name}==${other}`),
            name,
            other,
          },
        ];
      });
    });
    const found = cases.length === 0 ? [] : violations(cases);
    const needless = cases.filter((_, at) =>
      found[at]!.every((wrong) => wrong.startsWith('nothing requires')),
    );
    expect(needless.map(({ seed, name, other }) => ({ seed, name, other }))).toEqual([]);
  });
});

describe('resolved again over HTTP', () => {
  let served: ServedIndex;
  beforeAll(async () => {
    served = await serveIndex(projects, { payload: 0 });
  });
  afterAll(() => served?.stop());

  test(`pip gives ${ANEW} of the recorded answers, and so does the solver`, async () => {
    const step = Math.max(1, Math.floor(seeds.length / ANEW));
    const some = seeds.filter((_, at) => at % step === 0).slice(0, ANEW);
    const lists = some.map((seed) => listOf(seed, projects));
    expect(await askPip(served.url, lists)).toEqual(some.map((seed) => recorded.get(seed)));
    for (const [at, seed] of some.entries()) {
      const outcome = await askSolver(lists[at]!, openIndex({ url: served.url }));
      expect(shortly(outcome)).toEqual(shortly(ours.get(seed)!));
    }
  });
});
