/** Bundles the script of the upgrade view, which the Worker carries as text, into `.cache/upgrade.txt`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { root } from './root.ts';

/** What the page does not ask is left out: when a requirement holds, and what lies beyond the package set. */
const leftOut: Plugin = {
  name: 'left-out',
  setup(build) {
    build.onResolve({ filter: /\/(?:when|beyond)\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

/** Writes only what changed, so that whoever watches the file is not woken for nothing. */
export async function buildUpgradeScript(file = join(root, '.cache/upgrade.txt')): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['registry/pages/upgrade/island/main.tsx'],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    mainFields: ['module', 'main'],
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [leftOut],
  });
  const script = outputFiles[0]!.text;
  const written = await readFile(file, 'utf8').catch(() => null);
  if (written !== script) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, script);
  }
  return file;
}

if (import.meta.main) await buildUpgradeScript();
