/** Requests that are answered at build time: what they import and cache is in the snapshot, or a remark says why not. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SnapshotRemark } from '../../cli/worker/snapshot/job.ts';
import catalog from '../../data/catalog.json' with { type: 'json' };
import { FLAG_0_29_5, NO_WHEELHOUSE, useWorkshop, wheelhouse } from './project.ts';
import { openShelf } from './shelf.ts';
import { serve } from './workerd.ts';

if (wheelhouse === null) console.log(`Requests at build time to FastAPI and Django ${NO_WHEELHOUSE}`);

const workshop = useWorkshop();

/** Builds a project, and asks a new instance of it for `/`. */
async function built(files: Record<string, string>, warm: string | null, ...words: string[]) {
  const pyproject = warm === null ? {} : { 'pyproject.toml': `[tool.pinwheel]\nwarm = ${warm}\n` };
  const folder = await workshop.project({ ...files, ...pyproject });
  const { stdout } = await workshop.built(folder, ...words, '--json');
  const { document, remarks } = JSON.parse(stdout);
  await using served = await serve(join(folder, 'dist/worker'), { PINWHEEL_CHECK_MEMORY: '1' });
  const answer = await (await fetch(served.origin)).text();
  expect(served.said()).toBe('');
  return { answer, remarks: remarks as SnapshotRemark[], snapshot: document.snapshot.sha256 as string };
}

/** Each request adds what it sees to `SEEN`; then it runs `body`. The answer is what all have added. */
const entry = (body: string, top = '') => ({
  'src/entry.py': `import sys
${top}
from workers import Response, WorkerEntrypoint

SEEN = []


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        SEEN.append(f"{request.method.value} {request.url.partition('://')[2]}")
        ${body}
        return Response(" | ".join(SEEN))
`,
});

const plain = (body: string, warm = '["GET /"]', more: Record<string, string> = {}) =>
  built({ ...entry(body), ...more }, warm, '--flag', FLAG_0_29_5);

const flagOf = (pyodide: string) => catalog.sets.find(({ runtime }) => runtime === pyodide)!.flag;

test.each(process.env.TEST_ALL ? ['0.27.4', '0.28.2', '0.29.5', '314.0.7'] : ['314.0.7'])(
  'requests of the project are answered in their order, and what they import and cache is there: Pyodide %s',
  async (pyodide) => {
    const body =
      'SEEN.append(str("colorsys" in sys.modules)); import asyncio, colorsys; await asyncio.sleep(0.01)';
    const warm = '["GET /a?b=1", "POST https://example.com/c"]';
    const { answer, remarks } = await built(entry(body), warm, '--flag', flagOf(pyodide));
    expect(answer.replace(/127\.0\.0\.1:\d+/, 'here')).toBe(
      'GET localhost/a?b=1 | False | POST example.com/c | True | GET here/ | True',
    );
    expect(remarks).toEqual([]);
  },
);

test('without the setting, only applications of FastAPI and Django are asked', async () => {
  const { answer, remarks } = await built(entry(''), null, '--flag', FLAG_0_29_5);
  expect(answer).toMatch(/^GET 127[^|]*$/);
  expect(remarks).toEqual([]);
});

test.each([
  ['a random number', 'import secrets; SEEN.append(secrets.token_hex())', 'entropy', null],
  ['a draw of a generator', 'import random; SEEN.append(str(random.random()))', 'entropy', null],
  ['the time', 'import time; SEEN.append(str(time.time()))', 'clock', null],
  ['a file', 'open("/tmp/file", "w").close()', 'files', null],
  ['an object of JavaScript', 'Default.kept = request.js_object', 'callbacks', null],
  ['what a module draws that it imports', 'import drawer', 'entropy', 'drawer'],
])('what keeps %s is named, and the snapshot is without it', async (_name, body, code, module) => {
  const { answer, remarks } = await plain(body, '["GET /"]', {
    'src/drawer.py': 'import secrets\nTOKEN = secrets.token_hex()\n',
  });
  expect(answer).toMatch(/^GET 127/);
  expect(remarks).toEqual([{ code, module, line: module && 2, request: 'GET /' }]);
});

test('what reads the time and draws, and keeps nothing, is in the snapshot', async () => {
  const { answer, remarks } = await plain('import time, uuid; len(str(uuid.uuid4())); time.time()');
  expect(answer).toMatch(/^GET localhost\/ \| GET 127/);
  expect(remarks).toEqual([]);
});

const WAITS: [string, string, RegExp] = [
  'waits for ever',
  'if self.ctx is None: import asyncio; await asyncio.Event().wait()',
  /more than 10 s/,
];

test.each([
  ['has no bindings', 'self.ctx or self.env.NAME', /env has no bindings/],
  ['raises', 'if self.ctx is None: raise ValueError("no")', /ValueError: no/],
  ['ends Python', 'import os; getattr(self.ctx, "waitUntil", None) or os._exit(3)', /./],
  ['never ends', 'while self.ctx is None: pass', /more than 10 s/],
  ...(process.env.TEST_ALL ? [WAITS] : []),
])('a request that %s is left out with a remark', async (_name, body, problem) => {
  const { answer, remarks, snapshot } = await plain(body);
  expect(answer).toMatch(/^GET 127[^|]*$/);
  const request = { code: 'unanswered', module: null, line: null, request: 'GET /' };
  expect(remarks).toEqual([{ ...request, problem: expect.stringMatching(problem) }]);
  expect((await plain(body, '[]')).snapshot).toBe(snapshot);
});

test('what is printed names the request and the problem, and its fix silences it', async () => {
  const folder = await workshop.project(entry('import drawer'));
  const set = async (warm: string, drawer: string) => {
    await writeFile(join(folder, 'pyproject.toml'), `[tool.pinwheel]\n${warm}\n`);
    await writeFile(join(folder, 'src/drawer.py'), drawer);
    const { stderr } = await workshop.built(folder, '--flag', FLAG_0_29_5);
    return stderr.replace(/\s+/g, ' ');
  };
  const fix =
    'fix: Nothing needs to be done. Under [tool.pinwheel], warm = ["GET /"] sets other requests, and warm = [] sets none.';
  const drawing = 'import secrets\nTOKEN = secrets.token_hex()\n';
  const drawn = await set('warm = ["GET /a"]', drawing);
  expect(drawn).toContain(
    'GET /a imports drawer, line 2, which keeps random numbers, which all instances would share. The snapshot contains only the imports.',
  );
  expect(drawn).toContain(fix);
  const failed = await set('warm = ["GET /a"]', 'raise ValueError("no")\n');
  expect(failed).toContain('GET /a could not be answered at build time: ValueError: no.');
  expect(failed).toContain(fix);
  expect(await set('warm = []', drawing)).not.toContain('GET /a');
});

test.each(['"/"', '["/"]', '["GET items"]', '["GET /a b"]', '["TRACE /"]', '["GET //a"]', '[1]'])(
  'warm = %s is refused',
  async (warm) => {
    const files = { ...entry(''), 'pyproject.toml': `[tool.pinwheel]\nwarm = ${warm}\n` };
    const { code, stderr } = await workshop.build(await workshop.project(files), '--flag', FLAG_0_29_5);
    expect(code).toBe(2);
    expect(stderr).toContain('tool.pinwheel.warm is invalid.');
    expect(stderr).toContain('warm = ["GET /", "GET https://example.com/items?page=1"]');
  },
);

const FASTAPI = `from contextlib import asynccontextmanager

import asgi
from fastapi import FastAPI
from workers import WorkerEntrypoint

SEEN = []


@asynccontextmanager
async def lifespan(app):
    SEEN.append("started")
    yield


app = FastAPI(lifespan=lifespan)


@app.middleware("http")
async def see(request, call_next):
    response = await call_next(request)
    SEEN.append(f"{request.method} {response.status_code}")
    return response


@app.get("/")
def seen():
    return [*SEEN]


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await asgi.fetch(app, request.js_object, self.env)
`;

test.runIf(wheelhouse !== null).each([
  ['by default, with a request that no handler sees', null, ['OPTIONS 404', 'started']],
  ['with its own', '["GET /", "GET /"]', ['GET 200', 'GET 200', 'started']],
  ['with none', '[]', ['started']],
])('FastAPI %s; its lifespan starts in the instance', async (_name, warm, seen) => {
  const files = { 'src/entry.py': FASTAPI, 'requirements.txt': 'fastapi\n' };
  const { answer, remarks } = await built(files, warm, '--set', wheelhouse!);
  expect(JSON.parse(answer)).toEqual(seen);
  expect(remarks).toEqual([]);
});

const DJANGO = `import django
from django.conf import settings

settings.configure(
    SECRET_KEY="of a test", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[f"{__name__}.see"]
)
django.setup()

import wsgi
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path
from workers import WorkerEntrypoint

SEEN = []


def see(respond):
    def answer(request):
        response = respond(request)
        SEEN.append(f"{request.method} {response.status_code}")
        return response

    return answer


urlpatterns = [path("", lambda request: HttpResponse(" | ".join(SEEN)))]
application = WSGIHandler()


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await wsgi.fetch(application, request, self.env)
`;

test.runIf(wheelhouse !== null)('Django, by default, with a request that no view sees', async () => {
  const { set } = await openShelf();
  const files = { 'src/entry.py': DJANGO, 'requirements.txt': 'django\n' };
  const { answer, remarks } = await built(files, null, '--set', set);
  expect(answer).toBe('OPTIONS 404');
  expect(remarks).toEqual([]);
});
