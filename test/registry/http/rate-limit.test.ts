import { env } from 'cloudflare:workers';
import { beforeAll, expect, test, vi } from 'vitest';
import { ask, post } from '../client.ts';
import { seed } from '../seed.ts';

beforeAll(() => seed());

const QUESTION = '/v1/target?date=2025-11-02&flag=python_workers&experimental=true';

/** miniflare resets its counts every minute: an attempt across that moment is repeated with other addresses. */
async function withinOneMinute(attempt: (number: number) => Promise<void>): Promise<void> {
  const minute = () => Math.floor(Date.now() / 60_000);
  for (let number = 1; ; number++) {
    const begun = minute();
    try {
      return await attempt(number);
    } catch (error) {
      if (minute() === begun) throw error;
    }
  }
}

/** Asks for something new each time, with the limit of five a minute that vitest.config.ts sets. */
async function statusesOf(addresses: string[]): Promise<number[]> {
  const statuses = [];
  for (const [at, address] of addresses.entries()) {
    const headers = { 'cf-connecting-ip': address };
    statuses.push((await ask(`${QUESTION}&flag=${address}-${at}`, { headers })).status);
  }
  return statuses;
}

test('an address that asks too often is limited, and no other', () =>
  withinOneMinute(async (attempt) => {
    const address = `203.0.${attempt}.7`;
    const statuses = await statusesOf(Array(8).fill(address));
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429, 429, 429]);
    expect(await statusesOf([`203.0.${attempt}.8`])).toEqual([400]);
    const refused = await ask('/packages', { headers: { 'cf-connecting-ip': address } });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await refused.json()).toMatchObject({ status: 429, code: 'too_many_requests' });
  }));

test('a token that is used too often is limited, from any address, and no other token', async () => {
  const publish = async (token: string, host: number) => {
    const headers = {
      'cf-connecting-ip': `198.51.100.${host}`,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    };
    return ask('/v1/publications', { method: 'POST', headers, body: '{}' });
  };
  await withinOneMinute(async (attempt) => {
    const token = `one-${attempt}`;
    const statuses = [];
    for (let host = 1; host <= 7; host++) statuses.push((await publish(token, host)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect(await (await publish(token, 8)).json()).toMatchObject({
      detail: 'Too many requests are sent with this token. Try again in a minute.',
    });
    expect((await publish(`another-${attempt}`, 9)).status).toBe(401);
  });
});

test.each([
  ['2001:db8:', ':2:3::4 :2:: :2:ffff:ffff:ffff:ffff :2:3::4 :2:: :2:ffff:ffff:ffff:ffff', ':3::1'],
  // However an address is written.
  ['2001:', '::1 ::2:3 :0:0:4:5:6:7 :: ::8 ::9', ':0:1::9'],
])('the addresses of an IPv6 network in %s count as one', (prefix, network, other) =>
  withinOneMinute(async (attempt) => {
    const addresses = network.split(' ').map((rest) => prefix + attempt + rest);
    expect(await statusesOf(addresses)).toEqual([400, 400, 400, 400, 400, 429]);
    expect(await statusesOf([prefix + attempt + other])).toEqual([400]);
  }),
);

test('cached replies are not limited', async () => {
  const headers = { 'cf-connecting-ip': '203.0.113.9' };
  for (const _ of [1, 2]) await ask(QUESTION);
  for (let at = 0; at < 20; at++) expect((await ask(QUESTION, { headers })).status).toBe(200);
});

test('requests to the index count for the address that asks', () =>
  withinOneMinute(async (attempt) => {
    const bindings = { ...env, INDEX_URL: 'https://index.example/simple/' };
    const headers = { 'cf-connecting-ip': `203.0.113.${attempt}` };
    const asked = vi
      .spyOn(globalThis, 'fetch')
      .mockImplementation(async () => new Response(null, { status: 404 }));
    const requirements = Array.from({ length: 9 }, (_, at) => `name-${attempt}-${at}`);
    const { headers: type, ...question } = post({
      compatibility_flags: ['python_3.13_packages_2025_09_22'],
      index: true,
      requirements,
    });
    const refused = await ask('/v1/resolve', { ...question, headers: { ...type, ...headers } }, bindings);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect(await refused.json()).toMatchObject({
      errors: [{ code: 'index_too_often', fix: 'Ask again in a minute.' }],
    });
    expect(asked).toHaveBeenCalledTimes(5);
    // A page says so, and is there.
    const page = await ask(`/packages/unseen-${attempt}`, { headers }, bindings);
    expect(await page.text()).toContain('The index did not answer');
    asked.mockRestore();
  }));
