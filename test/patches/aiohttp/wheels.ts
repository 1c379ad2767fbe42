/** The wheels that the tests of aiohttp run with. */
import { patchedWheel, pureWheels } from '../patched-wheel.ts';

export const VERSION = '3.14.3';
export const AIOHTTP = `aiohttp==${VERSION}`;
const AIOSIGNAL = 'aiosignal==1.4.0';
/** The other dependencies of the patched wheel, and theirs. */
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

export const patchedAiohttp = () => patchedWheel('aiohttp', VERSION);

/** The patched wheel with its dependencies on Emscripten, in pure Python; optionally with another aiosignal. */
export async function aiohttpOnEmscripten(aiosignal?: string): Promise<string[]> {
  const needed = await pureWheels(aiosignal === undefined ? [...NEEDED, AIOSIGNAL] : NEEDED);
  return [await patchedAiohttp(), ...needed, ...(aiosignal === undefined ? [] : [aiosignal])];
}
