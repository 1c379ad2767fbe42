/** The wheels that the tests of httpx run with. */
import { patchedWheel } from '../patched-wheel.ts';

export const VERSION = '0.28.1';
export const HTTPX = `httpx==${VERSION}`;
/** The dependencies of the patched wheel on Emscripten. */
export const IDNA = 'idna==3.20';

export const patchedHttpx = () => patchedWheel('httpx', VERSION);
