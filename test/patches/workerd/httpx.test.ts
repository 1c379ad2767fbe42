/** The patched httpx in a Worker. */
import { checksIn } from '../checks.ts';
import { IDNA, patchedHttpx } from '../httpx/wheels.ts';
import { wheels } from '../python-packages.ts';
import { checkInWorkerd } from './check-in-workerd.ts';

checkInWorkerd({
  name: 'httpx',
  checks: checksIn(new URL('../httpx/', import.meta.url).href),
  wheels: async () => [await patchedHttpx(), ...(await wheels([IDNA]))],
  points: [1, 2, 6, 16],
});
