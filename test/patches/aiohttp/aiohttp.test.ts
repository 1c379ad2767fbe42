/** Runs the checks of aiohttp, and again with the oldest aiosignal that its METADATA allows on Emscripten. */
import { checksIn } from '../checks.ts';
import { subjectsOf, testSubjects } from '../subjects.ts';
import { oldAiosignal } from './old-aiosignal.ts';
import { AIOHTTP, aiohttpOnEmscripten, patchedAiohttp } from './wheels.ts';

testSubjects(checksIn(import.meta.url), [
  ...subjectsOf({ upstream: AIOHTTP, patched: patchedAiohttp, onEmscripten: () => aiohttpOnEmscripten() }),
  {
    name: 'patched in Pyodide with aiosignal 1.3.1',
    host: 'pyodide',
    packages: async () => aiohttpOnEmscripten(await oldAiosignal()),
  },
]);
