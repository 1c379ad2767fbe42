/** The published package: its files, package checkers, and its use in other projects. */
import { readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { build } from 'esbuild';
import { publint } from 'publint';
import { beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { root } from '../../scripts/root.ts';
import { LIMITS, snippetSizes } from '../bench/size.ts';
import { type Installed, installPackage, lend } from '../package/installed.ts';

let installed: Installed;
let folder: string;
beforeAll(async () => {
  installed = await installPackage();
  folder = join(installed.project, 'node_modules/pinwheel-py');
});

const ENTRIES = Object.entries(packageJson.exports).flatMap(([entry, target]) =>
  typeof target === 'string' ? [] : [{ entry: entry.replace('.', 'pinwheel-py'), path: target.default }],
);

/** Whether an entry is for build tools, which run in Node as the command does. */
const isTool = (path: string) => /\/(?:project|vite)\.js$/.test(path);

describe('the files', () => {
  test('are the built code, the data and the licences', async () => {
    expect((await readdir(folder)).sort()).toEqual([
      'LICENSE',
      'NOTICE',
      'README.md',
      'bin',
      'data',
      'dist',
      'package.json',
    ]);
    const dist = await readdir(join(folder, 'dist'), { recursive: true, withFileTypes: true });
    const kinds = dist
      .filter((entry) => entry.isFile())
      .map(({ name }) => name.replace(/^.*?(?=(\.d)?\.\w+$)/, ''));
    // The Python files are those of built Workers.
    expect(new Set(kinds)).toEqual(new Set(['.js', '.d.ts', '.txt', '.py']));
  });

  test('have no long line, which Node prints with an error that a build tool does not catch', async () => {
    const lines = (await readFile(join(folder, 'dist/project.js'), 'utf8')).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(400);
  });

  test('import only each other and zod, and the command only Node', async () => {
    for (const { path } of ENTRIES) {
      const { metafile } = await build({
        entryPoints: [join(folder, path)],
        bundle: true,
        write: false,
        metafile: true,
        format: 'esm',
        platform: isTool(path) ? 'node' : 'neutral',
        external: ['zod'],
      });
      const outside = Object.values(metafile.outputs).flatMap(({ imports }) =>
        imports.map((imported) => imported.path).filter((name) => !isBuiltin(name)),
      );
      expect({ path, outside: new Set(outside) }).toEqual({
        path,
        outside: new Set(path.includes('schemas') ? ['zod'] : []),
      });
    }
    const names = (await readdir(join(folder, 'dist/cli'))).filter((name) => name.endsWith('.js'));
    const parts = names.map((name) => `dist/cli/${name}`);
    const imported: string[] = [];
    for (const part of ['dist/pinwheel.js', ...parts]) {
      const code = await readFile(join(folder, part), 'utf8');
      const found = code.matchAll(/(?:^|;)(?:import|export)[^'";]*from"([^"]+)"|import\("([^"]+)"\)/gm);
      for (const [, stated, dynamic] of found) {
        const path = stated ?? dynamic!;
        imported.push(/^\.\.?\//.test(path) ? posix.join(part, '..', path) : path);
      }
    }
    expect(imported.length).toBeGreaterThan(parts.length);
    const own = new Set(parts);
    expect(imported.filter((path) => !isBuiltin(path) && !own.has(path))).toEqual([]);
  });

  test('need only zod', () => {
    expect(Object.keys(packageJson.dependencies)).toEqual(['zod']);
  });
});

describe('checkers', () => {
  test('publint reports nothing', async () => {
    const tarball = (await readFile(installed.tarball)).buffer as ArrayBuffer;
    const { messages } = await publint({ pack: { tarball } });
    expect(messages).toEqual([]);
  });

  test('attw finds the types for every resolution of ES modules', async () => {
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
    for (const name of ['pinwheel', 'pinwheel-py']) {
      const version = await installed.run('npx', ['--no-install', name, '--version']);
      expect(version).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' });
    }
    const question = ['resolve', 'fastapi', '--date', '2025-11-02', '--flag', 'python_workers', '--json'];
    const { stdout } = await installed.run('npx', ['--no-install', 'pinwheel', ...question]);
    expect(JSON.parse(stdout).totals.packages).toBe(13);
  });
});

const CONSUMER = `
import { createResolver as createFromDocuments, type Outcome, type Pinwheel, resolve, type ResolveAnswer, ResolveError, toPylock } from 'pinwheel-py';
import { createResolver } from 'pinwheel-py/bundled';
import { createClient, type Fetch, RegistryError } from 'pinwheel-py/client';
import { type Listener, ProjectError, readProject, vendor } from 'pinwheel-py/project';
import { Catalog } from 'pinwheel-py/schemas';

const own: Fetch = async () => new Response('{}');
// One meaning: the bundled data may be left out.
export const createFromAny: typeof createFromDocuments = createResolver;
export const pinwheels: Pinwheel[] = [
  createResolver(),
  createFromDocuments({ catalog: () => Catalog.parse({}), openSet: async () => ({}) as never }),
  createClient({ registry: 'https://registry.example' }),
  createClient({ registry: 'https://registry.example', fetch, cache: new Map() }),
  createClient({ registry: 'https://registry.example', fetch: globalThis.fetch }),
  createClient({ registry: 'https://registry.example', fetch: (url, init) => fetch(url, init) }),
  createClient({ registry: 'https://registry.example', fetch: own, timeoutMs: 1 }),
];
export async function ask({ source }: Pinwheel): Promise<string> {
  const view = await source.view();
  if (!view.ok) return view.issues[0]!.code;
  const question = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'], as_of: '2026-11-20' };
  const answer: Outcome<ResolveAnswer> = await resolve(view.value, { ...question, requirements: ['a'] }, source);
  return answer.ok ? toPylock(answer.value, ({ wheel }) => wheel.url).text : answer.issues[0]!.message;
}
export async function askAll(pinwheel: Pinwheel, wranglerConfig: { name: string; compatibility_date?: string; compatibility_flags?: string[] }) {
  const { packages } = await pinwheel.resolve({ ...wranglerConfig, requirements: ['fastapi'] });
  const { first } = await pinwheel.when({ ...wranglerConfig, requirement: 'polars>=1' });
  const { python } = await pinwheel.compare({ ...wranglerConfig, to: '2026-11-01' });
  const { findings } = await pinwheel.check({ ...wranglerConfig, files: { 'entry.py': 'import json' } });
  const outcome = await pinwheel.safeTarget(wranglerConfig);
  return [packages[0]?.wheel.sha256, first, python.changed, findings[0]?.line, outcome.ok && outcome.value.answer_version];
}
export const issues = (error: unknown) => (error instanceof ResolveError ? error.issues : []);
// @ts-expect-error a list is meant
createResolver().resolve({ compatibility_date: '2025-11-02', requirements: 'fastapi' });
// @ts-expect-error requirements are needed
createResolver().resolve({ compatibility_date: '2025-11-02' });
export const size = (value: unknown): number => Catalog.parse(value).sets.length;
export const code = (error: unknown) => (error instanceof RegistryError ? error.code : null);
export async function build(folder: string, step: Listener['step'], signal: AbortSignal) {
  const project = await readProject(folder, { env: 'staging', flags: ['python_workers'] });
  const { packages } = await vendor(project, { jobs: 2, listener: { step }, signal });
  return packages.map(({ size }) => size satisfies number | null);
}
export const why = (error: unknown) => (error instanceof ProjectError ? error.issues[0]?.fixes[0]?.kind : null);
// @ts-expect-error a number is meant
export const few = (folder: string) => readProject(folder).then((project) => vendor(project, { jobs: '2' }));
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
  // attw looks at all resolutions.
  const hosts: [string, object][] = [
    [
      'a browser, resolved for bundler',
      { lib: ['es2024', 'dom'], types: [], module: 'esnext', moduleResolution: 'bundler' },
    ],
    ['Node, resolved for nodenext', { lib: ['es2024'], types: ['node'], module: 'nodenext' }],
  ];

  // zod's declarations are checked too.
  test.each(hosts)('are right for %s', async (host, options) => {
    if (host.startsWith('Node')) {
      for (const name of ['@types/node', 'undici-types']) await lend(installed, name);
    }
    const compilerOptions = { ...strict, target: 'es2024', ...options };
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

test('the snippet of the README is as small in one file as test/bench/size.ts wants it', async () => {
  const { client, bundled } = await snippetSizes(folder);
  expect(client.gzipped).toBeLessThan(LIMITS.client);
  expect(bundled.gzipped).toBeLessThan(LIMITS.bundled);
  // This entry contains the code, and all data.
  expect(client.gzipped).toBeGreaterThan(20_000);
  expect(bundled.gzipped).toBeGreaterThan(300_000);
});

test('the documented sizes are those of the package', async () => {
  const { client, bundled, check, resolveBeyond } = await snippetSizes(folder);
  const numberIn = async (path: string, pattern: RegExp) =>
    1000 * Number(pattern.exec(await readFile(join(root, path), 'utf8'))![1]);
  const object = 'resolver/pinwheel/pinwheel.ts';
  for (const [documented, measured] of [
    [await numberIn('resolver/README.md', /about (\d+) kB with the code, gzipped/), bundled.gzipped],
    [await numberIn(object, /has no `check`\. It is (\d+) kB, gzipped/), check.gzipped - client.gzipped],
    [
      await numberIn(object, /`resolveBeyond` of `pinwheel-py\/solver`: (\d+) kB/),
      resolveBeyond.gzipped - client.gzipped,
    ],
  ] as const) {
    expect(Math.abs(documented / measured - 1), `${documented} for ${measured}`).toBeLessThan(0.1);
  }
});

test('unused code is left out of a bundle', async () => {
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
  const library = ENTRIES.filter(({ path }) => !isTool(path));
  const entries = library.map(({ entry }) => `import '${entry}';`);
  expect(await sizeOf(entries.join('\n'))).toBe(0);
  expect(await sizeOf("import { resolve } from 'pinwheel-py'")).toBe(0);
  const all = await sizeOf("export * from 'pinwheel-py'");
  expect(await sizeOf("export { canonicalName } from 'pinwheel-py'")).toBeLessThan(all / 20);
  expect(await sizeOf("export { parseRequirement } from 'pinwheel-py'")).toBeLessThan(all / 2);
});

test('a bundler puts each package set into a separate file, which is loaded on demand', async () => {
  const { metafile } = await build({
    stdin: {
      contents: "export { createResolver } from 'pinwheel-py/bundled'",
      resolveDir: installed.project,
    },
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    outdir: 'out',
  });
  const files = Object.entries(metafile.outputs);
  const [entry] = files.find(([, { entryPoint }]) => entryPoint === '<stdin>')!;
  const loaded = new Set([entry]);
  for (const path of loaded) {
    for (const imported of metafile.outputs[path]!.imports)
      if (imported.kind === 'import-statement') loaded.add(imported.path);
  }
  const sizes = files.map(([path, { bytes }]) => (loaded.has(path) ? bytes : 0));
  // The code alone: all sets together are megabytes.
  expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(60_000);
  const sets = files.filter(([path]) => path.includes('_packages_'));
  expect(sets).toHaveLength((await readdir(join(root, 'data/sets'))).length);
});
