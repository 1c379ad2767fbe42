/** The sources of requirements: pip's files, `pyproject.toml`s, and the files that these name. */
import { realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Include } from '../../../resolver/requirements/requirements-file.ts';
import { misused } from '../../common/failure.ts';
import { nameOf, STANDARD_INPUT } from '../../common/read-text.ts';
import type { Choice } from './pyproject-file.ts';
import { PROJECT_FILE, type SourceFile, type Sources, SourceWalk } from './source-walk.ts';

export interface SourcePaths extends Partial<Choice> {
  /** Requirements files, `pyproject.toml`s, or `-` for standard input. */
  requirements: readonly string[];
  constraints?: readonly string[];
}

/** Reads each named file once, and each file in their folders that one of them names. */
export async function readSources(paths: SourcePaths): Promise<Sources> {
  const { requirements, constraints = [], extras = [], groups = [] } = paths;
  checkUsage(paths);
  const files = await Promise.all([
    ...requirements.map((path) => named(path, 'requirements')),
    ...constraints.map((path) => named(path, 'constraints')),
  ]);
  const folders = await Promise.all(
    files.map(({ path, folder }) => (path ? dirname(path) : realpath(folder))),
  );
  const walk = new SourceWalk({ extras, groups }, folders);
  for (const file of files) await walk.read(file, []);
  return walk.sources;
}

async function named(path: string, kind: Include['kind']): Promise<SourceFile> {
  if (path === STANDARD_INPUT) return { name: nameOf(path), kind, path: null, folder: process.cwd() };
  // A missing file is reported when it is read.
  const real = await realpath(path).catch(() => resolve(path));
  return { name: path, kind, path: real, folder: dirname(resolve(path)) };
}

function checkUsage({ requirements, constraints = [], extras = [], groups = [] }: SourcePaths): void {
  if ([...requirements, ...constraints].filter((path) => path === STANDARD_INPUT).length > 1) {
    throw misused('Standard input can be read only once.', 'Give -r - once.');
  }
  if (extras.length + groups.length === 0) return;
  if (requirements.some((path) => basename(path) === PROJECT_FILE)) return;
  const option = extras.length > 0 ? '--extra' : '--group';
  throw misused(`${option} needs a ${PROJECT_FILE}.`, `Name it with -r ${PROJECT_FILE}.`);
}
