/** `/v1/memory`: publishing memory of packages, what is rejected, and what was changed in R2. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { makeToken } from '../../registry/publish/access/token.ts';
import { concat, encode } from '../../resolver/bytes.ts';
import { sha256 } from '../../resolver/digest.ts';
import { generateNoteKey, openNote, readVerifier } from '../../resolver/log/note.ts';
import { keyOfMemory, MOST_FILE, MOST_HEADER, madeFrom, readStatement } from '../../runtime/memory-file.ts';
import { ask } from './client.ts';
import { tokenFor } from './token-for.ts';

interface Made {
  key: string;
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
}

let token: string;
beforeAll(async () => {
  token = await tokenFor(['memory']);
});
let logged: MockInstance;
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  logged = vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

const NO_HASH = '0'.repeat(64);

const headerOf = (name: string) => ({
  ...madeFrom('1.5.7', [name]),
  outcome: {
    ok: true,
    compiled: ['AGFzbQEAAAA='],
    snapshot: {
      libraries: { loads: [], handles: [], table: 1, free: [] },
      references: [],
      size: 65_536,
      runs: [
        [0, 2],
        [4, 1],
      ],
      sha256: NO_HASH,
    },
    remarks: [],
    names: [name],
  },
  pages: { size: 12_288, sha256: NO_HASH },
});
type Header = ReturnType<typeof headerOf>;

async function made(header: Header, pages = encode(`pages of ${header.inputs}`)): Promise<Made> {
  const bytes = concat([encode(`${JSON.stringify(header)}\n`), pages]);
  return { key: await keyOfMemory(header), bytes, sha256: await sha256(bytes) };
}

const pathOf = ({ key, sha256 }: Pick<Made, 'key' | 'sha256'>) => `/v1/memory/${key}/${sha256}`;

function send(one: Made, change: { credential?: string | null; length?: number | null } = {}) {
  const { credential = token, length = one.bytes.length } = change;
  const headers: Record<string, string> = {
    ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
    ...(length === null ? {} : { 'content-length': String(length) }),
  };
  return ask(pathOf(one), { method: 'POST', headers, body: one.bytes });
}

const problemOf = async (response: Promise<Response>) => {
  const { status, code, detail } = await (await response).json<{
    status: number;
    code: string;
    detail: string;
  }>();
  return [status, code, detail];
};
const isStored = async ({ key }: Made) => (await env.STORE.head(`memory/${key}`)) !== null;
const statuses = (one: Made) =>
  Promise.all([`/v1/memory/${one.key}`, pathOf(one)].map(async (path) => (await ask(path)).status));

describe('memory', () => {
  test('is published once, and served with a statement that the key of the log signs', async () => {
    const one = await made(headerOf('served'));
    const { key, bytes } = one;
    expect(await statuses(one)).toEqual([404, 404]);
    const { size } = { size: bytes.length };
    const outcome = { key, sha256: one.sha256, size };
    const published = await send(one);
    expect([published.status, await published.json()]).toEqual([201, { status: 'published', ...outcome }]);
    const again = await send(one);
    expect([again.status, await again.json()]).toEqual([200, { status: 'unchanged', ...outcome }]);

    const logKey = await readVerifier(await (await ask('/log/key')).text());
    const note = await ask(`/v1/memory/${key}`);
    expect(readStatement((await openNote(await note.text(), logKey!))!)).toEqual(outcome);
    const etag = note.headers.get('etag')!;
    expect(note.headers.get('cache-control')).not.toContain('immutable');
    const known = await ask(`/v1/memory/${key}`, { headers: { 'if-none-match': etag } });
    expect(known.status).toBe(304);

    const file = await ask(pathOf(one));
    expect(Object.fromEntries(file.headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-length': String(size),
      etag: `"${one.sha256}"`,
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
    });
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
    const head = await ask(pathOf(one), { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      String(size),
      '',
    ]);
    const part = await ask(pathOf(one), { headers: { range: 'bytes=2-5' } });
    expect(part.status).toBe(206);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.subarray(2, 6));
    const same = await ask(pathOf(one), { headers: { 'if-none-match': `"${one.sha256}"` } });
    expect(same.status).toBe(304);
    expect((await ask(pathOf({ key, sha256: NO_HASH }))).status).toBe(404);
  });

  test('of several megabytes is stored as it arrives', async () => {
    const pages = new Uint8Array(5_000_000).map((_, at) => at * 31);
    const one = await made(headerOf('large'), pages);
    expect((await send(one)).status).toBe(201);
    expect(await sha256(new Uint8Array(await (await ask(pathOf(one))).arrayBuffer()))).toBe(one.sha256);
  });

  test('of one key has the same bytes for ever', async () => {
    const one = await made(headerOf('first'));
    expect((await send(one)).status).toBe(201);
    const other = await made(headerOf('first'), encode('other pages'));
    expect(other.key).toBe(one.key);
    const [status, code, detail] = await problemOf(send(other));
    expect([status, code]).toEqual([409, 'conflict']);
    expect(detail).toContain(one.sha256);
    expect(detail).toContain(other.sha256);
    expect(new Uint8Array(await (await ask(pathOf(one))).arrayBuffer())).toEqual(one.bytes);
  });

  test('that two publish at once is that of one of them', async () => {
    const both = await Promise.all(['one', 'other'].map((text) => made(headerOf('race'), encode(text))));
    const sent = await Promise.all(both.map(async (one) => (await send(one)).status));
    expect(sent.toSorted()).toEqual([201, 409]);
    const winner = both[sent.indexOf(201)]!;
    expect(new Uint8Array(await (await ask(pathOf(winner))).arrayBuffer())).toEqual(winner.bytes);
  });
});

describe('is rejected, and nothing is stored:', () => {
  test('memory without a token, with an unknown one, or with one for other things', async () => {
    const one = await made(headerOf('tokens'));
    const unknown = (await makeToken()).token;
    const other = await tokenFor(['set', 'workerd', 'python', 'yank', 'correction']);
    expect((await problemOf(send(one, { credential: null }))).slice(0, 2)).toEqual([401, 'missing_token']);
    expect((await problemOf(send(one, { credential: unknown }))).slice(0, 2)).toEqual([401, 'invalid_token']);
    expect(await problemOf(send(one, { credential: other }))).toEqual([
      403,
      'missing_scope',
      'The token is for set, workerd, python, yank, correction, not for memory.',
    ]);
    expect(await isStored(one)).toBe(false);
  });

  test('a token for memory as one for a set', async () => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ kind: 'set' });
    expect((await ask('/v1/publications', { method: 'POST', headers, body })).status).toBe(403);
  });

  test('memory without a size, or that is too large', async () => {
    const one = await made(headerOf('sizes'));
    expect((await problemOf(send(one, { length: null })))[1]).toBe('invalid_question');
    expect((await problemOf(send(one, { length: 0 })))[1]).toBe('invalid_question');
    expect((await problemOf(send(one, { length: MOST_FILE + 1 }))).slice(0, 2)).toEqual([
      413,
      'body_too_large',
    ]);
    expect(await isStored(one)).toBe(false);
  });

  test('memory that ends early, or is longer than announced', async () => {
    const one = await made(headerOf('truncated'));
    for (const length of [one.bytes.length + 1, one.bytes.length - 1]) {
      const [status, , detail] = await problemOf(send(one, { length }));
      expect([status, detail]).toEqual([422, `The file has ${one.bytes.length} bytes, not ${length}.`]);
      expect(await isStored(one)).toBe(false);
    }
  });

  test('an address without digests', async () => {
    const one = await made(headerOf('addresses'));
    for (const change of [{ key: 'x' }, { sha256: one.sha256.toUpperCase() }]) {
      expect((await problemOf(send({ ...one, ...change })))[0]).toBe(400);
    }
    expect((await ask('/v1/memory/x')).status).toBe(404);
  });

  test('bytes with another SHA-256', async () => {
    const one = await made(headerOf('bytes'));
    const [status, code, detail] = await problemOf(send({ ...one, sha256: NO_HASH }));
    expect([status, code]).toEqual([422, 'refused_publication']);
    expect(detail).toContain('does not have the SHA-256');
    expect(await isStored(one)).toBe(false);
  });

  const changes: [string, string, (header: Header) => unknown][] = [
    ['of another format', 'wrong format', (header) => ({ ...header, format: 2 })],
    ['made from other things', 'has the key', (header) => ({ ...header, inputs: ['other'] })],
    ['with more', 'Unrecognized key', (header) => ({ ...header, more: 1 })],
    [
      'with pages that decompress to more than an isolate has',
      'wrong pages.size',
      (header) => ({ ...header, pages: { ...header.pages, size: 1 << 30 } }),
    ],
    [
      'with a module that is not Base64',
      'wrong outcome.compiled.0',
      (header) => ({ ...header, outcome: { ...header.outcome, compiled: ["', evil, '"] } }),
    ],
    [
      'with pages beyond its end',
      'has pages beyond its end',
      ({ outcome, ...header }) => ({
        ...header,
        outcome: { ...outcome, snapshot: { ...outcome.snapshot, runs: [[15, 3]] } },
      }),
    ],
    [
      'with other pages than it lists',
      'has other pages than its snapshot',
      (header) => ({ ...header, pages: { ...header.pages, size: 4_096 } }),
    ],
  ];
  test.each(changes)('a header %s', async (name, says, change) => {
    const header = headerOf(name);
    const key = await keyOfMemory(header);
    const one = { ...(await made(change(header) as Header)), key };
    const [status, , detail] = await problemOf(send(one));
    expect([status, detail]).toEqual([422, expect.stringContaining(says)]);
    expect(await isStored(one)).toBe(false);
  });

  test.each([
    ['that is not JSON', encode('{"format":1\nrest'), 'line of JSON'],
    ['that is not UTF-8', Uint8Array.of(0x22, 0xff, 0x22, 0x0a), 'line of JSON'],
    ['without an end', encode('{"format":1}'), `line of ${MOST_HEADER} bytes`],
    ['that is too long', encode(`${' '.repeat(MOST_HEADER + 1)}\n`), `line of ${MOST_HEADER} bytes`],
  ])('a header %s', async (_, bytes, says) => {
    const own = new Uint8Array(bytes);
    const one = { key: NO_HASH, bytes: own, sha256: await sha256(own) };
    const [status, , detail] = await problemOf(send(one));
    expect([status, detail]).toEqual([422, expect.stringContaining(says)]);
    expect(await isStored(one)).toBe(false);
  });
});

describe('memory that was changed in R2', () => {
  const changes: [string, (one: Made, note: string) => Promise<[Uint8Array, R2PutOptions]>][] = [
    ['by one bit', async ({ bytes }, note) => [flipped(bytes), { customMetadata: { note } }]],
    [
      'by one bit, with the hash of the result',
      async ({ bytes }, note) => {
        const other = flipped(bytes);
        return [other, { customMetadata: { note }, sha256: await sha256(other) }];
      },
    ],
    [
      'by one bit of its statement',
      async ({ bytes, sha256 }, note) => {
        const other = atob(note);
        const at = other.lastIndexOf('=') - 20;
        const changed = `${other.slice(0, at)}${other[at] === 'A' ? 'B' : 'A'}${other.slice(at + 1)}`;
        return [bytes, { customMetadata: { note: btoa(changed) }, sha256 }];
      },
    ],
    ['by its statement', async ({ bytes, sha256 }) => [bytes, { sha256 }]],
    [
      'to that of another key',
      async (_, note) => {
        const other = await made(headerOf('other key'));
        return [other.bytes, { customMetadata: { note }, sha256: other.sha256 }];
      },
    ],
  ];
  test.each(changes)('%s is not served, and may be published again', async (name, change) => {
    const one = await made(headerOf(name));
    expect((await send(one)).status).toBe(201);
    const { note = '' } = (await env.STORE.head(`memory/${one.key}`))!.customMetadata!;
    const [bytes, options] = await change(one, note);
    await env.STORE.put(`memory/${one.key}`, bytes, options);
    expect(await statuses(one)).toEqual([404, 404]);
    expect(logged.mock.calls.flat().join()).toContain(`memory/${one.key} in R2 is corrupted`);
    expect((await send(one)).status).toBe(201);
    expect(await statuses(one)).toEqual([200, 200]);
  });

  const flipped = (bytes: Uint8Array) => bytes.with(bytes.length - 3, bytes.at(-3)! ^ 1);
});

test('a registry serves nothing that another key has signed, and without a key it signs nothing', async () => {
  const one = await made(headerOf('key'));
  expect((await send(one)).status).toBe(201);
  const { signing } = await generateNoteKey('pinwheel.test/log');
  const path = `/v1/memory/${one.key}`;
  expect((await ask(path, {}, { ...env, LOG_KEY: signing })).status).toBe(404);
  const headers = { authorization: `Bearer ${token}`, 'content-length': String(one.bytes.length) };
  const init = { method: 'POST', headers, body: one.bytes };
  const { LOG_KEY: _, ...unsigned } = env as typeof env & { LOG_KEY: string };
  for (const asked of [ask(path, {}, unsigned), ask(pathOf(one), init, unsigned)]) {
    expect((await problemOf(asked)).slice(0, 2)).toEqual([404, 'no_checkpoint']);
  }
});
