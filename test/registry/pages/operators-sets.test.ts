import { beforeAll, expect, test } from 'vitest';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { ask } from '../client.ts';
import { dataLog, documentOf, publishOn, seed } from '../seed.ts';

const FLAG = 'python_3.14_packages_2026_11_20';

beforeAll(async () => {
  const release = documentOf(dataLog.find(({ name }) => name === FLAG)!) as PackageSet;
  const copy = { ...release, flag: `${FLAG}_acme`, default_from: null };
  await publishOn(await seed(), copy, '2026-11-21', { publisher: 'acme', absent: 'later' });
});

const textOf = async (path: string) => (await ask(path)).text();

test.each(['/patched.md', '/flags.md'])(
  '%s names the newest set of Pinwheel, and not a copy of it',
  async (path) => {
    const text = await textOf(path);
    expect(text).toContain(FLAG);
    expect(text).not.toContain('acme');
  },
);

test('the copy is among all sets', async () => {
  expect(await textOf('/sets.md')).toContain('acme');
});
