/** `pinwheel init`: creates a project that builds without changes. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { IS_PUBLISHED } from '../../resolver/published.ts';
import { shellWord } from '../../resolver/text/printable.ts';
import { misused } from '../common/failure.ts';
import { visible } from '../common/text.ts';
import { print } from '../print/print.ts';

export interface Template {
  dependencies: string[];
  before?: string[];
  bindings: string;
  files: Record<string, string>;
}

const ENTRY = 'src/entry.py';

export const TEMPLATES: Record<string, Template> = {
  plain: {
    dependencies: [],
    bindings: '',
    files: {
      [ENTRY]: `from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("Hello world!")
`,
    },
  },
  fastapi: {
    dependencies: ['fastapi'],
    bindings: '',
    files: {
      [ENTRY]: `import asgi
from fastapi import FastAPI
from workers import WorkerEntrypoint

app = FastAPI()


@app.get("/")
async def root():
    return {"message": "Hello world!"}


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await asgi.fetch(app, request.js_object, self.env)
`,
    },
  },
  d1: {
    before: ['npx wrangler d1 migrations apply database --local'],
    dependencies: [],
    bindings: `
[[d1_databases]]
binding = "DB"
database_name = "database"
database_id = "database"
`,
    files: {
      'migrations/0001_notes.sql': `CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
INSERT INTO notes (text) VALUES ('Hello world!');
`,
      [ENTRY]: `from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        found = await self.env.DB.prepare("SELECT text FROM notes").all()
        return Response.json(found.results)
`,
    },
  },
};

export function projectFiles(template: Template, name: string, date: string): Record<string, string> {
  const list = template.dependencies.map((dependency) => JSON.stringify(dependency)).join(', ');
  return {
    'wrangler.toml': `name = ${JSON.stringify(name)}
main = "${ENTRY}"
compatibility_date = "${date}"
compatibility_flags = ["python_workers"]
${template.bindings}`,
    'pyproject.toml': `[project]
name = ${JSON.stringify(name)}
version = "0.1.0"
dependencies = [${list}]
`,
    '.gitignore': 'dist/\n.wrangler/\nnode_modules/\n',
    ...template.files,
  };
}

export interface InitOptions {
  template: string;
}

/** The first with Python 3.13. The built Worker includes its Python, so a later date changes nothing. */
const DATE = '2025-11-02';

export async function initCommand(folder: string, { template }: InitOptions): Promise<void> {
  if (folder === '') throw misused({ problem: 'empty_folder_name' });
  const present = await readdir(folder).catch((): string[] => []);
  const kind = TEMPLATES[template]!;
  const files = projectFiles(kind, workerName(folder), DATE);
  const taken = Object.keys(files).filter((path) => present.includes(path.split('/')[0]!));
  if (taken.length > 0) {
    throw misused({ problem: 'taken_folder', folder, taken: taken[0]! });
  }
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { flag: 'wx' });
  }
  const way = folder === '.' ? [] : [`cd ${shellWord(folder)}`];
  const next = [...way, ...(kind.before ?? []), `${commandIn(folder)} build`, 'npx wrangler dev'];
  print([
    ...Object.keys(files).map((path) => `${visible(folder)}/${path}`),
    '',
    `Next: ${next.join(' && ')}`,
  ]);
}

/** The command for this folder: `npx` where pinwheel is installed, else the program that runs now. */
function commandIn(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, 'node_modules/pinwheel-py'))) return 'npx pinwheel';
    if (at === dirname(at)) break;
  }
  return IS_PUBLISHED ? 'npx pinwheel-py' : `node ${shellWord(process.argv[1]!)}`;
}

/** A name that wrangler accepts: lower-case letters, digits and dashes. */
function workerName(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name.slice(0, 60) || 'worker';
}
