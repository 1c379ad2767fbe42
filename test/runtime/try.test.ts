/** `pinwheel try` on workerd: projects that run, that do not, and that do otherwise on another date. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readdir, readFile, watch, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { progressLines } from '../../cli/print/progress.ts';
import { type BuildOptions, requestOf } from '../../cli/project/build.ts';
import { buildWorker } from '../../cli/worker/build.ts';
import { root } from '../../scripts/root.ts';
import { onlyInAll } from '../common/only-in-all.ts';
import { newFolder } from '../common/own.ts';
import { CACHE, FLAG_0_29_5, useWorkshop } from './project.ts';

const workshop = useWorkshop();

/** Where the command has its temporary folders. */
const scratch = newFolder();
const { HOME = '' } = process.env;
/** With wrangler on the path. */
const PATH = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
const env = { PATH, HOME, NO_COLOR: '1', TMPDIR: scratch };

const tried = (folder: string, ...words: string[]) =>
  workshop.pinwheel.run(['try', ...words, '--cache', CACHE], { cwd: folder, env });

/** Numbers that were measured, and the day's workerd. */
const masked = (text: string) =>
  text
    .replace(/[\d,]+( ms of CPU)/g, 'N$1')
    .replace(/(Memory +)\d+ MB/, '$1N MB')
    .replace(/workerd 1\.\d+\.\d/, 'workerd N')
    .split(/\s+/)
    .join(' ');

test('the example of the README says what it shows', async () => {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  const [, words, shown] = /^\$ npx pinwheel (try .*)\n([\s\S]*?)```/m.exec(text)!;
  const { code, stdout, stderr } = await tried(root, ...words!.split(' ').slice(1));
  expect(code, stderr).toBe(0);
  expect(masked(stdout)).toBe(masked(shown!));
});

const ODD = `import importlib
import os

from workers import Response, WorkerEntrypoint, fetch


class Odd(Exception):
    pass


Odd.__module__ = "a.module"


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = request.url.rpartition("/")[2]
        if path == "raises":
            for _ in range(30):
                print("x" * 100_000)
            return Response(str(1 / 0))
        if path == "lacks":
            importlib.import_module("sqlite3")
        if path == "lines":
            raise Odd("one\\ntwo")
        if path == "asks":
            await fetch("https://example.com/secret")
        if path == "dies":
            os.abort()
        if path == "hangs":
            while True:
                pass
        if path == "endless":
            from js import ReadableStream, Uint8Array
            from pyodide.ffi import create_proxy, to_js
            from js import Object

            def pull(controller):
                controller.enqueue(Uint8Array.new(1 << 20))

            source = to_js({"pull": create_proxy(pull)}, dict_converter=Object.fromEntries)
            return Response(ReadableStream.new(source))
        return Response("fine")
`;
/** Pyodide's own text says that browsers do not have the module. */
const SQLITE3 = 'Add sqlite3 to the requirements: the package set has it.';
const ODD_REQUESTS = [
  '',
  'raises',
  'lacks',
  'lines',
  'asks',
  'dies',
  '',
  'endless',
  '',
  'hangs',
  'endless',
  'never',
]
  .map((path) => `GET http://localhost/${path}`)
  .join('\n###\n');

test('names each module that cannot be imported, and each request that has no sound answer', async () => {
  const folder = await workshop.project({
    'src/entry.py': ODD,
    'src/broken.py': 'import nothing_there\n',
    'src/database.py': 'import sqlite3\n',
    'src/group.py': 'raise ExceptionGroup("several", [ValueError("one")])\n',
    'src/lines.py': 'raise ValueError("one\\ntwo\\nthree")\n',
    'src/hangs.py': 'while True:\n    pass\n',
    'src/leaves.py': 'import sys\n\nsys.exit(3)\n',
    'src/package/__init__.py': '',
    'src/package/fine.py': 'from . import __name__\n',
    'requests.http': ODD_REQUESTS,
  });
  const { code, stdout, stderr } = await tried(folder, '--json', '--timeout', '10', '--junit', 'try.xml');
  expect(code, stderr).toBe(1);
  const { ok, sides } = JSON.parse(stdout);
  expect([ok, sides.length]).toEqual([false, 1]);
  const [side] = sides;
  expect(side.source).toBe('requests.http');
  expect(side.modules).toEqual([
    { name: 'entry', error: null },
    { name: 'broken', error: "ModuleNotFoundError: No module named 'nothing_there'" },
    {
      name: 'database',
      error: `ModuleNotFoundError: No module named 'sqlite3' ${SQLITE3}`,
    },
    { name: 'group', error: 'ExceptionGroup: several (1 sub-exception)' },
    { name: 'hangs', error: expect.stringMatching(/^No answer came within \d+ s\.$/) },
    { name: 'leaves', error: 'SystemExit: 3' },
    { name: 'lines', error: 'ValueError: one' },
    { name: 'package', error: null },
    { name: 'package.fine', error: null },
  ]);
  const problems = side.requests.map(({ status, problem }: { status: number; problem: string }) => [
    status,
    problem,
  ]);
  expect(problems).toEqual([
    [200, null],
    [500, 'ZeroDivisionError: division by zero'],
    [500, `ModuleNotFoundError: No module named 'sqlite3' ${SQLITE3}`],
    [500, 'a.module.Odd: one'],
    [500, 'pyodide.ffi.JsException: Error: pinwheel try has no network for example.com'],
    // A Python that has died is started anew.
    [500, expect.stringMatching(/^Python ended by a fatal error: \S/)],
    [200, null],
    [null, 'The body has more than 25 MB.'],
    [200, null],
    [null, expect.stringMatching(/^No answer came within \d+ s\.$/)],
    [null, 'The body has more than 25 MB.'],
    [null, 'It was not sent: the Worker was lost 3 times.'],
  ]);
  expect(side.size).toBeGreaterThan(5_000_000);
  expect(side.cpu_ms).toBeGreaterThan(100);
  const xml = await readFile(join(folder, 'try.xml'), 'utf8');
  expect(xml).toContain('<testsuite name="pinwheel try" tests="22" failures="15">');
  expect(await readdir(scratch)).toEqual([]);
});

test.each([
  [
    'import nothing_there\n',
    'error: entry could not be imported:',
    "ModuleNotFoundError: No module named 'nothing_there'",
    3,
  ],
  [
    'import os\n\nos.abort()\n',
    'error: entry could not be imported:\n  Python ended by a fatal error: RuntimeError: unreachable\n',
    'RuntimeError: unreachable',
    2,
  ],
])(
  'a Worker that cannot be built is shown, with the reason: %j',
  async (entry, message, reason, failures) => {
    const folder = await workshop.project({ 'src/entry.py': entry });
    const { code, stdout, stderr } = await tried(folder);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stdout).toMatch(new RegExp(`failed: build the Worker: .*${reason}`));
    expect(stdout).toContain('Modules      not measured');
    expect(stdout).toMatch(new RegExp(`\\n${failures} failures?\\.\\n$`));
  },
);

test('a project whose import does not end is a failure of its own', async () => {
  const folder = await workshop.project({ 'src/entry.py': 'while True:\n    print("again")\n' });
  const quiet = () => {};
  const listener = { remarks: quiet, requests: quiet, step: quiet, downloads: () => progressLines(quiet) };
  const options = { requirements: [], flag: [], snapshot: false, cache: CACHE, listener };
  const { request } = await requestOf(folder, options as unknown as BuildOptions);
  const late = { code: 'late_import', seconds: 3, fix: expect.stringContaining('`timeout`') };
  await expect(buildWorker({ ...request, limit: 3 })).rejects.toMatchObject({ exitCode: 1, issues: [late] });
});

test('without a network, it is said what cannot be had', async () => {
  const folder = await workshop.project({ 'src/entry.py': ODD });
  const { code, stderr } = await workshop.pinwheel.run(['try', '--cache', newFolder()], {
    cwd: folder,
    env: {
      ...env,
      npm_config_registry: 'http://127.0.0.1:9',
      npm_config_fetch_retries: '0',
      npm_config_cache: newFolder(),
    },
  });
  expect(code, stderr).toBe(3);
  expect(stderr).toMatch(/^error: pyodide@\S+ cannot be fetched with npm: .*ECONNREFUSED/);
  expect(await readdir(scratch)).toEqual([]);
});

test('a report that cannot be written does not take the verdict with it', async () => {
  const folder = await workshop.project({ 'src/entry.py': ODD, 'requirements.txt': 'fastapii\n' });
  const { code, stdout, stderr } = await tried(folder, '--junit', 'nowhere/try.xml');
  expect(code).toBe(3);
  expect(stdout).toMatch(/\n1 failure\.\n$/);
  expect(stderr).toContain('nowhere/try.xml');
});

test('requests that cannot be read are an invalid file, before anything is built', async () => {
  const folder = await workshop.project({ 'src/entry.py': ODD, 'requests.http': 'GET /\nno header\n' });
  const { code, stderr } = await tried(folder);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: no header is not a header\.\n {2}in: {2}\S*requests\.http, line 2\n/);
});

const MOVING = `import sys
import time

from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = request.url.rpartition("/")[2]
        now = str(time.time_ns())
        if path == "json":
            return Response.json({"python": list(sys.version_info[:2]), "now": now})
        return Response(f"one\\n{now}\\nthree\\n", headers={"x-now": now})
`;

onlyInAll(
  '--to compares the answers of two dates to a recording, but for what changes from run to run',
  async () => {
    const entries = ['https://app.example/json', 'https://cdn.example/x.js', 'https://app.example/text'].map(
      (url) => ({ request: { method: 'GET', url, headers: [{ name: ':authority', value: 'app.example' }] } }),
    );
    const folder = await workshop.project({
      'src/entry.py': MOVING,
      'requests.http': 'GET /not-sent\n',
      'app.har': JSON.stringify({ log: { entries } }),
    });
    const words = ['--to', '2026-11-01', '--har', 'app.har', '--json'];
    const { code, stdout, stderr } = await tried(folder, ...words);
    expect(code, stderr).toBe(1);
    expect(stderr).toContain('Left out 1 request of app.har: to other hosts than that of the first, ');
    const { sides, comparison } = JSON.parse(stdout);
    expect(sides[0].source).toBe('app.har');
    expect(sides.map(({ label }: { label: string }) => label)).toEqual(['2025-11-02', '2026-11-01']);
    const pythons = sides.map(({ python }: { python: string }) => python);
    expect(pythons).toEqual(['3.13.2', '3.14.2']);
    expect(comparison.same).toBe(1);
    expect(comparison.answers).toEqual([
      {
        request: 'GET /json',
        differences: [{ place: 'body.python[1]', from: '13', to: '14' }],
        left_out: ['body.now'],
      },
      { request: 'GET /text', differences: [], left_out: ['header x-now', 'body, line 2'] },
    ]);
  },
);

test('upgrade changes files only after the move was tried, and nothing fails or changes', async () => {
  const upgrade = (cwd: string) =>
    workshop.pinwheel.run(['upgrade', '--to', '2026-11-01', '--yes', '--cache', CACHE], { cwd, env });
  const built = '[tool.pinwheel]\nbuilt = true\n';
  const folder = await workshop.project({
    ...{ 'src/entry.py': MOVING, 'pyproject.toml': built, 'requests.http': 'GET http://localhost/json\n' },
  });
  const wrangler = () => readFile(join(folder, 'wrangler.toml'), 'utf8');
  const before = await wrangler();
  const other = await upgrade(folder);
  expect(other.code, other.stderr).toBe(1);
  expect(other.stdout).toContain('changed: GET /json: body.python[1]: 13, now 14\n');
  expect(other.stderr).toContain('error: The move to 2026-11-01 was tried, and something fails or changes');
  expect(await wrangler()).toBe(before);
  await writeFile(join(folder, 'requests.http'), 'GET http://localhost/text\n');
  const same = await upgrade(folder);
  expect(same.code, same.stderr).toBe(0);
  expect(same.stdout).toContain('1 of 1 answer is the same');
  expect(same.stdout).toMatch(/\nChanged 1 file\. Next: pinwheel check\n$/);
  expect(await wrangler()).toBe(before.replace('2025-11-02', '2026-11-01'));
});

test('what a person saves while upgrade tries the move is kept', async () => {
  const folder = await workshop.project({
    'requests.http': 'GET http://localhost/text\n',
    ...{ 'src/entry.py': MOVING, 'pyproject.toml': '[tool.pinwheel]\nbuilt = true\n' },
  });
  const words = ['upgrade', '--to', '2026-11-01', '--yes', '--cache', CACHE];
  const ended = new AbortController();
  const changes = watch(folder, ended);
  const upgrading = workshop.pinwheel.run(words, { cwd: folder, env }).finally(() => ended.abort());
  const wrangler = join(folder, 'wrangler.toml');
  for await (const { filename } of changes) if (filename === 'wrangler.toml') break;
  await appendFile(wrangler, '# mine\n');
  const { code, stdout, stderr } = await upgrading;
  expect(code, stderr).toBe(1);
  expect(stdout + stderr).toMatch(/wrangler\.toml (was saved while the move was tried|has changed since)/);
  expect(await readFile(wrangler, 'utf8')).toContain('# mine');
});

onlyInAll('--to a package flag compares the answers of two package sets', async () => {
  const to = 'python_3.13_packages_2025_10_20';
  const { code, stdout, stderr } = await tried(join(root, 'examples/hello'), '--to', to);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(`             ${FLAG_0_29_5}  ${to}\nPython       3.13.2, Pyodide 0.29.5`);
  expect(stdout).toMatch(/Request {2}Before {2}After {2}Body\nGET \/ +200 +200 +12 B\n/);
  expect(stdout).toContain(`Moved from ${FLAG_0_29_5} to ${to}: 1 of 1 answer is the same; `);
});

test.each(['yesterday', 'python_3.13_packages_2025_01_01'])(
  '--to %s is refused before anything is built',
  async (to) => {
    const { code, stderr } = await tried(join(root, 'examples/hello'), '--to', to);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(to);
    expect(stderr).not.toContain('Importing');
  },
);

test('Ctrl-C leaves neither a process nor a folder', async () => {
  const folder = await workshop.project({ 'src/entry.py': ODD, 'requests.http': 'GET /hangs\n' });
  const words = ['try', '--cache', CACHE];
  const child = spawn(process.execPath, [workshop.pinwheel.script, ...words], {
    cwd: folder,
    env: env as unknown as NodeJS.ProcessEnv,
  });
  const ended = once(child, 'exit');
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const running = async () => {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
    return (await Promise.all(lines)).filter((line) => line.includes(`serve\0`) && line.includes(scratch));
  };
  while (!said.includes('Sending 1 request') || (await running()).length === 0) {
    if (child.exitCode !== null) throw new Error(said);
    await pause(100);
  }
  child.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
  await expect.poll(running).toEqual([]);
  expect(await readdir(scratch)).toEqual([]);
});

test('without wrangler, it is said which command installs it', async () => {
  const folder = await workshop.project({ 'src/entry.py': ODD });
  const { code, stderr } = await workshop.pinwheel.run(['try'], {
    cwd: folder,
    env: { ...env, PATH: '/nowhere' },
  });
  expect(code).toBe(1);
  expect(stderr).toContain('pinwheel try needs wrangler');
  expect(stderr).toContain('fix: Install it with npm install --save-dev wrangler.');
});
