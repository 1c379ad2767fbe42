/** Projects as people have them, each checked, resolved, locked, synced, built and tried, as far as it goes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { onlyInAll } from '../common/only-in-all.ts';
import { CACHE, useWorkshop } from './project.ts';

const FLAG = 'python_3.13_packages_2025_10_20';
const { PINNED_WHEELS = '', HOME = '' } = process.env;
const wheels = join(PINNED_WHEELS, FLAG);
const isThere = PINNED_WHEELS !== '' && existsSync(wheels);
const SKIPPED = `skipped: PINNED_WHEELS names no folder with the wheels of ${FLAG}`;
if (!isThere) console.log(`Whole projects ${SKIPPED}`);

/** With wrangler on the path. */
const env = { PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`, HOME, NO_COLOR: '1' };
const COMMANDS = ['check', 'resolve', 'lock', 'sync', 'build --no-snapshot', 'try --json'];
const LINKS = ['--find-links', wheels];
const wrangler = (more = '') => `name = "a-project"
main = "src/entry.py"
compatibility_date = "2025-11-02"
compatibility_flags = ["python_workers"]
${more}`;
const pyproject = (dependencies: readonly string[], more = '') => `[project]
name = "a-project"
version = "1.0"
dependencies = ${JSON.stringify(dependencies)}

[tool.pinwheel]
built = true
package-set = "${FLAG}"
${more}`;

const WEB = {
  'wrangler.toml': wrangler(
    '\n[vars]\nNAME = "top"\n\n[env.staging]\nname = "staging"\n\n[env.staging.vars]\nNAME = "staging"\n',
  ),
  'pyproject.toml': pyproject(['fastapi', 'jinja2'], '\n[dependency-groups]\ndev = ["workers-py"]\n'),
  'src/entry.py': `import asgi
from fastapi import FastAPI, Request
from jinja2 import Template
from workers import WorkerEntrypoint

app = FastAPI()
page = Template("Hello, {{ name }}!")


@app.get("/")
async def root(request: Request):
    return page.render(name=request.scope["env"].NAME)


@app.get("/healthz")
def healthz():
    return "ok"


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await asgi.fetch(app, request.js_object, self.env)
`,
};

const CHAT = {
  'wrangler.toml': wrangler(),
  'pyproject.toml': pyproject(['openai', 'tiktoken']),
  'src/entry.py': `import openai
import tiktoken
from workers import Response, WorkerEntrypoint

RANKS = {bytes([byte]): byte for byte in range(256)}
words = tiktoken.Encoding("bytes", pat_str=r"\\w+|\\W+", mergeable_ranks=RANKS, special_tokens={})


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        client = openai.AsyncOpenAI(api_key="none", max_retries=0)
        try:
            await client.models.list()
        except openai.APIConnectionError as error:
            return Response(f"{len(words.encode('ten tokens'))} tokens, {type(error).__name__}")
`,
};

const DATA = {
  'wrangler.toml': wrangler(),
  'pyproject.toml': pyproject(['numpy', 'pillow', 'shapely', 'h5py']),
  'src/entry.py': `import io

import h5py
import numpy as np
from PIL import Image
from shapely.geometry import Polygon
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        with h5py.File(io.BytesIO(), "w") as file:
            file["values"] = np.arange(10)
            total = int(file["values"][:].sum())
        picture = io.BytesIO()
        Image.fromarray(np.zeros((8, 8, 3), "uint8")).save(picture, "PNG")
        size = Image.open(io.BytesIO(picture.getvalue())).size
        return Response(f"{Polygon([(0, 0), (4, 0), (4, 3)]).area} {total} {size}")
`,
};

const member = (name: string) => ({
  [`${name}/wrangler.toml`]: wrangler(),
  [`${name}/pyproject.toml`]: pyproject(['shared'], '\n[tool.uv.sources]\nshared = { workspace = true }\n'),
  [`${name}/src/entry.py`]: `from shared import hello
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(hello("${name}"))
`,
});
const MONOREPO = {
  'pyproject.toml': '[tool.uv.workspace]\nmembers = ["one", "two", "shared"]\n',
  ...member('one'),
  ...member('two'),
  'shared/pyproject.toml': `[project]
name = "shared"
version = "1.0"
dependencies = ["jinja2"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
`,
  'shared/src/shared/__init__.py': `from jinja2 import Template


def hello(name):
    return Template("Hello from {{ name }}").render(name=name)
`,
};

describe.skipIf(!isThere)(isThere ? 'whole projects' : SKIPPED, () => {
  const workshop = useWorkshop();
  const runIn = (cwd: string) => async (command: string, code: number, more: readonly string[]) => {
    const args = [...command.split(' '), ...more];
    const ended = await workshop.pinwheel.run(args, { cwd, env });
    expect(ended.code, `${command}: ${ended.stdout}${ended.stderr}`).toBe(code);
    return ended.stdout + ended.stderr;
  };

  /** Runs commands, and returns their output. Each has to end with 0, or with its code of `codes`. */
  async function answers(
    cwd: string,
    words: readonly string[],
    codes: Record<string, number> = {},
    commands: readonly string[] = COMMANDS,
  ) {
    const said: Record<string, string> = {};
    for (const command of commands) {
      const cache = /^(?:build|try)/.test(command) ? ['--cache', CACHE] : [];
      said[command] = await runIn(cwd)(command, codes[command] ?? 0, [...LINKS, ...words, ...cache]);
    }
    const json = said['try --json']!.split('\n').find((line) => line.startsWith('{"ok"'))!;
    return { said, requests: JSON.parse(json).sides[0].requests };
  }

  test('FastAPI with an environment, of pywrangler', async () => {
    const cwd = await workshop.pinwheel.folderWith(WEB);
    const { said, requests } = await answers(cwd, ['--env', 'staging']);
    expect(said.check).toContain('0 errors, 0 warnings');
    expect(said.sync).toContain(' + fastapi 0.116.1\n');
    // It is asked for the routes of the application.
    expect(requests).toMatchObject(
      ['GET /', 'GET /healthz'].map((name) => ({ name, status: 200, problem: null })),
    );
  });

  onlyInAll('openai with tiktoken; of langchain it is said which set has it', async () => {
    const cwd = await workshop.pinwheel.folderWith(CHAT);
    const { requests } = await answers(cwd, []);
    expect(requests).toMatchObject([{ name: 'GET /', status: 200, problem: null }]);
    const said = await runIn(cwd)('resolve langchain openai tiktoken', 1, LINKS);
    expect(said).toMatch(
      /Name the package flag (\S+) instead of \S+: it has langchain [\d.]+ and runs on this runtime/,
    );
  });

  onlyInAll('numpy, Pillow, shapely and h5py, whose library is in no python_modules', async () => {
    const cwd = await workshop.pinwheel.folderWith(DATA);
    const { said, requests } = await answers(cwd, [], { lock: 1, sync: 1 });
    expect(said.lock).toContain('A file for installers cannot list libhdf5');
    expect(said.sync).toContain(
      'h5py loads the native library libhdf5 1.12.1, which the platform does not load from python_modules.',
    );
    expect(said.sync).toContain('fix: Use pinwheel build');
    expect(requests).toMatchObject([{ name: 'GET /', status: 200, problem: null }]);
  });

  onlyInAll('a monorepo of two Workers and a package', async () => {
    const cwd = await workshop.pinwheel.folderWith(MONOREPO);
    expect(await runIn(cwd)('check', 0, LINKS)).toContain('2 Workers, none to correct');
    const { said, requests } = await answers(join(cwd, 'one'), []);
    expect(said.sync).toContain(' + shared 1.0\n');
    expect(requests).toMatchObject([{ name: 'GET /', status: 200, problem: null }]);
    const other = await answers(join(cwd, 'two'), [], {}, ['sync', 'try --json']);
    expect(other.requests).toMatchObject([{ name: 'GET /', status: 200, problem: null }]);
  });
});
