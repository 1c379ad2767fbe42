/** Bundles the playground's script, which the Worker carries as text, into `.cache/playground.txt`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { root } from './root.ts';

/** The page asks to resolve alone: what other questions load when they are asked is left out. */
const resolveAlone: Plugin = {
  name: 'resolve-alone',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

/** Writes only what changed, so that whoever watches the file is not woken for nothing. */
export async function buildPlayground(file = join(root, '.cache/playground.txt')): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['registry/pages/playground/island/main.ts'],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [resolveAlone],
  });
  const script = outputFiles[0]!.text;
  const written = await readFile(file, 'utf8').catch(() => null);
  if (written !== script) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, script);
  }
  return file;
}

if (import.meta.main) await buildPlayground();
