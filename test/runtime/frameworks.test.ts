/** Libraries that use threads, Flask, and requests: unchanged, on workerd. */
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve as listen } from '../common/own.ts';
import { NO_WHEELHOUSE, useWorkshop, wheelhouse } from './project.ts';
import { openShelf } from './shelf.ts';
import { type Served, serve } from './workerd.ts';

if (wheelhouse === null) console.log(`anyio, asgiref, Flask and requests on workerd ${NO_WHEELHOUSE}`);

describe.runIf(wheelhouse !== null)('frameworks', () => {
  const workshop = useWorkshop();
  let served: Served;
  beforeAll(async () => {
    const UPSTREAM = await listen(async (request, response) => {
      const { method, url, headers } = request;
      const [one, two] = [headers['x-one'], headers['x-two']];
      const said = { method, url, one, two, body: JSON.parse(await text(request)) };
      response.writeHead(201, { 'x-two': '2' }).end(JSON.stringify(said));
    });
    const { set } = await openShelf();
    const folder = await workshop.copied('frameworks', '--set', set);
    served = await serve(join(folder, 'dist/worker'), { UPSTREAM });
  });
  afterAll(async () => {
    await served?.stop();
  });

  const ask = async (path: string) => {
    const response = await fetch(`${served.origin}/${path}`);
    const said = await response.text();
    expect(response.status, served.said()).toBe(200);
    return JSON.parse(said);
  };

  test('asgiref and anyio run functions for threads in place, and those from threads', async () => {
    expect(await ask('threads')).toEqual([21, 7, 41, 'as raised']);
  });

  test('Flask', async () => {
    expect(await ask('flask/Bob?q=1')).toEqual({ greeting: 'Hello, Bob!', query: '1' });
    // Without a length.
    const body = new Blob(['12345']).stream();
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    expect(await (await fetch(`${served.origin}/flask/body`, init)).text()).toBe('5');
    const missing = await fetch(`${served.origin}/flask`);
    expect([missing.status, await missing.text()]).toEqual([404, 'nothing here']);
  });

  test("Django's ORM in views without await, by ASGI and WSGI; with await, it rejects what would block", async () => {
    const said = async (path: string) => (await fetch(`${served.origin}/${path}`)).text();
    expect(await said('django/sync')).toBe('sync 1');
    expect(await said('wsgi-django/sync')).toBe('sync 1');
    expect(await said('django/async')).toBe('rejected, and awaited 1');
  });

  test('requests with urllib3, with stack switching, a header that is bytes, and options of sockets', async () => {
    const echoed = { method: 'POST', url: '/echo', one: '1', two: 'of bytes', body: { a: 1 } };
    expect(await ask('requests')).toEqual([201, echoed, '2']);
  });
});
