/** Five projects as people have them, each checked, resolved, locked, synced, built and tried, as far as it goes. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';
import { onlyInAll } from '../common/only-in-all.ts';
import { CACHE, useWorkshop } from './project.ts';

const FLAG = 'python_3.13_packages_2025_10_20';
const { PINNED_WHEELS = '', HOME = '' } = process.env;
const wheels = join(PINNED_WHEELS, FLAG);
const isThere = PINNED_WHEELS !== '' && existsSync(wheels);
const SKIPPED = `skipped: PINNED_WHEELS names no folder with the wheels of ${FLAG}`;
if (!isThere) console.log(`Five projects ${SKIPPED}`);

/** With wrangler on the path. */
const env = { PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`, HOME, NO_COLOR: '1' };
const COMMANDS = ['check', 'resolve', 'lock', 'sync', 'build --no-snapshot', 'try --json'];
const LINKS = ['--find-links', wheels];
const wrangler = (more = '') => `name = "one-of-five"
main = "src/entry.py"
compatibility_date = "2025-11-02"
compatibility_flags = ["python_workers"]
${more}`;
const pyproject = (dependencies: readonly string[], more = '') => `[project]
name = "one-of-five"
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

const FRAMES = {
  'wrangler.toml': wrangler(),
  'pyproject.toml': pyproject(['pandas', 'scikit-learn', 'matplotlib', 'duckdb', 'polars']),
  'src/entry.py': `import duckdb
import matplotlib
import pandas
import polars
import sklearn
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(pandas.__version__)
`,
};

/** From another year. */
const PINS = `aiohttp==3.8.1
alembic==1.7.7
amqp==5.1.1
attrs==21.4.0
billiard==3.6.4.0
boto3==1.21.45
botocore==1.24.46
celery==5.2.6
certifi==2021.10.8
charset-normalizer==2.0.12
click==8.1.2
cryptography==36.0.2
fastapi==0.75.2
gunicorn==20.1.0
h11==0.13.0
idna==3.3
jinja2==3.1.1
jmespath==1.0.0
kombu==5.2.4
markupsafe==2.1.1
psycopg2==2.9.3
pydantic==1.9.0
python-dateutil==2.8.2
pyyaml==6.0
redis==4.2.2
requests==2.27.1
sqlalchemy==1.4.36
starlette==0.17.1
urllib3==1.26.9
uvicorn==0.17.6
`;

describe.skipIf(!isThere)(isThere ? 'five projects' : SKIPPED, () => {
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
    expect(requests).toMatchObject([{ name: 'GET /', status: 200, problem: null }]);
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

  test('pandas, scikit-learn and matplotlib are in the set; of duckdb and polars it is said which has them', async () => {
    const cwd = await workshop.pinwheel.folderWith(FRAMES);
    for (const command of ['check', 'resolve', 'lock', 'sync', 'build', 'try']) {
      const isAsked = ['check', 'resolve', 'lock'].includes(command);
      const said = await runIn(cwd)(command, 1, isAsked ? [] : LINKS);
      expect(said).toMatch(
        /Name the package flag \S+ instead of \S+: it has duckdb [\d.]+ and polars [\d.]+ and needs Pyodide/,
      );
      expect(said.match(/fix: Name the package flag/g)).toHaveLength(1);
    }
  });

  test('old pins: what differs, what is not needed and what cannot run is said in a sentence each', async () => {
    const cwd = await workshop.pinwheel.folderWith({
      'wrangler.toml': wrangler(),
      'requirements.txt': PINS,
      'src/entry.py': `import boto3
from celery import Celery
from fastapi import FastAPI

app = FastAPI()
queue = Celery()
`,
    });
    for (const command of ['check', 'resolve', 'lock', 'sync', 'build', 'try']) {
      const isAsked = ['check', 'resolve', 'lock'].includes(command);
      const said = await runIn(cwd)(command, 1, isAsked ? [] : LINKS);
      expect(said).toContain('16 requirements differ from the pins of python_3.13_packages_2025_08_08: ');
      expect(said).toContain('2 requirements cannot run in a Worker:\n');
      expect(said).toContain('psycopg2: it is compiled against libpq');
      expect(said).toContain('2 requirements are not needed in a Worker:\n');
      expect(said).toContain('celery: its workers are processes');
      expect(said).toContain('uvicorn: it serves ASGI applications on a port');
    }

    const [relax] = /^sed .*$/m.exec(await runIn(cwd)('check', 1, []))!;
    await promisify(execFile)('sh', ['-c', relax], { cwd });
    expect(await runIn(cwd)('check', 1, [])).not.toContain('differ from the pins');
  });
});
