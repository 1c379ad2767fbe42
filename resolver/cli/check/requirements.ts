/** What a project requires, each with the line that it is written on. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ListedRequirement } from '../../python/project.ts';
import { parseRequirement, type Requirement } from '../../requirements/requirement.ts';
import type { FileRequirement } from '../input/file-requirement.ts';
import { readSources } from '../input/sources.ts';
import { printRemarks } from '../output/print.ts';

export interface ProjectRequirement extends ListedRequirement {
  text: string;
  /** Null where the text is no requirement. */
  parsed: Requirement | null;
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

export async function readRequirements(files: readonly string[]): Promise<ProjectRequirement[]> {
  if (files.length === 0) return [];
  const { requirements, remarks } = await readSources({ requirements: files });
  printRemarks(remarks);
  const texts = new Map<string, string>();
  const located: ProjectRequirement[] = [];
  for (const requirement of requirements) {
    const outcome = parseRequirement(requirement.text);
    const parsed = outcome.ok ? outcome.value : null;
    const file = fileOf(requirement, files);
    if (!texts.has(file)) texts.set(file, await readFile(file, 'utf8').catch(() => ''));
    const line = lineOf(requirement, texts.get(file)!);
    located.push({ name: parsed?.name ?? '', text: requirement.text, parsed, file, line, column: 1 });
  }
  return located;
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
