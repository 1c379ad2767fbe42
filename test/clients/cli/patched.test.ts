import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { root } from '../../../scripts/root.ts';
import { ofThisMachine, usePinwheel } from '../../cli/pinwheel.ts';

const OWN = 'python_3.14_packages_2026_11_20';
const BASE = 'python_3.14_packages_2026_09_14';
const AS_OF = ['--as-of', '2026-11-20'];
const { packages }: PackageSet = JSON.parse(readFileSync(join(root, `data/sets/${OWN}.json`), 'utf8'));
const httpx = packages.find(({ name }) => name === 'httpx')!;

const pinwheel = await usePinwheel();

const run = async (...args: string[]) => pinwheel.run([...args, ...AS_OF]);
const printed = async (...args: string[]) => (await run(...args)).stdout;

test('resolve and packages have a column for patches', async () => {
  const resolved = await printed('resolve', 'httpx', '--flag', OWN);
  expect(resolved).toMatch(/^httpx +0\.28\.1\+pinwheel\.\d+ +\d+ kB +Pinwheel +requested$/m);
  expect(await printed('packages', 'httpx', '--flag', OWN)).toMatch(/^httpx .* Pinwheel /m);
  expect(await printed('packages', 'httpx', '--flag', BASE)).toMatch(/^httpx .* Pyodide /m);
  expect(await printed('packages', 'numpy', '--flag', OWN)).not.toContain('Patched by');
});

describe('why', () => {
  test('names the patch, the upstream wheel, and the command that rebuilds it', async () => {
    const stdout = await printed('why', 'httpx', 'httpx', '-v', '--flag', OWN);
    const { patched } = httpx;
    if (patched?.by !== 'pinwheel') throw new Error('httpx is not patched');
    for (const [label, value] of [
      ['Patched by', `Pinwheel, with release ${patched.release} of its patch httpx`],
      ['Upstream file', 'httpx-0.28.1-py3-none-any.whl'],
      ['Upstream SHA-256', patched.upstream.sha256],
      ['Recipe SHA-256', patched.recipe],
      ['Rebuilt by', 'npm run patch:build -- httpx==0.28.1'],
    ]) {
      expect(stdout.split('\n')).toContain(`${label!.padEnd('Upstream SHA-256'.length)}  ${value}`);
    }
  });

  test('claims nothing without a known patch', async () => {
    expect(await printed('why', 'idna', 'idna', '-v', '--flag', OWN)).toMatch(/^Patch +no known patch$/m);
  });
});

test('target names the base of a Pinwheel-built set', async () => {
  const published = `^Published +by Pinwheel: ${BASE}, with what earlier sets of its ABI had, and some wheels replaced by patched ones$`;
  expect(await printed('target', '-v', '--flag', OWN)).toMatch(new RegExp(published, 'm'));
  expect(await printed('target', '-v', '--flag', BASE)).toMatch(
    /^Published +by Pyodide: pyodide-lock\.json of pyodide 314\.0\.7, from npm$/m,
  );
});

test('diff reports that a patch is added or removed, not that a version is older', async () => {
  const there = await printed('diff', '--from', BASE, '--to', OWN);
  expect(there).toMatch(/^httpx +0\.28\.1 +0\.28\.1\+pinwheel\.\d+ \(patched by Pinwheel\)$/m);
  const back = await printed('diff', '--from', OWN, '--to', BASE);
  expect(back).toMatch(/^httpx +0\.28\.1\+pinwheel\.\d+ +0\.28\.1 \(no longer patched by Pinwheel\)$/m);
  const { changed } = JSON.parse(await printed('diff', '--from', BASE, '--to', OWN, '--json')).packages;
  expect(changed).toContainEqual(expect.objectContaining({ name: 'httpx', direction: 'up' }));
});

describe('formats, without a registry', () => {
  // What pip and Pyodide take: a URL, and a path.
  test.each([
    ['resolve', 'pylock', /^wheels = \[\{name = "httpx-[^"]*", url = "(file:[^"]*)"/m],
    ['lock', 'pylock', /^wheels = \[\{name = "httpx-[^"]*", url = "(file:[^"]*)"/m],
    ['resolve', 'requirements', /^httpx @ (file:\S+) --hash=sha256:[0-9a-f]{64}$/m],
    ['resolve', 'pyodide-lock', /"file_name":"(\/[^"]*\/httpx-[^"]*)"/],
  ])(
    '%s --format %s names the wheel that it builds, and says that it is here',
    async (command, format, named) => {
      const args = [command, 'httpx', '--flag', OWN, '--format', format, ...AS_OF];
      const { code, stdout, stderr } = await pinwheel.run(args, { env: ofThisMachine() });
      expect(code, stderr).toBe(0);
      expect(stderr).toContain(
        `warning: Built on this machine, where the lock finds them: ${httpx.filename}.`,
      );
      const place = new URL(named.exec(stdout)![1]!, 'file:');
      expect(createHash('sha256').update(readFileSync(place)).digest('hex')).toBe(httpx.sha256);
    },
  );
});
