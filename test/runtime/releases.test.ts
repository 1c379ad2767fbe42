/**
 * The Pyodides that a Worker can include, each by a package set that belongs to it: the oldest, that of the README and
 * the newest, and in `npm run test:all` every one.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RELEASES, switchesStacks } from '../../cli/worker/releases.ts';
import catalog from '../../data/catalog.json' with { type: 'json' };
import { useWorkshop } from './project.ts';
import { serve } from './workerd.ts';

/** The package flags, by their Pyodide. npm never had 0.26.0a2, which workerd alone has. */
const FLAGS = new Map(
  catalog.sets.filter(({ runtime }) => runtime !== '0.26.0a2').map(({ runtime, flag }) => [runtime, flag]),
);

/** Also grows beyond the memory that any release begins with, and says how far the stack is. */
const entry = (waits: boolean) => `import asyncio
import sys

from pyodide.ffi import run_sync
from workers import Response, WorkerEntrypoint

grown = bytes(60_000_000)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/stack"):
            import pyodide_js

            if "fails" in request.url:
                raise ValueError
            await asyncio.sleep(0)
            return Response(str(pyodide_js._module.stackSave()))
        ${waits ? 'run_sync(asyncio.sleep(0))' : 'await asyncio.sleep(0)'}
        return Response(f"{request.method} on {sys.version_info.major}.{sys.version_info.minor}")
`;

const workshop = useWorkshop();

test('every Pyodide that a set names can be built', () => {
  expect(Object.keys(RELEASES).sort()).toEqual([...FLAGS.keys()].sort());
});

const tried = process.env.TEST_ALL ? Object.keys(RELEASES) : ['0.26.0', '0.27.3', '314.0.7'];

test.each(tried)('%s', async (release) => {
  const flag = FLAGS.get(release)!;
  const folder = await workshop.project({ 'src/entry.py': entry(switchesStacks(release)) });
  const { code, stdout, stderr } = await workshop.build(folder, '--flag', flag, '--json');
  expect(code, stderr).toBe(0);
  const { document } = JSON.parse(stdout);
  expect(document.runtime.pyodide).toBe(release);
  expect(document.snapshot !== null).toBe(RELEASES[release]!.no_snapshot === null);
  await using served = await serve(join(folder, 'dist/worker'), { PINWHEEL_CHECK_MEMORY: '1' });
  const texts = await Promise.all([1, 2].map(async () => (await fetch(served.origin)).text()));
  expect(texts, served.said()).toEqual([1, 2].map(() => `GET on ${/3\.\d+/.exec(flag)![0]}`));
  const stack = async () => (await fetch(new URL('/stack', served.origin))).text();
  const first = await stack();
  for (let request = 0; request < 20; request++) {
    await fetch(served.origin);
    await (await fetch(new URL('/fails/stack', served.origin))).text();
  }
  expect(await stack()).toBe(first);
});
