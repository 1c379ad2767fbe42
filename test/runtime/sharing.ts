/** Requests that share what events share in CPython, and clients that leave: with `projects/sharing/src/sharing.py`. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { root } from '../../scripts/root.ts';
import type { Served } from './workerd.ts';

export const SHARING = readFileSync(join(root, 'test/runtime/projects/sharing/src/sharing.py'), 'utf8');

/** Python for a method `fetch(self, request)`, which answers the requests of this file. */
export const SHARED_PATHS = `
        kind, _, name = request.url.split("/", 3)[3].partition("/")
        if kind == "share":
            name, number = name.split("/")
            await sharing.KINDS[name](int(number))
            return Response(number)
        if kind == "shown":
            return Response(json.dumps(sharing.shown()))
        if kind == "stuck":
            await sharing.stuck()
        if kind == "asgi":
            return await asgi.fetch(sharing.app, request.js_object, self.env)
`;

export const MANY = 200;
/** Names of the requests that are sent at once. */
export const numbers = Array.from({ length: MANY }, (_, number) => String(number));
const KINDS = [...SHARING.matchAll(/^async def (\w+)\(number\)/gm)].map(([, name]) => name!);

export async function shown(served: Served) {
  return (await (await fetch(`${served.origin}/shown`)).json()) as Record<string, number | boolean>;
}

/** 200 requests at once. The last number comes first, so that it has to wait. */
export async function shareAll(served: Served, kind: string): Promise<void> {
  const asked = numbers.toReversed();
  const texts = asked.map(async (number) => (await fetch(`${served.origin}/share/${kind}/${number}`)).text());
  expect(await Promise.all(texts), served.said()).toEqual(asked);
}

/** Requests leave work to a task of the lifespan, which waits for I/O. */
export async function expectShipping(served: Served): Promise<void> {
  for (const _ of numbers) expect(await (await fetch(`${served.origin}/asgi/ships`)).text()).toBe('ok');
  await expect.poll(() => shown(served)).toMatchObject({ shipped: MANY, promised: 0 });
}

/** A message of one WebSocket reaches all of them. */
export async function expectRoom(sockets: Awaited<ReturnType<typeof openSocket>>[]): Promise<void> {
  for (const text of ['first', 'last']) {
    const told = sockets.slice(1).map((socket) => socket.next());
    expect(await Promise.all([sockets[0]!(`to_all/${text}`), ...told])).toEqual(sockets.map(() => text));
  }
}

/** Every primitive of asyncio. */
export async function expectSharing(served: Served): Promise<void> {
  expect(KINDS.length).toBeGreaterThan(8);
  for (const kind of KINDS) await shareAll(served, kind);
  await expect.poll(() => shown(served)).toMatchObject({ promised: 0 });
  await expectShipping(served);
  const sockets = await Promise.all(numbers.map(() => openSocket(served)));
  for (const kind of ['through_lock', 'at_barrier']) {
    const texts = numbers.map((number, at) => sockets[at]!(`${kind}/${number}`));
    expect(await Promise.all(texts), served.said()).toEqual(numbers);
  }
  await expectRoom(sockets);
  await expect.poll(() => shown(served)).toMatchObject({ most: 5, inside: 0, locked: false, chained: MANY });
}

/** A function that sends a text, and returns the answer to it; and `next`, which only waits for one. */
export async function openSocket(served: Served) {
  const socket = new WebSocket(`${served.origin.replace('http', 'ws')}/asgi/socket`);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const next = () =>
    new Promise<string>((resolve) =>
      socket.addEventListener('message', ({ data }) => resolve(data), { once: true }),
    );
  const send = (text: string) => {
    socket.send(text);
    return next();
  };
  return Object.assign(send, { next, leave: () => socket.close() });
}

/** Opens connections, and resets them as soon as Python has begun to work for each. */
export async function leave(served: Served, path: string, count: number): Promise<void> {
  const { begun } = await shown(served);
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(Number(new URL(served.origin).port), '127.0.0.1')
      .on('error', () => {})
      .resume();
    socket.write(`GET /${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    return socket;
  });
  await expect.poll(() => shown(served)).toMatchObject({ begun: Number(begun) + count });
  for (const socket of sockets) socket.resetAndDestroy();
}

/** 300 clients that leave: while a handler, an application, a stream and those that listen are at work. */
export async function expectLeaving(served: Served): Promise<void> {
  const said = served.said();
  // The first one leaves while the application starts.
  const first = connect(Number(new URL(served.origin).port), '127.0.0.1').on('error', () => {});
  first.write('GET /asgi/answers HTTP/1.1\r\nHost: x\r\n\r\n');
  await expect.poll(() => shown(served)).toMatchObject({ starts: 1 });
  first.resetAndDestroy();
  expect(await (await fetch(`${served.origin}/asgi/answers`)).text(), served.said()).toBe('ok');
  const { tasks } = await shown(served);
  for (const path of ['stuck', 'asgi/waits', 'asgi/streams', 'asgi/listens', 'asgi/polls']) {
    await leave(served, path, 60);
  }
  await expect
    .poll(() => shown(served))
    .toMatchObject({ begun: 300, cancelled: 180, told: 120, ended: 300, locked: false, starts: 1, tasks });
  expect(served.said().slice(said.length)).not.toContain('Traceback');
}
