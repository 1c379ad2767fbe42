/** The wheels that the tests of httpx run with. */
import { patchedWheel } from '../patched-wheel.ts';
import { wheels } from '../python-packages.ts';

export const VERSION = '0.28.1';
export const HTTPX = `httpx==${VERSION}`;
const IDNA = 'idna==3.20';

export const patchedHttpx = () => patchedWheel('httpx', VERSION);

/** The patched wheel with its dependencies on Emscripten. */
export const httpxOnEmscripten = async () => [await patchedHttpx(), ...(await wheels([IDNA]))];
