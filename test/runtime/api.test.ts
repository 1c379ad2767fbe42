/** The API of Python Workers beside requests, served by wrangler: objects, events of all kinds, forms, files, bindings and modules of JavaScript. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FLAG_0_29_5, useWorkshop } from './project.ts';
import { type ServedByWrangler, serveByWrangler } from './wrangler.ts';

const workshop = useWorkshop();
let worker: ServedByWrangler;
beforeAll(async () => {
  worker = await serveByWrangler(await workshop.copied('api', '--flag', FLAG_0_29_5));
});
afterAll(async () => {
  await worker?.dispose();
});

const ask = async (path: string, init?: RequestInit) => {
  const response = await fetch(new URL(path, await worker.url), init);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text);
};

test('bindings at import, in a handler, and patched', async () => {
  expect(await ask('bindings')).toEqual([
    'node:crypto.randomUUID can be used only while an event is handled, as in fetch',
    'env has no bindings at import: use it while an event is handled, as in fetch',
    'Hello',
    'Hello',
    ['Hi', [1], 'Hi'],
    false,
    [{ names: ['a', 'b'], inner: { on: true } }, true, 2],
  ]);
});

test('modules of JavaScript', async () => {
  expect(await ask('modules')).toEqual([36, true, 'ImportError']);
});

test('forms are mappings, with files', async () => {
  const form = new FormData();
  form.append('name', 'first');
  form.append('name', 'second');
  form.append('gone', 'x');
  form.append('file', new File(['content'], 'notes.txt', { type: 'text/plain' }));
  expect(await ask('form', { method: 'POST', body: form })).toEqual({
    items: [
      ['name', 'first'],
      ['name', 'second'],
      ['file', 'File'],
      ['name', 'third'],
      ['new', 'File'],
    ],
    names: ['first', 'second', 'third'],
    missing: [null, false, "KeyError: 'nothing'"],
    length: [3, ['name', 'file', 'new']],
    file: ['notes.txt', 'text/plain', 7, 'content', true],
    sent: 'abc',
    wrong: 'TypeError: a field of a form is text or a Blob, not list: call append for each value',
  });
});

test('blobs and files', async () => {
  expect(await ask('blobs')).toEqual({
    parts: [6, '', 'texté'],
    copy: ['text/plain', 4],
    named: ['b.txt', 'text/plain', 5],
    slice: 'ex',
    response: ['text', 'text/plain'],
    wrong: 'TypeError: a Blob consists of text, bytes and blobs, not of int',
  });
});

test('responses: another body, their properties, and what is no body', async () => {
  expect(await ask('responses')).toEqual([
    [201, 'b', 'second', true, true],
    [true, null, null, false],
    'TypeError: a body is text, bytes, a Blob, a form or a stream, not dict',
    "ValueError: JavaScript's Response has a status and headers of its own",
    "AttributeError: Response has no attribute 'nothing'",
    ['1.5'],
    ['\ud83d', ['\ud83d']],
    [
      [null, { a: null }],
      null,
      1,
      'TypeError: a function of JavaScript is not JSON serializable: pass what it returns, or leave it out',
    ],
  ]);
});

test('calls to Durable Objects and other Workers take and return values of Python', async () => {
  expect(await ask('calls')).toEqual([
    { count: 2, at: '2026-01-02T00:00:00+00:00', first: [1, { b: 2 }] },
    'POST text',
    [201, 'a response'],
    [1, 2],
    'bytes',
    'object cannot be sent to JavaScript',
    5,
  ]);
});

test('what is in lists and objects is converted, too; keyword arguments are the last argument', async () => {
  expect(await ask('nested')).toEqual([
    ['Bytes', 'NoneType', 'Values', 'str'],
    ["b'bytes'", 'None', "{'a': b''}", "'text'"],
    "[1, {'two': 2, 'three': b'3'}]",
  ]);
});

test('KV, R2 and D1 take and give bytes, None and dictionaries', async () => {
  expect(await ask('stores')).toEqual({
    missing: [null, null, null],
    kv: ["b'\\x00\\xff'", [1], ['bytes']],
    bucket: ["b'\\x00\\xff'", 2, 'text/x'],
    row: [null, null, [0, 255]],
    batch: [[{ text: 'a', data: null }], [{ text: null }, { text: 'a' }]],
    listed: ['bytes'],
  });
});

test('an e-mail is sent', async () => {
  expect(await ask('mail')).toBe('sent');
});

test('a Workflow: steps that parameters name, their context, and an error that is not tried again', async () => {
  expect(await ask('workflow')).toEqual(['complete', 4, null]);
  const [status, output, message] = await ask('workflow?fails');
  expect([status, output, message]).toEqual([
    'errored',
    null,
    expect.stringContaining('NonRetryableError: tried 1 times'),
  ]);
});

test('the adapters, under the names of the SDK', async () => {
  expect(await ask('adapters')).toEqual([
    [200, 'Hello', '/adapters'],
    [201, 'Hello', '/adapters'],
  ]);
});

test('globals that only Workers have are imported at the top, and used in events', async () => {
  expect(await ask('globals')).toEqual([
    expect.stringContaining('HTMLRewriter can be used only while an event is handled'),
    '<h1>New</h1>',
    2,
    false,
    expect.stringContaining('/globals'),
  ]);
});

test('a handler of a class is called with as many values as it takes', async () => {
  expect(await ask('relaxed')).toBe('of the class');
});

test('methods of requests, also those that Python has no name for', async () => {
  for (const method of ['PUT', 'PURGE']) {
    expect(await ask('method', { method })).toEqual([method, `Request(method='${method}'`]);
  }
});

test('fetch', async () => {
  expect(await ask('fetched')).toEqual([200, true, 36]);
});

test('a Durable Object: methods, fetch, storage and errors', async () => {
  const [first, second, answer, rows, failure] = await ask('counter');
  expect(first).toEqual({ total: 3, calls: 1 });
  expect(second).toEqual({ total: 7, calls: 2 });
  expect(answer).toBe('POST 2');
  expect(rows).toEqual([1, 2]);
  expect(failure).toContain('ValueError: inside the object');
});

test('what a constructor does in blockConcurrencyWhile comes before the first call', async () => {
  expect(await ask('loaded')).toEqual(['none', 'none']);
});

test('a method gets keyword arguments as one object, and refuses what it does not take', async () => {
  const refused = (given: number) =>
    expect.stringMatching(
      `TypeError: Counter.bump\\(\\) takes from 1 to 2 positional arguments but ${given} were given\nKeyword arguments`,
    );
  expect(await ask('bumped')).toEqual([[5, false], [{ by: 3 }, false], 10, refused(3), refused(4)]);
});

test('a Workflow: steps, their dependencies, and sleep', async () => {
  expect(await ask('doubled')).toEqual(['complete', 41, null]);
});

test('a named entry point, through a service binding', async () => {
  expect(await ask('named')).toBe('Hello, Bob!');
});

test('methods of Default, through a service binding', async () => {
  expect(await ask('called')).toEqual({ total: 3 });
});

test('an e-mail and a log: each is received by its handler', async () => {
  const body =
    'From: a@example.com\r\nTo: b@example.com\r\nMessage-ID: <1@example.com>\r\nSubject: Hi\r\n\r\nHello\r\n';
  const path = 'cdn-cgi/handler/email?from=a@example.com&to=b@example.com';
  const sent = await worker.fetch(`http://x/${path}`, { method: 'POST', body });
  expect(await sent.text()).toBe('Worker successfully processed email');
  expect(await ask('emailed')).toBe('a@example.com: Hi');
  // Printed lines are events, too.
  expect(await ask('tailed')).toBe('ok: asked for e-mail');
});

test('an object is made again after Python ended, and its storage is there', async () => {
  const [, before] = await ask('counter');
  const ended = await worker.fetch('http://x/leave');
  expect([ended.status, await ended.text()]).toEqual([
    500,
    expect.stringContaining('Python ended by a fatal'),
  ]);
  const [first, second] = await ask('counter');
  expect(first).toEqual({ total: before.total + 3, calls: 1 });
  expect(second).toEqual({ total: before.total + 7, calls: 2 });
});

test('a queue: messages are received by the handler', async () => {
  expect(await ask('enqueue')).toBe('notes: a note');
});
