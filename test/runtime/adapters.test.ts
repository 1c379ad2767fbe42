/** The ASGI adapter on workerd under load, which asgi.test.ts asks to the letter, and the WSGI adapter. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryOf } from '../../cli/worker/ask.ts';
import { FLAG_0_29_5, useWorkshop } from './project.ts';
import { type Served, serve } from './workerd.ts';

const workshop = useWorkshop();
let served: Served;
let http: string;
beforeAll(async () => {
  const folder = await workshop.copied('adapters', '--flag', FLAG_0_29_5);
  served = await serve(join(folder, 'dist/worker'), {}, undefined, true);
  http = served.origin;
});
afterAll(async () => {
  await served?.stop();
});

const residentBytes = () =>
  Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${served.pid}/status`, 'utf8'))![1]) * 1024;

// First, while it is cold.
const REQUESTS = process.env.TEST_ALL ? 10_000 : 1000;

test(`${REQUESTS} requests, 16 at a time, half of them with stack switching, get their own answers`, async () => {
  expect(await wrongAnswers(REQUESTS)).toEqual([]);
});

test('memory stays flat from request to request', async () => {
  const bytesAfter = async (requests: number) => {
    expect(await wrongAnswers(requests)).toEqual([]);
    const { heap, buffers, wasm } = (await memoryOf(served.inspector!))!;
    return heap + buffers + wasm;
  };
  const before: number[] = [];
  for (let again = 0; again < 10; again++) before.push(await bytesAfter(100));
  await bytesAfter(2500);
  // Garbage is collected while the Worker answers; a leak of 4 kB per request would be more.
  await expect.poll(() => bytesAfter(100)).toBeLessThan(Math.min(...before) + (10 << 20));
});

/** Sends requests, 16 at a time. Returns answers to other requests. */
async function wrongAnswers(count: number): Promise<string[]> {
  let next = 0;
  const wrong: string[] = [];
  const work = async () => {
    while (next < count) {
      const number = next++;
      const text = await (await fetch(`${http}/waiting/${number}`)).text();
      if (text !== String(number)) wrong.push(`${number}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return wrong;
}

/**
 * The least that memory grows by in one pass, such as a body of 100 MB. When garbage is collected is V8's matter, and
 * what is kept of a body is kept of each: there are up to three passes.
 */
async function growthOf(pass: () => Promise<void>): Promise<number> {
  let growth = Number.POSITIVE_INFINITY;
  for (let again = 0; again < 3 && growth >= 60 << 20; again++) {
    const before = residentBytes();
    await pass();
    growth = Math.min(growth, residentBytes() - before);
  }
  return growth;
}

test('a request body of 100 MB is received in parts, and memory stays flat', async () => {
  const part = randomBytes(1 << 20);
  const hash = createHash('sha256');
  for (let at = 0; at < 100; at++) hash.update(part);
  const expected = { sha256: hash.digest('hex'), size: 100 << 20 };
  const growth = await growthOf(async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent++ < 100) controller.enqueue(part);
        else controller.close();
      },
    });
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    const { parts, ...received } = (await (await fetch(`${http}/digest`, init)).json()) as { parts: number };
    expect(received).toEqual(expected);
    expect(parts).toBeGreaterThan(100);
  });
  expect(growth).toBeLessThan(60 << 20);
});

test('a response body of 100 MB is sent in parts, and memory stays flat', async () => {
  const growth = await growthOf(async () => {
    let size = 0;
    for await (const chunk of (await fetch(`${http}/many/100`)).body!) size += chunk.length;
    expect(size).toBe(100 << 20);
  });
  expect(growth).toBeLessThan(60 << 20);
});

test('parts are sent and received at once', async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const pending = fetch(`${http}/both`, { method: 'POST', body: readable, duplex: 'half' } as RequestInit);
  await writer.write(new TextEncoder().encode('one '));
  const reader = (await pending).body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe('ONE ');
  await writer.write(new TextEncoder().encode('two'));
  expect((await reader.read()).value).toBe('TWO');
  await writer.close();
  expect((await reader.read()).done).toBe(true);
});

test('functions for threads run in place', async () => {
  expect(await (await fetch(`${http}/threads`)).text()).toBe('to_thread run_in_executor');
});

test('a lifespan that fails after its startup is in the log, and requests go on', async () => {
  expect(await (await fetch(`${http}/ending-lifespan`)).text()).toBe('goes on');
  await expect.poll(() => served.said()).toContain('LookupError: in the middle of the lifespan');
});

test.each(['code', 'number', 'reason'])(
  'a WebSocket is closed also if its %s for that is impossible',
  async (path) => {
    const socket = new WebSocket(`${http.replace('http', 'ws')}/${path}`);
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve));
    expect((await closed).code).toBe(1011);
    await expect.poll(() => served.said()).toMatch(/ValueError: .+ WebSocket (?:cannot be closed|is longer)/);
  },
);

/** Asks until what the application has seen is as expected. */
async function seen(expected: RegExp): Promise<void> {
  while (!expected.test(await (await fetch(`${http}/seen`)).text())) await setTimeout(50);
}

test('a disconnected client is noticed while sending', async () => {
  const controller = new AbortController();
  const { body } = await fetch(`${http}/endless`, { signal: controller.signal });
  await body!.getReader().read();
  controller.abort();
  await seen(/the client has disconnected/);
});

test('WSGI, as wsgiref.validate has it', async () => {
  const response = await fetch(`${http}/wsgi/%C3%BC?q=1`, {
    method: 'POST',
    body: new Blob(['a ', 'body']).stream(),
    duplex: 'half',
    headers: { 'content-type': 'text/x', 'x-one': '1', 'cf-connecting-ip': '192.0.2.1' },
  } as RequestInit);
  expect([response.status, response.statusText, response.headers.getSetCookie()]).toEqual([
    201,
    'Made',
    ['a=1', 'b=2'],
  ]);
  expect(await response.json()).toEqual({
    path: '/wsgi/ü',
    QUERY_STRING: 'q=1',
    REQUEST_METHOD: 'POST',
    SERVER_NAME: '127.0.0.1',
    SERVER_PORT: new URL(http).port,
    REMOTE_ADDR: '192.0.2.1',
    CONTENT_TYPE: 'text/x',
    CONTENT_LENGTH: '6',
    HTTP_X_ONE: '1',
    'wsgi.input_terminated': true,
    body: 'a body',
  });
  expect(await queryOf('/wsgi/?q=ł')).toBe(Buffer.from('q=ł').toString('latin1'));
  expect((await fetch(`${http}/wsgi/error`)).status).toBe(500);
  await expect.poll(() => served.said()).toContain('ValueError: in WSGI');
});

/** The query string that WSGI gets of a path whose bytes are sent as they are. */
async function queryOf(path: string): Promise<string> {
  const sent = request(http, { path: Buffer.from(path).toString('latin1'), agent: false }).end();
  const [response] = await once(sent, 'response');
  return ((await json(response)) as { QUERY_STRING: string }).QUERY_STRING;
}

test('parts of WSGI are sent as they are made, and closed', async () => {
  const parts = await fetch(`${http}/wsgi/parts`);
  expect(Buffer.from(parts.headers.get('x-utf-8')!, 'latin1').toString()).toBe('é');
  expect(await parts.text()).toBe('ab');
  await expect(fetch(`${http}/wsgi/failing`).then((response) => response.text())).rejects.toThrow();
  await expect.poll(() => served.said()).toContain('ValueError: in the middle of WSGI');
  const controller = new AbortController();
  const { body } = await fetch(`${http}/wsgi/endless`, { signal: controller.signal });
  await body!.getReader().read();
  controller.abort();
  await seen(/WSGI was closed/);
});
