/**
 * Public projects of Python Workers, as test/fixtures/public-projects.jsonl has them: the settings, requirements and
 * imports of each, its address, and the verdict that a careful reader gives. No code of theirs is here.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { checkProject, ProjectError, readProject } from '../../cli/entries/project.ts';
import { newFolder, writeFiles } from '../common/own.ts';

interface PublicProject {
  source: string;
  date: string;
  flags: string[];
  main: string;
  /** What answers requests: a class, or a function of the first Workers. */
  handler: 'Default' | 'on_fetch';
  pyproject?: {
    'requires-python'?: string;
    dependencies?: string[];
    'dependency-groups'?: Record<string, string[]>;
  };
  /** The lines of requirements.txt. */
  requirements?: string[];
  /** Modules that each file imports, below the folder of `main`. With `~`, in a function; with `()`, a call. */
  imports: Record<string, string[]>;
  /** Errors and warnings: severity, code, file, and what it is about. */
  verdict: string[];
}

const HANDLERS = {
  Default:
    'from workers import WorkerEntrypoint\nclass Default(WorkerEntrypoint):\n    async def fetch(self, request): ...\n',
  on_fetch: 'async def on_fetch(request, env): ...\n',
};

/** What a message is about. */
const SUBJECT = /^(?:Not verified: [^.]+\. )?(?:[^"]*"([^"]+)"|.* has no package (\S+)\.$|(\S+))/;

const lines = await readFile(new URL('../fixtures/public-projects.jsonl', import.meta.url), 'utf8');
const projects = lines
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as PublicProject);

/** Its files: those of configuration as they are, those of Python with their imports alone. */
function filesOf({ date, flags, main, handler, pyproject, requirements, imports }: PublicProject) {
  const files = new Map([
    ['wrangler.json', JSON.stringify({ main, compatibility_date: date, compatibility_flags: flags })],
  ]);
  if (requirements) files.set('requirements.txt', requirements.join('\n'));
  if (pyproject) {
    const { 'requires-python': python, dependencies = [], 'dependency-groups': groups = {} } = pyproject;
    const project = ['[project]', 'name = "worker"', 'version = "0.1.0"'];
    if (python !== undefined) project.push(`requires-python = ${JSON.stringify(python)}`);
    project.push(`dependencies = ${JSON.stringify(dependencies)}`, '[dependency-groups]');
    for (const [name, group] of Object.entries(groups)) project.push(`${name} = ${JSON.stringify(group)}`);
    files.set('pyproject.toml', project.join('\n'));
  }
  for (const [path, modules] of Object.entries(imports)) {
    const statements = modules.map((module) => {
      const bare = module.replace('~', '');
      const statement = bare.endsWith('()') ? bare : `import ${bare}`;
      return module === bare ? statement : `def _():\n    ${statement}`;
    });
    const file = join(dirname(main), path);
    files.set(file, [...statements, file === main ? HANDLERS[handler] : ''].join('\n'));
  }
  return files;
}

async function verdictOn(project: PublicProject): Promise<string[]> {
  const folder = newFolder();
  await writeFiles(folder, Object.fromEntries(filesOf(project)));
  try {
    const { findings } = await checkProject(await readProject(folder, { asOf: '2026-11-25' }));
    return findings.flatMap(({ severity, code, path, message }) => {
      if (severity === 'info') return [];
      const [, ...subjects] = SUBJECT.exec(message)!;
      return [`${severity} ${code} ${relative(folder, resolve(folder, path))}: ${subjects.find(Boolean)}`];
    });
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error;
    return error.issues.map(({ code }) => `refused ${code}`);
  }
}

test.each(projects)('$source', async (project) => {
  expect(await verdictOn(project)).toEqual(project.verdict);
});
