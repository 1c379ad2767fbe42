/**
 * Many requests of all shapes to one instance of each Worker, on workerd itself: none fails, and nothing is held on to.
 * 200,000 each in `npm run test:all`, of which `.ci/run` sends a twentieth.
 */

import { readdir, readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
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

const shapes = (hello: string): Shape[] => [
  { path: '/', answer: hello },
  { path: '/items', body: item, answer: JSON.stringify(item) },
  { path: '/', answer: hello },
  { path: '/parts', answer: 'part 0\npart 1\npart 2\n' },
  { path: '/waits', answer: hello },
  { path: '/', answer: hello },
  {
    path: '/items',
    body: { ...item, tags: Array.from({ length: 99 }, (_, at) => `${at}`) },
    answer: /"98"\]\}$/,
  },
  { path: '/fails', status: 500, answer: 'Internal Server Error' },
];
const hello = '{"message":"Hello"}';

const workers: [main: string, requirements: string, shapes: Shape[]][] = [
  ['hello', '', shapes('Hello world!')],
  ['api', 'fastapi\n', shapes(hello)],
  ['pictures', 'fastapi\nnumpy\npillow\n', [...shapes(hello), { path: '/picture', answer: /^.PNG/ }]],
];
if (wheelhouse === null) console.log(`FastAPI, numpy and Pillow for ${REQUESTS} requests: ${NO_WHEELHOUSE}`);

test.each(workers.filter(([, requirements]) => requirements === '' || wheelhouse !== null))(
  '%s lasts',
  { timeout: 3_600_000 },
  async (main, requirements, shapes) => {
    const sources = join(root, 'test/runtime/projects/soak/src');
    const files: Record<string, string> = { 'requirements.txt': requirements };
    for (const name of await readdir(sources))
      files[`src/${name}`] = await readFile(join(sources, name), 'utf8');
    const folder = await workshop.project(files, WRANGLER.replace('entry', main));
    const words = requirements === '' ? ['--flag', FLAG_0_29_5] : ['--set', wheelhouse!];
    const { code, stderr } = await workshop.build(folder, ...words);
    expect(code, stderr).toBe(0);
    await using served = await serve(join(folder, 'dist/worker'));
    const { send, close } = client(served.origin);
    const held = async () => JSON.parse((await send({ path: '/held', answer: '' })).text);
    const run = async (count: number) => {
      let sent = 0;
      const inTurn = async () => {
        while (sent < count) {
          const shape = shapes[sent++ % shapes.length]!;
          const { status, text } = await send(shape);
          expect(status, text).toBe(shape.status ?? 200);
          expect(text).toMatch(shape.answer);
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, inTurn));
    };
    // What is imported and cached by the first ones.
    await run(REQUESTS / 20);
    const before = await held();
    await run(REQUESTS);
    const after = await held();
    close();
    expect(after).toMatchObject({ stack: before.stack, tasks: before.tasks });
    // It grows in steps of a fifth.
    expect(after.memory).toBeLessThanOrEqual(before.memory * 1.2);
    // Not one for a hundred requests.
    expect(after.handles - before.handles).toBeLessThan(REQUESTS / 100);
    expect(after.objects - before.objects).toBeLessThan(REQUESTS / 100);
  },
);

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
  return { send, close: () => agent.destroy() };
}
