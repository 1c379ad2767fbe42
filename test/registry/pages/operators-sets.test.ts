import { beforeAll, expect, test } from 'vitest';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { ask } from '../client.ts';
import { dataLog, documentOf, publishOn, seed } from '../seed.ts';

const FLAG = 'python_3.14_packages_2026_11_20';
const ANNOUNCED = 'python_3.14_packages_2999_01_02_acme';

beforeAll(async () => {
  const release = documentOf(dataLog.find(({ name }) => name === FLAG)!) as PackageSet;
  const copy = { ...release, flag: `${FLAG}_acme`, default_from: null };
  const options = { publisher: 'acme', absent: 'later' } as const;
  const catalog = await publishOn(await seed(), copy, '2026-11-21', options);
  const later = { ...copy, flag: ANNOUNCED, released: '2999-01-02' };
  const announcement = { kind: 'announcement', takes_effect: '2999-01-02', document: later };
  await publishOn(catalog, announcement, '2026-11-21', options);
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

test('a set that is announced has a page, to which feeds lead, as have its packages', async () => {
  expect(await textOf('/changes.atom')).toContain(`/sets/${ANNOUNCED}"`);
  for (const path of [`/sets/${ANNOUNCED}`, `/packages/idna?flag=${ANNOUNCED}`]) {
    const page = await ask(path);
    expect([path, page.status]).toEqual([path, 200]);
    expect(await page.text()).toContain('Answered as of 2999-01-02,');
  }
});

test('the copy is among all sets', async () => {
  expect(await textOf('/sets.md')).toContain('acme');
});
