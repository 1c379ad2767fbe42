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
        word = request.url.rpartition("/")[2]
        # Of calls that overlap, some end before those that began before them, and some wait again.
        for _ in range(1 + len(word) % 2):
            ${waits ? 'run_sync' : 'await '}(asyncio.sleep(len(word) % 3 / 100))
        return Response(f"{word} on {sys.version_info.major}.{sys.version_info.minor}")
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
  const text = async (word: string) => (await fetch(new URL(word, served.origin))).text();
  const overlapping = async (words: string[]) =>
    expect(await Promise.all(words.map(text)), served.said()).toEqual(
      words.map((word) => `${word} on ${/3\.\d+/.exec(flag)![0]}`),
    );
  await overlapping(['one', 'other']);
  const first = await text('stack');
  const words = Array.from({ length: 12 }, (_, length) => 'x'.repeat(1 + length));
  for (let round = 0; round < 5; round++) {
    await Promise.all([overlapping(words), text('fails/stack')]);
    await text('fails/stack');
  }
  expect(await text('stack')).toBe(first);
});
