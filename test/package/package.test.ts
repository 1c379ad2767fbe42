/** The package as it is published: what is in it, that its checkers are content, and that it works elsewhere. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { root } from '../../scripts/root.ts';
import { type Installed, installPackage, lend } from './installed.ts';

let installed: Installed;
let folder: string;
beforeAll(async () => {
  installed = await installPackage();
  folder = join(installed.project, 'node_modules/pinwheel-py');
});
afterAll(() => installed?.remove());

const ENTRIES = Object.entries(packageJson.exports).flatMap(([entry, target]) =>
  typeof target === 'string' ? [] : [{ entry: entry.replace('.', 'pinwheel-py'), path: target.default }],
);

describe('the files', () => {
  test('are what is built, the data and what says whose it is', async () => {
    expect((await readdir(folder)).sort()).toEqual([
      'LICENSE',
      'NOTICE',
      'README.md',
      'data',
      'dist',
      'package.json',
    ]);
    const dist = await readdir(join(folder, 'dist'), { recursive: true, withFileTypes: true });
    const kinds = dist
      .filter((one) => one.isFile())
      .map(({ name }) => name.replace(/^.*?(?=(\.d)?\.\w+$)/, ''));
    expect(new Set(kinds)).toEqual(new Set(['.js', '.d.ts', '.txt']));
  });

  test('import nothing but each other and zod, and the command nothing but Node', async () => {
    for (const { path } of ENTRIES) {
      const { metafile } = await build({
        entryPoints: [join(folder, path)],
        bundle: true,
        write: false,
        metafile: true,
        format: 'esm',
        platform: 'neutral',
        external: ['zod'],
      });
      const outside = Object.values(metafile.outputs).flatMap(({ imports }) =>
        imports.map((one) => one.path),
      );
      expect({ path, outside: new Set(outside) }).toEqual({
        path,
        outside: new Set(path.includes('schemas') ? ['zod'] : []),
      });
    }
    const command = await readFile(join(folder, 'dist/pinwheel.js'), 'utf8');
    const imported = [...command.matchAll(/(?:^|;)import[^'";]*from"([^"]+)"|import\("([^"]+)"\)/g)];
    expect(imported.length).toBeGreaterThan(5);
    expect(imported.map(([, one, other]) => one ?? other).filter((one) => !one!.startsWith('node:'))).toEqual(
      [],
    );
  });

  test('need zod alone beside them', () => {
    expect(Object.keys(packageJson.dependencies)).toEqual(['zod']);
  });
});

describe('checkers', () => {
  test('publint has nothing to say', async () => {
    const tarball = (await readFile(installed.tarball)).buffer as ArrayBuffer;
    const { messages } = await publint({ pack: { tarball } });
    expect(messages).toEqual([]);
  });

  test('attw finds the types that are wanted wherever ES modules are', async () => {
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const { code, stdout, stderr } = await installed.run('node', [
      attw,
      ...[installed.tarball, '--profile', 'esm-only', '--no-color', '--no-emoji'],
    ]);
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  });
});

describe('in Node', () => {
  test('npx runs the command', async () => {
    const version = await installed.run('npx', ['--no-install', 'pinwheel', '--version']);
    expect(version).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' });
    const question = ['resolve', 'fastapi', '--date', '2025-11-02', '--flag', 'python_workers', '--json'];
    const { stdout } = await installed.run('npx', ['--no-install', 'pinwheel', ...question]);
    expect(JSON.parse(stdout).totals.packages).toBe(13);
  });

  test('the README answers by import', async () => {
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    const [, code] = /```ts\n(import [\s\S]*?)```/.exec(readme)!;
    await installed.write({ 'readme.mjs': code! });
    const { code: exit, stdout, stderr } = await installed.run('node', ['readme.mjs']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toContain("name: 'fastapi'");
  });
});

const CONSUMER = `
import { type Outcome, resolve, type ResolveAnswer } from 'pinwheel-py';
import { type Client, createClient, type Fetch, RegistryError } from 'pinwheel-py/client';
import { toPylock } from 'pinwheel-py/formats';
import { Catalog } from 'pinwheel-py/schemas';

const own: Fetch = async () => new Response('{}');
export const clients: Client[] = [
  createClient({ registry: 'https://registry.example' }),
  createClient({ registry: 'https://registry.example', fetch, cache: new Map() }),
  createClient({ registry: 'https://registry.example', fetch: globalThis.fetch }),
  createClient({ registry: 'https://registry.example', fetch: (url, init) => fetch(url, init) }),
  createClient({ registry: 'https://registry.example', fetch: own, timeoutMs: 1 }),
];
export async function ask(client: Client): Promise<string> {
  const view = await client.view();
  if (!view.ok) return view.issues[0]!.code;
  const question = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'], as_of: '2026-11-20' };
  const answer: Outcome<ResolveAnswer> = await resolve(view.value, { ...question, requirements: ['a'] }, client);
  return answer.ok ? toPylock(answer.value, ({ wheel }) => wheel.url).text : answer.issues[0]!.message;
}
export const size = (value: unknown): number => Catalog.parse(value).sets.length;
export const code = (error: unknown) => (error instanceof RegistryError ? error.code : null);
// @ts-expect-error a registry is needed
createClient({});
// @ts-expect-error requirements are strings
resolve({} as never, { compatibility_date: null, compatibility_flags: [], as_of: '', requirements: [1] }, {} as never);
`;

describe('types', () => {
  const strict = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
  };
  const hosts: Record<string, object> = {
    'a browser': { lib: ['es2024', 'dom'], types: [] },
    Node: { lib: ['es2024'], types: ['node'] },
  };
  const modules: Record<string, object> = {
    bundler: { module: 'esnext', moduleResolution: 'bundler' },
    nodenext: { module: 'nodenext' },
  };
  const cases = Object.keys(hosts).flatMap((host) => Object.keys(modules).map((one) => [host, one] as const));

  // Declarations of zod are checked along with ours: nothing is left out.
  test.each(cases)('are right for %s, resolved for %s', async (host, resolution) => {
    if (host === 'Node' && resolution === 'bundler') {
      for (const name of ['@types/node', 'undici-types']) await lend(installed, name);
    }
    const compilerOptions = { ...strict, target: 'es2024', ...hosts[host], ...modules[resolution] };
    await installed.write({
      'consumer.ts': CONSUMER,
      'tsconfig.json': JSON.stringify({ compilerOptions, files: ['consumer.ts'] }),
    });
    const { code, stdout } = await installed.run('node', [
      `${root}/node_modules/typescript/bin/tsc`,
      '-p',
      '.',
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });
});

test('what is not used is left out of a bundle', async () => {
  const sizeOf = async (contents: string) => {
    const stdin = { contents, resolveDir: installed.project };
    const { outputFiles } = await build({
      stdin,
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      logLevel: 'error',
    });
    return outputFiles[0]!.contents.length;
  };
  expect(
    await sizeOf("import 'pinwheel-py'; import 'pinwheel-py/client'; import 'pinwheel-py/schemas'"),
  ).toBe(0);
  expect(await sizeOf("import { resolve } from 'pinwheel-py'")).toBe(0);
  const all = await sizeOf("export * from 'pinwheel-py'");
  expect(await sizeOf("export { canonicalName } from 'pinwheel-py'")).toBeLessThan(all / 20);
  expect(await sizeOf("export { parseRequirement } from 'pinwheel-py'")).toBeLessThan(all / 2);
});
