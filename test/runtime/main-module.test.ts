/** The main module of a Worker: its own handlers of events, classes that are named, and `workers`. */
import { expect, test } from 'vitest';
import { FLAG_0_29_5, useWorkshop, WRANGLER } from './project.ts';
import { answerOf } from './workerd.ts';
import { serveByWrangler } from './wrangler.ts';

const workshop = useWorkshop();

test('an e-mail, received by a function', async () => {
  const entry = 'async def on_email(message, env):\n    message.setReject(f"not {message.to}")\n';
  const folder = await workshop.project({ 'src/entry.py': entry });
  const { code, stderr } = await workshop.build(folder, '--pyodide', '0.29.5', '--no-snapshot');
  expect({ code, warned: stderr.includes('warning') }).toEqual({ code: 0, warned: false });
  const served = await serveByWrangler(folder);
  try {
    const body = 'From: a@example.com\r\nTo: b@example.com\r\nMessage-ID: <1@example.com>\r\n\r\nHello\r\n';
    const path = 'cdn-cgi/handler/email?from=a@example.com&to=b@example.com';
    const sent = await served.fetch(`http://x/${path}`, { method: 'POST', body });
    expect(await sent.text()).toBe('Worker rejected email with the following reason: not b@example.com');
  } finally {
    await served.dispose();
  }
});

test('a class that the wrangler file names and the main module lacks is an error', async () => {
  const wrangler = `${WRANGLER}
[[durable_objects.bindings]]
name = "COUNTER"
class_name = "Counter"
`;
  const folder = await workshop.project({ 'src/entry.py': 'class Counter:\n    pass\n' }, wrangler);
  const { code, stderr } = await workshop.build(folder, '--flag', FLAG_0_29_5);
  expect(code).toBe(1);
  expect(stderr).toContain(
    'wrangler.toml names the class Counter, but entry has no DurableObject of that name.',
  );
});

const WITHOUT_HANDLER = `error: The main module handles no event, so that every request fails.
  fix: Add to the end of the main module:
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("Hello world!")
`;
const BASE = 'from workers import DurableObject, WorkerEntrypoint, WorkflowEntrypoint\n';

test.each([
  ['an application that no handler calls', 'app = print\n', ['--no-snapshot']],
  ['the same in a snapshot', 'app = print\n', []],
  ['a class whose name differs', 'class default:\n    async def fetch(self, request):\n        pass\n', []],
  ['the base alone', `${BASE}class Default(WorkerEntrypoint):\n    pass\n`, []],
])('a main module without a handler is named: %s', async (_, entry, words) => {
  const folder = await workshop.project({ 'src/entry.py': entry });
  const { code, stderr } = await workshop.build(folder, '--flag', FLAG_0_29_5, ...words);
  expect(code, stderr).toBe(1);
  expect(stderr).toContain(WITHOUT_HANDLER);
  // The second build remembers the warning, as it does the import.
  const again = await workshop.build(folder, '--flag', FLAG_0_29_5, ...words);
  expect(again.stderr).toContain(WITHOUT_HANDLER);
  expect(again.stderr).not.toContain('Importing');
});

test.each([
  ['a function on_fetch', 'async def on_fetch(request):\n    pass\n'],
  ['a function on_queue', 'async def on_queue(batch):\n    pass\n'],
  [
    'scheduled alone',
    `${BASE}class Default(WorkerEntrypoint):\n    async def scheduled(self, event):\n        pass\n`,
  ],
  ['a Durable Object alone', `${BASE}class Counter(DurableObject):\n    pass\n`],
  ['a Workflow alone', `${BASE}class Flow(WorkflowEntrypoint):\n    pass\n`],
  ['a named entry point', `${BASE}class Greeter(WorkerEntrypoint):\n    pass\n`],
  ['a handler of another module', 'from handlers import Default\n'],
])('a main module that something reaches is not: %s', async (_, entry) => {
  const handlers = 'class Default:\n    async def fetch(self, request):\n        pass\n';
  const folder = await workshop.project({ 'src/entry.py': entry, 'src/handlers.py': handlers });
  const { code, stderr } = await workshop.build(folder, '--flag', FLAG_0_29_5, '--no-snapshot');
  expect({ code, warned: stderr.includes('warning') }).toEqual({ code: 0, warned: false });
});

test("a project's own workers module replaces Pinwheel's, and finds what the platform's SDK imports", async () => {
  const own = `import _cloudflare_compat_flags
import _pyodide_entrypoint_helper as helper
from pyodide.ffi import run_sync, to_js

env = helper.cloudflareWorkersModule.env
wait_until = helper.cloudflareWorkersModule.waitUntil
connect = helper.cloudflareSocketsModule.connect


def patched():
    generator = helper.patch_env_helper(to_js({"NAME": "patched"}))
    next(generator)
    name = env.NAME
    list(generator)
    return name


def found():
    return [
        env.NAME,
        patched(),
        env.NAME,
        callable(wait_until),
        callable(connect),
        len(run_sync(helper.doAnImport("node:crypto")).randomUUID()),
        _cloudflare_compat_flags.python_workflows_implicit_dependencies,
        _cloudflare_compat_flags.python_request_headers_preserve_commas,
        _cloudflare_compat_flags.unknown,
    ]


class WorkerEntrypoint:
    def __init__(self, ctx, env):
        helper.patchWaitUntil(ctx)
        self.ctx, self.env = ctx, env


class Request:
    def __init__(self, js):
        self.js_object = js


class Response:
    def __init__(self, text):
        from js import Response as Js
        self.js_object = Js.new("vendored: " + text)
`;
  const entry = `import json

from workers import Response, WorkerEntrypoint, found


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(json.dumps([self.env.NAME, *found()]))
`;
  const wrangler = `${WRANGLER.replace('2025-11-02', '2026-02-25').replace('"python_workers"', '"python_workers", "disable_python_request_headers_preserve_commas"')}
[vars]
NAME = "of the Worker"
`;
  const files = { 'src/entry.py': entry, 'python_modules/workers/__init__.py': own };
  const folder = await workshop.project(files, wrangler);
  await workshop.built(folder, '--flag', FLAG_0_29_5);
  const text = await answerOf(folder);
  expect(text).toMatch(/^vendored: /);
  const name = 'of the Worker';
  expect(JSON.parse(text.slice('vendored: '.length))).toEqual([
    ...[name, name, 'patched', name],
    ...[true, true, 36],
    ...[true, false, false],
  ]);
});
