/** An answer has the bytes of the library's, whatever was asked before, of which package set, and how often. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Problem } from '../../../registry/http/problem.ts';
import { answerResolve } from '../../../resolver/closure/resolve.ts';
import { type CatalogView, type PackageSet, prepareSet } from '../../../resolver/index.ts';
import { ask, post } from '../client.ts';
import { dataLog, documentOf, seedWith, viewOf } from '../seed.ts';

const [NEWER, OLDER] = ['python_3.13_packages_2025_08_08', 'python_3.12_packages_2025_03_01'];
const LACKING = 'python_3.13_packages_2026_11_01';
const python_workers = ['python_workers'];

const entries = dataLog.filter(({ kind }) => kind === 'set');
const sets = new Map(entries.map((entry) => [entry.name, documentOf(entry) as PackageSet]));
const { packages, ...newer } = sets.get(NEWER!)!;
/** A set without packages on which others depend. */
const lacking: PackageSet = {
  ...newer,
  flag: LACKING,
  released: '2026-11-01',
  packages: packages.filter(({ name }) => !['starlette', 'markupsafe', 'six'].includes(name)),
};
sets.set(LACKING, lacking);
const prepared = new Map([...sets].map(([flag, set]) => [flag, prepareSet(set)]));
const source = {
  openSet: async ({ flag }: { flag: string }) => prepared.get(flag)!,
  readPins: async () => new Map(),
};

let view: CatalogView;
beforeAll(async () => {
  view = viewOf(await seedWith(lacking, lacking.released));
});

const place = fc.constantFrom(
  ...[NEWER!, OLDER!, LACKING].map((flag) => ({ compatibility_date: null, compatibility_flags: [flag] })),
  { compatibility_date: '2025-11-02', compatibility_flags: python_workers },
  { compatibility_date: '2026-10-20', compatibility_flags: python_workers },
);
const requirement = fc
  .tuple(
    fc.constantFrom('fastapi', 'jinja2', ...packages.map(({ name }) => name)),
    fc.constantFrom('', '', '>=0', '[more]', '; python_version < "3"'),
  )
  .map((parts) => parts.join(''));
const question = fc.record({
  place,
  requirements: fc.array(requirement, { maxLength: 4 }),
  isPosted: fc.boolean(),
});
const repeated = fc
  .array(question, { minLength: 1, maxLength: 4 })
  .chain((questions) => fc.array(fc.constantFrom(...questions), { maxLength: 12 }));

test('of any questions, repeated in any order', async () => {
  await fc.assert(
    fc.asyncProperty(repeated, async (questions) => {
      for (const { place, requirements, isPosted } of questions) {
        const asked = { ...place, as_of: '2026-11-20', requirements };
        const query = new URLSearchParams(requirements.map((text) => ['requirement', text]));
        query.set('as_of', asked.as_of);
        if (place.compatibility_date !== null) query.set('date', place.compatibility_date);
        for (const flag of place.compatibility_flags) query.append('flag', flag);
        const response = isPosted ? await ask('/v1/resolve', post(asked)) : await ask(`/v1/resolve?${query}`);
        const expected = await answerResolve(view, asked, source);
        if (expected.ok) expect(await response.text()).toBe(JSON.stringify(expected.value));
        else {
          const { errors } = await response.json<Problem>();
          const told = errors!.map(({ code, requirement }) => [code, requirement]);
          const issues = expected.issues as unknown as Record<string, string>[];
          expect(told).toEqual(issues.map(({ code, requirement }) => [code, requirement]));
        }
      }
    }),
  );
});
