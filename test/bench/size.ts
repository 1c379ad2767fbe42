import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { root } from '../../scripts/root.ts';
import type { Report } from './report.ts';

const LIMIT = 15_000;

/** The whole public surface of the resolver, without data, as a bundler ships it. */
export async function benchSize(report: Report): Promise<void> {
  const { minified, gzipped } = await sizeOf({ entryPoints: [join(root, 'resolver/index.ts')] });
  report({
    what: `the resolver without data, minified (${(minified / 1000).toFixed(1)} kB) and gzipped`,
    figure: `${(gzipped / 1000).toFixed(1)} kB`,
    goal: `${LIMIT / 1000} kB or less`,
    met: gzipped <= LIMIT,
  });
}

/** What esbuild makes of entries for the web, in bytes. */
export async function sizeOf(options: BuildOptions): Promise<{ minified: number; gzipped: number }> {
  const { outputFiles } = await build({
    ...options,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
  });
  const { contents } = outputFiles[0]!;
  return { minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length };
}
