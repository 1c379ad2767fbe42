/** ASGI to the letter: the same checks on a built Worker and on uvicorn, whose answers differ only where it says why. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { installed } from '../patches/python-packages.ts';
import { CHECKS } from './asgi/checks.ts';
import { answersOfUvicorn } from './asgi/differences.ts';
import { useWorkshop } from './project.ts';
import { serve } from './workerd.ts';

const workshop = useWorkshop();
const project = join(root, 'test/runtime/projects/asgi');

/** The answer to each check, by its name; several are asked at once. */
async function answersOf(origin: string): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  const waiting = [...CHECKS];
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      answers[check.name] = await check.run(origin).catch((error: Error) => `${error}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return answers;
}

test('a built Worker', async () => {
  const folder = await workshop.copied(project);
  await using served = await serve(join(folder, 'dist/worker'));
  const expected = Object.fromEntries(CHECKS.map(({ name, expected }) => [name, expected]));
  expect(Object.keys(expected)).toHaveLength(CHECKS.length);
  expect(await answersOf(served.origin)).toEqual(expected);
  // A startup that fails is tried again by each request.
  for (const path of ['failing-startup', 'failing-startup']) {
    expect((await fetch(`${served.origin}/${path}`)).status).toBe(500);
  }
  await expect.poll(() => served.said()).toContain('no database');
  expect(await (await fetch(`${served.origin}/only-http`)).json()).toEqual({});
});

test('uvicorn', async () => {
  const site = await installed(['uvicorn==0.54.0', 'websockets==17.1']);
  const code = `import sys; sys.path[:0] = ${JSON.stringify([site, join(project, 'src')])}
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
