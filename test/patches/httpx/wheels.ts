/** The wheels that the tests of httpx run with. */
import { patchedWheel } from '../patched-wheel.ts';

export const VERSION = '0.28.1';
export const HTTPX = `httpx==${VERSION}`;
/** All that the patched wheel needs on Emscripten. */
export const IDNA = 'idna==3.20';

export const patchedHttpx = () => patchedWheel('httpx', VERSION);
