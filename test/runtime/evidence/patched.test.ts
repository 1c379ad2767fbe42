/** The smoke lines of httpx and aiohttp: only sets of Pinwheel's own pin the patched wheels, and not all their files are here. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildMember } from '../../../cli/packages/patch/built-wheel.ts';
import { wheelCache } from '../../../scripts/root.ts';
import { makeWorld, type World } from './command.ts';
import { membersOf, NO_WHEELS, wheels } from './pinned.ts';

const PYODIDE = 'python_3.13_packages_2025_10_20';
const OWN = 'python_3.13_packages_2026_11_20';
const PATCHED = ['aiohttp', 'httpx'];
if (wheels === null) console.log(NO_WHEELS);

describe.skipIf(wheels === null)('patched clients fetch from a server', () => {
  let world: World;

  beforeAll(async () => {
    const patched = membersOf(OWN, PATCHED).filter(({ name }) => PATCHED.includes(name));
    const needed = patched.flatMap(({ depends }) => depends);
    world = await makeWorld({}, { members: [...patched, ...membersOf(PYODIDE, needed)] });
    for (const member of patched) {
      const { bytes } = await buildMember(member, wheelCache);
      await writeFile(join(world.folder, 'wheels', member.filename), bytes);
    }
  });

  test.each(['pyodide', 'build'])('on %s', async (ground) => {
    const asked = PATCHED.flatMap((name) => ['--package', name]);
    const { stdout, stderr } = await world.run('--ground', ground, '--from', wheels!, ...asked);
    expect(stdout, stderr).toContain('of 2 that ran, 2 have modules, 2 import, 2 of 2 pass their smoke line');
  });
});
