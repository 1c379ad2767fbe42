/** `pinwheel init`: creates a project that builds without changes. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IS_PUBLISHED } from '../../resolver/published.ts';
import { shellWord } from '../../resolver/text/printable.ts';
import { misused } from '../common/failure.ts';
import { writeFile } from '../common/folders.ts';
import { packageFile, readPackageJson } from '../common/package-root.ts';
import { visible } from '../common/text.ts';
import { print } from '../print/print.ts';
import { newWranglerFile, workerName } from '../project/wrangler-file.ts';
import { FIRST_WITH_JSPI } from '../worker/child.ts';

interface Template {
  dependencies?: string[];
  before?: string[];
  bindings?: string;
  files: Record<string, string>;
}

const ENTRY = 'src/entry.py';

const TEMPLATES: Record<string, Template> = {
  plain: {
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

function projectFiles(template: Template, name: string): Record<string, string> {
  const { dependencies = [], bindings = '', files } = template;
  const list = dependencies.map((dependency) => JSON.stringify(dependency)).join(', ');
  return {
    'wrangler.toml': newWranglerFile(name, ENTRY) + bindings,
    'pyproject.toml': `[project]
name = ${JSON.stringify(name)}
version = "0.1.0"
dependencies = [${list}]

[tool.pinwheel]
# What pinwheel check and diff judge: the Worker that pinwheel build makes, with its own Python.
built = true
`,
    '.gitignore': 'dist/\n.wrangler/\nnode_modules/\n',
    ...files,
  };
}

export async function initCommand(folder: string, { template }: { template: string }): Promise<void> {
  if (folder === '') throw misused({ problem: 'empty_folder_name' });
  const present = await readdir(folder).catch((): string[] => []);
  const kind = TEMPLATES[template]!;
  const files = projectFiles(kind, workerName(folder));
  const taken = Object.keys(files).find((path) => present.includes(path.split('/')[0]!));
  if (taken !== undefined) throw misused({ problem: 'taken_folder', folder, taken });
  await mkdir(folder, { recursive: true });
  const tools = await toolsFor(await realpath(folder));
  // Somebody's own manifest stays as it is.
  const isOwn = present.includes(MANIFEST);
  if (!isOwn) files[MANIFEST] = `${JSON.stringify(manifest(tools), null, 2)}\n`;
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { flag: 'wx' });
  }
  print([
    ...Object.keys(files).map((path) => `${visible(folder)}/${path}`),
    '',
    `Next: ${nextCommands(folder, tools, isOwn, kind.before)}`,
  ]);
}

const MANIFEST = 'package.json';

/** The tools of a project and where npm gets them; without `pinwheel-py` if npm cannot get it from anywhere. */
type Tools = Record<string, string>;

function manifest(devDependencies: Tools): object {
  const scripts = 'pinwheel-py' in devDependencies && { build: 'pinwheel build', dev: 'pinwheel dev' };
  return {
    private: true,
    engines: { node: `>=${FIRST_WITH_JSPI}` },
    ...(scripts && { scripts }),
    devDependencies,
  };
}

/** The commands that install the tools, build and serve. `npx` would run a stranger's package where pinwheel is not installed. */
export function nextCommands(folder: string, tools: Tools, isOwn: boolean, before: string[] = []): string {
  const way = folder === '.' ? [] : [`cd ${shellWord(folder)}`];
  const added = Object.entries(tools).map(([name, spec]) => shellWord(`${name}@${spec}`));
  const install = isOwn ? `npm install --save-dev ${added.join(' ')}` : 'npm install';
  const installed = isOwn ? 'npx pinwheel build' : 'npm run build';
  const build = 'pinwheel-py' in tools ? installed : `node ${shellWord(process.argv[1]!)} build`;
  return [...way, install, ...before, build, 'npx wrangler dev'].join(' && ');
}

export async function toolsFor(folder: string): Promise<Tools> {
  const { version, devDependencies } = readPackageJson(MANIFEST) as {
    version: string;
    devDependencies: { wrangler: string };
  };
  const pinwheel = IS_PUBLISHED ? `^${version}` : await placeFor(folder);
  return { ...(pinwheel !== null && { 'pinwheel-py': pinwheel }), wrangler: `^${devDependencies.wrangler}` };
}

/** Where npm gets this package from for a folder: the clone that runs, or what it was installed from. Null if unknown. */
async function placeFor(folder: string): Promise<string | null> {
  const root = await realpath(fileURLToPath(packageFile('.')));
  const from = (path: string) => (existsSync(path) ? `file:${relative(folder, path)}` : null);
  const modules = dirname(root);
  if (basename(modules) !== 'node_modules') return from(root);
  const lock = await readFile(join(modules, '.package-lock.json'), 'utf8').catch(() => '{}');
  const { packages } = JSON.parse(lock) as { packages?: Record<string, { resolved?: string }> };
  const resolved = packages?.['node_modules/pinwheel-py']?.resolved ?? null;
  if (!resolved?.startsWith('file:')) return resolved;
  return from(resolve(dirname(modules), resolved.slice('file:'.length)));
}
