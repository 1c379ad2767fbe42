/** Runs the checks of httpx. */
import { checksIn } from '../checks.ts';
import { wheels } from '../python-packages.ts';
import { subjectsOf, testSubjects } from '../subjects.ts';
import { HTTPX, IDNA, patchedHttpx } from './wheels.ts';

const subjects = subjectsOf({
  upstream: HTTPX,
  patched: patchedHttpx,
  onEmscripten: async () => [await patchedHttpx(), ...(await wheels([IDNA]))],
});
testSubjects(checksIn(import.meta.url), subjects);
