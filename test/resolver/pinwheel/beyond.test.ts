import { describe, expect, test } from 'vitest';
import { readPackageJson } from '../../../cli/common/package-root.ts';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { sha256 } from '../../../resolver/digest.ts';
import { modulesFor } from '../../../resolver/modules.ts';
import { makeWheel } from '../../zip.ts';
import { makeIndex } from '../solver/made-index.ts';
import { pinwheel } from './bundled.ts';

const question = {
  compatibility_date: '2026-10-20',
  compatibility_flags: ['python_3.13_packages_2025_08_08'],
  as_of: '2026-11-20',
};

/** What FastAPI and Django need, in the few versions that matter. */
const index = makeIndex({
  django: {
    '5.2': { requires: ['asgiref>=3.8', 'sqlparse'], uploaded: '2026-04-02' },
    '6.0': { requires: ['asgiref>=3.9', 'sqlparse'], uploaded: '2026-11-05' },
  },
  asgiref: { '3.8': [], '3.9': [] },
  sqlparse: { '0.5': [] },
  fastapi: { '0.142.0': { requires: ['starlette>=0.50', 'pydantic>=2', 'opentelemetry-api'] } },
  starlette: { '1.0.0': ['anyio<5'] },
  'opentelemetry-api': { '1.45.0': ['typing-extensions'] },
  openai: { '3.22.1': ['httpx2<3,>=2.12'] },
  httpx2: {
    '2.13.1': ["anyio>=4.10; sys_platform != 'emscripten'", "httpx2-jsfetch; sys_platform == 'emscripten'"],
  },
  'httpx2-jsfetch': { '1.0': [] },
  newer: { '1.0': { requires: [], uploaded: '2026-11-05' } },
});

describe('with an index', () => {
  test('httpx2 comes with its own transport, with a remark that it is not httpx', async () => {
    const asked = { ...question, index, unpin: ['openai'] };
    const { packages, diagnostics } = await pinwheel.resolve({
      ...asked,
      requirements: ['openai>=3', 'httpx'],
    });
    expect(packages.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['httpx', 'httpx2', 'httpx2-jsfetch']),
    );
    const [remark, ...others] = diagnostics.filter(({ code }) => code === 'httpx2_transport');
    expect(others).toEqual([]);
    expect(remark!.message).toContain('httpx2 is another package than httpx, and both are asked for here');
    const without = await pinwheel.resolve({ ...asked, requirements: ['django', 'httpx'] });
    expect(without.diagnostics.map(({ code }) => code)).not.toContain('httpx2_transport');
  });

  test('the set alone gives the same answer if the index is not needed', async () => {
    const inSet = await pinwheel.resolve({ ...question, requirements: ['pydantic'] });
    const { packages } = await pinwheel.resolve({ ...question, requirements: ['pydantic'], index });
    const bare = packages.map(({ origin: _, wheel: { index: __, upload_time: ___, ...wheel }, ...one }) => ({
      ...one,
      wheel,
    }));
    expect(new Set(bare.map(({ name }) => name))).toEqual(new Set(inSet.packages.map(({ name }) => name)));
    expect(bare.map(({ name, wheel }) => [name, wheel]).toSorted()).toEqual(
      inSet.packages.map(({ name, wheel }) => [name, wheel]).toSorted(),
    );
    expect(Object.keys(inSet)).not.toContain('index');
    expect(JSON.stringify(inSet)).not.toMatch(/origin|upload_time/);
  });
});

describe('without an index', () => {
  test('an issue proposes one, which works', async () => {
    const fixOf = async (requirement: string) => {
      const outcome = await pinwheel.safeResolve({ ...question, requirements: [requirement] });
      return outcome.ok ? null : outcome.issues[0]!.fix;
    };
    expect(await fixOf('django')).toBe('No package set has django. An index may have it: ask with index.');
    expect(await fixOf('fastapi>=0.140')).toContain(
      'An index may have one: ask with index and unpin=fastapi.',
    );
  });

  test.each(['gunicorn', 'tkinter', 'pytest', 'fastcan', 'pydantic==2.12.5', 'joblib', 'jinjaa2', 'django'])(
    'the solver, which has wheels to follow, gives the advice of the set alone: %s',
    async (requirement) => {
      const asked = { ...question, requirements: [requirement] };
      const outcomes = await Promise.all([
        pinwheel.safeResolve(asked),
        pinwheel.safeResolve({ ...asked, index: { ...makeIndex({}), url: '' } }),
      ]);
      const [alone, beside] = outcomes.map((outcome) =>
        (outcome.ok ? [] : outcome.issues[0]!.fixes).flatMap((fix): object | [] => {
          if (fix.kind === 'set_requirement' && fix.because === 'pinned') return [];
          return fix.kind === 'use_index' ? { ...fix, requirement: null } : fix;
        }),
      );
      expect(alone).not.toEqual([]);
      expect(beside).toEqual(alone);
    },
  );

  test('requirements that only an index can satisfy are rejected', async () => {
    const outcome = await pinwheel.safeResolve({ ...question, requirements: ['idna'], unpin: ['idna'] });
    expect(outcome).toMatchObject({ ok: false, issues: [{ code: 'invalid_question' }] });
  });

  test.each([
    [
      { index: 'https://pypi.org/simple/' },
      'index has to be an object with the url of an index, but is the string',
    ],
    [{ index: {} }, 'index has to be an object with the url of an index'],
    [{ index, exclude_newer: 5 }, 'exclude_newer has to be a day, a moment or false, but is 5.'],
    [{ index, exclude_newer: 'soon' }, 'soon is neither a day nor a moment'],
    [{ index, exclude_newer: '' }, 'is neither a day nor a moment'],
    [{ index, exclude_newer_package: ['a'] }, 'exclude_newer_package has to be an object of days'],
    [{ index, unpin: ['a b'] }, 'a b is not the name of a package.'],
  ])('%j', async (more, message) => {
    const outcome = await pinwheel.safeResolve({ ...question, requirements: ['idna'], ...(more as object) });
    expect(outcome).toMatchObject({ ok: false, issues: [{ message: expect.stringContaining(message) }] });
  });
});

test('a dynamic Worker has the packages of a set of the question', async () => {
  const bytes = makeWheel('idna', '3.10');
  const published = readPackageJson('data/sets/python_3.13_packages_2025_08_08.json') as PackageSet;
  const filename = 'idna-3.10-py3-none-any.whl';
  const pinned = { filename, url: `https://files.example/${filename}`, sha256: await sha256(bytes) };
  const packages = published.packages.map((member) =>
    member.name === 'idna' ? { ...member, ...pinned } : member,
  );
  const asked = { ...question, requirements: ['idna'], set: { ...published, flag: 'own.json', packages } };
  const fetch = async () => new Response(bytes);
  const { modules } = await modulesFor(asked, { pinwheel, fetch });
  expect(Object.keys(modules)).toContain('python_modules/idna/data.bin');
});
