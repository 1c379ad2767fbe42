import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Bindings } from '../../../registry/env.ts';
import type { ResolveAnswer } from '../../../resolver/answer.ts';
import { ask, askJson, gone } from '../client.ts';
import { atNoon } from '../clock.ts';
import { dataLog, seed } from '../seed.ts';

beforeAll(atNoon);
beforeAll(() => seed());

const FASTAPI = '/v1/resolve?date=2025-11-02&flag=python_workers&requirement=fastapi';

describe('GET /v1/resolve', () => {
  test('a revision, a version and a day make the answer immutable, and replay it', async () => {
    const now = await askJson<ResolveAnswer>(`${FASTAPI}&as_of=2026-11-20`);
    const whole = `${FASTAPI}&as_of=2026-11-20&revision=${dataLog.length}&answer_version=1`;
    const replay = await ask(whole);
    expect(replay.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await replay.json()).toEqual(now);
    // Without a day it is today's.
    const today = `&as_of=${new Date().toISOString().slice(0, 10)}`;
    const asked = whole.replace('&as_of=2026-11-20', today);
    const etag = (await ask(asked)).headers.get('etag');
    for (const part of [today, `&revision=${dataLog.length}`, '&answer_version=1']) {
      const shortly = await ask(asked.replace(part, ''));
      expect(shortly.headers.get('cache-control'), part).toMatch(/^public, max-age=60,/);
      expect(shortly.headers.get('etag')).toBe(etag);
    }
  });

  test.each([
    ['2', 404, 'unknown_answer_version'],
    ['0', 404, 'unknown_answer_version'],
    ['1.0', 400, 'invalid_parameter'],
    ['', 400, 'invalid_parameter'],
  ])('answer_version=%s is rejected', async (version, status, code) => {
    for (const path of [FASTAPI, '/v1/sets?', '/v1/log/3?']) {
      const response = await ask(`${path}&answer_version=${version}`);
      expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(code)]);
    }
  });

  test('an older revision answers with what was known then', async () => {
    const known = dataLog.findLast((entry) => entry.kind === 'workerd' && entry.day < '2026-07-01')!;
    const query = 'date=2026-06-01&flag=python_workers&flag=python_workers_314&as_of=2026-11-20';
    expect((await ask(`/v1/target?${query}`)).status).toBe(200);
    const before = await ask(`/v1/target?${query}&revision=${known.revision}`);
    expect(before.status).toBe(400);
    expect(await before.text()).toContain('No such compatibility flag: python_workers_314');
  });

  test('a hot answer reads neither D1 nor R2', async () => {
    const expected = await (await ask(FASTAPI)).text();
    const bindings: Bindings = { ...env, DB: gone('D1'), STORE: gone('R2') };
    expect(await (await ask(FASTAPI, {}, bindings)).text()).toBe(expected);
    const unseen = await ask(FASTAPI.replace('fastapi', 'jinja2'), {}, bindings);
    expect(unseen.status).toBe(200);
  });

  test('any page may read it', async () => {
    expect((await ask(FASTAPI)).headers.get('access-control-allow-origin')).toBe('*');
    const preflight = await ask('/v1/resolve', {
      method: 'OPTIONS',
      headers: { origin: 'https://example.com', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
  });
});
