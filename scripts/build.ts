/** Bundles what the npm package ships into `dist/`. `--verbose` prints what was written. */
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { root } from './root.ts';

/** Node 20 finds no `require` in a module, and commander is written with it. */
const BANNER = `#!/usr/bin/env node
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);`;

const common = {
  bundle: true,
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  // The ESM form of a package where it has one: what is not used is then left out.
  mainFields: ['module', 'main'],
  logLevel: 'warning',
  absWorkingDir: root,
} satisfies BuildOptions;

/** Builds into a folder, by default `dist/`, and returns the paths of what it wrote. */
export async function buildPackage(folder = join(root, 'dist')): Promise<string[]> {
  const files = {
    cli: join(folder, 'pinwheel.js'),
    index: join(folder, 'index.js'),
    schemas: join(folder, 'schemas.js'),
  };
  const results = await Promise.all([
    build({
      ...common,
      platform: 'node',
      entryPoints: ['resolver/cli/main.ts'],
      outfile: files.cli,
      banner: { js: BANNER },
    }),
    build({ ...common, platform: 'neutral', entryPoints: ['resolver/index.ts'], outfile: files.index }),
    build({
      ...common,
      platform: 'neutral',
      stdin: {
        contents: "export * from './catalog.ts'; export * from './answer.ts';",
        resolveDir: join(root, 'resolver'),
        loader: 'ts',
      },
      // One zod for the schemas and for whoever extends them.
      external: ['zod'],
      outfile: files.schemas,
    }),
  ]);
  await chmod(files.cli, 0o755);
  const licenses = join(folder, 'licenses.txt');
  await writeFile(licenses, await licensesOf(results.map(({ metafile }) => metafile)));
  return [...Object.values(files), licenses];
}

/** The licences of the packages whose code is in the bundles: they ask to be copied with it. */
async function licensesOf(metafiles: Metafile[]): Promise<string> {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = inputs.flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  const texts = [...new Set(folders)].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const names = ['LICENSE', 'LICENSE.md', 'license', 'license.md'];
    const found = names.map((file) => readFile(join(root, folder, file), 'utf8').catch(() => null));
    const text = (await Promise.all(found)).find((one) => one !== null) ?? `License: ${license}`;
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}

if (import.meta.main) {
  const written = await buildPackage();
  if (process.argv.includes('--verbose')) {
    for (const path of written) {
      const { size } = await stat(path);
      console.log(`${relative(root, path)}  ${(size / 1000).toFixed(1)} kB`);
    }
  }
}
