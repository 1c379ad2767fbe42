/** `npm run access` on the registry of this machine. test/operator/publish.test.ts has what it is for. */
import { join } from 'node:path';
import pc from 'picocolors';
import { beforeAll, expect, test } from 'vitest';
import { SCOPES } from '../../registry/publish/access/token.ts';
import { listLines } from '../../scripts/access/main.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { ending, newFolder } from '../common/own.ts';
import { accessTo, pasted } from './run-access.ts';

const state = newFolder();
const access = (...args: string[]) => accessTo(state, ...args);
let registry: LocalRegistry;
beforeAll(async () => {
  registry = ending(await startLocalRegistry({ persist: state, documents: [] }));
});

const post = (credential: string) =>
  fetch(new URL('/v1/publications', registry.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'set' }),
  });

test('lists tokens without their secrets, with their last use, and revokes them', async () => {
  const used = (await access('token', 'create', '--name', 'a test', '--scope', 'all')).stdout.trim();
  await post(used);
  const made = (
    await access('token', 'create', '--name', 'short', '--scope', 'yank', '--days', '1')
  ).stdout.trim();
  const id = made.split('_')[1]!;
  const before = (await access('token', 'list')).stdout;
  const until = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  expect(before.split('\n')).toEqual([
    expect.stringMatching(/^ID +State +Last used +Scopes +Name$/),
    expect.stringMatching(`^[0-9a-f]{16}  until ${until(90)}  20[\\d-]{8}T[\\d:.]{12}Z  all +a test$`),
    expect.stringMatching(`^${id}  until ${until(1)}  never +yank +short$`),
    '',
  ]);
  expect(before).not.toContain(made.split('_').slice(2).join('_'));
  const problem = (await (await post(made)).json()) as { errors: { message: string; fix: string }[] };
  const [{ message, fix }] = problem.errors as [(typeof problem.errors)[number]];
  expect(message).toBe('The token is for yank, not for set.');
  const wider = (await access(...pasted(fix))).stdout.trim();
  // The document is no set, but the token may publish sets.
  expect((await post(wider)).status).toBe(422);
  expect((await access('token', 'revoke', id)).stdout).toContain('is revoked');
  const refused = await post(made);
  expect([refused.status, await refused.json()]).toMatchObject([401, { code: 'invalid_token' }]);
  const unknown = '0'.repeat(16);
  expect(await access('token', 'revoke', unknown)).toMatchObject({
    code: 2,
    stderr: `The list has no ${unknown}.\n`,
  });
});

test('lets no job publish that GitHub does not have, and none of any branch', async () => {
  const add = (workflow: string) =>
    access('trust', 'add', '--repository', 'octo/repo', '--workflow', workflow, '--scope', 'set,yank');
  const nowhere = await add('publish.yml');
  expect([nowhere.code, nowhere.stderr]).toEqual([
    2,
    expect.stringContaining('Give --workflow, such as .github/'),
  ]);
  for (const issuer of [
    'http://issuer.example',
    'https://ada:s3cret@issuer.example',
    'https://issuer.example/?a=b',
    'https://issuer.example/#a',
    'https://Issuer.example',
    'issuer.example',
    '',
  ]) {
    const workflow = '.github/workflows/publish.yml@refs/heads/main';
    const job = ['--repository', 'octo/repo', '--workflow', workflow, '--scope', 'set'];
    const refused = await access('trust', 'add', ...job, '--issuer', issuer);
    expect([refused.code, refused.stderr], issuer).toEqual([
      2,
      expect.stringMatching(/^--issuer is an https URL/),
    ]);
  }
  expect((await access('trust', 'list')).stdout).toBe('');
  expect((await add('.github/workflows/publish.yml')).stderr).toContain('Give a branch or tag, such as');
  expect((await add('.github/workflows/publish.yml@refs/pull/7/merge')).stderr).toContain('Give --workflow');
  expect((await add('.github/workflows/publish.yml@refs/heads/main')).stdout).toContain(
    'may publish set, yank.',
  );
});

test('lists in 80 columns all that it knows, of a job too', () => {
  const colors = pc.createColors(false);
  const token = {
    id: '0123456789abcdef',
    name: 'ada.lovelace@analytical-engines.research.example',
    scopes: JSON.stringify(SCOPES.slice(1)),
    expires: '2026-11-30T12:00:00.000Z',
    revoked: null,
    last_used: '2026-11-22T00:31:04.123Z',
  };
  const job = {
    id: 'fedcba9876543210',
    issuer: 'https://token.actions.githubusercontent.com',
    repository: 'analytical-engines/registry-of-python-workers',
    workflow: '.github/workflows/publish-to-the-registry.yml@refs/heads/release',
    scopes: '["set"]',
    revoked: '2026-11-20T00:00:00.000Z',
    last_used: null,
  };
  for (const [row, texts] of [
    [token, [token.id, token.last_used, 'until 2026-11-30', token.name, ...SCOPES.slice(1)]],
    [job, [job.id, job.issuer, job.repository, job.workflow, 'revoked 2026-11-20', 'never', 'set']],
  ] as const) {
    const lines = listLines([row], '2026-11-22T00:00:00.000Z', { columns: 80, colors });
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(texts.filter((text) => !lines.join('\n').includes(text))).toEqual([]);
  }
});

test('has help that fits 80 columns, and takes nothing that it would ignore', async () => {
  const { code, stdout } = await access('--help');
  expect([code, stdout.split('\n').filter((line) => line.length > 80)]).toEqual([0, []]);
  expect(await access('token', 'create', 'Ada', '--name', 'Ada')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('token create takes no Ada.'),
  });
});

test('says what to do without a registry', async () => {
  const nowhere = join(state, 'nowhere');
  const ran = await accessTo(nowhere, 'token', 'list');
  expect([ran.code, ran.stderr]).toEqual([
    1,
    `There is no registry in ${nowhere}. Run npm start once, or give its folder as PINWHEEL_STATE.\n`,
  ]);
});
