/** Bundles the npm package into `dist/`, with its types. */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { bundledData } from './bundled-data.ts';
import { root } from './root.ts';

/** The library's entries. resolver/tsconfig.package.json has the same list for their types. */
const ENTRIES = ['index.ts', 'bundled.ts', 'client.ts', 'python/index.ts', 'schemas.ts', 'solver/index.ts'];

/** The entries for build tools, which run in Node: `dist/project.js` and so on, with types in `dist/cli/`. cli/tsconfig.package.json has the same list. */
const TOOLS = ['entries/project', 'entries/vite'];

/** commander needs `require`, which modules do not have. */
const BANNER = `#!/usr/bin/env node
import { createRequire as requireBeside } from 'node:module';
const require = requireBeside(import.meta.url);`;

/** The entries of a built Worker. */
const RUNTIME = { host: 'runtime/worker/host.ts', worker: 'runtime/worker/main.ts' };

const common = {
  bundle: true,
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  // Prefers a package's ESM, of which unused parts are left out.
  mainFields: ['module', 'main'],
  logLevel: 'warning',
  absWorkingDir: root,
} satisfies BuildOptions;

/** Builds into a folder, by default `dist/`. Its earlier content is replaced when everything is built. */
export async function buildPackage(folder = join(root, 'dist')): Promise<void> {
  const making = `${folder}.${process.pid}`;
  try {
    await buildInto(making);
    await rm(folder, { recursive: true, force: true });
    await rename(making, folder);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

async function buildInto(folder: string): Promise<void> {
  const [command, library] = await Promise.all([
    build({
      ...common,
      platform: 'node',
      entryPoints: {
        pinwheel: 'cli/main.ts',
        // Node imports it into wrangler.
        reloads: 'cli/worker/reloads.ts',
        ...Object.fromEntries(TOOLS.map((entry) => [basename(entry), `cli/${entry}.ts`])),
      },
      outdir: folder,
      // Node prints the line of an error that a build tool does not catch.
      lineLimit: 120,
      // Each command loads only its own modules.
      splitting: true,
      chunkNames: 'cli/[name]-[hash]',
      banner: { js: BANNER },
    }),
    build({
      ...common,
      platform: 'neutral',
      // Not minified: bundlers do that, and minifying would lose the annotations of calls without side effects.
      minifyWhitespace: false,
      entryPoints: ENTRIES.map((entry) => `resolver/${entry}`),
      outbase: 'resolver',
      outdir: folder,
      // Shared code is in chunks next to the entries.
      splitting: true,
      chunkNames: 'shared/[name]-[hash]',
      plugins: [bundledData],
      // The schemas and code that extends them use one zod.
      external: ['zod'],
    }),
    emitTypes(folder),
    buildRuntime(join(folder, 'runtime')),
  ]);
  await chmod(join(folder, 'pinwheel.js'), 0o755);
  const licenses = await licensesOf([command.metafile, library.metafile]);
  await writeFile(join(folder, 'licenses.txt'), licenses);
}

/** The modules that the build of a Worker adds to those that it generates, and the Python files. */
async function buildRuntime(folder: string): Promise<void> {
  await Promise.all([
    build({
      ...common,
      platform: 'neutral',
      target: 'es2024',
      entryPoints: RUNTIME,
      outdir: folder,
      external: ['cloudflare:*', 'node:*'],
      plugins: [
        {
          name: 'parts of a Worker',
          setup: ({ onResolve }) =>
            onResolve({ filter: /^pinwheel:/ }, ({ path }) => {
              return { path: `./${path.replace('pinwheel:', '')}.js`, external: true };
            }),
        },
      ],
    }),
    build({
      ...common,
      platform: 'node',
      target: 'node24',
      entryPoints: { snapshot: 'cli/worker/snapshot/main.ts' },
      outdir: folder,
    }),
    cp(join(root, 'runtime/python'), join(folder, 'python'), {
      recursive: true,
      filter: (path) => !path.includes('__pycache__'),
    }),
  ]);
}

/** Emits declarations by tsc, with imports that end in `.js`. */
async function emitTypes(folder: string): Promise<void> {
  const all = join(folder, 'types');
  await Promise.all([runTsc('resolver', folder), runTsc('cli', all)]);
  // The entries need some declarations of cli/.
  const needed = new Set(TOOLS.map((entry) => `cli/${entry}.d.ts`));
  for (const path of needed) {
    const text = await readFile(join(all, path), 'utf8');
    for (const [, name] of text.matchAll(/(?:from |import\()'(\.[^'\n]*)\.ts'/g)) {
      const other = join(dirname(path), `${name}.d.ts`);
      if (!other.startsWith('resolver')) needed.add(other);
    }
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text.replaceAll('../resolver/', '../'));
  }
  await rm(all, { recursive: true });
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.d.ts'));
  await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8');
      await writeFile(join(folder, file), text.replace(/(?<=(?:from |import\()'\.[^'\n]*)\.ts(?=')/g, '.js'));
    }),
  );
}

function runTsc(project: string, outDir: string) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const config = join(root, project, 'tsconfig.package.json');
  return promisify(execFile)(process.execPath, [tsc, '-p', config, '--outDir', outDir]);
}

/** The licences of the bundled packages, which have to be distributed with their code. */
async function licensesOf(metafiles: Metafile[]): Promise<string> {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = inputs.flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  const texts = [...new Set(folders)].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const names = ['LICENSE', 'LICENSE.md', 'license', 'license.md'];
    const texts = names.map((file) => readFile(join(root, folder, file), 'utf8').catch(() => null));
    const text = (await Promise.all(texts)).find((text) => text !== null) ?? `License: ${license}`;
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}

if (import.meta.main) await buildPackage();
