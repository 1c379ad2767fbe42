/** The wheel store: a real registry, and an upstream on this machine that serves real wheels, or misbehaves. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { ending, newFolder } from '../common/own.ts';
import { type Pin, packageSetOf } from '../test-set.ts';
import { makeWheel, metadataOf } from '../zip.ts';
import { downloadWheel } from './pip-wheels.ts';
import {
  type Behaviour,
  chunked,
  cutAfter,
  endless,
  file,
  redirect,
  sendFile,
  stallAfter,
  startUpstream,
  status,
} from './upstream.ts';

const MEGABYTE = 1_000_000;

/** A pinned file, and the bytes that are pinned. */
interface Pinned extends Pin {
  bytes: Uint8Array;
}

const state = newFolder();
const upstream = ending(await startUpstream());
let registry: LocalRegistry;
const pinned = new Map<string, Pinned>();

const REAL = { httpx: 'httpx==0.28.1', setuptools: 'setuptools==80.9.0' };

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Pins a file under the upstream's `/NAME`, where it is served well until the test says otherwise. */
function pin(name: string, rest: Partial<Pinned> = {}): Pinned {
  const project = projectOf(name);
  const bytes = rest.bytes ?? makeWheel(project, '1.0');
  const url = `${upstream.origin}/${name}`;
  const made = { filename: `${project}-1.0-py3-none-any.whl`, sha256: sha256(bytes), url, bytes, ...rest };
  upstream.files.set(`/${name}`, bytes);
  pinned.set(name, made);
  return made;
}

/** As a file name has to write it. */
const projectOf = (name: string) => name.replaceAll('-', '_');
const pinOf = (name: string) => pinned.get(name)!;
const pathOf = ({ sha256, filename }: Pin) => `/wheels/${sha256}/${filename}`;
const get = (path: string, init?: RequestInit) => fetch(new URL(path, registry.url), init);
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

/** Whether a GET returns exactly a file's bytes. */
async function arrives(wheel: Pinned): Promise<boolean> {
  const response = await get(pathOf(wheel));
  return response.status === 200 && (await bytesOf(response)).equals(wheel.bytes);
}

const askedFor = (name: string) => upstream.requests.filter((path) => path === `/${name}`).length;

async function problemOf(wheel: Pin): Promise<{ status: number; code: string; detail: string }> {
  const response = await get(pathOf(wheel));
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  return (await response.json()) as { status: number; code: string; detail: string };
}

/** What the storage has of a file, in R2 and in D1. */
async function storedOf({ sha256 }: Pin) {
  const store = (await registry.miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
  const { objects } = await store.list();
  const db = await registry.miniflare.getD1Database('DB');
  const row = await db.prepare('select * from wheels where sha256 = ?').bind(sha256).first();
  const keys = objects.map(({ key }) => key).filter((key) => key.includes(sha256) || /^incoming/.test(key));
  return { keys, row };
}
const NOTHING = { keys: [], row: null };

async function start(): Promise<LocalRegistry> {
  const pins = [...pinned.values()].map(({ bytes: _, ...one }) => one);
  // The second set pins one of the same files, from another place.
  const elsewhere = { ...pinOf('elsewhere'), url: `${upstream.origin}/there` };
  const { bytes: _, ...again } = elsewhere;
  return startLocalRegistry({
    unchecked: true,
    persist: state,
    documents: [
      { document: packageSetOf(pins), day: '2026-11-01' },
      { document: packageSetOf([again], 'python_3.13_packages_2026_11_02'), day: '2026-11-02' },
    ],
  });
}

/** Each row: the behaviour of the upstream, and the registry's problem. */
const misdeeds: [name: string, does: (bytes: Uint8Array) => Behaviour, says: string][] = [
  ['other-bytes', (bytes) => file(bytes.with(100, bytes[100]! ^ 1)), 'sent other bytes than those pinned'],
  ['other-bytes-chunked', (bytes) => chunked(bytes.with(9, 9)), 'sent other bytes than those pinned'],
  ['nothing', () => file(new Uint8Array(0)), 'sent other bytes than those pinned'],
  ['html-page', () => status(200, { 'content-type': 'text/html' }, '<h1>Oops</h1>'), 'sent other bytes'],
  ['cut-off', (bytes) => file(bytes.subarray(0, -1)), 'sent other bytes than those pinned'],
  ['breaks', (bytes) => cutAfter(bytes.length / 2), 'failed: '],
  ['breaks-unannounced', (bytes) => cutAfter(bytes.length / 2, false), 'failed: '],
  // One that does not say so is in pull-limits.test.ts: a busy machine takes too long to receive what is allowed.
  ['ten-gigabytes', () => endless(true), 'would send 10000000000 bytes, more than the limit of 268435456'],
  ['not-found', () => status(404), 'answered 404'],
  ['failing', () => status(500), 'answered 500'],
  ['partial', () => status(206, { 'content-range': 'bytes 0-3/4' }, 'oops'), 'answered 206'],
  ['redirects-to-nowhere', () => status(302), 'answered 302'],
  ['hangs-up', () => (response) => void response.destroy(), 'failed: '],
];

/** What redirects must not reach: test/resolver/public-host.test.ts has more hosts. */
const forbidden: [name: string, location: (origin: string) => string][] = [
  ['another-port', (origin) => origin.replace(/\d+$/, '9')],
  ['plain-http', () => 'http://example.com/x.whl'],
  ['a-file', () => 'file:///etc/passwd'],
  ['loopback', () => 'https://127.0.0.1/x.whl'],
  ['credentials', (origin) => origin.replace('http://', 'http://user:secret@')],
  ['nonsense', () => 'https://['],
];

/** Started at the beginning, because it takes long to be aborted. */
let stalling: ReturnType<typeof problemOf>;

beforeAll(async () => {
  for (const name of ['httpx', 'setuptools'] as const) {
    const { filename, bytes } = await downloadWheel(REAL[name]);
    pin(name, { filename, bytes });
  }
  for (const [name, does] of misdeeds) {
    const bytes = makeWheel(projectOf(name), '1.0', randomBytes(7 * MEGABYTE));
    upstream.at.set(`/${name}`, does(bytes));
    pin(name, { bytes });
  }
  for (const [name, location] of forbidden) {
    upstream.at.set(`/${name}`, redirect(location(upstream.origin)));
    pin(name);
  }
  for (const name of ['chunked', 'moved', 'around', 'elsewhere', 'crowd', 'deserted', 'first-head'])
    pin(name);
  for (const name of ['first-range', 'first-metadata', 'rotten', 'replaced', 'gzipped']) pin(name);
  pin('stalls', { bytes: randomBytes(1000) });
  registry = await start();

  upstream.at.set('/stalls', stallAfter(500));
  stalling = problemOf(pinOf('stalls'));
});

describe('a real wheel', () => {
  test.each(['httpx', 'setuptools'])('%s is fetched by the first request, and once', async (name) => {
    const wheel = pinOf(name);
    expect(await storedOf(wheel)).toEqual(NOTHING);
    for (const _ of [1, 2]) expect(await arrives(wheel)).toBe(true);
    expect(askedFor(name)).toBe(1);
    const { row, keys } = await storedOf(wheel);
    const { filename, url } = wheel;
    expect(row).toMatchObject({ sha256: wheel.sha256, filename, url, size: wheel.bytes.length });
    expect(keys.sort()).toEqual([`wheels/${wheel.sha256}`]);
  });

  test.each(['httpx', 'setuptools'] as const)('%s has its METADATA, as Python reads it', async (name) => {
    const { path } = await downloadWheel(REAL[name]);
    const script = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    name, = [n for n in wheel.namelist() if n.count('/') == 1 and n.endswith('.dist-info/METADATA')]
    sys.stdout.buffer.write(wheel.read(name))`;
    // Not synchronously: meanwhile, the registry may close an idle connection, of which fetch has to hear.
    const python = promisify(execFile)('python3', ['-c', script, path], { encoding: 'buffer' });
    const { stdout: metadata } = await python;
    const response = await get(`${pathOf(pinOf(name))}.metadata`);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('etag')).toBe(`"${sha256(metadata)}"`);
    expect(await bytesOf(response)).toEqual(metadata);
  });

  test('is requested from the upstream without encodings and credentials', () => {
    expect(upstream.headers).toMatchObject({ 'accept-encoding': 'identity', 'user-agent': 'pinwheel' });
    expect(upstream.headers).not.toHaveProperty('authorization');
    expect(upstream.headers).not.toHaveProperty('cookie');
  });
});

describe('first requests of other kinds', () => {
  test('HEAD', async () => {
    const wheel = pinOf('first-head');
    const response = await get(pathOf(wheel), { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(wheel.bytes.length));
    expect(response.headers.get('etag')).toBe(`"${wheel.sha256}"`);
    expect((await storedOf(wheel)).row).not.toBeNull();
  });

  test('a range', async () => {
    const wheel = pinOf('first-range');
    const response = await get(pathOf(wheel), { headers: { range: 'bytes=-22' } });
    expect(response.status).toBe(206);
    expect(await bytesOf(response)).toEqual(Buffer.from(wheel.bytes.subarray(-22)));
  });

  test('METADATA', async () => {
    const wheel = pinOf('first-metadata');
    const response = await get(`${pathOf(wheel)}.metadata`);
    expect(await response.text()).toBe(metadataOf('first_metadata', '1.0'));
    expect(await arrives(wheel)).toBe(true);
    expect(askedFor('first-metadata')).toBe(1);
  });

  test('a file that no set pins is not fetched', async () => {
    const { sha256: hash, filename } = pinOf('httpx');
    const before = upstream.requests.length;
    const paths = [
      `/wheels/${hash}/other-1.0-py3-none-any.whl`,
      `/wheels/${pinOf('elsewhere').sha256}/${filename}`,
      `/wheels/${'0'.repeat(64)}/${filename}`,
      `/wheels/${hash.toUpperCase()}/${filename}`,
      `/wheels/${hash}/${filename}.metadata.metadata`,
      `/wheels/${hash}/.metadata`,
      `/wheels/${hash}/${encodeURIComponent(`../${filename}`)}`,
    ];
    for (const path of paths) {
      const response = await get(path);
      expect([response.status, await response.json()], path).toMatchObject([404, { code: 'unknown_wheel' }]);
    }
    expect(upstream.requests.length).toBe(before);
  });
});

describe('an unusual upstream', () => {
  test('sends no length', async () => {
    const wheel = pinOf('chunked');
    upstream.at.set('/chunked', chunked(wheel.bytes));
    expect(await arrives(wheel)).toBe(true);
  });

  test('sends the length of the encoded bytes', async () => {
    const wheel = pinOf('gzipped');
    const packed = gzipSync(wheel.bytes);
    upstream.at.set('/gzipped', (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length }).end(packed),
    );
    expect(await arrives(wheel)).toBe(true);
  });

  test('redirects three times within its origin', async () => {
    const wheel = pinOf('moved');
    upstream.at.set('/moved', redirect('/moved/1', 301));
    upstream.at.set('/moved/1', redirect(`${upstream.origin}/moved/2`, 307));
    upstream.at.set('/moved/2', redirect('3', 308));
    upstream.at.set('/moved/3', file(wheel.bytes));
    expect(await arrives(wheel)).toBe(true);
  });

  test('but not more often', async () => {
    const wheel = pinOf('around');
    upstream.at.set('/around', redirect('/around'));
    expect((await problemOf(wheel)).detail).toContain('redirected more than 3 times');
    expect(askedFor('around')).toBe(4);
  });

  test('has lost the file, but another set pins the same bytes at another URL', async () => {
    const wheel = pinOf('elsewhere');
    upstream.at.set('/elsewhere', status(410));
    upstream.at.set('/there', file(wheel.bytes));
    expect(await arrives(wheel)).toBe(true);
    expect([askedFor('elsewhere'), askedFor('there')]).toEqual([1, 1]);
    expect((await storedOf(wheel)).row).toMatchObject({ url: `${upstream.origin}/there` });
  });
});

describe('an upstream that is not', () => {
  test.each(misdeeds)('%s', async (name, _does, says) => {
    const wheel = pinOf(name);
    const { status, code, detail } = await problemOf(wheel);
    expect([status, code]).toEqual([502, 'upstream_failed']);
    expect(detail).toContain(`${wheel.url} ${says}`);
    expect(await storedOf(wheel)).toEqual(NOTHING);
  });

  test.each(forbidden)('redirects to %s', async (name) => {
    const wheel = pinOf(name);
    const before = upstream.requests.length;
    const { status, detail } = await problemOf(wheel);
    expect(status).toBe(502);
    expect(detail).toMatch(/redirected to .*, which |is not a URL/);
    expect(upstream.requests.length).toBe(before + 1);
    expect(await storedOf(wheel)).toEqual(NOTHING);
  });

  test('gets no further request for a minute', async () => {
    const wheel = pinOf('breaks');
    // The minute of the test above may be over.
    await problemOf(wheel);
    upstream.at.set('/breaks', sendFile);
    const before = upstream.requests.length;
    for (const path of [pathOf(wheel), `${pathOf(wheel)}.metadata`]) {
      const response = await get(path);
      expect([response.status, response.headers.get('retry-after')]).toEqual([502, '60']);
    }
    expect(upstream.requests.length).toBe(before);
  });
});

describe('simultaneous first requests', () => {
  test('fetch once', async () => {
    const wheel = pinOf('crowd');
    const paths = Array.from({ length: 50 }, (_, at) => `${pathOf(wheel)}${at % 5 === 0 ? '.metadata' : ''}`);
    const answers = await Promise.all(paths.map(async (path) => bytesOf(await get(path))));
    answers.forEach((bytes, at) => {
      const expected = at % 5 === 0 ? Buffer.from(metadataOf('crowd', '1.0')) : Buffer.from(wheel.bytes);
      expect(bytes).toEqual(expected);
    });
    expect(askedFor('crowd')).toBe(1);
  });

  test('fetch once, even if the first client disconnects', async () => {
    const wheel = pinOf('deserted');
    const asked = Promise.withResolvers<() => void>();
    upstream.at.set('/deserted', (response, request) =>
      asked.resolve(() => sendFile(response, request, wheel.bytes)),
    );
    const impatient = new AbortController();
    const first = get(pathOf(wheel), { signal: impatient.signal });
    const send = await asked.promise;
    const second = get(pathOf(wheel));
    impatient.abort();
    await expect(first).rejects.toThrow();
    // Long enough for the second to ask the upstream, if it were to.
    await new Promise((resolve) => setTimeout(resolve, 500));
    send();
    expect((await bytesOf(await second)).equals(wheel.bytes)).toBe(true);
    expect(askedFor('deserted')).toBe(1);
  });
});

test('the end of a slow upstream is not awaited', async () => {
  const { status, code, detail } = await stalling;
  expect([status, code]).toEqual([504, 'upstream_timeout']);
  expect(detail).toBe(`${pinOf('stalls').url} sent nothing for 15 s.`);
  expect(await storedOf(pinOf('stalls'))).toEqual(NOTHING);
});

describe('after a restart', () => {
  test('stored files are there, and corrupted ones are detected', async () => {
    const [kept, rotten] = [pinOf('httpx'), pinOf('rotten')];
    expect(await arrives(rotten)).toBe(true);
    await registry.stop();
    await rot(rotten.bytes);
    registry = await start();

    expect(await arrives(kept)).toBe(true);
    expect(askedFor('httpx')).toBe(1);

    // The upstream's failure is forgotten by now.
    const mended = pinOf('breaks');
    expect(await arrives(mended)).toBe(true);
    expect((await storedOf(mended)).row).not.toBeNull();

    const response = await get(pathOf(rotten));
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow();
    await expect.poll(async () => (await storedOf(rotten)).keys).not.toContain(`wheels/${rotten.sha256}`);
    expect(await arrives(rotten)).toBe(true);
    expect(askedFor('rotten')).toBe(2);
  });

  /** Changes one bit of the file on the disk that has these bytes. */
  async function rot(bytes: Uint8Array): Promise<void> {
    let found = 0;
    for (const entry of await readdir(state, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || (await stat(path)).size !== bytes.length) continue;
      const handle = await open(path, 'r+');
      const content = Buffer.alloc(bytes.length);
      await handle.read(content, 0, bytes.length, 0);
      if (content.equals(bytes)) {
        found++;
        await handle.write(Buffer.from([content[50]! ^ 1]), 0, 1, 50);
      }
      await handle.close();
    }
    expect(found).toBe(1);
  }
});
