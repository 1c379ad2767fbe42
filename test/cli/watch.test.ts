/** What `pinwheel dev` does as files are edited, without a Worker. */
import { once } from 'node:events';
import { watch as watchFolder } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { filesBeside, madeBeside } from '../../cli/commands/dev.ts';
import { stageFolder } from '../../cli/common/staged-folder.ts';
import { readBuildProject } from '../../cli/project/build-project.ts';
import { Watch } from '../../cli/project/watch.ts';
import { GROWTH } from '../../cli/worker/reloads.ts';
import { newFolder } from '../common/own.ts';
import { usePinwheel } from './pinwheel.ts';

test('changes are told once they end, also those during an iteration, until the watch is closed', async () => {
  const folder = newFolder();
  await mkdir(join(folder, 'other'));
  const watch = new Watch();
  watch.replace([folder, folder, join(folder, 'gone')]);
  const changes = watch.changes();
  const first = changes.next();
  for (const name of ['a', 'b', 'c']) await writeFile(join(folder, name), name);
  expect(await first).toEqual({ done: false, value: undefined });
  // These come while the first one is dealt with.
  await writeFile(join(folder, 'a'), 'again');
  await rm(join(folder, 'b'));
  expect((await changes.next()).done).toBe(false);
  watch.replace([join(folder, 'other')]);
  const next = changes.next();
  await writeFile(join(folder, 'other/d'), 'd');
  expect((await next).done).toBe(false);
  const last = changes.next();
  watch.close();
  expect(await last).toEqual({ done: true, value: undefined });
});

test('a log of what is printed is no change, even in a watched folder', async () => {
  const folder = newFolder();
  await using log = await open(join(folder, 'dev.log'), 'w');
  const watch = new Watch([log.fd]);
  watch.replace([folder]);
  const changes = watch.changes();
  const next = changes.next();
  const isTold = vi.fn();
  void next.then(isTold);
  const own = watchFolder(folder);
  const seen = once(own, 'change');
  await log.write('Built\n');
  expect((await seen)[1]).toBe('dev.log');
  own.close();
  // As long as several changes take to be told.
  await setTimeout(500);
  expect(isTold).not.toHaveBeenCalled();
  await writeFile(join(folder, 'a'), 'a');
  expect((await next).done).toBe(false);
  watch.close();
});

test.each(['built', '.wrangler/built'])('built in a watched folder, %s is no change', async (to) => {
  const folder = newFolder();
  const out = join(folder, to);
  const watch = new Watch([], madeBeside(out));
  watch.replace([folder]);
  const changes = watch.changes();
  const next = changes.next();
  const isTold = vi.fn();
  void next.then(isTold);
  for (let build = 0; build < 2; build++) {
    const staged = await stageFolder(out);
    await staged.commit({});
    for (const file of Object.values(filesBeside(out))) await writeFile(file, `${build}`);
  }
  // As long as several changes take to be told.
  await setTimeout(500);
  expect(isTold).not.toHaveBeenCalled();
  await writeFile(join(folder, 'built.py'), '');
  expect((await next).done).toBe(false);
  watch.close();
});

test('the files by which pinwheel dev tells wrangler of a build are none of the project that it builds', async () => {
  const folder = newFolder();
  const out = join(folder, 'dist/worker');
  await mkdir(out, { recursive: true });
  await writeFile(join(folder, 'wrangler.toml'), 'main = "entry.py"\n');
  for (const file of [join(folder, 'entry.py'), ...Object.values(filesBeside(out))])
    await writeFile(file, '');
  const { files } = await readBuildProject(join(folder, 'wrangler.toml'), '', out);
  expect(files.map(({ file }) => file)).toEqual([join(folder, 'entry.py')]);
});

test('pinwheel dev ends if the first build fails', async () => {
  const pinwheel = await usePinwheel();
  const folder = await pinwheel.folderWith({
    'wrangler.toml':
      'main = "entry.py"\ncompatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]\n',
    'entry.py': '',
    'node_modules/wrangler/package.json': '{"version": "4.67.0", "bin": {"wrangler": "wrangler.js"}}',
    'node_modules/workerd/package.json': '{"version": "1.20260501.0"}',
  });
  const { code, stderr } = await pinwheel.run(['dev', '--cache', 'entry.py'], { cwd: folder });
  expect(stderr).toContain('entry.py');
  expect(code).toBeGreaterThan(0);
});

test('the wrangler that is installed has the line that makes its reloads slow', async () => {
  const wrangler = createRequire(import.meta.url).resolve('wrangler/package.json');
  const text = await readFile(createRequire(wrangler).resolve('miniflare'), 'utf8');
  expect(text.split(GROWTH)).toHaveLength(2);
});
