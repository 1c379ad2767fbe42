/**
 * Bundles the Worker, and writes its text modules into `.cache/`: the stylesheet, the scripts of the pages, the pictures,
 * and the OpenAPI document, which takes too long to generate in a request.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin, type StdinOptions } from 'esbuild';
import { writeWhole } from '../cli/common/folders.ts';
import { root } from './root.ts';

const pages = join(root, 'registry/pages');

/** Style sheets in the order of the cascade. */
const STYLES = ['base', 'answers', 'tables', 'print'];

/** The entries of scripts, by the name of the text in `.cache/`. */
const TEXTS: Record<string, () => Promise<string>> = {
  style: () =>
    bundled({ stdin: { contents: STYLES.map(imported).join(''), resolveDir: pages, loader: 'css' } }),
  page: () => bundled({ entryPoints: ['assets/island/main.ts'] }),
  matrix: () => bundled({ entryPoints: ['matrix/island/main.ts'] }),
  // Loaded with the first files.
  files: () => bundled({ entryPoints: ['question/island/files.ts'] }),
  move: () => bundled({ entryPoints: ['question/island/main.tsx'] }),
  // A script of its own, which that of a move loads with the first folder.
  check: () => bundled({ entryPoints: ['../../resolver/pinwheel/check.ts'] }),
  favicon: () => readFile(join(pages, 'assets/favicon.ico'), 'base64'),
  preview: () => readFile(join(pages, 'assets/preview.png'), 'base64'),
  openapi: describeApi,
};

export async function buildWorkerTexts(folder = join(root, '.cache')): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(
    Object.entries(TEXTS).map(async ([name, text]) =>
      writeIfChanged(join(folder, `${name}.txt`), await text()),
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

/** Bundles a Worker, given by its entry's path or as text, into one ES module. */
export async function bundle(entry: string | StdinOptions): Promise<string> {
  const result = await build({
    ...(typeof entry === 'string' ? { entryPoints: [entry] } : { stdin: entry }),
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return result.outputFiles[0]!.text;
}

const imported = (name: string) => `@import './assets/style/${name}.css';`;

/**
 * Leaves out what the script of a move does not use, or loads later: `when`, indexes, audits, and the check. Of the facts,
 * it has what flags do; the rest comes from the registry.
 */
const leftOut: Plugin = {
  name: 'left-out',
  setup(build) {
    build.onResolve({ filter: /\/(?:when|beyond|audit|check)\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
    build.onLoad({ filter: /standard-library\/facts\.json$/ }, async ({ path }) => {
      const { flags } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ flags }), loader: 'json' };
    });
  },
};

/** Begins with a fingerprint, so that no isolate has to compute it. */
async function bundled(entry: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    ...entry,
    absWorkingDir: pages,
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
  const { text } = outputFiles![0]!;
  return `/*${createHash('sha256').update(text).digest('hex').slice(0, 8)}*/${text}`;
}

/** An unchanged file does not wake its watchers, and another process never reads half of one. */
async function writeIfChanged(file: string, text: string): Promise<void> {
  const written = await readFile(file, 'utf8').catch(() => null);
  if (written !== text) await writeWhole(file, text);
}

if (import.meta.main) await buildWorkerTexts();
