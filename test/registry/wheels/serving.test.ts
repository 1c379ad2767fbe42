/** Serving files from R2, also if R2 or D1 fails or was changed. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Bindings } from '../../../registry/env.ts';
import { putWheel } from '../../../registry/storage/wheels.ts';
import { sha256 as sha256Of } from '../../../resolver/digest.ts';
import { TEST_FLAG } from '../../test-set.ts';
import { makeWheel, makeZip, metadataOf, utf8 } from '../../zip.ts';
import { ask, askJson, gone } from '../client.ts';
import { type PlantedFile, plantFiles } from './plant.ts';

const NAMES = ['good', 'range', 'forgotten', 'overwritten', 'claimed', 'metadata', 'missing', 'local+1'];
const withoutD1: Bindings = { ...env, DB: gone('D1') };
const withoutR2: Bindings = { ...env, STORE: gone('R2') };

const files = new Map<string, PlantedFile>();
const fileOf = (name: string) => files.get(name)!;
const keyOf = (name: string) => `wheels/${fileOf(name).sha256}`;

beforeAll(async () => {
  const wheels = NAMES.map((name) => {
    const [project, local] = name.split('+');
    const version = local ? `1.0+pinwheel.${local}` : '1.0';
    return { filename: `${project}-${version}-py3-none-any.whl`, bytes: makeWheel(project!, version) };
  });
  const archives = ['a-1.tar.gz', 'b-1.zip', 'c-1.tar', 'd-1.html', 'e-1'].map((filename) => ({
    filename,
    bytes: utf8(`<h1>${filename}</h1>`),
  }));
  const empty = { filename: 'empty-1', bytes: new Uint8Array() };
  const planted = await plantFiles([...wheels, ...archives, empty]);
  for (const [at, file] of planted.entries()) files.set(NAMES[at] ?? file.filename, file);
});
afterEach(() => vi.restoreAllMocks());

const IMMUTABLE = {
  'cache-control': 'public, max-age=31536000, immutable',
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff',
};

describe('a file', () => {
  test('is sent whole, and is immutable', async () => {
    const { path, bytes, sha256 } = fileOf('good');
    const response = await ask(path);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...IMMUTABLE,
      'content-type': 'application/octet-stream',
      'content-length': String(bytes.length),
      etag: `"${sha256}"`,
      'accept-ranges': 'bytes',
    });
    expect(response.headers.get('access-control-expose-headers')).toMatch(/ETag/);
    expect(response.headers.get('access-control-expose-headers')).toMatch(/Content-Length, Content-Range/);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  test('changes no answer by being stored: a size follows from a published document alone', async () => {
    const { size } = await askJson<{ size: number | null }>(`/v1/sets/${TEST_FLAG}/packages/good`);
    expect(size).toBeNull();
  });

  test('whose name has to be encoded', async () => {
    const { path, bytes } = fileOf('local+1');
    for (const written of [path, path.replace('+', '%2B')]) {
      expect((await (await ask(written)).arrayBuffer()).byteLength).toBe(bytes.length);
    }
  });

  test.each([
    ['a-1.tar.gz', 'application/gzip'],
    ['b-1.zip', 'application/zip'],
    ['c-1.tar', 'application/x-tar'],
    ['d-1.html', 'application/octet-stream'],
    ['e-1', 'application/octet-stream'],
  ])('%s is sent as %s, and is not a wheel', async (name, contentType) => {
    const { path } = fileOf(name);
    expect((await ask(path)).headers.get('content-type')).toBe(contentType);
    const response = await ask(`${path}.metadata`);
    expect([response.status, await response.json()]).toMatchObject([404, { code: 'no_metadata' }]);
  });

  test('HEAD has the same headers without the bytes, and no ranges', async () => {
    const { path } = fileOf('good');
    const [whole, head] = [
      await ask(path),
      await ask(path, { method: 'HEAD', headers: { range: 'bytes=0-0' } }),
    ];
    expect(head.status).toBe(200);
    expect([...head.headers]).toEqual([...whole.headers]);
    expect(await head.text()).toBe('');
    await whole.body?.cancel();
  });

  test('may be read from other origins, with ranges', async () => {
    const headers = {
      origin: 'https://example.com',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'range,if-none-match',
    };
    const response = await ask(fileOf('good').path, { method: 'OPTIONS', headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-headers')).toMatch(/range/);
  });
});

describe('If-None-Match', () => {
  const status = async (header: string, method = 'GET') => {
    const { path, sha256 } = fileOf('good');
    const tag = header.replaceAll('TAG', sha256);
    const response = await ask(path, { method, headers: { 'if-none-match': tag } });
    if (response.status === 304) {
      expect(Object.fromEntries(response.headers)).toMatchObject({ ...IMMUTABLE, etag: `"${sha256}"` });
      expect(await response.text()).toBe('');
    } else await response.body?.cancel();
    return response.status;
  };

  test.each(['"TAG"', 'W/"TAG"', '"other", "TAG"', '"other" , W/"TAG"', '*', ' * '])(
    '%s: not modified',
    async (header) => {
      expect([await status(header), await status(header, 'HEAD')]).toEqual([304, 304]);
    },
  );

  test.each(['"other"', 'TAG', '"TAG', 'TAG"', '"TAG-gzip"', '', ',', '"*"', 'w/"TAG"'])(
    '%s: all of it',
    async (header) => expect(await status(header)).toBe(200),
  );

  test('comes before Range', async () => {
    const { path, sha256 } = fileOf('good');
    const response = await ask(path, {
      headers: { 'if-none-match': `"${sha256}"`, range: 'bytes=9999999-' },
    });
    expect(response.status).toBe(304);
  });
});

describe('Range', () => {
  const get = (range: string, rest: Record<string, string> = {}, name = 'range') =>
    ask(fileOf(name).path, { headers: { range, ...rest } });
  const isAll = async (response: Response) => {
    expect(response.status).toBe(200);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(fileOf('range').bytes);
  };

  test.each<[range: string, first: number, last?: number]>([
    ['bytes=0-0', 0, 0],
    ['bytes=10-19', 10, 19],
    ['bytes=100-', 100],
    ['bytes=0-', 0],
    ['bytes=-1', -1],
    ['bytes=-22', -22],
    ['bytes=-99999999', 0],
    ['bytes=50-99999999999999999999999', 50],
    ['BYTES=1-2', 1, 2],
    ['bytes= 1-2 ', 1, 2],
  ])('%s', async (range, first, last) => {
    const { bytes, sha256 } = fileOf('range');
    const expected = bytes.slice(first, last === undefined ? undefined : last + 1);
    const response = await get(range);
    expect(response.status).toBe(206);
    const start = first < 0 ? bytes.length + first : first;
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...IMMUTABLE,
      etag: `"${sha256}"`,
      'content-length': String(expected.length),
      'content-range': `bytes ${start}-${start + expected.length - 1}/${bytes.length}`,
    });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(expected);
  });

  const { length } = makeWheel('range', '1.0');
  test.each([
    ...[`bytes=${length}-`, 'bytes=100000-200000', 'bytes=-0', 'bytes=99999999999999999999999-'].map(
      (range) => [range, 'range', length] as const,
    ),
    ['bytes=0-', 'empty-1', 0],
    ['bytes=-1', 'empty-1', 0],
  ] as const)('%s of the file %s: 416', async (range, name, size) => {
    const response = await get(range, {}, name);
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${size}`);
    expect(await response.json()).toMatchObject({ code: 'range_not_satisfiable' });
  });

  test.each([
    ...['', ...'bytes bytes= bytes=- bytes=a-b bytes=5-3 bytes=0-0,2-3 bytes=1-2,x bytes=1-2,'.split(' ')],
    ...'lines=0-1 bytes=0x0-0x1 bytes=1.5-2'.split(' '),
  ])('%j is not a range of bytes, and is ignored', async (range) => isAll(await get(range)));

  test('If-Range of these bytes', async () => {
    const response = await get('bytes=0-0', { 'if-range': `"${fileOf('range').sha256}"` });
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([206, 1]);
  });

  test.each(['"abd"', 'W/"TAG"', 'TAG', '*', 'Fri, 20 Nov 2026 00:00:00 GMT', ''])(
    'If-Range: %j is of other bytes, or invalid: all is sent',
    async (given) =>
      isAll(await get('bytes=0-0', { 'if-range': given.replace('TAG', fileOf('range').sha256) })),
  );
});

describe('METADATA', () => {
  test('is immutable, with its own hash as ETag', async () => {
    const { path } = fileOf('metadata');
    const expected = metadataOf('metadata', '1.0');
    for (const _ of ['first', 'then']) {
      const response = await ask(`${path}.metadata`);
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        ...IMMUTABLE,
        'content-type': 'text/plain; charset=utf-8',
        'content-length': String(expected.length),
      });
      expect(await response.text()).toBe(expected);
      const etag = response.headers.get('etag')!;
      const again = await ask(`${path}.metadata`, { headers: { 'if-none-match': etag } });
      expect([again.status, again.headers.get('etag')]).toEqual([304, etag]);
    }
    const head = await ask(`${path}.metadata`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(expected.length)]);
    expect(head.headers.get('etag')).toBe(`"${await sha256Of(expected)}"`);
  });

  test('is that of the wheel, whatever lies beside it', async () => {
    const { path, sha256 } = fileOf('metadata');
    const bytes = utf8('Name: evil');
    const hash = await crypto.subtle.digest('SHA-256', bytes);
    await env.STORE.put(`metadata/${sha256}`, bytes, { sha256: hash });
    expect(await (await ask(`${path}.metadata`)).text()).toBe(metadataOf('metadata', '1.0'));
  });
});

describe('a corrupted object', () => {
  const evil = makeZip([{ name: 'evil.py', data: utf8('import os') }]);

  test.each([
    ['put by somebody', {}],
    [
      'put with what the registry notes',
      { customMetadata: { filename: 'overwritten-1.0-py3-none-any.whl' } },
    ],
  ])('%s is never served', async (_, options) => {
    const { path, bytes, sha256, filename } = fileOf('overwritten');
    await putWheel(env.STORE, { sha256, filename, url: null }, bytes);
    expect(new Uint8Array(await (await ask(path)).arrayBuffer())).toEqual(bytes);
    await env.STORE.put(keyOf('overwritten'), evil, options);
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    for (const init of [{}, { method: 'HEAD' }, { headers: { range: 'bytes=0-9' } }]) {
      const response = await ask(path, init);
      expect(response.status).toBe(502);
      await response.body?.cancel();
    }
    expect(logged.mock.calls.flat().join()).toContain(`wheels/${sha256} in R2 is corrupted`);
  });

  test('with the right size and its own hash is never served', async () => {
    const { path, bytes } = fileOf('claimed');
    const other = bytes.with(60, bytes[60]! ^ 1) as Uint8Array<ArrayBuffer>;
    const hash = await crypto.subtle.digest('SHA-256', other);
    await env.STORE.put(keyOf('claimed'), other, { sha256: hash });
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const problem = await askJson<{ code: string; detail: string }>(path);
    expect(problem.code).toBe('upstream_failed');
    // The log line names the file, the URL and the reason.
    const line = warned.mock.calls.flat().join(' ');
    for (const part of [problem.detail.slice(0, -1), fileOf('claimed').filename, fileOf('claimed').sha256]) {
      expect(line).toContain(part);
    }
  });

  test('is not accepted by R2, if R2 gets the hash', async () => {
    const { sha256 } = fileOf('good');
    await expect(env.STORE.put(keyOf('good'), evil, { sha256 })).rejects.toThrow('10037');
    expect((await ask(fileOf('good').path)).status).toBe(200);
  });
});

describe('without D1', () => {
  test('stored files are served', async () => {
    const { path, bytes } = fileOf('forgotten');
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const response = await ask(path, {}, withoutD1);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect((await ask(path, { method: 'HEAD' }, withoutD1)).status).toBe(200);
    expect((await ask(path, { headers: { range: 'bytes=0-0' } }, withoutD1)).status).toBe(206);
  });

  test('only under their names', async () => {
    const response = await ask(`/wheels/${fileOf('forgotten').sha256}/other.whl`, {}, withoutD1);
    expect([response.status, await response.json()]).toMatchObject([404, { code: 'unknown_wheel' }]);
  });

  test('other files are fetched as always', async () => {
    const { path, sha256 } = fileOf('missing');
    await env.STORE.delete(`wheels/${sha256}`);
    const response = await ask(path, {}, withoutD1);
    expect([response.status, await response.json()]).toMatchObject([502, { code: 'upstream_failed' }]);
  });

  test('files that were stored meanwhile are served', async () => {
    const { path, bytes, sha256 } = fileOf('missing');
    vi.spyOn(console, 'error').mockImplementation(() => {});
    await env.STORE.put(`wheels/${sha256}`, bytes, { sha256 });
    expect(new Uint8Array(await (await ask(path, {}, withoutD1)).arrayBuffer())).toEqual(bytes);
  });
});

test('without R2, files are unavailable for now, and those of clients stay valid', async () => {
  const { path, sha256 } = fileOf('good');
  // It has read which files there are.
  await ask(path);
  for (const wanted of [path, `${path}.metadata`]) {
    const response = await ask(wanted, {}, withoutR2);
    expect([response.status, await response.json()]).toMatchObject([503, { code: 'storage_unavailable' }]);
  }
  const held = await ask(path, { headers: { 'if-none-match': `"${sha256}"` } }, withoutR2);
  expect(held.status).toBe(304);
});

const hash = 'a'.repeat(64);
test.each([
  `/wheels/${hash}/${encodeURIComponent('../../etc/passwd')}`,
  `/wheels/${hash}/%00`,
  `/wheels/${hash}/%ff`,
  `/wheels/${hash}/%`,
  `/wheels/${hash}/${'a'.repeat(10_000)}.whl`,
  `/wheels/${hash}/${encodeURIComponent('ｘ-1.0-py3-none-any.whl')}`,
  `/wheels/${hash}/${encodeURIComponent("x' or 1=1 --.whl")}`,
  `/wheels/${hash}/.metadata`,
  `/wheels/${hash}/`,
  `/wheels/${hash}`,
  `/wheels/${hash.toUpperCase()}/x.whl`,
  `/wheels/${'a'.repeat(63)}/x.whl`,
  `/wheels/${hash}a/x.whl`,
  `/wheels/${hash}/x.whl/y`,
])('paths that name no file: %s', async (path) => {
  const response = await ask(path);
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
});
