/** A day on which no set is the default, because all of its runtime were yanked. */

import { beforeAll, expect, test } from 'vitest';
import { addDays } from '../../../resolver/compatibility/date.ts';
import { ask } from '../client.ts';
import { atNoon } from '../clock.ts';
import { publishOn, seed } from '../seed.ts';

// It is the same day at the end of the file.
atNoon();
const today = new Date().toISOString().slice(0, 10);
const tomorrow = addDays(today, 1);

beforeAll(async () => {
  let catalog = await seed();
  const defaults = catalog.sets.filter(({ abi, default_from }) => abi === '2026_0' && default_from !== null);
  for (const { flag: subject } of defaults) {
    const yank = { kind: 'yank', subject, sha256: null, reason: 'It is broken.', from: tomorrow };
    catalog = await publishOn(catalog, yank, today);
  }
});

test.each([
  '/',
  '/index.md',
  '/packages',
  '/packages/numpy',
  '/packages/numpy.md',
  '/resolve?requirement=numpy',
  '/v1/resolve?requirement=numpy&flag=python_workers',
])('%s says that they were yanked', async (path) => {
  const date = path.startsWith('/v1') ? `&date=${tomorrow}` : '';
  const response = await ask(`${path}${path.includes('?') ? '&' : '?'}as_of=${tomorrow}${date}`);
  expect(response.status).toBe(422);
  expect(await response.text()).toMatch(/was yanked: It is broken\./);
});

test.each(['/packages/numpy.atom', '/badge/numpy.svg', '/sets', '/runtimes', '/calendar.ics'])(
  '%s is there all the same',
  async (path) => {
    expect((await ask(`${path}?as_of=${tomorrow}`)).status).toBe(200);
  },
);
