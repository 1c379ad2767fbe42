/**
 * Writes what the Worker carries as text into `.cache/`: the scripts of the upgrade view, which are that of the page,
 * and the check of a project's files, which the page loads with the first folder; and the API's description, which
 * takes longer to make than a request may.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { bundle } from './bundle.ts';
import { root } from './root.ts';

/** By the name of the text in `.cache/`. */
const SCRIPTS = { upgrade: 'main.tsx', check: 'check.ts' };

/**
 * What the page does not ask is left out: when a requirement holds, what lies beyond the package set, and the check.
 */
const leftOut: Plugin = {
  name: 'left-out',
  setup(build) {
    build.onResolve({ filter: /\/(?:when|beyond|check)\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

export async function buildWorkerTexts(folder = join(root, '.cache')): Promise<void> {
  await mkdir(folder, { recursive: true });
  const texts = Object.entries(SCRIPTS).map(
    ([name, entry]) => [name, bundled(`registry/pages/upgrade/island/${entry}`)] as const,
  );
  await Promise.all(
    [...texts, ['openapi', describeApi()] as const].map(async ([name, text]) =>
      writeIfChanged(join(folder, `${name}.txt`), await text),
    ),
  );
}

/** Node reads no TSX, which some routes are written in. */
async function describeApi(): Promise<string> {
  const script = await bundle(join(root, 'registry/describe.ts'));
  const { description } = await import(
    `data:text/javascript;base64,${Buffer.from(script).toString('base64')}`
  );
  return JSON.stringify(description);
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

if (import.meta.main) await buildWorkerTexts();
