/** The set of an operator in pages that name sets of Pinwheel's own. */
import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { publish } from '../../../registry/publish/publish.ts';
import { integrate } from '../../../registry/storage/log-files.ts';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { ask } from '../client.ts';
import { dataLog, documentOf, seed } from '../seed.ts';

const FLAG = 'python_3.14_packages_2026_11_20';

beforeAll(async () => {
  const release = documentOf(dataLog.find(({ name }) => name === FLAG)!) as PackageSet;
  const copy = { ...release, flag: `${FLAG}_acme`, default_from: null };
  const outcome = await publish(env, await seed(), copy, '2026-11-21', {
    publisher: 'acme',
    absent: 'later',
  });
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  await integrate(env, outcome.value.catalog);
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
