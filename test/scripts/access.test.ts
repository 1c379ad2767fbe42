/** `npm run access` on the registry of this machine. test/cli/publish.test.ts has what it is for. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { accessTo } from './run-access.ts';

const state = await mkdtemp(join(tmpdir(), 'pinwheel-access-'));
const access = (...args: string[]) => accessTo(state, ...args);
let registry: LocalRegistry;
beforeAll(async () => {
  registry = await startLocalRegistry({ persist: state, documents: [] });
});
afterAll(async () => {
  await registry?.stop();
  await rm(state, { recursive: true, force: true });
});

const post = (credential: string) =>
  fetch(new URL('/v1/publications', registry.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'set' }),
  });

test('lists tokens without their secrets, with their last use, and revokes them', async () => {
  const used = (await access('token', 'create', '--name', 'a test')).stdout.trim();
  await post(used);
  const made = (
    await access('token', 'create', '--name', 'short', '--scope', 'yank', '--days', '1')
  ).stdout.trim();
  const id = made.split('_')[1]!;
  const before = (await access('token', 'list')).stdout;
  expect(before).toContain(`${id}\tshort\tyank\tuntil `);
  expect(before).toMatch(/a test\t.*\tlast used 20/);
  expect(before).not.toContain(made.split('_').slice(2).join('_'));
  expect((await post(made)).status).toBe(403);
  expect((await access('token', 'revoke', id)).stdout).toContain('is revoked');
  const refused = await post(made);
  expect([refused.status, await refused.json()]).toMatchObject([401, { code: 'invalid_token' }]);
  expect(await access('token', 'revoke', '0'.repeat(16))).toMatchObject({ code: 2 });
});

test('says what to do without a registry', async () => {
  const nowhere = join(state, 'nowhere');
  const ran = await accessTo(nowhere, 'token', 'list');
  expect([ran.code, ran.stderr]).toEqual([
    1,
    `There is no registry in ${nowhere}. Run npm start once, or give its folder as PINWHEEL_STATE.\n`,
  ]);
});
