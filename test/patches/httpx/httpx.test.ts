/** Runs the checks of httpx. */
import { checksIn } from '../checks.ts';
import { subjectsOf, testSubjects } from '../subjects.ts';
import { HTTPX, httpxOnEmscripten, patchedHttpx } from './wheels.ts';

testSubjects(
  'httpx',
  checksIn(import.meta.url),
  subjectsOf({ upstream: HTTPX, patched: patchedHttpx, onEmscripten: httpxOnEmscripten }),
);
