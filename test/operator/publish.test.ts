/** Publishing by people and jobs: the real command, a real registry, and an issuer of identities on this machine. */
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { NewestIndex, PackageSet } from '../../resolver/catalog.ts';
import { sha256 } from '../../resolver/digest.ts';
import { loadDocuments } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { usePinwheel } from '../cli/pinwheel.ts';
import { listen } from '../common/listen.ts';
import { ending, newFolder } from '../common/own.ts';
import { copySeededState } from '../common/registry.ts';
import { makeSoundWheel, metadataOf } from '../zip.ts';
import { accessTo, pasted } from './run-access.ts';

const state = newFolder();
const set = await newSet();
const pinwheel = await usePinwheel();
let registry: LocalRegistry;
let token = '';

beforeAll(async () => {
  await copySeededState(state);
  registry = ending(await startLocalRegistry({ persist: state }));
  await writeFile(join(state, 'set.json'), JSON.stringify(set));
  await writeFile(join(state, 'prose.txt'), 'No document.');
  token = (await access('token', 'create', '--name', 'a test', '--scope', 'all')).stdout.trim();
});

/** One of Pyodide's sets with a later day, which needs its flag. */
async function newSet(): Promise<PackageSet> {
  const flag = 'python_3.13_packages_2026_10_01';
  const found = (await loadDocuments()).map(({ document }) => document);
  const known = found.find(
    (candidate) => candidate.kind === 'set' && candidate.flag === 'python_3.13_packages_2026_09_16',
  );
  return { ...(known as PackageSet), flag, released: '2026-10-01' };
}

/** The same set of another day of 2026. */
const setOf = (day: string): PackageSet => ({
  ...set,
  flag: `python_3.13_packages_2026_${day.replace('-', '_')}`,
  released: `2026-${day}`,
});

const access = (...args: string[]) => accessTo(state, ...args);
const publish = (
  args: string[],
  env: Record<string, string> = { PINWHEEL_TOKEN: token },
  at = registry.url.origin,
) => pinwheel.run(['publish', ...args, '--registry', at], { cwd: state, env });
const post = (body: object, credential: string, query = '') =>
  fetch(new URL(`/v1/publications${query}`, registry.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const headRevision = async () =>
  ((await (await fetch(new URL('/healthz', registry.url))).json()) as { registry: { revision: number } })
    .registry.revision;

async function newestPublisher(): Promise<string | undefined> {
  const newest = (await (await fetch(new URL('/v1/index', registry.url))).json()) as NewestIndex;
  return newest.publication.publisher;
}

describe('pinwheel publish', () => {
  test('without a token says how to get one', async () => {
    const { code, stderr } = await publish(['set.json'], {});
    expect([code, stderr]).toEqual([2, expect.stringContaining('npm run access')]);
  });

  test('reports in a dry run what would change, and changes nothing', async () => {
    const before = await headRevision();
    const { code, stdout, stderr } = await publish(['set.json', '--dry-run']);
    expect([code, stdout]).toEqual([0, `set ${set.flag} is valid: it would be revision ${before + 1}.\n`]);
    expect(stderr).toBe('info: No date selects another runtime or package set.\n');
    expect(await headRevision()).toBe(before);
  });

  test('publishes a set, which is available at once, and only once', async () => {
    const revision = (await headRevision()) + 1;
    expect(await publish(['set.json'])).toMatchObject({
      code: 0,
      stdout: `Published set ${set.flag} as revision ${revision}.\n`,
    });
    const answer = await fetch(new URL(`/v1/resolve?flag=${set.flag}&requirement=idna`, registry.url));
    expect(answer.status).toBe(200);
    const by = await newestPublisher();
    expect(by).toBe(`token ${token.split('_')[1]}`);
    for (const path of [`/sets/${set.flag}`, '/changes.atom'])
      expect(await (await fetch(new URL(path, registry.url))).text(), path).toContain(`by ${by}`);
    const { stdout } = await pinwheel.run(['log', 'verify', '--registry', registry.url.origin], {
      cwd: state,
    });
    expect(stdout).toContain(`${revision}`);
    expect((await publish(['set.json'])).stdout).toContain('Nothing changes');
    expect(await headRevision()).toBe(revision);
    await writeFile(
      join(state, 'other.json'),
      JSON.stringify({ ...set, packages: set.packages.slice(0, 1) }),
    );
    const { code, stderr } = await publish(['other.json']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`published in revision ${revision} already.`),
    ]);
  });

  test('yanks a set, which cannot be published again, is not the default, is yanked in its index, and has a warning in answers', async () => {
    const ask = async <Answer>(path: string) =>
      (await fetch(new URL(path, registry.url))).json() as Promise<Answer>;
    const reason = 'Its idna is wrong.';
    const { code, stdout, stderr } = await publish(['--yank', set.flag, '--reason', reason]);
    expect([code, stdout, stderr]).toEqual([
      0,
      expect.stringContaining(`Published yank ${set.flag}`),
      expect.any(String),
    ]);
    const { diagnostics } = await ask<{ diagnostics: object[] }>(`/v1/target?flag=${set.flag}`);
    expect(diagnostics).toContainEqual(
      expect.objectContaining({
        severity: 'warning',
        code: 'yanked_package_set',
        message: `${set.flag} was yanked: ${reason}`,
      }),
    );
    const page = await ask<{ files: { yanked: unknown }[] }>(
      `/simple/${set.flag}/idna/?format=application/vnd.pypi.simple.v1+json`,
    );
    expect(page.files.map(({ yanked }) => yanked)).toEqual([reason]);
    expect(await ask(`/v1/sets/${set.flag}`)).toMatchObject({ yanked: { reason } });
    expect((await publish(['set.json'])).stderr).toContain('was yanked in revision');
  });

  test.each([
    [['set.json', '--yank', 'x'], 'Only one document can be published at a time'],
    [['--yank', 'x'], 'Give --reason'],
    [
      ['set.json', '--correct', '--announce', '2027-01-01', '--reason', 'x'],
      'A correction cannot be announced',
    ],
    [[], 'There is nothing to publish'],
    [['--withdraw', 'x', '--reason', 'x'], '--withdraw needs a revision'],
    [
      ['--yank', 'x', '--sha256', 'x', '--announce', '2027-01-01', '--reason', 'x'],
      'The yank of a wheel cannot be announced',
    ],
    [
      ['--yank', 'x', '--sha256', 'x', '--from', '2027-01-01', '--reason', 'x'],
      'The yank of a wheel cannot be announced',
    ],
    [['prose.txt'], 'prose.txt is not JSON'],
  ])('%j is a wrong question', async (args, message) => {
    expect(await publish(args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});

test('pinwheel publish announces a yank for the day of the announcement', async () => {
  const subject = 'python_3.14_packages_2026_08_25';
  const yank = ['--yank', subject, '--reason', 'It is wrong.', '--announce', '2999-01-01'];
  const { code, stdout } = await publish([...yank, '--dry-run']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('from 2999-01-01 on with python_workers:')]);
});

test('pinwheel publish sends no token over http to another machine', async () => {
  const env = { PINWHEEL_TOKEN: token };
  expect(await publish(['set.json'], env, 'http://registry.example')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('http://registry.example/ is not https'),
  });
});

test('pinwheel publish says what to do about a token that is not accepted', async () => {
  const { code, stderr } = await publish(['set.json'], { PINWHEEL_TOKEN: 'hunter2' });
  expect([code, stderr]).toEqual([
    1,
    'error: The registry does not know this token.\n  fix: Give PINWHEEL_TOKEN a token that npm run access made for this registry.\n',
  ]);
});

/** A wheel that the gate accepts. */
function wheelOf(name: string, depends: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const requires = depends.map((needed) => `Requires-Dist: ${needed}\n`).join('');
  const more = { [`${name}/__init__.py`]: new Uint8Array() };
  return makeSoundWheel(name, '1.0', { metadata: metadataOf(name, '1.0') + requires, more });
}

test('a set is made of a lock, with the bytes of its files compared, and with a wheel of one’s own', async () => {
  const folder = await pinwheel.folderWith({ 'wheels/x.txt': '', 'own/x.txt': '' });
  const entry = async (name: string, at: string, depends: string[]) => {
    const file_name = `${name}-1.0-py3-none-any.whl`;
    const bytes = await wheelOf(name, depends);
    await writeFile(join(folder, at, file_name), bytes);
    return {
      ...{ name, version: '1.0', file_name, install_dir: 'site', package_type: 'package', depends },
      ...{ imports: [name], sha256: await sha256(bytes), unvendored_tests: false },
    };
  };
  const packages = {
    upstream: await entry('upstream', 'wheels', []),
    own: await entry('own', 'own', ['upstream']),
  };
  const [{ python, abi, platform }, flag] = [set, 'python_3.13_packages_2026_10_09_acme'];
  const info = { version: set.runtime, python, platform, abi_version: abi, arch: 'wasm32' };
  await writeFile(join(folder, 'pyodide-lock.json'), JSON.stringify({ info, packages }));
  const own = ['--wheel', join(folder, 'own/own-1.0-py3-none-any.whl')];
  const lock = join(folder, 'pyodide-lock.json');
  expect(await publish([lock])).toMatchObject({ code: 2, stderr: expect.stringContaining('--as') });
  expect(await publish([lock, '--as', 'mine'])).toMatchObject({ code: 2 });
  const made = await publish([lock, '--as', flag, '--find-links', join(folder, 'wheels'), ...own]);
  expect([made.code, made.stdout + made.stderr]).toEqual([
    0,
    expect.stringContaining(`Published set ${flag} as revision`),
  ]);
  const cwd = join(folder, 'project');
  await mkdir(cwd);
  const vendored = await pinwheel.run(
    [
      ...[
        'vendor',
        'own',
        '--no-index',
        '--flag',
        flag,
        '--flag',
        'python_workers',
        '--date',
        '2026-10-09',
        '--registry',
        registry.url.origin,
      ],
      ...['--find-links', join(folder, 'wheels')],
    ],
    { cwd },
  );
  expect([vendored.code, vendored.stderr]).toEqual([
    0,
    expect.stringContaining('Downloaded: own-1.0-py3-none-any.whl'),
  ]);
  expect(await readdir(join(cwd, 'python_modules'))).toEqual(expect.arrayContaining(['own', 'upstream']));
  const page = await (await fetch(new URL(`/sets/${flag}`, registry.url))).text();
  expect(page).toContain('by this registry');
  // Other bytes under the same name are not pinned: they are looked for where the lock says.
  await writeFile(join(folder, 'wheels', packages.upstream.file_name), 'other bytes');
  const base = ['--base-url', 'http://127.0.0.1:9/'];
  const other = ['--as', flag.replace('10_09', '10_08'), '--find-links', join(folder, 'wheels')];
  expect(await publish([lock, ...other, ...base, ...own])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('http://127.0.0.1:9/upstream-1.0-py3-none-any.whl'),
  });
});

test('publications that race each other are all published', async () => {
  const days = Array.from({ length: 12 }, (_, at) => `10-${at + 11}`);
  const revision = await headRevision();
  const sent = await Promise.all(
    days.map(async (day) => {
      const file = `${day}.json`;
      await writeFile(join(state, file), JSON.stringify(setOf(day)));
      return publish([file]);
    }),
  );
  expect(sent.map(({ code }) => code)).toEqual(days.map(() => 0));
  expect(await headRevision()).toBe(revision + days.length);
});

describe('npm run access', () => {
  test.each([
    [['token', 'create']],
    [['token', 'create', '--name', 'x', '--days', '1000']],
    [['token', 'create', '--name', 'x', '--scope', 'everything']],
    [['token', 'create', '--name', 'x']],
    [['trust', 'add', '--repository', 'x', '--workflow', 'y.yml', '--scope', 'set']],
    [['trust', 'add', '--repository', 'x/y', '--workflow', '.github/workflows/y.yml', '--scope', 'set']],
    [['toke', 'create']],
  ])('%j is a wrong command', async (args) => {
    expect((await access(...args)).code).toBe(2);
  });
});

describe('a job that publishes by its identity', () => {
  const workflow = '.github/workflows/publish.yml';
  let issuer: Issuer;
  beforeAll(async () => {
    issuer = ending(await startIssuer());
    const pinned = [
      '--issuer',
      issuer.origin,
      '--repository',
      'octo/repo',
      '--workflow',
      `${workflow}@refs/heads/main`,
    ];
    const made = await access('trust', 'add', ...pinned, '--scope', 'set');
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('may publish') });
  });
  const ofJob = (url: string) => ({
    ACTIONS_ID_TOKEN_REQUEST_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of the job',
  });
  const claims = (more: object = {}) => {
    const now = Math.floor(Date.now() / 1000);
    return {
      ...{
        iss: issuer.origin,
        aud: registry.url.origin,
        iat: now,
        nbf: now,
        exp: now + 300,
        jti: crypto.randomUUID(),
      },
      ...{ repository: 'octo/repo', workflow_ref: `octo/repo/${workflow}@refs/heads/main` },
      ...more,
    };
  };

  test('may publish by the command, with only its identity', async () => {
    issuer.identity = (audience) => issuer.sign(claims({ aud: audience }));
    await writeFile(join(state, 'job.json'), JSON.stringify(setOf('10-02')));
    expect(await publish(['job.json'], ofJob(`${issuer.origin}/identity?x=1`))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Published set'),
    });
    expect(await newestPublisher()).toBe(`octo/repo/${workflow}@refs/heads/main`);
  });

  test('learns which command lets it publish, and that command does', async () => {
    const env = ofJob(`${issuer.origin}/identity`);
    const other = { workflow_ref: `octo/repo/${workflow}@refs/heads/release` };
    issuer.identity = (audience) => issuer.sign(claims({ aud: audience, ...other }));
    const later = setOf('10-03');
    await writeFile(join(state, 'later.json'), JSON.stringify(later));
    const yank = ['--yank', later.flag, '--reason', 'a test'];
    const paste = async (stderr: string) => {
      expect(stderr.split('\n').filter((line) => line.startsWith('   ') && line.length > 80)).toEqual([]);
      expect(await access(...pasted(stderr))).toMatchObject({ code: 0 });
    };
    const unknown = await publish(['later.json'], env);
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringContaining(`it is ${other.workflow_ref}, of ${issuer.origin}.\n  fix: If it may`),
    ]);
    await paste(unknown.stderr);
    expect(await publish(['later.json'], env)).toMatchObject({ code: 0 });
    const narrow = await publish(yank, env);
    expect([narrow.code, narrow.stderr]).toEqual([
      1,
      expect.stringContaining('The job is for set, not for yank.\n  fix: If it may'),
    ]);
    await paste(narrow.stderr);
    expect(await publish(yank, env)).toMatchObject({ code: 0 });
    expect(await publish(['later.json'], env, `http://localhost:${registry.url.port}`)).toMatchObject({
      code: 1,
      stderr: `error: The identity of the job is rejected: it is not meant for ${registry.url.origin}, the address of this registry.\n`,
    });
  });

  test('says why it could not get an identity', async () => {
    const gone = await startIssuer();
    gone.stop();
    for (const [url, reason] of [
      [`${issuer.origin}/elsewhere`, 'GitHub answered with status 200, and no identity'],
      [`${gone.origin}/identity`, 'the connection was refused'],
    ] as const) {
      expect(await publish(['set.json'], ofJob(url))).toMatchObject({
        code: 3,
        stderr: `error: The job could not get an identity: ${reason}.\n  fix: Run it again, or set PINWHEEL_TOKEN.\n`,
      });
    }
  });

  test('may publish only once with the same identity', async () => {
    const identity = issuer.sign(claims());
    const document = setOf('10-05');
    expect((await post(document, identity)).status).toBe(201);
    for (const query of ['', '?dry_run=true']) {
      const again = await post(document, identity, query);
      expect([again.status, await again.json()], query).toMatchObject([
        401,
        { detail: expect.stringContaining('used before') },
      ]);
    }
  });

  test('may publish after a dry run or a refusal, which do not use the identity', async () => {
    const identity = issuer.sign(claims());
    // The set is yanked by now, which only a publisher learns.
    for (const query of ['?dry_run=true', '', '']) {
      const refused = await post(set, identity, query);
      expect([refused.status, await refused.json()], query).toMatchObject([
        409,
        { errors: [{ code: 'was_yanked' }] },
      ]);
    }
    expect((await post(setOf('10-06'), identity)).status).toBe(201);
    expect((await post(set, identity)).status).toBe(401);
  });

  test('may publish again with the identity of a publication during which storage failed', async () => {
    const identity = issuer.sign(claims());
    const store = (await registry.miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
    const head = await (await store.get('head.json'))!.text();
    await store.put('head.json', 'damaged');
    expect((await post(setOf('10-08'), identity)).status).toBe(503);
    await store.put('head.json', head);
    expect((await post(setOf('10-08'), identity)).status).toBe(201);
  });

  test('is of the repository whose job published first, and of an environment if one was named', async () => {
    const [first, other] = ['4711', '4712'].map((id) => ({ repository_id: id, repository: 'octo/two' }));
    const path = `octo/two/${workflow}@refs/heads/other`;
    const environment = { workflow_ref: path, environment: 'release' };
    await access(
      ...['trust', 'add', '--repository', 'octo/two', '--workflow', workflow, '--scope', 'set'],
      ...['--environment', 'release', '--issuer', issuer.origin],
    );
    const trying = async (more: object) => (await post(setOf('10-07'), issuer.sign(claims(more)))).status;
    expect(await trying({ ...first, workflow_ref: path })).toBe(401);
    expect(await trying({ ...first, ...environment })).toBe(201);
    expect(await trying({ ...other, ...environment })).toBe(401);
    expect(await trying({ ...first, ...environment })).toBe(200);
  });

  test.each<[string, (now: number) => object, string]>([
    ['of another registry', () => ({ aud: 'https://registry.example' }), 'not meant for'],
    ['that has expired', (now) => ({ iat: now - 900, nbf: now - 900, exp: now - 600 }), 'expired'],
    ['of tomorrow', (now) => ({ iat: now + 86_400, nbf: now + 86_400, exp: now + 86_500 }), 'not valid yet'],
    ['that lives for a day', (now) => ({ exp: now + 86_400 }), 'more than 60 minutes'],
    [
      'of another repository',
      () => ({ repository: 'evil/repo', workflow_ref: `evil/repo/${workflow}@refs/heads/main` }),
      'not one of a trusted',
    ],
    [
      'of another workflow',
      () => ({ workflow_ref: 'octo/repo/.github/workflows/test.yml@refs/heads/main' }),
      'not one of a trusted',
    ],
    [
      'of another branch',
      () => ({ workflow_ref: `octo/repo/${workflow}@refs/heads/pull` }),
      'not one of a trusted',
    ],
    [
      'of a branch whose name begins with that of the trusted one',
      () => ({ workflow_ref: `octo/repo/${workflow}@refs/heads/main@other` }),
      'not one of a trusted',
    ],
    [
      'of a repository whose name begins with that of the trusted one',
      () => ({ repository: 'octo/repo-2', workflow_ref: `octo/repo-2/${workflow}@refs/heads/main` }),
      'not one of a trusted',
    ],
    [
      'that says it is of the trusted repository, with the workflow of another',
      () => ({ workflow_ref: `evil/repo/${workflow}@refs/heads/main` }),
      'not one of a trusted',
    ],
    ['of an issuer nobody trusts', () => ({ iss: 'https://issuer.example' }), 'not one of a trusted'],
  ])('is refused with an identity %s', async (_, change, detail) => {
    const refused = await post(set, issuer.sign(claims(change(Math.floor(Date.now() / 1000)))));
    expect([refused.status, await refused.json()]).toMatchObject([
      401,
      { code: 'invalid_token', detail: expect.stringContaining(detail) },
    ]);
  });

  test('is accepted with a clock that differs by less than a minute, and rejected with more', async () => {
    const now = Math.floor(Date.now() / 1000);
    for (const [more, status] of [
      [{ iat: now - 300, nbf: now - 300, exp: now - 30 }, 409],
      [{ iat: now - 300, nbf: now - 300, exp: now - 90 }, 401],
      [{ iat: now + 30, nbf: now + 30 }, 409],
      [{ iat: now + 90, nbf: now + 90 }, 401],
      [{ nbf: now + 90 }, 401],
    ] as const) {
      expect([more, (await post(set, issuer.sign(claims(more)))).status]).toEqual([more, status]);
    }
  });

  test.each<[string, () => string, string]>([
    [
      'another key',
      () => issuer.sign(claims(), { key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }),
      'its signature is wrong',
    ],
    ['a key that its issuer does not have', () => issuer.sign(claims(), { kid: '2' }), 'no such key'],
    ['another algorithm than its key', () => issuer.sign(claims(), { alg: 'ES256' }), 'no such key'],
    [
      'another kind of key than its algorithm',
      () => issuer.sign(claims(), { kid: 'without an algorithm', alg: 'ES256' }),
      'cannot be verified',
    ],
    [
      'an extension that has to be understood',
      () => issuer.sign(claims(), { more: { crit: ['exp'], exp: 1 } }),
      'neither a token nor the identity',
    ],
    ['no signature', () => unsigned('none', ''), 'neither a token nor the identity'],
    ['the algorithm none and any signature', () => unsigned('none', 'AAAA'), 'neither a token nor'],
    [
      'the public key as the secret of a hash',
      () => {
        const text = unsigned('HS256', '').slice(0, -1);
        const mac = createHmac('sha256', issuer.publicKey.export({ format: 'pem', type: 'spki' }));
        return `${text}.${mac.update(text).digest('base64url')}`;
      },
      'neither a token nor',
    ],
  ])('is rejected with %s', async (_, make, detail) => {
    const refused = await post(set, make());
    expect([refused.status, await refused.json()]).toMatchObject([
      401,
      { code: 'invalid_token', detail: expect.stringContaining(detail) },
    ]);
  });

  const unsigned = (alg: string, signature: string) => {
    const [, payload] = issuer.sign(claims()).split('.');
    return `${Buffer.from(JSON.stringify({ alg, kid: '1' })).toString('base64url')}.${payload}.${signature}`;
  };

  test('is rejected for other kinds of document', async () => {
    expect((await post({ kind: 'python' }, issuer.sign(claims()))).status).toBe(403);
  });

  test('is rejected if its issuer does not answer, which is asked once', async () => {
    const silent = await startIssuer();
    try {
      const pinned = [
        ...['--issuer', silent.origin, '--repository', 'octo/repo'],
        ...['--workflow', `${workflow}@refs/heads/main`],
      ];
      expect((await access('trust', 'add', ...pinned, '--scope', 'set')).code).toBe(0);
      silent.fails = true;
      const attempt = async (kid: string) => {
        const refused = await post(set, silent.sign(claims({ iss: silent.origin }), { kid }));
        return [refused.status, ((await refused.json()) as { detail: string }).detail];
      };
      const problem = 'The identity of the job is rejected: its issuer could not be asked for its keys.';
      const at = await Promise.all(['1', '1', '2', '3'].map(attempt));
      expect([...at, await attempt('4')]).toEqual(Array.from({ length: 5 }, () => [401, problem]));
      expect(silent.asked).toBe(1);
    } finally {
      silent.stop();
    }
  });
});

interface Issuer {
  origin: string;
  publicKey: KeyObject;
  sign(claims: object, change?: { key?: KeyObject; kid?: string; alg?: string; more?: object }): string;
  /** The response of a job's host. */
  identity: (audience: string) => string;
  /** Whether it answers every request with an error. */
  fails: boolean;
  /** How many requests it got. */
  asked: number;
  stop(): void;
}

async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const issuer: Issuer = {
    origin: '',
    publicKey,
    identity: () => '',
    fails: false,
    asked: 0,
    sign(claims, { key = privateKey, kid = '1', alg = 'RS256', more = {} } = {}) {
      const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const signed = `${encode({ alg, kid, typ: 'JWT', ...more })}.${encode(claims)}`;
      return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
    },
    stop: () => server.stop(),
  };
  const server = await listen(({ url = '', headers }, response) => {
    const { pathname, searchParams } = new URL(url, issuer.origin);
    issuer.asked++;
    if (issuer.fails) response.statusCode = 500;
    const answers: Record<string, () => object> = {
      '/.well-known/openid-configuration': () => ({
        issuer: issuer.origin,
        jwks_uri: `${issuer.origin}/keys`,
      }),
      '/keys': () => ({
        keys: [
          { ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256', use: 'sig' },
          { ...publicKey.export({ format: 'jwk' }), kid: 'without an algorithm' },
        ],
      }),
      '/identity': () =>
        headers.authorization === 'Bearer of the job'
          ? { value: issuer.identity(searchParams.get('audience') ?? '') }
          : {},
    };
    response.end(JSON.stringify(answers[pathname]?.() ?? {}));
  });
  issuer.origin = server.origin;
  return issuer;
}
