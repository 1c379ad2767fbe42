/** The wheels that the tests of aiohttp run with. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildWheel } from '../../../scripts/patch/build-wheel.ts';
import { root } from '../../../scripts/root.ts';
import { pureWheels } from '../python-packages.ts';

export const VERSION = '3.14.3';
export const AIOHTTP = `aiohttp==${VERSION}`;
const AIOSIGNAL = 'aiosignal==1.4.0';
/** What the patched wheel needs besides, and what that needs. */
const NEEDED = [
  'aiohappyeyeballs==2.7.1',
  'attrs==26.1.0',
  'frozenlist==1.8.0',
  'idna==3.20',
  'multidict==6.9.1',
  'propcache==0.5.4',
  'typing-extensions==4.16.0',
  'yarl==1.25.1',
];

/** The patched wheel's path, built anew. */
export async function patchedAiohttp(): Promise<string> {
  const wheel = await buildWheel('aiohttp', VERSION);
  const folder = join(root, '.cache', 'patched', wheel.sha256);
  await mkdir(folder, { recursive: true });
  const path = join(folder, wheel.filename);
  await writeFile(path, wheel.bytes);
  return path;
}

/** The patched wheel and all that it needs on Emscripten, as plain Python; with another aiosignal as a file. */
export async function aiohttpOnEmscripten(aiosignal?: string): Promise<string[]> {
  const needed = await pureWheels(aiosignal === undefined ? [...NEEDED, AIOSIGNAL] : NEEDED);
  return [await patchedAiohttp(), ...needed, ...(aiosignal === undefined ? [] : [aiosignal])];
}
