/** Projects that build without changes. */

export interface Template {
  dependencies: string[];
  /** Commands that it needs before it is served. */
  before?: string[];
  /** Further settings of the wrangler file. */
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

/** All files of a project, by path. */
export function projectFiles(template: Template, name: string, date: string): Record<string, string> {
  const list = template.dependencies.map((one) => JSON.stringify(one)).join(', ');
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
