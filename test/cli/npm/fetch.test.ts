import { createHash } from 'node:crypto';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { fetchTarballs, readFromTarball } from '../../../cli/packages/npm.ts';
import { newFolder, serve } from '../../common/own.ts';
import { packTarball } from './pack-tarball.ts';

// npm itself, against a registry on loopback that has one package.
const tarball = packTarball({ 'package/package.json': '{"name":"@scope/thing","version":"1.0.0"}' });
const asked: string[] = [];
const folder = newFolder();
const origin = await serve((request, response) => {
  asked.push(request.url!);
  if (request.url === '/thing.tgz') response.end(tarball);
  else if (request.url === '/@scope%2fthing') response.end(JSON.stringify(packument()));
  else response.writeHead(404).end('{}');
});
vi.stubEnv('npm_config_registry', origin);
vi.stubEnv('npm_config_cache', join(folder, 'npm-cache'));

function packument(): object {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const dist = { tarball: `${origin}/thing.tgz`, integrity };
  const manifest = { name: '@scope/thing', version: '1.0.0', dist };
  return { name: '@scope/thing', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': manifest } };
}

test('a package is downloaded once, and then taken from the cache', async () => {
  const cache = join(folder, 'cache');
  const lines: string[] = [];
  const wanted = [{ name: '@scope/thing', version: '1.0.0' }];
  const [first] = await fetchTarballs(wanted, (line) => lines.push(line), cache);
  expect(first!.downloaded).toBe(tarball.length);
  expect((await readFromTarball(first!.path, 'package/package.json')).toString()).toContain('@scope/thing');

  const requests = asked.length;
  const [second] = await fetchTarballs(wanted, (line) => lines.push(line), cache);
  expect(second).toEqual({ ...first, downloaded: 0 });
  expect(asked).toHaveLength(requests);
  expect(lines).toEqual(['1/1 @scope/thing@1.0.0 0.0 MB', '1/1 @scope/thing@1.0.0 cached']);
  expect(await readdir(cache)).toEqual(['scope-thing-1.0.0.tgz']);
});

test("a version that npm cannot find fails with npm's message, and leaves nothing behind", async () => {
  const cache = join(folder, 'empty');
  const fetching = fetchTarballs([{ name: 'nothing', version: '1.0.0' }], () => {}, cache);
  await expect(fetching).rejects.toThrow(
    /nothing@1\.0\.0 cannot be fetched with npm: .*(404|Not Found|not found)/,
  );
  expect(await readdir(cache)).toEqual([]);
});

test('what an interrupted download has left is removed the next day, and that of a running one is kept', async () => {
  const cache = join(folder, 'interrupted');
  const [old, running] = ['partial-abcdef', 'partial-uvwxyz'].map((name) => join(cache, name));
  for (const path of [old!, running!]) {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'half.tgz'), 'half');
  }
  const dayBefore = new Date(Date.now() - 25 * 3_600_000);
  await utimes(old!, dayBefore, dayBefore);
  await fetchTarballs([{ name: '@scope/thing', version: '1.0.0' }], () => {}, cache);
  expect((await readdir(cache)).sort()).toEqual(['partial-uvwxyz', 'scope-thing-1.0.0.tgz']);
});
