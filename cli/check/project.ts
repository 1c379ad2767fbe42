/** A project as the check takes it. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { CatalogView } from '../../resolver/compatibility/view.ts';
import type { Host, Project, ScannedFile } from '../../resolver/python/index.ts';
import { sdkIsExternalIn } from '../../resolver/python/sdk.ts';
import type { Layout } from './layout.ts';
import type { ProjectRequirement } from './requirements.ts';

export async function projectOf(
  { root, main, paths, vendored, home }: Layout,
  files: readonly ScannedFile[],
  requirements: readonly ProjectRequirement[],
  host: Host,
  view: CatalogView,
): Promise<Project> {
  return {
    files,
    main,
    root: main === null ? null : basename(resolve(root)),
    paths,
    vendored: vendored.flatMap(({ files }) => files),
    requirements: requirements.filter(({ parsed }) => parsed !== null),
    requirementsFile: requirements[0]?.file ?? join(home, 'requirements.txt'),
    sdk: await sdkOf(home, requirements, host, view),
  };
}

async function sdkOf(
  home: string,
  requirements: readonly ProjectRequirement[],
  host: Host,
  view: CatalogView,
): Promise<Project['sdk']> {
  const { sdk } = host.facts;
  if (!sdkIsExternalIn(view, host)) return 'runtime';
  if (requirements.some(({ name }) => sdk.packages.includes(name))) return 'vendored_later';
  // A development dependency, as a rule: pywrangler, which vendors the SDK, is part of workers-py.
  const pyproject = await readFile(join(home, 'pyproject.toml'), 'utf8').catch(() => '');
  const isMentioned = sdk.packages.some((name) => new RegExp(`["']${name}\\b`).test(pyproject));
  return isMentioned ? 'vendored_later' : 'missing';
}
