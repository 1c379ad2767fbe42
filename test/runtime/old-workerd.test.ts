/** The last workerd whose node:zlib has no Zstandard: it is named when a Worker is built, served and started. */
import { chmod, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fetchTarballs, readFromTarball } from '../../cli/packages/npm.ts';
import { npmCache } from '../../scripts/root.ts';
import { newFolder, writeFiles } from '../common/own.ts';
import { useWorkshop } from './project.ts';
import { serve } from './workerd.ts';

const LAST_WITHOUT = '1.20260219.0';

const workshop = useWorkshop();

async function oldWorkerd(): Promise<string> {
  const name = `@cloudflare/workerd-${platform()}-${arch() === 'x64' ? '64' : arch()}`;
  const [tarball] = await fetchTarballs([{ name, version: LAST_WITHOUT }], () => {}, npmCache);
  const binary = join(newFolder(), 'workerd');
  await writeFile(binary, await readFromTarball(tarball!.path, 'package/bin/workerd'));
  await chmod(binary, 0o755);
  return binary;
}

/** Puts a wrangler with this workerd into a project, as npm does. */
async function install(folder: string, workerd: string): Promise<void> {
  const wrangler = { version: '4.67.0', bin: { wrangler: 'bin/wrangler.js' } };
  await writeFiles(join(folder, 'node_modules'), {
    'wrangler/package.json': JSON.stringify(wrangler),
    'workerd/package.json': JSON.stringify({ version: workerd }),
  });
}

test('the Worker reports it in its first request', async () => {
  const folder = await workshop.example('hello');
  await using served = await serve(join(folder, 'dist/worker'), {}, await oldWorkerd());
  expect((await fetch(served.origin)).status).toBe(500);
  await expect
    .poll(() => served.said())
    .toContain('This Worker needs workerd 1.20260226.1 or newer, for Zstandard in node:zlib');
});

test('build warns of it, and dev does not start', async () => {
  const folder = await workshop.project({ 'src/entry.py': 'async def on_fetch(request):\n    pass\n' });
  await install(folder, LAST_WITHOUT);
  const said = `has workerd ${LAST_WITHOUT}, but a built Worker needs 1.20260226.1 or newer`;
  const built = await workshop.build(folder);
  expect(built.code, built.stderr).toBe(0);
  expect(built.stderr).toMatch(/^warning: The wrangler of /m);
  expect(built.stderr).toContain(said);
  expect(built.stderr).toContain('fix: Update it with npm install --save-dev wrangler@latest.');
  const dev = await workshop.pinwheel.run(['dev', folder]);
  expect(dev.code).toBe(1);
  expect(dev.stderr).toContain(said);
  await install(folder, '1.20260226.1');
  expect((await workshop.build(folder)).stderr).not.toContain('a built Worker needs');
});
