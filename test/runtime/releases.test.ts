/**
 * The Pyodides that a Worker can carry, each by the package set that belongs to it: the oldest and the newest, and in
 * `npm run test:all` every one.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RELEASES } from '../../cli/worker/releases.ts';
import { useWorkshop } from './project.ts';
import { serve } from './workerd.ts';

const FLAGS: Record<string, string> = {
  '0.27.7': 'python_3.12_packages_2025_06_04',
  '0.28.2': 'python_3.13_packages_2025_08_19',
  '0.28.3': 'python_3.13_packages_2025_09_22',
  '0.29.5': 'python_3.13_packages_2026_09_16',
  '314.0.6': 'python_3.14_packages_2026_08_25',
  '314.0.7': 'python_3.14_packages_2026_09_14',
};

const ENTRY = `import asyncio
import sys

from pyodide.ffi import run_sync
from workers import Response, WorkerEntrypoint

# More than the memory that any release begins with.
grown = bytes(60_000_000)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        run_sync(asyncio.sleep(0))
        return Response(f"{request.method} on {sys.version_info.major}.{sys.version_info.minor}")
`;

const workshop = useWorkshop();

test('every release is tested', () => {
  expect(Object.keys(FLAGS)).toEqual(Object.keys(RELEASES));
});

const tried = Object.entries(FLAGS).filter(
  (_, at, all) => process.env.TEST_ALL || at % (all.length - 1) === 0,
);

test.each(tried)('%s', async (release, flag) => {
  const folder = await workshop.project({ 'src/entry.py': ENTRY });
  const { code, stdout, stderr } = await workshop.build(folder, '--flag', flag, '--json');
  expect(code, stderr).toBe(0);
  const { document } = JSON.parse(stdout);
  expect(document.runtime.pyodide).toBe(release);
  expect(document.snapshot !== null).toBe(RELEASES[release]!.snapshots);
  await using served = await serve(join(folder, 'dist/worker'), { DEBUG: '1' });
  const texts = await Promise.all([1, 2].map(async () => (await fetch(served.origin)).text()));
  expect(texts, served.said()).toEqual([1, 2].map(() => `GET on ${/3\.\d+/.exec(flag)![0]}`));
});
