/** `pinwheel init`: a project that builds. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { shellWord } from '../../resolver/text/shell-word.ts';
import { misused } from '../common/failure.ts';
import { visible } from '../common/text.ts';
import { print } from '../print/print.ts';
import { projectFiles, TEMPLATES } from './templates.ts';

export interface InitOptions {
  template: string;
}

/**
 * The first date with Python 3.13 by default. The built Worker includes its Python, so a later date changes nothing.
 */
const DATE = '2025-11-02';

export async function initCommand(folder: string, { template }: InitOptions): Promise<void> {
  if (folder === '')
    throw misused('The name of the folder is empty.', 'Name one, or leave it out for this one.');
  const present = await readdir(folder).catch((): string[] => []);
  const kind = TEMPLATES[template]!;
  const files = projectFiles(kind, workerName(folder), DATE);
  const taken = Object.keys(files).filter((path) => present.includes(path.split('/')[0]!));
  if (taken.length > 0) {
    throw misused(`${folder} already has ${taken[0]}.`, 'Name a new folder, or an empty one.');
  }
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { flag: 'wx' });
  }
  const way = folder === '.' ? [] : [`cd ${shellWord(folder)}`];
  const next = [...way, ...(kind.before ?? []), 'npx pinwheel build', 'npx wrangler dev'];
  print([
    ...Object.keys(files).map((path) => `${visible(folder)}/${path}`),
    '',
    `Next: ${next.join(' && ')}`,
  ]);
}

/** A name that wrangler accepts: lower-case letters, digits and dashes. */
function workerName(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name.slice(0, 60) || 'worker';
}
