import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import packageJson from '../../package.json' with { type: 'json' };
import { buildPackage } from '../../scripts/build.ts';
import { root } from '../../scripts/root.ts';
import { atMost, type Report } from './report.ts';

/** What a README's snippet may be in one file, minified and gzipped. */
export const LIMITS = { client: 45_000, bundled: 700_000 };

/** The snippet of the README, in one file, with each source of answers: code and, if it is bundled, all data. */
export async function benchSize(report: Report): Promise<void> {
  await mkdir(join(root, '.cache'), { recursive: true });
  const folder = await mkdtemp(join(root, '.cache/size-'));
  try {
    await buildPackage(join(folder, 'dist'));
    const sizes = await snippetSizes(folder);
    for (const [name, limit] of Object.entries(LIMITS)) {
      const { minified, gzipped } = sizes[name as keyof typeof LIMITS];
      const what = `README's snippet with pinwheel-py/${name}, minified (${kB(minified)}) and gzipped`;
      report(atMost(what, gzipped, limit, kB));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

interface Size {
  minified: number;
  gzipped: number;
}

/**
 * What esbuild makes of the README's snippet, with the package whose `dist/` is in a folder; also with a client that is
 * given the code of rare answers.
 */
export async function snippetSizes(
  folder: string,
): Promise<Record<'client' | 'bundled' | 'check' | 'resolveBeyond', Size>> {
  const entries = Object.entries(packageJson.exports).flatMap(([entry, target]) =>
    typeof target === 'string' ? [] : [[entry.replace('.', 'pinwheel-py'), join(folder, target.default)]],
  );
  const sizes = async (contents: string) =>
    sizeOf({ stdin: { contents, resolveDir: folder }, alias: Object.fromEntries(entries) });
  const bundled = await snippetOf('README.md', 'pinwheel-py/bundled');
  // "Only the first line changes."
  const client = await snippetOf('resolver/README.md', 'pinwheel-py/client');
  const [imported, created] = client.split('\n\n') as [string, string];
  const asked = bundled.replace(/^import .*/, imported).replace(/^const pinwheel = .*/m, created.trim());
  const given = (name: string, entry: string) =>
    sizes(`import { ${name} } from '${entry}';\n${asked.replace('({ ', `({ ${name}, `)}`);
  return {
    client: await sizes(asked),
    bundled: await sizes(bundled),
    check: await given('check', 'pinwheel-py/python'),
    resolveBeyond: await given('resolveBeyond', 'pinwheel-py/solver'),
  };
}

/** The first snippet of a README that imports an entry. */
async function snippetOf(readme: string, entry: string): Promise<string> {
  const text = await readFile(join(root, readme), 'utf8');
  const snippets = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);
  return snippets.find((code) => code.includes(`'${entry}'`))!;
}

/** What esbuild makes of entries for the web, in bytes. */
export async function sizeOf(options: BuildOptions): Promise<Size> {
  const { outputFiles } = await build({
    ...options,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  const { contents } = outputFiles[0]!;
  return { minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length };
}
