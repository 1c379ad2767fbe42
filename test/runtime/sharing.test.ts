/** Events of all kinds, and libraries, that share what they share in CPython; releases.test.ts has asyncio's primitives. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { serve as listen } from '../common/own.ts';
import { NO_WHEELHOUSE, useWorkshop, wheelhouse } from './project.ts';
import { expectRoom, expectShipping, leave, MANY, numbers, openSocket, shareAll, shown } from './sharing.ts';
import { openShelf } from './shelf.ts';
import { serve } from './workerd.ts';
import { serveByWrangler } from './wrangler.ts';

if (wheelhouse === null) console.log(`anyio, httpx and aiohttp of many requests at once ${NO_WHEELHOUSE}`);

const workshop = useWorkshop();

let folder: string;
beforeAll(async () => {
  folder = await workshop.copied('sharing');
});

test('requests wait for messages of a queue, and cron triggers for a request', async () => {
  const worker = await serveByWrangler(folder);
  const ask = async (path: string) => (await worker.fetch(`http://x/${path}`)).text();
  try {
    const delivered = Promise.all(numbers.map((number) => ask(`wait/${number}`)));
    await ask('send/0');
    expect(await delivered).toEqual(numbers);
    const triggered = Promise.all(numbers.map(() => ask('cdn-cgi/handler/scheduled')));
    const released = Promise.all([...numbers.map((number) => ask(`wait/${number}`)), ask('go/0')]);
    expect(new Set(await triggered)).toEqual(new Set(['ok']));
    expect(await released).toEqual([...numbers, '0']);
  } finally {
    await worker.dispose();
  }
});

test('what was told that its client has left, and goes on for long, is cancelled', async () => {
  await using served = await serve(join(folder, 'dist/worker'));
  const send = await openSocket(served);
  void send('stuck/0');
  await expect.poll(() => shown(served)).toMatchObject({ begun: 1 });
  send.leave();
  await leave(served, 'asgi/ignores', 1);
  await expect.poll(() => shown(served)).toMatchObject({ cancelled: 2, ended: 2, told: 1, tasks: 2 });
});

test('a loop of its own, in a request, is the one of all, which closes generators', async () => {
  await using served = await serve(join(folder, 'dist/worker'));
  await shareAll(served, 'in_other_loop');
  await shareAll(served, 'with_generator');
  await shareAll(served, 'through_lock');
});

test('a task of the lifespan does what requests leave to it', async () => {
  await using served = await serve(join(folder, 'dist/worker'));
  await expectShipping(served);
  // A task sleeps until the first request after its time, however short that is; a stack needs no request.
  for (const job of ['sleeps', 'waits_on_stack']) {
    expect(await (await fetch(`${served.origin}/asgi/${job}`)).text()).toBe('ok');
    await expect.poll(() => shown(served)).toMatchObject({ [job]: true });
  }
});

test('a WebSocket sends to others', async () => {
  await using served = await serve(join(folder, 'dist/worker'));
  await expectRoom(await Promise.all(numbers.slice(0, 5).map(() => openSocket(served))));
});

test('applications that are made for each request end, and a method is one application', async () => {
  await using served = await serve(join(folder, 'dist/worker'));
  const ask = async (path: string) =>
    expect(await (await fetch(`${served.origin}/${path}`)).text()).toBe('ok');
  for (const _ of numbers) await ask('method/answers');
  expect(await shown(served)).toMatchObject({ startup: 1, shutdown: 0, kept: 1 });
  await Promise.all(numbers.map(() => ask('made/answers')));
  for (const _ of numbers) await ask('made/answers');
  await expect.poll(() => shown(served)).toMatchObject({ startup: 401, shutdown: 393, kept: 9, tasks: 8 });
});

describe.runIf(wheelhouse !== null)('libraries', () => {
  test('anyio, the pools of httpx and aiohttp, and is_disconnected', async () => {
    const UPSTREAM = await listen(async (request, response) => {
      // Longer than it takes to ask for all.
      await setTimeout(100);
      response.end(request.url!.slice(1));
    });
    const { set } = await openShelf();
    const clients = await workshop.copied('clients', '--set', set);
    await using served = await serve(join(clients, 'dist/worker'), { UPSTREAM });
    for (const kind of ['in_group', 'by_stream', 'by_httpx', 'by_aiohttp']) {
      const texts = numbers.map(async (number) => (await fetch(`${served.origin}/${kind}/${number}`)).text());
      expect(await Promise.all(texts), served.said()).toEqual(numbers);
    }
    const { inside, most } = await shown(served);
    expect([inside, Number(most) <= 11]).toEqual([0, true]);
    await leave(served, 'polls', MANY);
    await expect.poll(() => shown(served)).toMatchObject({ told: MANY, tasks: 1 });
    expect(served.said()).not.toContain('Traceback');
  });
});
