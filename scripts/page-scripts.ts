/**
 * Bundles the scripts of the upgrade view, which the Worker carries as text, into `.cache/`: that of the page, and the
 * check of a project's files, which the page loads with the first folder.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { root } from './root.ts';

/** By the name of the text in `.cache/`. */
const SCRIPTS = { upgrade: 'main.tsx', check: 'check.ts' };

/** What the page does not ask is left out: when a requirement holds, what lies beyond the package set, and the check. */
const leftOut: Plugin = {
  name: 'left-out',
  setup(build) {
    build.onResolve({ filter: /\/(?:when|beyond|check)\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

export async function buildPageScripts(folder = join(root, '.cache')): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(
    Object.entries(SCRIPTS).map(async ([name, entry]) => {
      await writeIfChanged(
        join(folder, `${name}.txt`),
        await bundled(`registry/pages/upgrade/island/${entry}`),
      );
    }),
  );
}

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
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
  return outputFiles[0]!.text;
}

/** So that whoever watches the file is not woken for nothing. */
async function writeIfChanged(file: string, text: string): Promise<void> {
  const written = await readFile(file, 'utf8').catch(() => null);
  if (written !== text) await writeFile(file, text);
}

if (import.meta.main) await buildPageScripts();
