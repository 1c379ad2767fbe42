/**
 * Many requests of all shapes to one instance of each Worker, on workerd itself, a fifth of them by clients that leave:
 * none fails, and nothing is held on to. `npm run test:all` sends 200,000 to each. `.ci/run` sends a twentieth, and
 * leaves out the API: the pictures run on FastAPI, too.
 */

import { readdir, readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { FLAG_0_29_5, NO_WHEELHOUSE, useWorkshop, WRANGLER, wheelhouse } from './project.ts';
import { serve } from './workerd.ts';

const REQUESTS = process.env.TEST_ALL ? 200_000 : 10_000;
/** As many at once. */
const CLIENTS = 16;

const workshop = useWorkshop();
const item = { name: 'a', price: 2.5, tags: ['b'] };

interface Shape {
  path: string;
  body?: object;
  status?: number;
  answer: string | RegExp;
}

/** A request whose client leaves before its end: with a reset, or by closing the stream. */
interface Leaving {
  path: string;
  /** If there is one, the client sends half of it. */
  body?: object;
  leaves: 'after the first part' | 'soon';
  closes?: boolean;
}

const shapes = (hello: string): Shape[] => [
  { path: '/', answer: hello },
  { path: '/items', body: item, answer: JSON.stringify(item) },
  { path: '/', answer: hello },
  { path: '/parts', answer: 'part 0\npart 1\npart 2\n' },
  { path: '/waits', answer: hello },
  { path: '/late', answer: hello },
  { path: '/', answer: hello },
  {
    path: '/items',
    body: { ...item, tags: Array.from({ length: 99 }, (_, at) => `${at}`) },
    answer: /"98"\]\}$/,
  },
  { path: '/fails', status: 500, answer: 'Internal Server Error' },
];
/** Taken in turn, after each fourth of the others. */
const LEAVING: Leaving[] = [
  { path: '/left/sticks', leaves: 'after the first part' },
  { path: '/stuck', leaves: 'soon' },
  { path: '/left/endless', leaves: 'after the first part' },
  { path: '/left/listens', leaves: 'after the first part' },
  { path: '/items', body: item, leaves: 'soon' },
  { path: '/left/endless', leaves: 'after the first part', closes: true },
  { path: '/waits', leaves: 'soon' },
  { path: '/left/socket', leaves: 'after the first part' },
  { path: '/', leaves: 'soon' },
];
const hello = '{"message":"Hello"}';

const workers: [main: string, requirements: string, shapes: Shape[]][] = [
  ['hello', '', shapes('Hello world!')],
  ['api', 'fastapi\n', shapes(hello)],
  ['pictures', 'fastapi\nnumpy\npillow\n', [...shapes(hello), { path: '/picture', answer: /^.PNG/ }]],
];
if (wheelhouse === null) console.log(`FastAPI, numpy and Pillow for ${REQUESTS} requests: ${NO_WHEELHOUSE}`);

const tried = workers.filter(
  ([main, requirements]) =>
    (requirements === '' || wheelhouse !== null) && (main !== 'api' || process.env.TEST_ALL),
);
test.each(tried)('%s lasts', { timeout: 3_600_000 }, async (main, requirements, shapes) => {
  const sources = join(root, 'test/runtime/projects/soak/src');
  const files: Record<string, string> = { 'requirements.txt': requirements };
  for (const name of await readdir(sources))
    files[`src/${name}`] = await readFile(join(sources, name), 'utf8');
  const folder = await workshop.project(files, WRANGLER.replace('entry', main));
  const words = requirements === '' ? ['--flag', FLAG_0_29_5] : ['--set', wheelhouse!];
  await workshop.built(folder, ...words);
  await using served = await serve(join(folder, 'dist/worker'));
  const { send, leave, close } = client(served.origin);
  const leaving = requirements === '' ? LEAVING : [...LEAVING, { path: '/polls', leaves: 'soon' } as const];
  const held = async () => JSON.parse((await send({ path: '/held', answer: '' })).text);
  const run = async (count: number) => {
    let sent = 0;
    let left = 0;
    const inTurn = async () => {
      while (sent < count) {
        if (sent++ % 5 === 4) {
          await leave(leaving[left++ % leaving.length]!);
          continue;
        }
        const shape = shapes[(sent - left) % shapes.length]!;
        const { status, text } = await send(shape);
        expect(status, text).toBe(shape.status ?? 200);
        expect(text).toMatch(shape.answer);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, inTurn));
  };
  const { tasks } = await held();
  const isOver = () => expect.poll(held).toMatchObject({ under_way: 0, tasks });
  // The first requests import and cache.
  await run(REQUESTS / 20);
  await isOver();
  const before = await held();
  await run(REQUESTS);
  await isOver();
  const after = await held();
  close();
  expect(after).toMatchObject({ stack: before.stack, locked: false });
  // At least the requests whose client leaves after the first part have begun.
  expect(after.begun - before.begun).toBeGreaterThan(REQUESTS / 10);
  expect(new Set(served.said().match(/^\w*(?:Error|Disconnected|Exit)\b/gm))).toEqual(
    new Set(['ValueError']),
  );
  // The memory of WebAssembly grows in steps of a fifth.
  expect(after.memory).toBeLessThanOrEqual(before.memory * 1.2);
  // Not one for a hundred requests.
  expect(after.handles - before.handles).toBeLessThan(REQUESTS / 100);
  expect(after.objects - before.objects).toBeLessThan(REQUESTS / 100);
});

/** Connections that stay open: `fetch` takes more of the machine than the Worker. */
function client(origin: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const send = ({ path, body }: Shape) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const method = body ? 'POST' : 'GET';
      const headers = body ? { 'content-type': 'application/json' } : {};
      const sent = request(new URL(path, origin), { agent, method, headers }, (response) => {
        let text = '';
        response.setEncoding('latin1');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode, text }));
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body && JSON.stringify(body));
    });
  /** On a connection of its own. */
  const leave = ({ path, body, leaves, closes }: Leaving) =>
    new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(origin).port), '127.0.0.1');
      const text = JSON.stringify(body ?? '');
      const head = body
        ? [`POST ${path} HTTP/1.1`, 'content-type: application/json', `content-length: ${2 * text.length}`]
        : [`GET ${path} HTTP/1.1`];
      if (path.endsWith('socket'))
        head.push(
          'upgrade: websocket',
          'sec-websocket-version: 13',
          `sec-websocket-key: ${btoa('x'.repeat(16))}`,
        );
      const end = () => (closes ? socket.destroy() : socket.resetAndDestroy());
      socket.on('error', () => {}).on('close', () => resolve());
      if (leaves === 'soon') setTimeout(end, Math.random() * 10);
      else socket.once('data', end);
      socket.write([...head, 'host: x', '', body ? text : ''].join('\r\n'));
    });
  return { send, leave, close: () => agent.destroy() };
}
