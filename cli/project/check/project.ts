/** A project as the check takes it. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { CatalogView } from '../../../resolver/index.ts';
import { sdkIsExternalIn } from '../../../resolver/python/host.ts';
import type { Host, Project, ScannedFile } from '../../../resolver/python/index.ts';
import type { Layout } from '../layout.ts';
import type { ProjectRequirement } from './requirements.ts';

export interface WorkerProject extends Project {
  /** Whether pywrangler vendors its requirements at deployment, from indexes that are not asked here. */
  fetchesLater: boolean;
}

export async function projectOf(
  { root, main, paths, vendored, home }: Layout,
  files: readonly ScannedFile[],
  requirements: readonly ProjectRequirement[],
  host: Host,
  view: CatalogView,
): Promise<WorkerProject> {
  const fetchesLater = await usesPywrangler(home, requirements, host);
  return {
    files,
    main,
    root: main === null ? null : basename(resolve(root)),
    paths,
    vendored: vendored.flatMap(({ files }) => files),
    requirements: requirements.filter(({ parsed }) => parsed !== null),
    requirementsFile: requirements[0]?.file ?? join(home, 'requirements.txt'),
    sdk: sdkIsExternalIn(view, host) ? (fetchesLater ? 'vendored_later' : 'missing') : 'runtime',
    fetchesLater,
  };
}

async function usesPywrangler(
  home: string,
  requirements: readonly ProjectRequirement[],
  { facts: { sdk } }: Host,
): Promise<boolean> {
  if (requirements.some(({ name }) => sdk.packages.includes(name))) return true;
  // A development dependency, as a rule: pywrangler is part of workers-py.
  const pyproject = await readFile(join(home, 'pyproject.toml'), 'utf8').catch(() => '');
  return sdk.packages.some((name) => new RegExp(`["']${name}\\b`).test(pyproject));
}
