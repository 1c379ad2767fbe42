/**
 * Writes the Worker's text modules into `.cache/`: the scripts of the front page and of the upgrade view, the check of a
 * project's files, which the upgrade view loads with the first folder, and the OpenAPI document, which takes too long to
 * generate in a request.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { fingerprint } from '../registry/pages/assets/fingerprint.ts';
import { bundle } from './bundle.ts';
import { root } from './root.ts';

/** By the name of the text in `.cache/`. */
const SCRIPTS = {
  check: 'upgrade/island/check.ts',
  matrix: 'matrix/island/main.ts',
  upgrade: 'upgrade/island/main.tsx',
};

/**
 * Leaves out what the page does not use: `when`, indexes, and the check.
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
    ([name, entry]) => [name, bundled(`registry/pages/${entry}`)] as const,
  );
  await Promise.all(
    [...texts, ['openapi', describeApi()] as const].map(async ([name, text]) =>
      writeIfChanged(join(folder, `${name}.txt`), await text),
    ),
  );
}

/** Bundled first, because some routes are in TSX, which Node cannot run. */
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
  const { text } = outputFiles[0]!;
  return `/*${fingerprint(text)}*/${text}`;
}

/** An unchanged file does not wake its watchers, and another process never reads half of one. */
async function writeIfChanged(file: string, text: string): Promise<void> {
  const written = await readFile(file, 'utf8').catch(() => null);
  if (written === text) return;
  const making = `${file}.${process.pid}`;
  await writeFile(making, text);
  await rename(making, file);
}

if (import.meta.main) await buildWorkerTexts();
