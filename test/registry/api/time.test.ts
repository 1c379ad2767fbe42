import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Bindings } from '../../../registry/env.ts';
import type { Problem } from '../../../registry/http/problem.ts';
import { CompareAnswer, WhenAnswer } from '../../../resolver/time/answers.ts';
import { ask, askJson, gone, post } from '../client.ts';
import { atNoon } from '../clock.ts';
import { dataLog, seed } from '../seed.ts';

beforeAll(atNoon);
beforeAll(() => seed());

const DAY = 'as_of=2026-11-20';

describe('GET /v1/when', () => {
  test('the dates and the flags of polars', async () => {
    const answer = WhenAnswer.parse(await askJson(`/v1/when?requirement=polars%3E%3D1&${DAY}`));
    expect(answer).toMatchObject({ first: '2026-09-08', last: '2026-11-20', diagnostics: [] });
    expect(answer.compatibility_flags).toEqual(['python_workers']);
    expect(answer.flags[0]).toMatchObject({
      flag: 'python_3.12_packages_2024_12_31',
      version: '1.18.0',
      workerd_flags: null,
      workerd_dates: [],
    });
  });

  test('opens no set for a known name, and the newest for an unknown one', async () => {
    const bindings: Bindings = { ...env, STORE: gone('R2') };
    // It has read the catalog.
    await ask('/v1/runtimes');
    expect((await ask(`/v1/when?requirement=scipy&${DAY}`, {}, bindings)).status).toBe(200);
    const { diagnostics } = await askJson<WhenAnswer>(`/v1/when?requirement=scipi&${DAY}`);
    expect(diagnostics).toMatchObject([{ code: 'unknown_package', fix: 'Did you mean scipy?' }]);
  });

  test('at an older revision knows only the sets of that time', async () => {
    const before =
      dataLog.find(({ name: subject }) => subject === 'python_3.14_packages_2026_06_09')!.revision - 1;
    const answer = await askJson<WhenAnswer>(`/v1/when?requirement=polars&${DAY}&revision=${before}`);
    expect(answer.registry.revision).toBe(before);
    expect(answer.first).toBeNull();
    expect(new Set(answer.flags.map(({ runtime }) => runtime.python))).toEqual(new Set(['3.12.7']));
  });

  test.each([
    ['', 400, 'invalid_question', 'requirement'],
    ['requirement=numpy&requirement=scipy', 400, 'invalid_question', 'requirement'],
    ['requirement=numpy%3D1', 400, 'invalid_question', 'Write == instead of =.'],
    [`requirement=${'a'.repeat(5_000)}`, 400, 'invalid_question', 'limit'],
    ['requirement=numpy&flag=python_wrkers', 400, 'invalid_question', 'Did you mean python_workers?'],
    ['requirement=numpy&flag=no_python_workers_314', 422, 'unanswerable_question', 'python_workers'],
    ['requirement=numpy&revision=9999', 404, 'unknown_revision', '9999'],
  ])('rejects %s', async (query, status, code, says) => {
    const response = await ask(`/v1/when?${query}&${DAY}`);
    expect(response.status).toBe(status);
    const problem = await response.json<Problem>();
    expect(problem.code).toBe(code);
    expect(JSON.stringify(problem)).toContain(says);
  });

  test('without D1 answers from R2, and goes on without both once it has read the files', async () => {
    const question = `/v1/when?requirement=attrs&${DAY}`;
    const response = await ask(question, {}, { ...env, DB: gone('D1') });
    expect(response.status).toBe(200);
    expect(WhenAnswer.parse(await response.json()).flags.length).toBeGreaterThan(0);
    const older = `${question}&revision=${dataLog.length - 3}`;
    const neither = await ask(older, {}, { ...env, DB: gone('D1'), STORE: gone('R2') });
    expect(neither.status).toBe(200);
  });
});

describe('GET /v1/compare', () => {
  const DATES = 'from=2025-09-28&to=2025-09-29';

  test('two dates', async () => {
    const answer = CompareAnswer.parse(await askJson(`/v1/compare?${DATES}&${DAY}`));
    expect(answer.runtime).toEqual({ changed: true, from: '0.26.0a2', to: '0.28.2' });
    expect(answer.flags.map(({ flag }) => flag)).toEqual(['python_workers_20250116']);
    expect(answer.closure).toBeNull();
  });

  test.each([
    ['from=2025-09-28', 400, 'to'],
    ['from=2025-9-1&to=2025-09-29', 400, 'Invalid compatibility date: 2025-9-1'],
    ['from=2025-09-28&to=2026-11-21', 400, 'in the future'],
    ['from=2025-09-28&to=python_3.13_packages_2025_08_09', 400, 'python_3.13_packages_2025_08_08'],
    [`${DATES}&requirement=a+b`, 400, 'invalid_requirement'],
    [`${DATES}&revision=9999`, 404, 'unknown_revision'],
  ])('rejects %s', async (query, status, says) => {
    const response = await ask(`/v1/compare?${query}&${DAY}`);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(says);
  });
});

describe('POST /v1/compare', () => {
  const question = { from: '2025-11-02', to: '2026-11-01', requirements: ['fastapi'], as_of: '2026-11-20' };

  test('gives the same bytes as GET', async () => {
    const byQuery = await ask(`/v1/compare?from=2025-11-02&to=2026-11-01&requirement=fastapi&${DAY}`);
    expect(await (await ask('/v1/compare', post(question))).text()).toBe(await byQuery.text());
  });
});

test('the API describes them', async () => {
  const { paths, components } = await askJson<{
    paths: Record<string, Record<string, { parameters: { name: string; required: boolean }[] }>>;
    components: { schemas: Record<string, unknown> };
  }>('/openapi.json');
  const required = (path: string) =>
    paths[path]!.get!.parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  expect(required('/v1/when')).toEqual(['requirement']);
  expect(required('/v1/compare')).toEqual(['from', 'to']);
  expect(paths['/v1/compare']).toHaveProperty('post');
  expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining(['WhenAnswer', 'CompareAnswer']));
});
