/** `pinwheel doctor`: what this machine has, and what it lacks. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { newFolder } from '../common/own.ts';
import { usePinwheel } from './pinwheel.ts';

const pinwheel = await usePinwheel();

test('nothing is wrong where everything is there', async () => {
  const cwd = newFolder();
  await symlink(join(root, 'node_modules'), join(cwd, 'node_modules'));
  const { code, stdout, stderr } = await pinwheel.run(['doctor'], { cwd, env: { PATH: process.env.PATH! } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const line of [
    /^Node +\d/m,
    /^wrangler +workerd 1\./m,
    /^pip +Python 3\./m,
    /^Registry +the bundled data/m,
  ])
    expect(stdout).toMatch(line);
  expect(stdout).toMatch(/\n\nNothing is wrong\.\n$/);
});

test('each thing that is wrong says what to do, and the exit code is 1', async () => {
  const cwd = newFolder();
  await mkdir(join(cwd, 'cache'));
  await writeFile(join(cwd, 'cache/pinwheel'), 'a file');
  const env = { PATH: cwd, XDG_CACHE_HOME: join(cwd, 'cache') };
  const args = ['doctor', '--registry', 'http://127.0.0.1:9', '--json'];
  const { code, stdout } = await pinwheel.run(args, { cwd, env });
  expect(code).toBe(1);
  const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean; fix: string | null }[] };
  const wrong = checks.filter(({ ok }) => !ok);
  expect(wrong.map(({ name }) => name)).toEqual(['wrangler', 'pip', 'Cache', 'Registry']);
  expect(wrong.map(({ fix }) => fix)).not.toContain(null);
  expect(wrong[0]!.fix).toContain('npm install --save-dev wrangler');
});
