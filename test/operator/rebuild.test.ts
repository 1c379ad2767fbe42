/** The tables of D1, lost or changed, made again from R2 by the command. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { getPlatformProxy } from 'wrangler';
import { readWhole } from '../../registry/storage/newest.ts';
import type { NewestIndex } from '../../resolver/schemas.ts';
import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { rebuild as rebuildTables } from '../../scripts/rebuild.ts';
import { root } from '../../scripts/root.ts';
import type { Stored } from '../../scripts/stored.ts';
import { newFolder } from '../common/own.ts';
import { runIn } from '../common/project-copy.ts';
import { copySeededState } from '../common/registry.ts';

const TABLES = ['publications', 'pins', 'wheels', 'tokens'];

test('D1 without its rows, or with changed ones, is made again from R2, but for who may publish; a damaged head from D1', async () => {
  const persist = newFolder();
  await copySeededState(persist);
  const withStored = async <Read>(use: (stored: Stored) => Promise<Read>) => {
    const { env, dispose } = await getPlatformProxy<Stored & Record<string, unknown>>({
      configPath: join(root, 'wrangler.toml'),
      persist: { path: persist },
    });
    return use(env).finally(dispose);
  };
  const contents = async ({ DB }: Stored) => {
    const rows = TABLES.map((table) => DB.prepare(`select * from ${table} order by 1, 2`).all());
    return (await Promise.all(rows)).map(({ results }) => results);
  };
  const rebuild = async (...args: string[]) => {
    const { code, stdout, stderr } = await runIn(root, process.env, process.execPath, [
      ...['scripts/rebuild.ts', '--persist', persist, ...args],
    ]);
    return { code, said: stdout.trim().split('\n'), stderr };
  };

  const flag = 'python_3.12_packages_2025_03_01';
  const differences = [
    expect.stringMatching(/^publications: (\d+) of \1 differ, from revision 1 on$/),
    expect.stringMatching(`^pins: D1 has (\\d+) of ${flag}, whose document has \\1$`),
    'pins: D1 has 1 of python_3.12_packages_2030_01_01, whose document has 0',
    expect.stringMatching(/^wheels: D1 lists 0, R2 has [1-9]\d*$/),
  ];
  await withStored(async (stored) => {
    expect(await rebuildTables(stored, true)).toEqual([]);
    await stored.DB.batch([
      stored.DB.prepare('delete from publications'),
      stored.DB.prepare('delete from wheels'),
      stored.DB.prepare('update pins set sha256 = ? where set_flag = ? and name = ?').bind(
        '0',
        flag,
        'numpy',
      ),
      stored.DB.prepare("insert into pins values ('python_3.12_packages_2030_01_01', 'a', '1', 'a', 'a')"),
      stored.DB.prepare("insert into tokens values ('id', 'Ada', 'hash', '[]', '2026', '2027', null, null)"),
    ]);
    const before = await contents(stored);
    expect(await rebuildTables(stored, true)).toEqual(differences);
    expect(await contents(stored)).toEqual(before);
  });
  const checked = await rebuild('--check');
  expect(checked).toMatchObject({ code: 1, stderr: '' });
  expect(checked.said.map((line) => line.replace(/^pinwheel: /, ''))).toEqual(differences);
  const mended = await rebuild();
  const next = expect.stringContaining('npm run access -- token list');
  expect(mended).toEqual({ code: 0, said: [...checked.said, next], stderr: '' });
  expect(await rebuild()).toEqual({ code: 0, said: ['pinwheel: D1 is what R2 says'], stderr: '' });

  const { root: logRoot } = await withStored(async ({ STORE }) => {
    const head = await (await STORE.get('head.json'))!.json<NewestIndex>();
    await STORE.put('head.json', JSON.stringify({ ...head, index: { ...head.index, catalog: '0' } }));
    return head.publication;
  });
  await expect(startLocalRegistry({ persist })).rejects.toThrow('npm run rebuild');
  const damaged = expect.stringMatching(/^head: the head in R2 was changed: .*; the next start signs/);
  await withStored(async (stored) => {
    expect(await rebuildTables(stored, true)).toEqual([damaged]);
    expect(await rebuildTables(stored, false)).toEqual([damaged]);
  });
  const again = await startLocalRegistry({ persist });
  const newest = await (await fetch(new URL('/v1/index', again.url))).json<NewestIndex>();
  await again.stop();
  expect(newest).toMatchObject({ publication: { root: logRoot }, checkpoint: expect.any(String) });

  // The catalog that the head leads to.
  const [publications, pins, wheels, tokens] = await withStored(async (stored) => {
    const { index } = await (await stored.STORE.get('head.json'))!.json<NewestIndex>();
    const key = `documents/${index.catalog}.json`;
    for (const damage of [() => stored.STORE.put(key, '{}'), () => stored.STORE.delete(key)]) {
      await damage();
      await expect(readWhole(stored)).rejects.toThrow('npm run rebuild makes it again');
    }
    expect(await rebuildTables(stored, false)).toEqual([
      expect.stringMatching(/^head: R2 has no document [0-9a-f]{64}; the next start signs/),
    ]);
    expect(await rebuildTables(stored, true)).toEqual([]);
    return contents(stored);
  });

  const fresh = newFolder();
  await copySeededState(fresh);
  const { env, dispose } = await getPlatformProxy<Stored & Record<string, unknown>>({
    configPath: join(root, 'wrangler.toml'),
    persist: { path: fresh },
  });
  for (const [table, rows] of Object.entries({ publications, pins, wheels })) {
    expect(rows).toEqual((await env.DB.prepare(`select * from ${table} order by 1, 2`).all()).results);
  }
  await dispose();
  expect(tokens).toEqual([expect.objectContaining({ name: 'Ada' })]);
});
