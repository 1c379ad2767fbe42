/**
 * An aiosignal older than aiohttp's own requirement allows, as in the package set of 2025_0: Debian's, packed as a
 * wheel. It is pure Python.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../../scripts/root.ts';
import { python } from '../python-packages.ts';

const VERSION = '1.3.1';
const run = promisify(execFile);

/** @throws if Debian's is another version */
export async function oldAiosignal(): Promise<string> {
  const folder = join(root, '.cache', `aiosignal-${VERSION}`);
  const wheel = join(folder, `aiosignal-${VERSION}-py3-none-any.whl`);
  if (existsSync(wheel)) return wheel;
  await mkdir(folder, { recursive: true });
  await run('apt-get', ['download', 'python3-aiosignal'], { cwd: folder }).catch(async () => {
    await run('apt-get', ['update']);
    await run('apt-get', ['download', 'python3-aiosignal'], { cwd: folder });
  });
  const file = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  await run('dpkg', ['-x', join(folder, file!), folder]);
  const packages = join(folder, 'usr/lib/python3/dist-packages');
  const metadata = await readFile(join(packages, `aiosignal-${VERSION}.egg-info`, 'PKG-INFO'), 'utf8');
  if (!metadata.includes(`\nVersion: ${VERSION}\n`)) throw new Error(`Debian's aiosignal is not ${VERSION}`);
  await python(['-m', 'zipfile', '-c', wheel, join(packages, 'aiosignal')]);
  return wheel;
}
