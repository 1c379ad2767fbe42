import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { root } from '../../scripts/root.ts';
import type { Report } from './report.ts';

const LIMIT = 15_000;

/** The whole public surface of the resolver, without data, as a bundler ships it. */
export async function benchSize(report: Report): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'resolver/index.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
  });
  const [file] = outputFiles;
  const bytes = gzipSync(file!.contents, { level: 9 }).length;
  report({
    what: `the resolver without data, minified (${(file!.contents.length / 1000).toFixed(1)} kB) and gzipped`,
    figure: `${(bytes / 1000).toFixed(1)} kB`,
    goal: `${LIMIT / 1000} kB or less`,
    met: bytes <= LIMIT,
  });
}
