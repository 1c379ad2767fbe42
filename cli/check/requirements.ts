/** What a project requires, each with the line that it is written on. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ListedRequirement } from '../../resolver/python/project.ts';
import { parseRequirement, type Requirement } from '../../resolver/requirements/requirement.ts';
import type { FileRequirement } from '../input/file-requirement.ts';
import type { Sources } from '../input/source-walk.ts';
import { readSources, type SourcePaths } from '../input/sources.ts';
import { printRemarks } from '../output/print.ts';

export interface ProjectRequirement extends ListedRequirement, FileRequirement {
  /** Null where the text is no requirement. */
  parsed: Requirement | null;
}

/** What the files of a project ask for. */
export interface ProjectSources extends Pick<Sources, 'constraints' | 'pythons'> {
  requirements: ProjectRequirement[];
}

/** In the order in which a fix proposes them; the last is what wrangler read before it used python_modules. */
const FILES = ['requirements.txt', 'pyproject.toml', 'cf-requirements.txt'];

/** The files that a project has, where none is named. */
export async function requirementFiles(folder: string): Promise<string[]> {
  const present = FILES.map((name) => join(folder, name)).filter((path) => existsSync(path));
  const useful = await Promise.all(
    present.map(async (path) => basename(path) !== 'pyproject.toml' || (await hasProject(path))),
  );
  return present.filter((_, at) => useful[at]);
}

export async function readRequirements(paths: SourcePaths): Promise<ProjectSources> {
  const { requirements, constraints, pythons, remarks } = await readSources(paths);
  printRemarks(remarks);
  const texts = new Map<string, string>();
  const located: ProjectRequirement[] = [];
  for (const requirement of requirements) {
    const file = fileOf(requirement, paths.requirements);
    if (!texts.has(file)) texts.set(file, await readFile(file, 'utf8').catch(() => ''));
    const line = lineOf(requirement, texts.get(file)!);
    located.push({ ...parsedRequirement(requirement), file, line, column: 1 });
  }
  return { requirements: located, constraints, pythons };
}

/** A requirement of the command line, which has no place. */
export function namedRequirement(text: string): ProjectRequirement {
  return { ...parsedRequirement({ text, where: '' }), file: '', line: 1, column: 1 };
}

function parsedRequirement({ text, where }: FileRequirement) {
  const outcome = parseRequirement(text);
  const parsed = outcome.ok ? outcome.value : null;
  return { name: parsed?.name ?? '', text, where, parsed };
}

/** A `pyproject.toml` may be there for tools alone. */
async function hasProject(path: string): Promise<boolean> {
  return /^\s*\[\s*project\s*\]/m.test(await readFile(path, 'utf8').catch(() => ''));
}

/** A place begins with the name of its file. */
function fileOf({ where }: FileRequirement, files: readonly string[]): string {
  return /^(.*), line \d+$/s.exec(where)?.[1] ?? files.find((file) => where.startsWith(`${file}, `)) ?? where;
}

/** The line that a place states, or the first that holds the requirement as a string. */
function lineOf({ where, text }: FileRequirement, content: string): number {
  const stated = /, line (\d+)$/.exec(where)?.[1];
  if (stated !== undefined) return Number(stated);
  const at = ['"', "'"].map((quote) => content.indexOf(quote + text + quote)).find((found) => found >= 0);
  return content.slice(0, at ?? 0).split('\n').length;
}
