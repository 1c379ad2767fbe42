/** `pinwheel build`: a project becomes a Worker that includes its own Python. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { visible } from '../common/text.ts';
import { buildLines, buildRemarks } from '../print/build.ts';
import { print, printRemarks } from '../print/print.ts';
import { screenOf } from '../print/table.ts';
import { type Built, buildProject, checkProjectBuild } from '../project/build.ts';
import type { BuildOptions } from '../project/build-closure.ts';
import { findWrangler, tooOldWorkerd } from '../worker/wrangler.ts';

export async function buildCommand(folder: string, options: BuildOptions): Promise<void> {
  if (options.check) return check(folder, options);
  const report = await buildProject(folder, options);
  if (options.format === 'json') {
    const { home: _, ...data } = report;
    return print([JSON.stringify(data)]);
  }
  const old = tooOldWorkerd(report.home, findWrangler(report.home, process.env));
  // What is deployed runs on the platform's own workerd.
  if (old !== null) printRemarks([{ ...old, severity: 'warning' }]);
  printRemarks(buildRemarks(report));
  const lines = buildLines(report, screenOf(process.stdout));
  print(options.dev ? lines.slice(0, 1) : [...lines, ...(await uploadLines(report))]);
}

/** The commands that upload the files of a Worker to its bucket: a deployment does not. */
async function uploadLines({ folder, bucket }: Built) {
  if (bucket === null) return [];
  const names = await readdir(join(folder, 'r2'));
  const lines = names.map(
    (name) =>
      `  npx wrangler r2 object put ${visible(bucket)}/pinwheel/${name} --file ${visible(folder)}/r2/${name} --remote`,
  );
  return ['', 'Before you deploy it, put its files into the bucket:', ...lines];
}

async function check(folder: string, options: BuildOptions): Promise<void> {
  const to = await checkProjectBuild(folder, options);
  if (options.format === 'json') print([JSON.stringify({ folder: to, is_current: true })]);
  else print([`${visible(to)} is up to date with this project.`]);
}
