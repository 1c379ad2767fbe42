/**
 * The Pyodides that a Worker can include, each by a package set that belongs to it: an old one, that of the README and
 * the newest, and in `npm run test:all` every one.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RELEASES, switchesStacks } from '../../cli/worker/releases.ts';
import catalog from '../../data/catalog.json' with { type: 'json' };
import { useWorkshop } from './project.ts';
import { expectLeaving, expectSharing, SHARED_PATHS, SHARING } from './sharing.ts';
import { serve } from './workerd.ts';

/** The package flags, by their Pyodide. npm never had 0.26.0a2, which workerd alone has. */
const FLAGS = new Map(
  catalog.sets.filter(({ runtime }) => runtime !== '0.26.0a2').map(({ runtime, flag }) => [runtime, flag]),
);

/**
 * Also grows beyond the memory that any release begins with, says how far the stack is, collects garbage when the stack
 * of calls that wait was overwritten, and ends Python.
 */
const entry = (waits: boolean) => `import asyncio
import gc
import json
import os
import sys

import asgi
import js
import sharing
from pyodide.ffi import run_sync
from workers import Response, WorkerEntrypoint

grown = bytes(60_000_000)


def fill(depth):
    """Each call from C takes some of the stack, and fills 500 bytes of it."""
    if depth:
        any(map(fill, [depth - 1]))
    return b"%b" % (b"\\xff" * 500)


def collect():
    fill(20)
    many = [[] for _ in range(3000)]
    gc.collect(1)


def nested(depth):
    return sorted([depth], key=lambda one: nested(one + 1))


def recurse():
    sys.setrecursionlimit(10**9)
    nested(0)


def leave():
    os._exit(3)


def jump():
    import ctypes

    ctypes.CFUNCTYPE(None)(123456789)()


def read():
    import ctypes

    ctypes.string_at(0xFFFFFF00, 16)


def overwrite():
    import ctypes

    thing = object()
    ctypes.memset(id(thing), 0xFF, 8)
    repr(thing)


async def app(scope, receive, send):
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "begun"})
        await receive()
        await receive()
    elif scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        await asyncio.sleep(60)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        word = request.url.rpartition("/")[2]
        if word == "stack":
            import pyodide_js

            if "fails" in request.url:
                raise ValueError
            await asyncio.sleep(0)
            return Response(str(pyodide_js._module.stackSave()))
${SHARED_PATHS}        if word == "input":
            try:
                input()
            except EOFError as error:
                return Response(str(error))
        if word == "isolate":
            js.globalThis.asked = getattr(js.globalThis, "asked", 0) + 1
            return Response(str(js.globalThis.asked))
        if word == "begun":
            return await asgi.fetch(app, request.js_object, self.env)
        if word == "later":
            asyncio.get_running_loop().call_later(0.01, os.abort)
            await asyncio.sleep(60)
        if word in globals():
            globals()[word]()
        # Some calls end before calls that began earlier, and some wait twice.
        for _ in range(1 + len(word) % 2):
            ${waits ? 'run_sync' : 'await '}(asyncio.sleep(60 if word == "wait" else len(word) % 3 / 100))
        collect()
        return Response(f"{word} on {sys.version_info.major}.{sys.version_info.minor}")
`;

const workshop = useWorkshop();

test('every Pyodide that a set names can be built', () => {
  expect(Object.keys(RELEASES).sort()).toEqual([...FLAGS.keys()].sort());
});

const all = Object.keys(RELEASES);
const built = new Map<string, ReturnType<typeof buildOnce>>();

/** Both tests of a release use the same Worker. */
function build(release: string) {
  if (!built.has(release)) built.set(release, buildOnce(release));
  return built.get(release)!;
}

async function buildOnce(release: string) {
  const flag = FLAGS.get(release)!;
  const folder = await workshop.project({
    'src/entry.py': entry(switchesStacks(release)),
    'src/sharing.py': SHARING,
  });
  const { stdout } = await workshop.built(folder, '--flag', flag, '--json');
  return { worker: join(folder, 'dist/worker'), ...JSON.parse(stdout) };
}

test.each(process.env.TEST_ALL ? all : ['0.27.3', '0.29.5', '314.0.7'])('%s', async (release) => {
  const { worker, document } = await build(release);
  expect(document.runtime.pyodide).toBe(release);
  expect(document.snapshot !== null).toBe(RELEASES[release]!.no_snapshot === null);
  await using served = await serve(worker, { PINWHEEL_CHECK_MEMORY: '1' });
  const text = async (word: string) => (await fetch(new URL(word, served.origin))).text();
  const overlapping = async (words: string[]) =>
    expect(await Promise.all(words.map(text)), served.said()).toEqual(
      words.map((word) => `${word} on ${/3\.\d+/.exec(FLAGS.get(release)!)![0]}`),
    );
  await overlapping(['one', 'other']);
  expect(await text('input')).toBe('EOF when reading a line');
  const first = await text('stack');
  const words = Array.from({ length: 12 }, (_, length) => 'x'.repeat(1 + length));
  for (let round = 0; round < 5; round++) {
    await Promise.all([overlapping(words), text('fails/stack')]);
    await text('fails/stack');
  }
  expect(await text('stack')).toBe(first);
  await expectSharing(served);
  await expectLeaving(served);
});

const WAYS = ['recurse', 'leave', 'jump', 'read', 'overwrite', 'later'];

test.each(process.env.TEST_ALL ? all : ['314.0.7'])(
  '%s: after a fatal error, Python starts again in the same isolate',
  async (release) => {
    const { worker } = await build(release);
    await using served = await serve(worker);
    // Pyodide 0.26 raises RecursionError before its stack is used up.
    const raises = release.startsWith('0.26.');
    const ways = WAYS.filter((way) => way !== 'recurse' || !raises);
    const ask = async (word: string) => {
      const response = await fetch(new URL(word, served.origin));
      return `${response.status} ${await response.text()}`;
    };
    const ended =
      '500 Python ended by a fatal error while this was handled, and starts again for what comes next.';
    if (raises) {
      expect(await ask('recurse')).toBe('500 Internal Server Error');
      expect(served.said()).toContain('RecursionError: maximum recursion depth exceeded');
    }
    for (const [asked, way] of ways.entries()) {
      expect(await ask('isolate'), served.said()).toBe(`200 ${1 + asked}`);
      const waiting = ask('wait');
      const stream = (await fetch(new URL('begun', served.origin))).body!.getReader();
      expect(new TextDecoder().decode((await stream.read()).value)).toBe('begun');
      const socket = new WebSocket(new URL('begun', served.origin.replace('http', 'ws')));
      await new Promise((resolve) => socket.addEventListener('message', resolve));
      const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve));
      expect(await Promise.all([ask(way), waiting])).toEqual([ended, ended]);
      await expect(stream.read()).rejects.toThrow();
      expect((await closed).code).toBe(1011);
    }
    expect(await ask('isolate')).toBe(`200 ${1 + ways.length}`);
    const reports = served.said().split('Python ended by a fatal error: ').slice(1);
    expect(reports.length, served.said()).toBe(ways.length);
    for (const [at, way] of ways.entries()) {
      if (way !== 'later')
        expect(reports[at]).toMatch(
          RegExp(`^  File "entry.py", line \\d+ in ${way === 'recurse' ? 'nested' : way}$`, 'm'),
        );
    }
  },
);
