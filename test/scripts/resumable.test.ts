import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { serve } from '../common/own.ts';

const script = (main: string) => `
  import { setTimeout as pause } from 'node:timers/promises';
  import { runResumable } from ${JSON.stringify(join(root, 'scripts/resumable.ts'))};
  runResumable(async () => { ${main} });`;
const run = (main: string) =>
  promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script(main)]).catch(
    (failed: { code: number; stdout: string; stderr: string }) => failed,
  );

test('a server that closes connections while a file is still read ends no command', async () => {
  const content = randomBytes(8_000_000);
  const origin = await serve((_, response) => {
    response.shouldKeepAlive = false;
    response.writeHead(200, { 'content-length': content.length }).end(content);
  });
  const done = await run(`
    let size = 0;
    for await (const chunk of (await fetch(${JSON.stringify(origin)})).body) {
      size += chunk.length;
      await pause(2);
    }
    console.log(size);`);
  expect(done).toEqual({ stdout: `${content.length}\n`, stderr: '' });
});

test('any other error ends it with a line that says why', async () => {
  const done = await run("setTimeout(() => { throw new Error('the disk is full'); }); await pause(60_000);");
  expect(done).toMatchObject({ code: 1, stderr: 'pinwheel: the disk is full\n' });
});
