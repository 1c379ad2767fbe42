/** Runs the checks of aiohttp, in `npm run test:all` again with the oldest aiosignal that its METADATA allows. */
import { checksIn } from '../checks.ts';
import { type Subject, subjectsOf, testSubjects } from '../subjects.ts';
import { oldAiosignal } from './old-aiosignal.ts';
import { AIOHTTP, aiohttpOnEmscripten, patchedAiohttp } from './wheels.ts';

const oldest: Subject = {
  name: 'patched in Pyodide with aiosignal 1.3.1',
  host: 'pyodide',
  packages: async () => aiohttpOnEmscripten(await oldAiosignal()),
};

testSubjects('aiohttp', checksIn(import.meta.url), [
  ...subjectsOf({ upstream: AIOHTTP, patched: patchedAiohttp, onEmscripten: () => aiohttpOnEmscripten() }),
  ...(process.env.TEST_ALL ? [oldest] : []),
]);
