/** Packages for Workers that are made at run time, inside workerd. */

import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { serve } from '../common/own.ts';
import { wheels } from '../patches/python-packages.ts';

const FLAG = 'python_3.13_packages_2026_09_16';
const NEEDS: Record<string, string[]> = { django: ['asgiref', 'sqlparse'], asgiref: [], sqlparse: [] };

const served = new Map<string, Buffer>();
let miniflare: Miniflare;

beforeAll(async () => {
  const readData = async (path: string) => JSON.parse(await readFile(join(root, 'data', path), 'utf8'));
  const set = await readData(`sets/${FLAG}.json`);
  const paths = await wheels(['django==5.2.17', 'asgiref==3.12.1', 'sqlparse==0.6.0']);
  const like = set.packages.find(({ kind }: { kind: string }) => kind === 'package');
  set.packages = await Promise.all(
    paths.map(async (path) => {
      const bytes = await readFile(path);
      const [name, version] = basename(path).split('-') as [string, string];
      served.set(basename(path), bytes);
      const own = {
        name,
        written_name: name,
        version,
        filename: basename(path),
        sha256: hash('sha256', bytes),
      };
      const depends = NEEDS[name]!;
      return { ...like, ...own, depends, written_depends: depends, imports: [name], patched: null };
    }),
  );
  served.set('documents', Buffer.from(JSON.stringify({ catalog: await readData('catalog.json'), set })));
  const origin = await serve(({ url }, response) => {
    const bytes = served.get(basename(url!));
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  const { outputFiles } = await build({
    entryPoints: [join(root, 'test/runtime/loader/worker.ts')],
    ...{ bundle: true, format: 'esm', target: 'es2024', write: false, logLevel: 'silent' },
  });
  const worker = {
    name: 'host',
    modules: [{ type: 'ESModule' as const, path: 'host.js', contents: outputFiles![0]!.text }],
    compatibilityDate: '2025-11-02',
    bindings: { DOCUMENTS: `${origin}/documents`, REGISTRY: origin },
    workerLoaders: { LOADER: {} },
  };
  miniflare = new Miniflare(convertV4MiniflareOptions({ workers: [worker] }));
});
afterAll(async () => {
  await miniflare?.dispose();
});

// biome-ignore lint/suspicious/noExplicitAny: what it answers is looked at member by member.
const ask = async (): Promise<any> => (await miniflare.dispatchFetch('http://x/')).json();

test("a dynamic Worker has the modules of a requirement's closure", async () => {
  const { answer, names, packages, compatibilityFlags } = await ask();
  expect(answer[0]).toContain('VERSION = (5, 2, 17');
  expect(answer[1]).toBe(0);
  expect(packages.map(({ name }: { name: string }) => name).sort()).toEqual([
    'asgiref',
    'django',
    'sqlparse',
  ]);
  expect(names).toContain('python_modules/asgiref/sync.py');
  expect(names.every((name: string) => name.startsWith('python_modules/'))).toBe(true);
  expect(compatibilityFlags).toContain('python_workers');
});

test('a wheel with other bytes is rejected', async () => {
  const name = 'sqlparse-0.6.0-py3-none-any.whl';
  const bytes = served.get(name)!;
  served.set(name, Buffer.concat([bytes, Buffer.from('more')]));
  expect((await ask()).error).toMatch(
    new RegExp(`sent ${name} with the SHA-256 [0-9a-f]{64}, but the set pins ${hash('sha256', bytes)}`),
  );
  served.delete(name);
  expect((await ask()).error).toContain('it answered with status 404');
  served.set(name, bytes);
});
