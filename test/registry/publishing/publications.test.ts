/** `POST /v1/publications`: authorization, bodies, and the gate. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeToken, SCOPES } from '../../../registry/publish/access/token.ts';
import { append } from '../../../registry/publish/publish.ts';
import { readWhole } from '../../../registry/storage/newest.ts';
import { readStoredHead } from '../../../registry/storage/signed-head.ts';
import type { ResolveAnswer, TargetAnswer } from '../../../resolver/answer.ts';
import type {
  Catalog,
  FlagFact,
  LogEntry,
  PackageSet,
  Publication,
  RegistryDocument,
  ReleaseFact,
  WorkerdDocument,
} from '../../../resolver/catalog.ts';
import { getCheckpoint, readLogKey } from '../../../resolver/client/signed.ts';
import { transport } from '../../../resolver/client/transport.ts';
import { createClient } from '../../../resolver/client.ts';
import { addDays } from '../../../resolver/compatibility/date.ts';
import { canonicalJson, sha256 } from '../../../resolver/digest.ts';
import type { EvidenceDocument } from '../../../resolver/evidence.ts';
import { readPyodideLock } from '../../../resolver/formats/pyodide-lock.ts';
import { logTree } from '../../../resolver/log/entries.ts';
import { readEntryBundle } from '../../../resolver/log/tiles.ts';
import { emptyTable } from '../../../resolver/pinned-files.ts';
import { changeOf, emptyCatalog } from '../../../resolver/publication.ts';
import type { CompareAnswer, WhenAnswer } from '../../../resolver/time/answers.ts';
import { PINWHEEL_PATCH, type Pin, packageSetOf } from '../../test-set.ts';
import { makeSoundWheel, metadataOf } from '../../zip.ts';
import { ask, askJson, gone } from '../client.ts';
import { atNoon } from '../clock.ts';
import { dataLog, documentOf, seed } from '../seed.ts';
import { tokenFor } from '../token-for.ts';

// It is the same day at the end of the file.
atNoon();
const today = new Date().toISOString().slice(0, 10);

interface Problem {
  status: number;
  code: string;
  errors: { code: string; message: string; fix: string | null }[];
  more_errors?: number;
}

/** A set of Pinwheel's own that is the default from a day on: no set of `data/` is, without evidence. */
const OWN_DEFAULT = {
  flag: 'python_3.14_packages_2026_11_19',
  released: '2026-11-19',
  published: '2026-11-20',
  default_from: '2026-11-21',
};
const { published: _, ...ownHead } = OWN_DEFAULT;
const documentBy = <Document extends RegistryDocument>(subject: string) =>
  documentOf(dataLog.find(({ name }) => name === subject)!) as Document;
const ownDefault = { ...documentBy<PackageSet>('python_3.14_packages_2026_11_20'), ...ownHead };
const newestWorkerd = documentOf(dataLog.findLast(({ kind }) => kind === 'workerd')!) as WorkerdDocument;
type PythonDocument = Extract<RegistryDocument, { kind: 'python' }>;

let token: string;
beforeAll(async () => {
  // Without what was seen later.
  const catalog = await seed(dataLog.findLastIndex(({ day }) => day <= OWN_DEFAULT.published) + 1);
  const published = await append(env, catalog, ownDefault, OWN_DEFAULT.published);
  if (!published.ok) throw new Error(published.issues[0]!.message);
  token = await tokenFor(SCOPES);
});
afterEach(() => vi.restoreAllMocks());

/** The pin of a Pinwheel-built wheel, whose file name has to match. */
const builtPin = async (filename: string, bytes: Uint8Array<ArrayBuffer>) => ({
  filename,
  sha256: await sha256(bytes),
  size: bytes.length,
  url: null,
  patched: PINWHEEL_PATCH,
});

const headers = (credential = token) => ({
  authorization: `Bearer ${credential}`,
  'content-type': 'application/json',
});
const send = (document: unknown, query = '', credential?: string) =>
  ask(`/v1/publications${query}`, {
    method: 'POST',
    headers: headers(credential),
    body: JSON.stringify(document),
  });
/** Sends a document with wheels. */
const sendWith = (
  document: unknown,
  wheels: Record<string, Uint8Array<ArrayBuffer>> = {},
  query = '',
): Promise<Response> => {
  const body = new FormData();
  body.set('document', typeof document === 'string' ? document : JSON.stringify(document));
  for (const [name, bytes] of Object.entries(wheels)) body.append('wheel', new File([bytes], name));
  const headers = { authorization: `Bearer ${token}` };
  return ask(`/v1/publications${query}`, { method: 'POST', headers, body });
};
const problemOf = async (document: unknown) => (await send(document)).json<Problem>();
const codesOf = async (document: unknown) => {
  const { status, errors } = await problemOf(document);
  return [status, [...new Set(errors.map(({ code }) => code))].sort()];
};
const messagesOf = async (document: unknown) => {
  const { status, errors } = await problemOf(document);
  return [status, errors.map(({ message }) => message)];
};
/** The revision of what is published, or with 200 was published before. */
const publishes = async (document: unknown, status = 201) => {
  const sent = await send(document);
  const outcome = await sent.json<{ publication: Publication }>();
  expect([sent.status, outcome]).toMatchObject([status, {}]);
  return outcome.publication.revision;
};
const announce = (document: object, takes_effect: string) => ({
  kind: 'announcement',
  takes_effect,
  document,
});
const correct = (document: object, reason = 'It was misread.') => ({ kind: 'correction', reason, document });
const withdraw = (revision: number) => ({ kind: 'withdrawal', revision, reason: 'A test.' });
/** The text of a page. */
const page = async (path: string) => (await ask(path)).text();
const headOf = async () => (await askJson<{ publications: object[] }>('/v1/log')).publications.length;

const wheel = (name: string, more: Partial<Pin> = {}): Pin => ({
  filename: `${name}-1.0-py3-none-any.whl`,
  sha256: '1'.repeat(64),
  url: `https://files.example.com/${name}-1.0-py3-none-any.whl`,
  ...more,
});
const setOf = (pins: Pin[], change: Partial<PackageSet> = {}): PackageSet => ({
  ...packageSetOf(pins, 'python_3.13_packages_2026_11_03'),
  ...change,
});
/** The same of another day. */
const setOn = (day: string, pins: Pin[]) =>
  packageSetOf(pins, `python_3.13_packages_${day.replaceAll('-', '_')}`);

describe('a token', () => {
  const refused = async (init: RequestInit, path = '/v1/publications') => {
    const response = await ask(path, { method: 'POST', body: '{}', ...init });
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
    return [response.status, (await response.json<Problem>()).code];
  };

  test('is required', async () => {
    expect(await refused({})).toEqual([401, 'missing_token']);
  });

  test.each<[string, () => Promise<string>]>([
    ['that does not exist', async () => (await makeToken()).token],
    ['with another secret', async () => token.slice(0, -3) + (token.endsWith('AAA') ? 'BBB' : 'AAA')],
    ['that was revoked', () => tokenFor(SCOPES, { revoked: '2026-11-01T00:00:00Z' })],
    ['that has expired', () => tokenFor(SCOPES, { expires: '2026-11-01T00:00:00Z' })],
    ['that is not a token', async () => 'hunter2'],
  ])('%s is rejected', async (_, make) => {
    expect(await refused({ headers: headers(await make()) })).toEqual([401, 'invalid_token']);
  });

  test('in the query string is rejected, even with one in the header', async () => {
    for (const name of ['token', 'access_token']) {
      expect(await refused({ headers: headers() }, `/v1/publications?${name}=${token}`)).toEqual([
        401,
        'invalid_token',
      ]);
    }
  });

  test('for other kinds of document is rejected by name', async () => {
    const response = await send(setOf([wheel('a')]), '', await tokenFor(['yank', 'announcement']));
    const { code, detail } = await response.json<{ code: string; detail: string }>();
    expect([response.status, code]).toEqual([403, 'missing_scope']);
    expect(detail).toBe('The token is for yank, announcement, not for set.');
    const useless = await send(setOf([wheel('a')]), '', await tokenFor([]));
    expect((await useless.json<{ detail: string }>()).detail).toBe('The token is for nothing, not for set.');
    const inside = announce(setOf([wheel('a')]), '2999-01-01');
    expect((await send(inside, '', await tokenFor(['announcement']))).status).toBe(403);
    // Without `default`, a token swaps no bytes of what Workers get that name no set.
    const becoming = { ...setOf([wheel('a')]), default_from: '2999-01-01' };
    const denied = await send(becoming, '?dry_run=true', await tokenFor(['set']));
    expect((await denied.json<{ detail: string }>()).detail).toBe('The token is for set, not for default.');
  });

  test('is never logged, and only its hash is stored', async () => {
    const logged = (['log', 'info', 'warn', 'error'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => {}),
    );
    await send(setOn('2026-11-05', [wheel('logged')]));
    await send({}, '', `${token}x`);
    const told = JSON.stringify(logged.flatMap(({ mock }) => mock.calls));
    expect(told).toContain('"published');
    const secret = token.split('_').slice(2).join('_');
    expect(told).not.toContain(secret);
    const rows = await env.DB.prepare('select * from tokens').all();
    expect(JSON.stringify(rows.results)).not.toContain(secret);
  });
});

describe('what is sent', () => {
  test.each([
    ['no JSON', '{', 'application/json', 400],
    ['no object', '[]', 'application/json', 400],
    ['of another kind', 'kind=set', 'application/x-www-form-urlencoded', 415],
    ['a form without a document', '--x--', 'multipart/form-data; boundary=x', 400],
  ])('%s is rejected', async (_, body, type, status) => {
    const init = { method: 'POST', body, headers: { ...headers(), 'content-type': type } };
    expect((await ask('/v1/publications', init)).status).toBe(status);
  });

  test('may have 1 MB, or 8 MB with its wheels, and is not read without a token', async () => {
    const large = ' '.repeat(1024 * 1024 + 1);
    // In bytes, not in characters.
    const accented = JSON.stringify('é'.repeat(600_000));
    const wheelOf = (size: number) => ({ 'a-1.0-py3-none-any.whl': new Uint8Array(size) });
    for (const [document, size] of [[large], [accented], ['{}', 8 * 1024 * 1024]] as [string, number?][]) {
      expect((await sendWith(document, wheelOf(size ?? 0))).status).toBe(413);
    }
    expect((await sendWith('{}', wheelOf(7_000_000))).status).toBe(422);
    const post = (headers: Record<string, string>) =>
      ask('/v1/publications', { method: 'POST', headers, body: large });
    expect((await post(headers())).status).toBe(413);
    expect((await post({})).status).toBe(401);
  });

  const many = (count: number, length = 0) =>
    Array.from({ length: count }, (_, at) => {
      const name = `p${String(at).padStart(4, '0')}`;
      return wheel(name, { url: `https://files.example.com/${name}${'x'.repeat(length)}` });
    });

  test.each<[string, unknown, string]>([
    ['with 1,001 packages', setOf(many(1_001)), 'packages: it has 1001 items, more than 1000'],
    [
      'with 50,000 values',
      setOf(many(1_000).map((pin) => ({ ...pin, imports: Array(40).fill('x') }))),
      'The document: it has more than 50000 values',
    ],
    [
      'with a long text',
      setOf([wheel('a')], { abi: 'x'.repeat(2_001) }),
      'abi: it has more than 2000 characters',
    ],
    [
      'with a long name of a field',
      { ...setOf([]), ['x'.repeat(101)]: 1 },
      'The document: a name in it has more than 100 characters',
    ],
    [
      'that is nested deeply',
      JSON.parse(`{"kind":"set","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
      'a.0.0.0.0.0.0.0: it is nested more than 8 levels deep',
    ],
    // Every client would reject the whole catalog because of it.
    [
      'with half a character',
      setOf([wheel('a')], { source: { ...setOf([]).source, package: '\ud800' } }),
      'source.package: it has a control character, or half a character',
    ],
    [
      'with a control character',
      setOf([wheel('a', { imports: ['a\u202e'] })]),
      'packages.0.imports.0: it has a control character, or half a character',
    ],
  ])('%s is rejected, and is not looked at any further', async (_, document, message) => {
    expect(await messagesOf(document)).toEqual([422, [message]]);
  });

  test('may be as large as the limits allow', async () => {
    const left = 1024 * 1024 - JSON.stringify(setOn('2026-10-30', many(1_000))).length;
    const set = setOn('2026-10-30', many(1_000, Math.floor(left / 1_000)));
    await publishes(set);
    const { packages } = await askJson<{ packages: object[] }>(
      `/v1/resolve?flag=${set.flag}&requirement=p0999`,
    );
    expect(packages).toHaveLength(1);
  });

  test('may be wheels with their set, which are then served', async () => {
    const bytes = await makeSoundWheel('mine', '1.0+pinwheel.1');
    const filename = 'mine-1.0+pinwheel.1-py3-none-any.whl';
    const pin = await builtPin(filename, bytes);
    const set = setOn('2026-11-06', [pin]);
    expect((await sendWith(set)).status).toBe(422);
    const sent = await sendWith(set, { [filename]: bytes });
    expect([sent.status, await sent.json()]).toMatchObject([201, { status: 'published' }]);
    const served = await ask(`/wheels/${pin.sha256}/${filename}`);
    expect(new Uint8Array(await served.arrayBuffer())).toEqual(bytes);
  });
});

test.each([
  ['pyemscripten_2025_0', '2026-11-10'],
  ['pyemscripten_2025_0_wasm32', '2026-11-11'],
])('a set with the platform %s of PEP 783 is published, resolved and served', async (stated, day) => {
  const tags = 'cp313-cp313-pyemscripten_2025_0_wasm32';
  const older = 'cp313-cp313-emscripten_4_0_9_wasm32';
  const entry = { install_dir: 'site', package_type: 'package', imports: [], sha256: '1'.repeat(64) };
  const locked = (name: string, tag: string, depends: string[]) => ({
    ...{ ...entry, name, version: '1.0', depends },
    file_name: `https://files.example.com/${name}-1.0-${tag}.whl`,
  });
  const lock = {
    // As pyodide-build writes it since its pull request 429.
    info: {
      arch: 'wasm32',
      platform: 'pyemscripten_2025_0',
      version: '0.29.9',
      python: '3.13.2',
      abi_version: '2025_0',
    },
    packages: { b: locked('b', older, []), n: locked('n', tags, ['b']) },
  };
  const read = readPyodideLock('pyodide-lock.json', JSON.stringify(lock));
  if (!read.ok) throw new Error(read.issues[0]!.message);
  const { packages, python } = read.value;
  const set = { ...setOn(day, []), packages, platform: stated, python, runtime: lock.info.version };
  await publishes(set);
  const query = new URLSearchParams({ flag: set.flag, requirement: 'n; platform_release == "4.0.9"' });
  const answer = await askJson<ResolveAnswer>(`/v1/resolve?${query}`);
  expect(answer.packages.map(({ name }) => name)).toEqual(['b', 'n']);
  const served = await askJson<typeof lock>(`/v1/sets/${set.flag}/pyodide-lock.json`);
  expect(served.info).toEqual({ ...lock.info, platform: stated });
  const project = await askJson<{ files: { filename: string }[] }>(`/simple/${set.flag}/n/`, {
    headers: { accept: 'application/vnd.pypi.simple.v1+json' },
  });
  expect(project.files.map(({ filename }) => filename)).toEqual([`n-1.0-${tags}.whl`]);
  expect(await page(`/resolve?flag=${set.flag}&requirement=n`)).toContain('pyemscripten_2025_0_wasm32');
});

describe('a set is rejected', () => {
  /** With one package that is pinned otherwise. */
  const pinning = (pin: Partial<Pin>, ...others: Pin[]) => setOf([wheel('a', pin), ...others]);
  /** With one package, and another head. */
  const headed = (change: Partial<PackageSet>) => setOf([wheel('a')], change);
  const tagged = (tag: string) => pinning({ filename: `a-1.0-${tag}.whl` });
  const zips = ['a.zip', 'A.zip'].map((filename) => wheel('a', { filename, version: '1' }));
  const of327 = { python: '3.12.7', abi: '2024_0', platform: 'emscripten_3_1_58', runtime: '0.29.5' };

  test.each<[string, PackageSet, ...codes: string[]]>([
    ['whose closure dangles', pinning({ depends: ['gone'] }), 'dangling_dependency'],
    ['without packages', setOf([]), 'empty_set'],
    ['of an unknown ABI', headed({ abi: '1999_9' }), 'unknown_abi'],
    ["whose ABI is not its runtime's", headed({ abi: '2026_0', runtime: '0.28.2' }), 'unknown_abi'],
    ["whose Python is not its runtime's", headed({ python: '3.13.99' }), 'invalid_field'],
    ['that unpacks into a folder of its own', pinning({ install_dir: 'x' }), 'invalid_field'],
    ['with a folder outside of its own', pinning({ install_dir: '../../etc' }), 'invalid_field'],
    ['of an unknown Python', headed({ python: '3.99.0' }), 'invalid_field', 'unknown_python'],
    ['of Python 2', headed({ python: '2.7.18' }), 'invalid_field'],
    [
      'of an impossible day',
      headed({ flag: 'python_3.13_packages_0000_99_99', released: '0000-99-99' }),
      ...['impossible_date', 'invalid_field'],
    ],
    ['whose flag names another day', headed({ released: '2026-11-04' }), 'invalid_field'],
    ['with tags of another ABI', tagged('cp313-cp313-pyodide_2024_0_wasm32'), 'foreign_tags'],
    ['with tags of another platform', tagged('cp313-cp313-manylinux_2_17_x86_64'), 'foreign_tags'],
    [
      'with a file outside of its folder',
      pinning({ filename: '../../x.whl', version: '1.0' }),
      ...['invalid_field', 'invalid_filename', 'other_name'],
    ],
    ['with the file of another version', pinning({ version: '2.0' }), 'invalid_filename'],
    [
      'with one name twice',
      pinning({}, wheel('a', { filename: 'a-1.0-cp313-none-any.whl' })),
      'repeated_member',
    ],
    [
      'with one file twice',
      pinning({}, wheel('b', { name: 'b', filename: 'A-1.0-py3-none-any.whl' })),
      ...['invalid_filename', 'other_name', 'repeated_member'],
    ],
    ['with files that differ in case alone', setOf(zips), 'repeated_member'],
    ['with a wheel that nobody has', pinning({ url: null, patched: PINWHEEL_PATCH }), 'missing_wheel'],
    [
      'of an ABI that other sets of its Pyodide do not have',
      headed({ flag: 'python_3.12_packages_2026_11_03', ...of327 }),
      'unknown_abi',
    ],
    ['of another platform than its ABI', headed({ platform: 'emscripten_3_1_58' }), 'invalid_field'],
    ['of the platform of another ABI', headed({ platform: 'pyemscripten_2024_0' }), 'invalid_field'],
    [
      'of the platform of an ABI that nobody has',
      headed({ platform: 'pyemscripten_2099_0' }),
      'invalid_field',
    ],
    ['of something that is no platform', headed({ platform: 'pyemscripten_4_0_9' }), 'invalid_field'],
    ['of something that is no Pyodide', headed({ runtime: '../0.28.2' }), 'invalid_field'],
    ['of something that is no Python', headed({ python: '3.13.x' }), 'invalid_field'],
    [
      'of a day that is still to come',
      headed({ flag: 'python_3.13_packages_2999_01_01', released: '2999-01-01' }),
      'backward_dates',
    ],
    ['with a version that is none', pinning({ filename: 'a-x-py3-none-any.whl' }), 'invalid_filename'],
    [
      'whose lock file would dangle',
      pinning({ depends: ['b'], written_depends: ['gone'] }, wheel('b')),
      'other_name',
    ],
    [
      'whose lock file would have other dependencies',
      pinning({ depends: ['b'], written_depends: [] }, wheel('b')),
      'invalid_field',
    ],
    [
      'out of order',
      { ...setOf([]), packages: pinning({}, wheel('b')).packages.toReversed() },
      'unsorted_packages',
    ],
    ...[
      ...['file:///etc/passwd', 'http://files.example.com/a.whl', 'https://192.168.0.1/a.whl'],
      ...['https://127.0.0.1/a.whl', 'https://2130706433/a.whl', 'https://[::ffff:10.0.0.1]/a.whl'],
      ...['https://localhost../a.whl', 'https://10.0.0.1.nip.io/a.whl', 'https://files.example.com:22/a.whl'],
      ...['https://user@files.example.com/a.whl', 'https://files.example.com/a\n.whl'],
      ...[' https://files.example.com/a.whl', 'https://files.example.com\\@127.0.0.1/a.whl'],
    ].map((url): [string, PackageSet, string] => [
      `with the address ${JSON.stringify(url)}`,
      pinning({ url }),
      'unusable_url',
    ]),
  ])('%s', async (_, set, ...codes) => {
    expect(await codesOf(set)).toEqual([422, codes]);
  });

  test('with all issues at once', async () => {
    const pins = [
      wheel('a', { depends: ['gone'], url: 'file:///etc/passwd' }),
      wheel('b', { filename: 'b-2.0-cp27-cp27m-win32.whl' }),
    ];
    const set = setOf(pins, { abi: '1999_9', released: '0000-99-99' });
    expect(await codesOf(set)).toEqual([
      422,
      ['dangling_dependency', 'foreign_tags', 'invalid_field', 'unknown_abi', 'unusable_url'],
    ]);
    const { errors } = await problemOf(set);
    for (const { message, fix } of errors) expect([message, fix]).not.toContain('');
  });

  test('that pins versions that its wheels do not accept, by their METADATA', async () => {
    const metadata = `${metadataOf('needy', '1.0+pinwheel.1')}Requires-Python: >=3.14\nRequires-Dist: a>=2\nRequires-Dist: gone; sys_platform == "emscripten"\nRequires-Dist: other; sys_platform == "win32"\n`;
    const bytes = await makeSoundWheel('needy', '1.0+pinwheel.1', { metadata });
    const filename = 'needy-1.0+pinwheel.1-py3-none-any.whl';
    const pin = await builtPin(filename, bytes);
    const response = await sendWith(setOf([wheel('a'), pin]), { [filename]: bytes });
    const { errors } = await response.json<Problem>();
    expect(response.status).toBe(422);
    expect(errors.map(({ code }) => code)).toEqual(Array(3).fill('contradicted_pin'));
    const told = errors.map(({ message }) => message).join('\n');
    for (const clause of [
      'requires Python >=3.14',
      'requires a>=2, the set pins 1.0',
      'requires gone, which the set does not have',
    ]) {
      expect(told).toContain(clause);
    }
  });
});

test('a wheel may have a thousand requirements, of which an answer quotes the beginnings', async () => {
  const name = 'greedy-1.0+pinwheel.1-py3-none-any.whl';
  const problemsOf = async (requirements: string[]) => {
    const lines = requirements.map((text) => `Requires-Dist: ${text}\n`).join('');
    const metadata = metadataOf('greedy', '1.0+pinwheel.1') + lines;
    const bytes = await makeSoundWheel('greedy', '1.0+pinwheel.1', { metadata });
    const set = setOf([wheel('a'), await builtPin(name, bytes)]);
    return (await sendWith(set, { [name]: bytes }, '?dry_run=true')).text();
  };
  const many = (count: number) => Array.from({ length: count }, () => 'a; python_version < "3"');
  expect(await problemsOf(many(1_000))).toContain('"checked"');
  expect(await problemsOf(many(1_001))).toContain('it has 1001 requirements, more than 1000');
  expect((await problemsOf([`a; ${'('.repeat(100_000)}`])).length).toBeLessThan(5_000);
});

describe('a default', () => {
  const last = documentOf(dataLog.findLast(({ kind }) => kind === 'set')!) as PackageSet;
  const flag = 'python_3.14_packages_2026_11_04';
  const upstream = (change: Partial<PackageSet>) => ({ ...last, flag, released: '2026-11-04', ...change });
  const without = (set: PackageSet) => ({ ...set, packages: set.packages.filter(({ url }) => url !== null) });

  test('begins on the day after its publication at the earliest', async () => {
    for (const default_from of ['2026-11-10', today]) {
      const set = without(
        upstream({
          default_from,
          source: { ...last.source, registry: 'npm', package: 'pyodide' },
          runtime: '314.0.6',
        }),
      );
      const [status, codes] = await codesOf(set);
      expect([status, codes]).toEqual([422, expect.arrayContaining(['early_default'])]);
    }
  });

  test('begins on the day on which its announcement takes effect at the earliest', async () => {
    const takes_effect = addDays(today, 9);
    const document = { ...setOn('2026-10-29', [wheel('a')]), default_from: addDays(today, 5) };
    const { errors } = await problemOf(announce(document, takes_effect));
    expect(errors.find(({ code }) => code === 'early_default')).toMatchObject({
      message: `${document.flag} would be a default from ${addDays(today, 5)} on, but may be one from ${takes_effect} on.`,
      fix: `Give ${takes_effect} or a later day as its default_from.`,
    });
    const fixed = { ...document, default_from: takes_effect };
    expect(await codesOf(announce(fixed, takes_effect))).toEqual([422, ['takes_away', 'unseen_default']]);
  });

  test('removes nothing', async () => {
    const set = without(upstream({ default_from: addDays(today, 1), abi: '2026_0' }));
    const { errors } = await problemOf(set);
    expect(errors.map(({ code }) => code)).toContain('takes_away');
  });

  test('removes nothing either if it is not of Pinwheel', async () => {
    for (const registry of ['npm', 'pep'] as const) {
      const source = { ...last.source, registry };
      const set = { ...setOn('2026-11-04', [wheel('a')]), default_from: addDays(today, 1), source };
      expect(await codesOf(set)).toEqual([422, ['takes_away']]);
    }
  });
});

test('a copy of a set with other bytes of one file: its publisher and both feeds are told which', async () => {
  const known = documentBy<PackageSet>('python_3.14_packages_2026_09_14');
  const packages = known.packages.map((member) =>
    member.name === 'numpy' ? { ...member, sha256: 'a'.repeat(64) } : member,
  );
  const copy = { ...known, flag: 'python_3.14_packages_2026_09_15_acme', released: '2026-09-15', packages };
  const { sha256, filename } = known.packages.find(({ name }) => name === 'numpy')!;
  const checked = await send(copy, '?dry_run=true');
  expect(await checked.json()).toMatchObject({
    status: 'checked',
    other_bytes: [{ name: 'numpy', filename, sha256: 'a'.repeat(64), before: sha256 }],
  });
  await publishes(copy);
  expect(await page('/changes.atom')).toContain(`Other bytes than in an earlier set: ${filename}.`);
  expect(await page('/packages/numpy.atom')).toContain(
    `${filename} has other bytes there than in python_3.14_packages_`,
  );
});

test('a copy of a set that workerd embeds is not what workerd embeds', async () => {
  const known = documentBy<PackageSet>('python_3.13_packages_2025_08_08');
  const flag = `${known.flag}_acme`;
  const packages = known.packages.map((member) =>
    member.name === 'numpy' ? { ...member, sha256: 'b'.repeat(64) } : member,
  );
  await publishes({ ...known, flag, default_from: null, packages });
  const { sets } = await askJson<{ sets: { flag: string; embedded_in: string[] }[] }>('/v1/sets');
  const embedding = (name: string) => sets.find((set) => set.flag === name)!.embedded_in;
  expect(embedding(flag)).toEqual([]);
  expect(embedding(known.flag).length).toBeGreaterThan(0);
  const { package_set } = await askJson<TargetAnswer>(`/v1/target?flag=${flag}&as_of=${today}`);
  expect(package_set.delivery).toMatchObject({ by: 'python_modules', reason: { code: 'never_embedded' } });
});

test('what a set of a publisher says of a Pyodide, its Python and its ABI binds nobody', async () => {
  const known = documentBy<PackageSet>('python_3.14_packages_2026_09_14');
  const [first] = known.packages.filter(({ depends, filename }) => !depends[0] && /none-any/.test(filename));
  const of = (suffix: string, python: string): PackageSet => ({
    ...known,
    ...{ flag: `${known.flag}_${suffix}`, runtime: '314.9.9', python, packages: [first!] },
  });
  expect((await send(of('false', '3.14.99'), '', await tokenFor(['set']))).status).toBe(201);
  expect((await send(of('true', known.python), '?dry_run=true')).status).toBe(200);
  const other = { ...known, flag: `${known.flag}_other`, python: '3.14.99' };
  expect((await problemOf(other)).errors).toContainEqual(
    expect.objectContaining({ message: expect.stringContaining('it is 3.14.99, but Pyodide') }),
  );
});

describe('what changes answers', () => {
  const python = documentBy<PythonDocument>('3.12');
  const python313 = documentBy<PythonDocument>('3.13');

  test('of past dates is rejected, unless it is a correction', async () => {
    const over = { ...python, supported_until: '2026-01-01' };
    expect(await codesOf(over)).toEqual([422, ['changes_answer']]);
    expect((await problemOf(over)).errors[0]!.message).toContain('Python 3.12');
    const checked = await send(correct(over), '?dry_run=true');
    const { changes } = await checked.json<{ changes: { from: string; before: object; after: object }[] }>();
    expect([checked.status, changes.length > 0]).toEqual([200, true]);
    const before = await headOf();
    expect(await publishes(correct(over))).toBe(before + 1);
    expect(await askJson(`/v1/log/${before + 1}`)).toMatchObject({ kind: 'correction', name: '3.12' });
    await publishes(correct(python));
  });

  test('so is a window that ended before, also if no answer depends on it yet', async () => {
    const newest = documentBy<PythonDocument>('3.14');
    const over = { ...newest, supported_until: addDays(today, -5) };
    expect((await problemOf(over)).errors).toEqual([
      expect.objectContaining({
        code: 'early_effect',
        message: `It would take effect on ${over.supported_until}; the earliest possible day is ${addDays(today, 1)}.`,
        fix: `Give ${addDays(today, 1)} or a later day.`,
      }),
    ]);
    expect((await send(correct(over), '?dry_run=true')).status).toBe(200);
  });

  test('is not published by a misspelt dry run', async () => {
    const before = await headOf();
    for (const query of ['?dryrun=true', '?dry-run=true', '?dry_run=true&dry_run=false', '?dry_run=1']) {
      const response = await send(correct({ ...python, x: 1 }), query);
      const body = await response.text();
      expect([query, response.status, JSON.parse(body).code]).toEqual([query, 400, 'invalid_question']);
      expect(body).toContain('dry_run');
    }
    expect(await headOf()).toBe(before);
  });

  test('of future dates is listed and announced, and can be withdrawn before', async () => {
    const later = { ...python313, supported_until: '2029-10-08' };
    const announcement = announce(later, '2029-10-07');
    expect(await codesOf(announce(later, today))).toEqual([422, ['early_effect']]);
    const sent = await send(announcement);
    const { publication, changes } = await sent.json<{
      publication: { revision: number };
      changes: { as_of: string }[];
    }>();
    expect(sent.status).toBe(201);
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.every(({ as_of }) => as_of >= '2029-10-07')).toBe(true);
    expect(await codesOf({ ...python313, python: '3.013' })).toEqual([422, ['invalid_field']]);
    const until = async () =>
      (
        await askJson<{ runtimes: { python: string; supported_until: string }[] }>('/v1/runtimes')
      ).runtimes.find((candidate) => candidate.python.startsWith('3.13'))!.supported_until;
    expect(await until()).toBe('2029-10-08');
    const withdrawal = withdraw(publication.revision);
    await publishes(withdrawal);
    expect(await until()).toBe(python313.supported_until);
    expect(await codesOf({ ...withdrawal, reason: 'Again.' })).toEqual([409, ['already_withdrawn']]);
    expect(await codesOf(announcement)).toEqual([409, ['already_withdrawn']]);
    expect(await until()).toBe(python313.supported_until);
    const refusals = async (revision: number) => (await problemOf(withdraw(revision))).errors;
    expect(await refusals(100_000)).toMatchObject([
      {
        message: 'Revision 100000 cannot be withdrawn: there is no such revision.',
        fix: 'Name one that /v1/log lists as an announcement.',
      },
    ]);
    const { publications } = await askJson<{ publications: Publication[] }>('/v1/log');
    expect(publications[publication.revision - 1]!.kind).toBe('announcement');
    const firstOf = (kind: string) => publications.find((entry) => entry.kind === kind)!.revision;
    for (const [kind, fix] of [
      ['set', 'Publish a yank of its set.'],
      ['python', 'Publish a correction with the facts that hold.'],
      ['workerd', 'Publish a correction with the facts that hold.'],
      ['withdrawal', 'Announce what it withdrew for another day, or its set under a new date.'],
    ] as const) {
      const problem = `its kind is ${kind}, not announcement`;
      expect(await refusals(firstOf(kind))).toMatchObject([
        { code: 'not_withdrawable', message: expect.stringContaining(problem), fix },
      ]);
    }
  });

  test('what was seen of files gives their sizes from its revision on, and only a correction contradicts it', async () => {
    const hashes = ['a', 'b', 'c', 'e'].map((hash) => hash.repeat(64));
    const [seen, later, unseen, incomplete] = hashes as [string, string, string, string];
    const pins = [
      ...[seen, later, unseen].map((sha256, at) => wheel(`sized${'abc'[at]}`, { sha256 })),
      wheel('sizedd', { sha256: incomplete, depends: ['sizedc'] }),
    ];
    const set = setOn('2026-11-14', pins);
    await publishes(set);
    const { flag } = set;
    const about = { summary: 'One line.', license: 'MIT', home_page: 'https://example.com/' };
    const fileOf = (sha256: string, size: number) => ({ sha256, size, ...about });
    const documentOf = (...files: object[]) => ({ kind: 'files', set: flag, day: today, files });
    const invalid = [422, ['invalid_field']];
    expect(await codesOf({ ...documentOf(fileOf(seen, 1)), set: 'python_3.13_packages_2001_01_01' })).toEqual(
      [422, ['unknown_subject']],
    );
    expect(await codesOf({ ...documentOf(fileOf(seen, 1)), day: addDays(today, 1) })).toEqual([
      422,
      ['backward_dates'],
    ]);
    expect(await codesOf(documentOf(fileOf('d'.repeat(64), 1)))).toEqual(invalid);
    expect(await codesOf(documentOf(fileOf(seen, 1), fileOf(seen, 1)))).toEqual(invalid);
    expect(await codesOf(documentOf(fileOf(seen, 0)))).toEqual(invalid);
    const summary = 'two\nlines';
    expect(await codesOf(documentOf({ ...fileOf(seen, 1), summary }))).toEqual(invalid);

    const first = await publishes(documentOf(fileOf(seen, 1_000)));
    const lost = [409, ['lost_files']];
    expect(await codesOf(documentOf(fileOf(later, 200)))).toEqual(lost);
    expect(await codesOf(documentOf(fileOf(seen, 1_001), fileOf(later, 200)))).toEqual(lost);
    const others = [fileOf(later, 200), fileOf(incomplete, 30)];
    const second = await publishes(documentOf(fileOf(seen, 1_000), ...others));
    const third = await publishes(correct(documentOf(fileOf(seen, 1_001), ...others)));

    const fetch = (url: string, init?: RequestInit) => ask(url, init);
    const client = createClient({ registry: 'https://pinwheel.test', fetch });
    const requirements = ['sizeda', 'sizedb', 'sizedc'];
    const nothing = { level: 'listed', runtime: null, ground: null, day: null, detail: null };
    const sizesAt = async (revision: number) => {
      const question = { compatibility_flags: [flag], requirements, as_of: today, revision };
      const text = await page(
        `/v1/resolve?${new URLSearchParams([['flag', flag], ['as_of', today], ['revision', `${revision}`], ...requirements.map((name) => ['requirement', name])])}`,
      );
      expect(JSON.stringify(await client.resolve(question))).toBe(text);
      const { packages } = JSON.parse(text) as ResolveAnswer;
      for (const { wheel, evidence } of packages) {
        const seen = wheel.size === null ? {} : { level: 'obtainable', day: today };
        expect(evidence).toEqual({ ...nothing, ...seen });
      }
      return packages.map(({ wheel }) => wheel.size);
    };
    // Asked twice, so that closures are cached, too.
    for (const _ of [1, 2]) {
      expect(await sizesAt(first - 1)).toEqual([null, null, null]);
      expect(await sizesAt(first)).toEqual([1_000, null, null]);
      expect(await sizesAt(second)).toEqual([1_000, 200, null]);
      expect(await sizesAt(third)).toEqual([1_001, 200, null]);
    }
    const { digest } = (await askJson<{ publications: LogEntry[] }>('/v1/log')).publications.find(
      ({ revision }) => revision === first,
    )!;
    expect(await page(`/v1/documents/${digest}`)).toBe(canonicalJson(documentOf(fileOf(seen, 1_000))));
    const feed = await page('/changes.atom');
    expect(feed).toContain(`Sizes of files of ${flag}`);
    expect(feed).toContain('what comes with Pinwheel has the day of its fact');
    expect(await page(`/sets/${flag}`)).toContain('known of 3 of 4 files, 1 kB in all');
    const packagePage = await page(`/packages/sizeda?flag=${flag}`);
    expect(packagePage).toMatch(/sizeda[^<]*\.whl<\/a>, 1 kB/);
    expect(packagePage).toContain('1 package, 1 kB. A Worker that includes it has at most 67.1 MB left');
    expect(await page(`/evidence`)).toContain(`<span class="whole">${today}</span>, its files alone`);
    const known = await page(`/resolve?flag=${flag}&requirement=sizeda&requirement=sizedb`);
    expect(known).toContain('2 packages, 1 kB. A Worker that includes them has at most 67.1 MB left');
    const whenOf = (name: string) => askJson<WhenAnswer>(`/v1/when?flag=${flag}&requirement=${name}`);
    const left_at_most = 64 * 1024 * 1024 - 1_001;
    expect((await whenOf('sizeda')).intervals.map(({ totals }) => totals)).toEqual([
      { packages: 1, size: 1_001, left_at_most, unknown_sizes: 0 },
    ]);
    expect((await whenOf('sizedc')).intervals[0]!.totals).toMatchObject({ size: null, unknown_sizes: 1 });
    const unknown = await page(`/resolve?flag=${flag}&requirement=sizeda&requirement=sizedc`);
    expect(unknown).toContain('The size of 1 file is unknown.');

    // Answers do not read the document again, so that a registry which has lost it tells the same.
    const fourth = await publishes(correct(documentOf(fileOf(seen, 1_002), ...others)));
    const { seen: rows } = await askJson<Catalog>('/v1/catalog');
    await env.STORE.delete(`documents/${rows.find(({ revision }) => revision === fourth)!.digest}.json`);
    expect(await sizesAt(fourth)).toEqual([1_002, 200, null]);
    expect(await askJson<{ size: number }>(`/v1/sets/${flag}/packages/sizeda`)).toMatchObject({
      size: 1_002,
    });
    // Its own file was seen, but not that of sizedc, which it needs.
    expect(await askJson<object>(`/v1/sets/${flag}/packages/sizedd`)).toMatchObject({
      ...{ size: 30, evidence: nothing },
    });
  });

  test('a yanked set is no longer the default, and stays so for earlier dates', async () => {
    const tomorrow = addDays(today, 1);
    const subject = OWN_DEFAULT.flag;
    const yank = { kind: 'yank', subject, sha256: null, reason: 'It is broken.', from: tomorrow };
    // It is the default of past dates, from 2026-11-21 on.
    expect(await codesOf({ ...yank, from: today })).toEqual([422, ['changes_answer', 'early_effect']]);
    expect(await codesOf({ ...yank, subject: 'python_3.14_packages_2026_11_18' })).toEqual([
      422,
      ['unknown_subject'],
    ]);
    const of = async (date: string) =>
      (
        await askJson<{ package_set: { flag: string } }>(
          `/v1/target?date=${date}&as_of=${date}&flag=python_workers`,
        )
      ).package_set.flag;
    expect(await of(tomorrow)).toBe(subject);
    await publishes(yank);
    expect(await of(today)).toBe(subject);
    expect(await of(tomorrow)).not.toBe(subject);
    expect((await ask(`/v1/sets/${subject}`)).status).toBe(200);
    expect(await page(`/sets/${subject}.md`)).toContain(' It was yanked: It is broken.');
    expect(await page('/sets.md')).toContain(`/sets/${subject}.md), [yanked]`);
    expect((await page('/sets')).match(/, <a href="\/sets#_yanked">yanked<\/a><\/th>/g)).toHaveLength(1);
    expect(await page('/sets')).toContain('id="_yanked"');
    expect(await page(`/sets/${subject}`)).toMatch(
      /<h1>.*?<span class="version"> <a[^>]*>yanked<\/a><\/span><\/h1>/,
    );
    expect(await page(`/sets/${subject}`)).toContain(' It was yanked: It is broken.</p>');
    expect(await page(`/packages/idna?flag=${subject}`)).toMatch(
      /<h1>idna <.*?, <a[^>]*>yanked<\/a><\/span><\/h1>/,
    );
    // Until then it is what Workers get.
    const asOf = `as_of=${today}`;
    expect(await page(`/?${asOf}`)).toMatch(
      /Announced: another set from <span class="whole">[\d-]+<\/span> on\. The set was yanked: It is broken\./,
    );
    const front = await page(`/?q=idna&${asOf}`);
    expect(front).toMatch(/<td class="listed"><i>○<\/i> <b>[\d.]+<\/b><small>listed, yanked<\/small>/);
    expect(front).toMatch(/<p id="_verdict">In the package set .* The set was yanked: It is broken\.<\/p>/);
    expect(await page(`/index.md?${asOf}`)).toMatch(/\n\| \[idna\].* ○ [\d.]+, yanked \|/);
    expect(await page(`/sets.md?${asOf}`)).toContain(
      `| **since 2026-11-21; announced to end on ${today}** |`,
    );
    expect(await page(`/sets/${subject}?${asOf}`)).toMatch(
      /<strong class="yes">since <span class="whole">2026-11-21<\/span>; announced to end on/,
    );
    expect(await page(`/packages/idna?${asOf}`)).toMatch(
      /<strong class="yes">since <span class="whole">2026-11-21<\/span>; announced to end on <span/,
    );
    expect(await page(`/compare?from=2025-11-02&to=${today}&requirement=idna&${asOf}`)).toMatch(
      /<summary>Everything.*was yanked: It is broken\..*<details/s,
    );
    expect(
      (await askJson<{ diagnostics: { code: string }[] }>(`/v1/target?flag=${subject}`)).diagnostics.map(
        ({ code }) => code,
      ),
    ).toContain('yanked_package_set');
    expect(await codesOf({ ...yank, reason: 'Twice.' })).toEqual([409, ['was_yanked']]);
  });

  test('a yanked wheel is yanked in every index, and in the answers that have it', async () => {
    const set = documentBy<PackageSet>('python_3.13_packages_2026_09_16');
    const { filename, sha256: hash } = set.packages.find(({ name }) => name === 'idna')!;
    const yank = { kind: 'yank', subject: filename, sha256: hash, reason: 'It is wrong.', from: today };
    expect(await codesOf({ ...yank, sha256: '0'.repeat(64) })).toEqual([422, ['unknown_subject']]);
    // An index and an answer that have it would not wait for the day.
    expect(await codesOf(announce(yank, addDays(today, 2)))).toEqual([422, ['invalid_field']]);
    await publishes(yank);
    const { files } = await askJson<{ files: { yanked: unknown }[] }>(
      `/simple/${set.flag}/idna/?format=application/vnd.pypi.simple.v1%2Bjson`,
    );
    expect(files[0]!.yanked).toBe('It is wrong.');
    expect(await page(`/simple/${set.flag}/idna/`)).toContain('data-yanked="It is wrong."');
    expect(await page('/packages/idna')).toMatch(
      /<td data-label="Set dated"><span class="whole">[\d-]+<\/span>[^<]*<span class="muted">, yanked: It is wrong\./,
    );
    expect(await page('/packages/idna.md')).toContain(', yanked: It is wrong.');
    // What depends on it vendors it, too.
    for (const name of ['idna', 'requests']) {
      const shown = await page(`/packages/${name}?flag=${set.flag}`);
      expect(shown).toContain(`${filename}, the wheel of idna, was yanked: It is wrong.`);
    }
    expect(await page(`/sets/${set.flag}`)).toMatch(
      /<tr id="idna"(?:(?!<\/tr>).)*<span class="muted"> yanked<\/span>/,
    );
    const question = `from=2025-09-28&to=${set.flag}&requirement=idna`;
    for (const path of [`/v1/resolve?flag=${set.flag}&requirement=idna`, `/v1/compare?${question}`]) {
      const answer = await askJson<{ diagnostics: { code: string; message: string }[] }>(path);
      expect(answer.diagnostics).toContainEqual(
        expect.objectContaining({ code: 'yanked_wheel', message: expect.stringContaining('It is wrong.') }),
      );
    }
    const { packages, closure } = await askJson<CompareAnswer>(`/v1/compare?${question}`);
    for (const { changed } of [packages, closure!]) {
      expect(changed.filter(({ yanked }) => yanked !== undefined)).toMatchObject([
        { name: 'idna', yanked: 'It is wrong.' },
      ]);
    }
    // The front page and its Markdown have no hashes of the files.
    const certifi = ownDefault.packages.find(({ name }) => name === 'certifi')!;
    const { filename: subject, sha256 } = certifi;
    await publishes({ ...yank, subject, sha256 });
    const row =
      / The file was yanked: It is wrong\.<\/p>[\s\S]*<tr>(?:(?!<\/tr>).)*<a href="\/packages\/certifi">(?:(?!<\/tr>).)*<small>listed, yanked<\/small>/;
    expect(await page('/?q=certifi')).toMatch(row);
    expect(await page('/index.md')).toMatch(/\n\| \[certifi\].* ○ [\d.]+, yanked \|/);
    expect(await page('/packages/certifi.md')).toContain('The file was yanked: It is wrong.');
    // On the page of the package, the dates that give it, and only these.
    const dated = documentBy<PackageSet>('python_3.13_packages_2025_08_08');
    const old = dated.packages.find(({ name }) => name === 'sniffio')!;
    await publishes({ ...yank, subject: old.filename, sha256: old.sha256 });
    const shown = await page('/packages/sniffio?as_of=2026-08-01');
    const bar = shown.match(/<ol class="dates-bar">.*?<\/ol>/)![0];
    const segments = bar.match(/<a .*?<\/a>/g)!;
    // The whole newest set is yanked, too.
    expect(segments.filter((segment) => segment.endsWith(', yanked</a>'))).toEqual(
      [ownDefault, dated].map(({ flag }) => expect.stringContaining(`href="/packages/sniffio?flag=${flag}"`)),
    );
    expect(segments.length).toBeGreaterThan(2);
    expect(await page('/packages/sniffio.md?as_of=2026-08-01')).toMatch(
      new RegExp(`^- .*\\[○ [\\d.]+, yanked\\]\\(\\S+flag=${dated.flag}\\)`, 'm'),
    );
    // Without D1 it is there all the same.
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const earlier = `/?q=idna&revision=${(await headOf()) - 1}`;
    expect((await ask(earlier, {}, { ...env, DB: gone('D1') })).status).toBe(200);
    // In the changes of the requirements, and in those of the whole set.
    const marked =
      /<tr><th scope="row"><a [^>]*>idna<\/a><\/th><td>(?:(?!<\/td>).)*<span class="muted"> yanked</g;
    expect((await page(`/compare?${question}`)).match(marked)).toHaveLength(2);
  });
});

describe('a set that is announced', () => {
  const of = (day: string) => setOn(day, [wheel('announced')]);
  const issueOf = async (document: object) => {
    const { status, errors } = await problemOf(document);
    expect([status, errors.length]).toEqual([409, 1]);
    return errors[0]!;
  };

  test('is not published again, but its flag selects it, and another one can be published for another day', async () => {
    const set = of('2026-10-20');
    const day = addDays(today, 5);
    const revision = await publishes(announce(set, day));
    const issue = {
      code: 'same_set',
      message: `The package set ${set.flag} was announced in revision ${revision} already, with the same content, for ${day}.`,
      fix: `Leave it as it is: its flag selects it already. For another day, withdraw revision ${revision}, and publish the set under a new date.`,
    };
    expect(await issueOf(set)).toMatchObject(issue);
    expect(await issueOf(announce(set, addDays(day, 1)))).toMatchObject(issue);
    expect(await (await send(announce(set, day))).json()).toMatchObject({ status: 'unchanged' });
    expect((await issueOf({ ...set, packages: setOf([wheel('other')]).packages })).code).toBe('set_exists');

    expect((await ask(`/v1/resolve?flag=${set.flag}&requirement=announced`)).status).toBe(200);
    await publishes(withdraw(revision));
    expect((await issueOf(set)).code).toBe('was_yanked');
    await publishes(announce(of('2026-10-21'), addDays(day, 1)));
    await publishes(of('2026-10-22'));
  });

  test('or that is in force is not announced', async () => {
    const set = of('2026-10-23');
    const revision = await publishes(set);
    expect(await issueOf(announce(set, addDays(today, 5)))).toMatchObject({
      code: 'same_set',
      message: `The package set ${set.flag} was published in revision ${revision} already, with the same content.`,
      fix: 'Leave it as it is: it is in force, and only a yank takes it back.',
    });
    const yank = { kind: 'yank', subject: set.flag, sha256: null, reason: 'A test.' };
    await publishes({ ...yank, from: addDays(today, 1) });
  });
});

describe('the facts of a workerd', () => {
  const newest = newestWorkerd;
  const next = (change: Partial<WorkerdDocument>) => ({ ...newest, workerd: '1.20261118.1', ...change });
  const { flags, releases } = newest;
  const experimental: FlagFact = {
    ...flags.at(-1)!,
    field: 'pythonWorkersNext',
    ordinal: 1_000,
    ...{ enable: 'python_workers_next', disable: null, enable_date: null, implied_by: [] },
    ...{ implied_date: null, experimental: true, release: true },
  };
  const runtime = { ...releases.at(-1)!, field: 'pythonWorkersNext', id: 'next', pyodide: '315.0.0' };
  const withRuntime = (change: Partial<ReleaseFact>) =>
    next({ flags: [...flags, experimental], releases: [...releases, { ...runtime, ...change }] });

  const withFlag = (change: Partial<FlagFact>) =>
    next({ flags: [...flags, { ...experimental, release: false, ...change }] });

  test('are checked, and valid in a dry run', async () => {
    expect((await send(withRuntime({}), '?dry_run=true')).status).toBe(200);
  });

  test('may have twenty runtimes', async () => {
    const left = 20 - releases.length;
    const more = Array.from({ length: left + 1 }, (_, at) => `next_${at}`);
    const facts = more.map((name, at) => ({
      flag: { ...experimental, field: name, ordinal: 1_000 + at, enable: name },
      release: { ...runtime, field: name },
    }));
    const document = (count: number) =>
      next({
        flags: [...flags, ...facts.map(({ flag }) => flag).slice(0, count)],
        releases: [...releases, ...facts.map(({ release }) => release).slice(0, count)],
      });
    expect((await send(document(left), '?dry_run=true')).status).toBe(200);
    for (const beyond of [document(left + 1), next({ flags: document(left + 1).flags })]) {
      expect(await messagesOf(beyond)).toEqual([422, ['releases: there are 21, more than 20']]);
    }
  });

  test('may have 24 flags that decide about these, because all are asked about', async () => {
    const document = (count: number) => {
      const more = Array.from({ length: count }, (_, at) => `implying_${at}`);
      const implying = more.map((name, at) => {
        return { ...experimental, field: name, ordinal: 1_000 + at, enable: name, release: false };
      });
      const implied = { ...experimental, implied_by: more, implied_date: '2999-01-01' };
      return next({
        flags: [...flags, ...implying, { ...implied, ordinal: 5_000 }],
        releases: [...releases, runtime],
      });
    };
    // Six of today's, and the one that is implied.
    expect((await send(document(17), '?dry_run=true')).status).toBe(200);
    const many = 'flags: 25 of them decide about the runtime, more than 24';
    expect(await messagesOf(document(18))).toEqual([422, [many]]);
  });

  test('do not reject what past questions name', async () => {
    const without = flags.map((flag) => (flag.enable === 'nodejs_compat' ? { ...flag, enable: null } : flag));
    const document = next({ flags: without });
    expect(await codesOf(document)).toEqual([422, ['changes_answer']]);
    expect((await problemOf(document)).errors[0]!.message).toMatch(
      /^It would change the answer of python_workers, nodejs_compat for dates from .* would become no answer\.$/,
    );
  });

  test.each(['', 'x y', '314'])(
    'name a version of Pyodide, in corrections too, and not %j',
    async (pyodide) => {
      const document = next({
        releases: releases.map((release, at) => (at === 0 ? { ...release, pyodide } : release)),
      });
      for (const sent of [document, correct(document), setOf([wheel('a')], { runtime: pyodide })]) {
        const [, messages] = await messagesOf(sent);
        expect(messages).toContain('runtime: a version of Pyodide is one such as 0.28.2');
      }
    },
  );

  test.each<[string, WorkerdDocument, string]>([
    ['that is older than the newest', { ...newest, workerd: '1.20261116.1' }, 'backward_dates'],
    ['that is older than another of its day', { ...newest, workerd: '1.20261117.0' }, 'backward_dates'],
    ['of a day that is still to come', next({ workerd: '1.29990101.1' }), 'backward_dates'],
    ['of no day', next({ workerd: '1.20261399.1' }), 'impossible_date'],
    ['with a runtime of an unknown ABI', withRuntime({ abi: '1999_9' }), 'unknown_abi'],
    ['with a runtime of an unknown Python', withRuntime({ python: '3.99.0' }), 'unknown_python'],
    [
      'with a runtime of another ABI than the sets of its Pyodide',
      withRuntime({ pyodide: '314.0.6', abi: '2025_0', python: '3.13.2' }),
      'unknown_abi',
    ],
    ['with one runtime twice', next({ releases: [...releases, releases.at(-1)!] }), 'invalid_field'],
    ['with flags of one ordinal', withFlag({ release: true, ordinal: flags[0]!.ordinal }), 'invalid_field'],
    ['with a flag that an unknown one implies', withFlag({ implied_by: ['gone'] }), 'invalid_field'],
    ['with a flag of a day that workerd refuses', withFlag({ enable_date: '9999-12-31' }), 'invalid_field'],
  ])('are rejected of one %s', async (_, document, code) => {
    expect(await codesOf(document)).toEqual([422, [code]]);
  });
});

test('a message says what differs, and reads as a sentence', async () => {
  const python = documentBy('3.13');
  const [, messages] = await messagesOf({ ...python, supported_until: '2020-01-01' });
  expect(messages).toEqual([
    'The end of its support, 2020-01-01, comes before the first release of Python 3.13, 2024-10-07.',
    expect.stringMatching(
      /^It would change the answer of python_workers for dates from 2025-09-29 to 2026-09-07: Python 3\.13\.2 \(Pyodide 0\.28\.2\) with \S+ would become Python 3\.14\.2 \(Pyodide 314\.0\.6\) with \S+, moved forward from Python 3\.13\.$/,
    ),
    expect.any(String),
    expect.any(String),
  ]);
});

test.each(['written_depends', 'install_dir', 'url', 'filename', 'name'])(
  'a member without %s is rejected',
  async (field) => {
    const { [field]: _, ...rest } = setOf([wheel('a')]).packages[0]! as Record<string, unknown>;
    expect(await codesOf({ ...setOf([]), packages: [rest] })).toEqual([422, ['invalid_field']]);
  },
);

describe('in any order', () => {
  const python = documentBy<PythonDocument>('3.14');
  const until = (supported_until: string) => ({ ...python, supported_until });
  const held = async () =>
    (
      await askJson<{
        publication: object;
        index: { pythons: { python: string; supported_until: string }[] };
      }>('/v1/index')
    ).index.pythons
      .filter((runtime) => runtime.python === '3.14')
      .map(({ supported_until }) => supported_until);
  const tomorrow = addDays(today, 1);
  const newest = newestWorkerd;
  const flag: FlagFact = {
    ...newest.flags.at(-1)!,
    ...{ field: 'announced', ordinal: 1_000, enable: 'announced', disable: null },
    ...{ enable_date: null, implied_by: [], implied_date: null },
  };
  const later = (workerd: string) => ({ ...newest, workerd, flags: [...newest.flags, flag] });

  test('announcements are withdrawn, the last first, and what held before them holds again', async () => {
    const first = await publishes(announce(until('2031-01-01'), '2030-01-01'));
    const second = await publishes(announce(until('2032-01-01'), '2030-01-01'));
    expect((await problemOf(withdraw(first))).errors).toMatchObject([
      {
        message: `Revision ${first} cannot be withdrawn: revision ${second} has replaced what it announced.`,
        fix: `Withdraw revision ${second} first.`,
      },
    ]);
    await publishes(withdraw(second));
    expect(await held()).toEqual(['2031-01-01']);
    await publishes(withdraw(first));
    expect(await held()).toEqual([python.supported_until]);
    // Announced, withdrawn, and announced again for another day.
    const again = await publishes(announce(until('2031-01-01'), '2030-01-02'));
    expect(await held()).toEqual(['2031-01-01']);
    await publishes(withdraw(again));
    expect(await held()).toEqual([python.supported_until]);
  });

  test('a workerd that is announced is the newest known one, unless it is withdrawn', async () => {
    const known = async () => {
      const { workerd } = await askJson<{ workerd: string }>('/v1/flags');
      const later = '/v1/target?date=2027-02-01&flag=python_workers&as_of=2027-02-01';
      const { diagnostics } = await askJson<{ diagnostics: { code: string; message: string }[] }>(later);
      const forecast = diagnostics.find(({ code }) => code === 'forecast')?.message;
      const { index } = await askJson<{ index: { workerds: { name: string }[] } }>('/v1/index');
      const shown = /workerd (\S+) has/.exec(await page('/flags'))?.[1];
      const fetch = (url: string, init?: RequestInit) => ask(url, init);
      const target = await createClient({ registry: 'https://pinwheel.test', fetch }).target({
        compatibility_date: '2027-02-01',
        compatibility_flags: ['python_workers'],
        as_of: '2027-02-01',
      });
      expect(target.diagnostics).toEqual(diagnostics);
      return [workerd, /workerd is (\S+):/.exec(forecast!)?.[1], index.workerds.at(-1)?.name, shown];
    };
    const before = await known();
    const announced = await publishes(announce(later('1.20261118.1'), tomorrow));
    expect(await known()).toEqual(Array(4).fill('1.20261118.1'));
    expect(await codesOf(later('1.20261118.0'))).toEqual([422, ['backward_dates']]);
    await publishes(withdraw(announced));
    expect(await known()).toEqual(before);
    expect(before).toEqual(Array(4).fill(newest.workerd));
  });

  test('facts that were published since an announcement stay', async () => {
    const announced = await publishes(announce(until('2031-01-01'), '2030-01-01'));
    await publishes(until('2033-01-01'));
    expect(await codesOf(withdraw(announced))).toEqual([422, ['not_withdrawable']]);
    expect(await held()).toEqual(['2033-01-01']);
    await publishes(correct(python));

    const ofWorkerd = await publishes(announce(later('1.20261119.1'), tomorrow));
    const next = await publishes(later('1.20261120.1'));
    expect(await messagesOf(withdraw(ofWorkerd))).toEqual([
      422,
      [`Revision ${ofWorkerd} cannot be withdrawn: revision ${next} has replaced what it announced.`],
    ]);
    expect((await ask('/v1/flags/announced')).status).toBe(200);
  });

  test('a workerd that was first published as a correction, or announced, has other facts only as a correction', async () => {
    const first = later('1.20261121.1');
    const bundle = { workerd_bundle: 'other' };
    const releases = first.releases.map((release, at) => (at === 0 ? { ...release, ...bundle } : release));
    const other = { ...first, releases };
    const announced = await publishes(announce(first, tomorrow));
    expect(await codesOf(other)).toEqual([409, ['workerd_exists']]);
    expect((await send(first, '?dry_run=true')).status).toBe(200);
    await publishes(withdraw(announced));
    expect((await send(other, '?dry_run=true')).status).toBe(200);
    await publishes(correct(first));
    expect(await codesOf(other)).toEqual([409, ['workerd_exists']]);
    await publishes(correct(other));
    await publishes(correct(first, 'It was right.'));
  });

  test('a correction that another one has corrected is published again', async () => {
    const correction = correct(until('2031-01-01'));
    const first = await publishes(correction);
    expect(await publishes(correction, 200)).toBe(first);
    await publishes(until('2034-01-01'));
    expect(await held()).toEqual(['2034-01-01']);
    await publishes(correction);
    expect(await held()).toEqual(['2031-01-01']);
    await publishes(correct(python));
  });

  test('a set that was yanked and whose announcement is withdrawn is yanked once', async () => {
    const set = setOn('2026-10-24', [wheel('a')]);
    const { flag } = set;
    const announced = await publishes(announce(set, tomorrow));
    await publishes({ kind: 'yank', subject: flag, sha256: null, reason: 'Broken.', from: tomorrow });
    await publishes(withdraw(announced));
    const { index } = await askJson<{ index: { yanks: { subject: string; reason: string }[] } }>('/v1/index');
    expect(index.yanks.filter(({ subject }) => subject === flag)).toMatchObject([{ reason: 'A test.' }]);
  });

  test('a default takes nothing away, whichever is published first, and imports what those before it do', async () => {
    const names = async (abi: string) => {
      const { sets } = await askJson<{ sets: { flag: string; abi: string; default_from: string | null }[] }>(
        '/v1/sets',
      );
      const defaults = sets.filter((set) => set.abi === abi && set.default_from !== null);
      return Promise.all(
        defaults.map(async ({ flag }) => (await askJson<PackageSet>(`/v1/sets/${flag}`)).packages),
      );
    };
    // Every package of the defaults of an ABI, and more.
    const newest = new Map((await names('2025_0')).flat().map((member) => [member.name, member]));
    const packages = [...newest.values()].filter(({ url }) => url !== null);
    const lossOf = async (document: PackageSet) =>
      (await problemOf(document)).errors.map(({ code, message }) => [code, message]);
    const own = (day: string, default_from: string, extra: Pin[]) => ({
      ...{ ...setOn(day, extra), default_from },
      packages: [...packages, ...setOf(extra).packages].sort((a, b) => (a.name < b.name ? -1 : 1)),
    });
    const more = wheel('zzz-more', { filename: 'zzz_more-1.0-py3-none-any.whl' });
    const late = own('2026-10-25', addDays(today, 40), [more]);
    expect(await lossOf(late)).toEqual([
      [
        'unseen_default',
        expect.stringMatching(/ no published evidence says that .* can be imported from it\.$/),
      ],
    ]);
    // The same files, which can be run as they are no default.
    const ran = { ...own('2026-10-15', '', []), default_from: null };
    await publishes(ran);
    const done = { ms: 1, mib: 1, error: null };
    const evidence = (except: string): EvidenceDocument => ({
      ...{ kind: 'evidence', set: ran.flag, digest: '', runtime: ran.runtime, ground: 'pyodide' },
      ...{ programs: {}, day: today },
      results: ran.packages.map(({ name, version, sha256, imports }) => ({
        ...{ name, version, sha256, load: done, lacks: [], at_import: [], smoke: null },
        imports: imports.map((module) => ({
          ...{ module, ...done },
          error: name === except ? { type: 'ImportError', message: 'no' } : null,
        })),
      })),
    });
    const { digest } = await askJson<{ digest: string }>(`/v1/sets/${ran.flag}`);
    await publishes({ ...evidence('numpy'), digest });
    expect((await lossOf(late)).map(([, message]) => message)).toEqual([
      `${late.flag} is to be a default, but no published evidence says that numpy can be imported from it.`,
    ]);
    await publishes({ ...evidence(''), digest });
    // Evidence is about bytes on one runtime.
    const elsewhere = await lossOf({ ...late, runtime: '0.29.1' });
    expect(elsewhere.map(([code]) => code)).toEqual(['unseen_default']);
    await publishes(late);
    // The later one has more.
    const early = own('2026-10-26', addDays(today, 20), []);
    await publishes(early);
    // The later one has less.
    const extra = wheel('zzz-other', { filename: 'zzz_other-1.0-py3-none-any.whl' });
    const between = own('2026-10-27', addDays(today, 30), [extra]);
    expect(await lossOf(between)).toEqual([
      [
        'takes_away',
        `${between.flag} is to be a default, but from ${late.default_from} on, when ${late.flag} is the default, zzz-other 1.0 of ${between.flag} is missing.`,
      ],
    ]);
    // Yanked from a day on, it is the default until then.
    await publishes({
      ...{ kind: 'yank', subject: late.flag, sha256: null, reason: 'A test.' },
      from: addDays(today, 60),
    });
    const without = own('2026-10-28', addDays(today, 50), []);
    expect(await lossOf(without)).toEqual([
      ['takes_away', `${without.flag} is to be a default, but zzz-more 1.0 of ${late.flag} is missing.`],
    ]);
    expect((await send({ ...without, default_from: addDays(today, 60) }, '?dry_run=true')).status).toBe(200);
  });
});

test('no rejected document is in the log', async () => {
  const before = await headOf();
  await send(setOf([]));
  expect(await headOf()).toBe(before);
});

describe('a publication', () => {
  const base = 'https://pinwheel.test/';
  const get = transport((url, init) => ask(url, init), 30_000);
  const python = documentBy('3.13');
  const set = setOn('2026-11-07', [wheel('verified')]);
  /** R2's content, read without the routes, which would repair it. */
  const stored = async () => {
    const { publication, checkpoint } = (await readStoredHead(env.STORE, null))!.newest;
    return [Number(checkpoint!.split('\n')[1]), publication.revision];
  };

  test('of any kind is in the log that clients verify', async () => {
    const reason = 'It is a test.';
    const { filename, sha256: hash } = set.packages[0]!;
    const later = { ...python, supported_until: '2029-10-09' };
    const publish = async (document: object) => {
      const revision = await publishes(document);
      expect(await stored()).toEqual([revision, revision]);
      return revision;
    };
    await publish(set);
    await publish({ kind: 'yank', subject: filename, sha256: hash, reason, from: today });
    const revision = await publish(announce(later, '2029-10-07'));
    await publish(withdraw(revision));
    await publish(correct(later));

    const key = await readLogKey((await page('/log/key')).trim());
    const { checkpoint } = await getCheckpoint(base, get, key);
    const bundle = await ask(`/log/tile/entries/000.p/${checkpoint.size}`);
    const entries = readEntryBundle(new Uint8Array(await bundle.arrayBuffer()))!.map(
      (entry) => JSON.parse(new TextDecoder().decode(entry)) as LogEntry,
    );
    expect(checkpoint).toMatchObject({ size: revision + 2, root: (await logTree(entries)).root });
    let replayed = emptyCatalog;
    let table = emptyTable;
    for (const entry of entries) {
      const content = await askJson<RegistryDocument>(`/v1/documents/${entry.digest}`);
      const openSet = (head: { digest: string }) => askJson<PackageSet>(`/v1/documents/${head.digest}`);
      ({ after: replayed, table } = await changeOf(replayed, content, entry, table, openSet));
    }
    expect(replayed.log.map(({ root: _, ...entry }) => entry)).toEqual(entries);
    expect(await askJson('/v1/catalog')).toEqual(replayed);
  });

  test('is not overwritten if the database has lost it', async () => {
    const { results } = await env.DB.prepare(
      'select * from publications order by revision desc limit 1',
    ).all();
    const { revision } = results[0]!;
    await env.DB.prepare('delete from publications where revision = ?').bind(revision).run();
    const conflict = await send(setOf([wheel('forked')]));
    expect([conflict.status, await conflict.json()]).toMatchObject([
      503,
      { code: 'storage_unavailable', detail: expect.stringContaining(`R2 has signed revision ${revision}`) },
    ]);
    expect(await stored()).toEqual([revision, revision]);
  });

  test('nor if the database has another one instead', async () => {
    const { publication } = (await readStoredHead(env.STORE, null))!.newest;
    const { revision, day, kind, name, digest, index } = publication;
    await env.DB.prepare(
      'insert into publications (revision, day, kind, name, digest, "index", root) values (?, ?, ?, ?, ?, ?, ?)',
    )
      .bind(revision, day, kind, name, digest, index, 'f'.repeat(64))
      .run();
    await expect(readWhole(env)).rejects.toThrow(`D1 has another revision ${revision} than R2 has signed`);
    await env.DB.prepare('update publications set root = ? where revision = ?')
      .bind(publication.root, revision)
      .run();
    expect((await readWhole(env)).log.at(-1)).toEqual(publication);
  });
});
