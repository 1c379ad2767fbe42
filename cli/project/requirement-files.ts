/** The requirements files of a project, if none are named. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isTable, own } from '../../resolver/formats/table.ts';
import { malformedPyproject } from '../../resolver/issues/files.ts';
import type { Listener } from '../common/listener.ts';
import { parseToml, readText } from '../common/read-text.ts';
import { PROJECT_FILE } from './sources/sources.ts';
import { projectHome } from './wrangler-file.ts';

/** In the order in which a fix proposes them. wrangler read the last one before it used python_modules. */
const FILES = ['requirements.txt', PROJECT_FILE, 'cf-requirements.txt'];

/** Those of a folder. A `pyproject.toml` counts if it has a project table, or one of the requested groups. */
export async function requirementFiles(folder: string, groups: readonly string[] = []): Promise<string[]> {
  const present = FILES.map((name) => join(folder, name)).filter((path) => existsSync(path));
  const useful = await Promise.all(
    present.map(async (path) => basename(path) !== PROJECT_FILE || (await requires(path, groups))),
  );
  return present.filter((_, at) => useful[at]);
}

/** Those next to the wrangler file, or in the current folder if there is none; a remark says which. */
export async function projectFiles(
  config: string | undefined,
  groups: readonly string[] | undefined,
  listener: Pick<Listener, 'remarks'>,
): Promise<string[]> {
  const files = await requirementFiles(projectHome(config), groups);
  if (files.length === 0) return [];
  const message = `Using what ${files.join(' and ')} ${files.length > 1 ? 'require' : 'requires'}.`;
  listener.remarks([{ severity: 'info', message, fix: null }]);
  return files;
}

/** Some `pyproject.toml` files only configure tools. */
async function requires(path: string, groups: readonly string[]): Promise<boolean> {
  const top = await parseToml(path, await readText(path), malformedPyproject);
  return isTable(own(top, 'project')) || (groups.length > 0 && isTable(own(top, 'dependency-groups')));
}
