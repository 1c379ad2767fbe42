/** ASGI to the letter: the same checks on a built Worker and on uvicorn, whose answers differ only where it says why. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { installed } from '../patches/python-packages.ts';
import { CHECKS } from './asgi/checks.ts';
import { answersOfUvicorn } from './asgi/differences.ts';
import { FLAG_0_29_5, useWorkshop } from './project.ts';
import { serve } from './workerd.ts';
import { serveByWrangler, startOf } from './wrangler.ts';

const workshop = useWorkshop();

/** The answer to each check, by its name; several are asked at once. */
async function answersOf(origin: string, checks = CHECKS): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  const waiting = [...checks];
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      answers[check.name] = await check.run(origin).catch((error: Error) => `${error}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return answers;
}

const expectedOf = (checks: typeof CHECKS) =>
  Object.fromEntries(checks.map(({ name, expected }) => [name, expected]));

let folder: string;
beforeAll(async () => {
  folder = await workshop.copied('asgi', '--flag', FLAG_0_29_5);
});

test('a built Worker', async () => {
  await using served = await serve(join(folder, 'dist/worker'));
  const expected = expectedOf(CHECKS);
  expect(Object.keys(expected)).toHaveLength(CHECKS.length);
  expect(await answersOf(served.origin)).toEqual(expected);
  for (const error of [
    'ValueError: as asked',
    'the ASGI application returned without a response',
    'the ASGI application returned in the middle of its response',
  ]) {
    await expect.poll(() => served.said()).toContain(error);
  }
  // A startup that fails is tried again by each request.
  for (const path of ['failing-startup', 'failing-startup']) {
    expect((await fetch(`${served.origin}/${path}`)).status).toBe(500);
  }
  await expect.poll(() => served.said()).toContain('no database');
  expect(await (await fetch(`${served.origin}/only-http`)).json()).toEqual({});
});

// Its own server stands before workerd, and changes some requests and responses; these have to pass it.
test.each(process.env.TEST_ALL ? [null, '4.86.0', '4.164.0'] : [null])(
  'wrangler, of version %s',
  async (version) => {
    const checks = CHECKS.filter(({ name }) =>
      /HEAD|304|stated length|cookies|a close with|chunked/.test(name),
    );
    const start = version === null ? {} : { start: await startOf(version) };
    const served = await serveByWrangler(folder, start);
    try {
      expect(checks.length).toBeGreaterThan(20);
      expect(await answersOf((await served.url).origin, checks)).toEqual(expectedOf(checks));
    } finally {
      await served.dispose();
    }
  },
);

test('uvicorn', async () => {
  const site = await installed(['uvicorn==0.54.0', 'websockets==17.1']);
  const code = `import sys; sys.path[:0] = ${JSON.stringify([site, join(root, 'test/runtime/projects/asgi/src')])}
import uvicorn; uvicorn.run("application:app", port=0, ws="websockets")`;
  const child = spawn('python3', ['-c', code], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  try {
    let said = '';
    const origin = await new Promise<string>((resolve, reject) => {
      child.stderr.on('data', (chunk) => {
        said += chunk;
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
        if (address) resolve(address[0]);
      });
      child.on('exit', () => reject(new Error(said)));
    });
    expect(await answersOf(origin)).toEqual(answersOfUvicorn());
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
});
