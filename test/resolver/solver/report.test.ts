import { expect, test } from 'vitest';
import type { Unsolved } from '../../../resolver/solver/answer.ts';
import { firstOf, type PackageIndex } from '../../../resolver/solver/package-index.ts';
import { ask, makeIndex, type Pins, type Projects } from './made-index.ts';

async function told(requirements: string[], projects: Projects, pins: Pins = {}): Promise<string> {
  const outcome = await ask(requirements, projects, pins);
  return outcome.ok
    ? ''
    : outcome.issues.map(({ message, fix }) => [message, fix].filter(Boolean).join('\n')).join('\n');
}

test('a separate branch, with a number', async () => {
  const projects = {
    foo: { '1.0': ['a', 'b'], '1.1': ['x', 'y'] },
    a: { '1.0': ['b<2'] },
    b: { '1.0': [], '2.0': [] },
    x: { '1.0': ['y<2'] },
    y: { '1.0': [], '2.0': [] },
  };
  expect(await told(['foo', 'y>=2', 'b>=2'], projects)).toMatchInlineSnapshot(`
    "Because foo 1.0 depends on a and a 1.0 depends on b<2, foo 1.0 needs b 1.0.
    And because foo 1.1 depends on x, every version of foo needs b 1.0 or x 1.0.
    And because x 1.0 depends on y<2 and you require b>=2, your requirements rule out every version of foo unless there is y 1.0.
    So, because you require foo and you require y>=2, your requirements cannot be satisfied."
  `);
});

test('a conflicting pin of the set', async () => {
  const projects = { app: { '1.0': ['web>=2'], '1.1': ['web>=2'], '2.0': ['web>=3'] }, web: { '2.0': [] } };
  expect(await told(['app'], projects, { web: ['1.0'] })).toMatchInlineSnapshot(`
    "Because app<=1.1 depends on web>=2 (the package set python_3.13_packages_2026_11_01 pins 1.0) and app 2.0 depends on web>=3 (the package set python_3.13_packages_2026_11_01 pins 1.0), no version of app can be used.
    So, because you require app, your requirements cannot be satisfied.
    Let web come from the index: ask with unpin=web."
  `);
});

test('unknown names', async () => {
  expect(await told(['numpi', 'other'], {}, { numpy: ['2.0'] })).toMatchInlineSnapshot(`
    "You require numpi, but the package set python_3.13_packages_2026_11_01 has no package of that name, and neither has the index https://index.example/simple/.
    Did you mean numpy?
    You require other, but the package set python_3.13_packages_2026_11_01 has no package of that name, and neither has the index https://index.example/simple/."
  `);
});

test('versions that are left out for several reasons, each with its own', async () => {
  const projects: Projects = {
    a: {
      '1.0': { tags: null },
      '1.1': { tags: null },
      '2.0': { uploaded: '2026-12-01T00:00:00Z' },
      '3.0': { yanked: true },
    },
    b: { '1.0': { requiresPython: '>=3.14' }, '2.0': { requiresPython: '>=3.15' } },
  };
  expect((await told(['a', 'b'], projects)).split('\n').filter((line) => line.startsWith('You'))).toEqual([
    'You require a, but 3.0 is left out, which was yanked; 2.0 is left out, which was uploaded after the cut-off, at 2026-12-01T00:00:00Z; 1.1 is left out, which has no wheel, only its source (like 1.0).',
    'You require b, but 2.0 is left out, which requires Python >=3.15; 1.0 is left out, which requires Python >=3.14.',
  ]);
});

test('the version at a URL is not the newest of an index', async () => {
  const index = makeIndex({ a: { '1.0': [] }, b: { '1.0': ['a>=2'] } });
  const [file] = (await index.versionsOf('a'))!;
  const following = { ...index, fileAt: async () => file! };
  const outcome = await ask([`a @ ${file!.url}`, 'b'], following);
  expect(outcome.ok || outcome.issues[0]!.message).toContain('depends on a>=2 (the wheel at its URL is 1.0)');
});

test('of several indexes, only the first that has a name is asked for it', async () => {
  const folder = { ...makeIndex({ f: { '1.0': [] } }), url: 'file:///wheels/' };
  const index = makeIndex({ f: { '2.0': [] }, g: { '1.0': [] } });
  const outcome = await ask(['f>1', 'g>1'], firstOf([folder, index]));
  const told = outcome.ok ? [] : outcome.issues.map(({ message, fix }) => [message, fix]);
  expect(told).toEqual([
    [
      'You require f>1, but the index file:///wheels/ has 1.0 as its newest version.',
      'Only the first index that has f is asked for it. If another has a newer version, leave out the first, or put that version there.',
    ],
    ['You require g>1, but the index https://index.example/simple/ has 1.0 as its newest version.', null],
  ]);
  expect(await ask(['f>1'], index)).toMatchObject({ ok: true });
  // The URL of an index that somebody else has written may have a space.
  const spaced = { ...folder, url: 'file:///my wheels/' };
  const messages = async (other: PackageIndex) => {
    const { issues } = (await ask(['f>1', 'h'], other)) as Unsolved;
    return issues.map(({ message, fix }) => [message, fix].filter(Boolean).join('\n'));
  };
  expect(await messages(spaced)).toEqual([
    'You require f>1, but the index file:///my wheels/ has 1.0 as its newest version.',
    'You require h, but the package set python_3.13_packages_2026_11_01 has no package of that name, and neither has the index file:///my wheels/.\nAn index may have it: ask with index.',
  ]);
  expect(await messages(firstOf([spaced, index]))).toEqual([
    'You require f>1, but the index file:///my wheels/ has 1.0 as its newest version.\nOnly the first index that has f is asked for it. If another has a newer version, leave out the first, or put that version there.',
    'You require h, but the package set python_3.13_packages_2026_11_01 has no package of that name, and neither have the indexes file:///my wheels/ and https://index.example/simple/.',
  ]);
});

test('versions that are left out', async () => {
  const projects: Projects = {
    a: { '1.0': { tags: null } },
    b: { '1.0': { tags: 'cp313-cp313-manylinux_2_17_x86_64' } },
    c: { '1.0': { requiresPython: '>=3.14' }, '0.9': { requiresPython: '>=3.14' } },
    d: { '1.0': { uploaded: '2026-12-01T00:00:00Z' } },
    e: { '1.0': { yanked: true } },
    f: { '1.0': [] },
  };
  expect(await told(['a', 'b', 'c', 'd', 'e', 'f>1'], projects)).toMatchInlineSnapshot(`
    "You require a, but 1.0 is left out, which has no wheel, only its source.
    If a is pure Python, build a wheel of it (pip wheel --no-deps a==1.0), and require it by its URL: a @ https://….
    You require b, but 1.0 is left out, which has no wheel for this runtime.
    You require c, but 1.0 is left out, which requires Python >=3.14 (like 0.9).
    You require d, but 1.0 is left out, which was uploaded after the cut-off, at 2026-12-01T00:00:00Z.
    Let newer uploads of d count: ask with exclude_newer_package=d=2026-12-01.
    You require e, but 1.0 is left out, which was yanked.
    You require f>1, but the index https://index.example/simple/ has 1.0 as its newest version."
  `);
});
