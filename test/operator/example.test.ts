/** The example of a build step: with a registry, again without changes, and with errors. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { sharedRegistry } from '../common/registry.ts';
import { type Installed, installPackage } from '../package/installed.ts';

let installed: Installed;
let registry: URL;
let folder: string;
beforeAll(async () => {
  [installed, registry] = await Promise.all([installPackage(), sharedRegistry()]);
  folder = join(installed.project, 'example');
  await cp(join(root, 'examples/build-time'), folder, { recursive: true });
});

/** Without a registry, with the bundled data. */
const build = (url?: string) =>
  installed.run('npm', ['run', '--silent', 'build', '--', '--dry-run'], {
    cwd: folder,
    env: url === undefined ? {} : { PINWHEEL_REGISTRY: url },
  });

test("pins the Worker's requirements, from the package and from a registry, with the same result the next time", async () => {
  for (const url of [undefined, registry.href, registry.href]) {
    expect(await build(url)).toEqual({
      code: 0,
      stdout: '11 packages of python_3.13_packages_2025_08_08, Python 3.13.2\n',
      stderr: '',
    });
    const { package_set, packages } = JSON.parse(await readFile(join(folder, 'build/packages.json'), 'utf8'));
    expect(package_set.flag).toBe('python_3.13_packages_2025_08_08');
    expect(packages.at(-1)).toEqual({
      name: 'fastapi',
      version: '0.116.1',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  }
});

test('fails the build if a requirement cannot be satisfied', async () => {
  await writeFile(join(folder, 'requirements.txt'), 'fastapii\n');
  const { code, stderr } = await build(registry.href);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      'requirements.txt:1: The package set python_3.13_packages_2025_08_08 has no package "fastapii".\n  Did you mean fastapi?\n',
  });
});

test('fails the build if there is no registry', async () => {
  const { code, stderr } = await build(new URL('/elsewhere', registry).href);
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: expect.stringContaining('/elsewhere/v1/index with status 404'),
  });
});
