import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readFromTarball } from '../../../cli/packages/npm.ts';
import { newFolder } from '../../common/own.ts';
import { packTarball } from './pack-tarball.ts';

const folder = newFolder();

async function save(name: string, content: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

test('reads one of several files, in one chunk or many', async () => {
  const large = randomBytes(300_001);
  const tarball = await save(
    'whole.tgz',
    packTarball({ 'package/a': 'first', 'package/large': large, 'package/empty': '', 'package/z': 'last' }),
  );
  expect((await readFromTarball(tarball, 'package/large')).equals(large)).toBe(true);
  expect((await readFromTarball(tarball, 'package/z')).toString()).toBe('last');
  expect(await readFromTarball(tarball, 'package/empty')).toHaveLength(0);
});

test('rejects a missing file, and a truncated or damaged archive', async () => {
  const whole = packTarball({ 'package/a': randomBytes(5000) });
  const missing = await save('missing.tgz', whole);
  await expect(readFromTarball(missing, 'package/b')).rejects.toThrow('has no complete package/b');
  const cutGzip = await save('cut-gzip.tgz', whole.subarray(0, 3000));
  await expect(readFromTarball(cutGzip, 'package/a')).rejects.toThrow();
  const cutTar = await save('cut-tar.tgz', gzipSync(gunzipSync(whole).subarray(0, 3000)));
  await expect(readFromTarball(cutTar, 'package/a')).rejects.toThrow('has no complete package/a');
  const noTar = await save('no-tar.tgz', gzipSync(Buffer.from('x'.repeat(2000))));
  await expect(readFromTarball(noTar, 'package/a')).rejects.toThrow('damaged tar header');
});
