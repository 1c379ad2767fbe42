/** What `npm run evidence` sees of packages, of which some do what no package should. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { canonicalJson, digestOf } from '../../../resolver/digest.ts';
import type { EvidenceDocument, EvidenceResult } from '../../../resolver/evidence.ts';
import { bucketOf } from '../../../scripts/evidence/results.ts';
import { fillShelf } from '../../../scripts/evidence/shelf.ts';
import { root } from '../../../scripts/root.ts';
import { newFolder } from '../../common/own.ts';
import { TEST_FLAG } from '../../test-set.ts';
import { utf8 } from '../../zip.ts';
import { makeWorld, type World } from './command.ts';

const HANGS = 'while True:\n    pass\n';

describe('packages that do what they like', () => {
  let world: World;
  let document: EvidenceDocument;
  let stdout = '';
  const outside = newFolder();
  const resultOf = (name: string): EvidenceResult => document.results.find((result) => result.name === name)!;
  const errorOf = (name: string) => resultOf(name).imports[0]!.error;

  beforeAll(async () => {
    world = await makeWorld({
      sound: { code: 'answer = 42\n' },
      user: { code: 'import sound\nassert sound.answer == 42\n', depends: ['sound'] },
      lonely: { code: 'import sound\n' },
      swells: { code: 'held = []\nwhile True:\n    held.append(bytearray(1 << 24))\n' },
      hoards: { code: 'import js\nheld = [js.ArrayBuffer.new(1 << 26) for _ in range(64)]\n' },
      floods: {
        code: 'import js\nfor _ in range(200):\n    print("flood" * 20_000)\n    js.console.log("flood" * 20_000)\n',
      },
      exits: { code: 'import sys\nsys.exit(3)\n' },
      leaves: { code: 'import js\njs.process.exit(0)\n', imports: ['leaves', 'leaves.after'] },
      aborts: { code: 'import os\nos.abort()\n' },
      forks: { code: 'import os\nos.fork()\n' },
      spawns: { code: 'import js\njs.process.getBuiltinModule("child_process").execSync("true")\n' },
      kills: { code: 'import js\njs.process.kill(js.process.ppid, "SIGKILL")\n' },
      connects: { code: 'import socket\nsocket.create_connection(("127.0.0.1", 80))\n' },
      tells: { code: 'import js\nraise ValueError(f"{js.process.env.PATH}")\n' },
      asks: { code: 'import js\njs.fetch("https://example.com/")\n' },
      opens: { code: 'import js\njs.WebSocket.new("wss://example.com/")\n' },
      writes: {
        code: `import js\njs.process.getBuiltinModule("fs").writeFileSync("${outside}/written", "")\n`,
      },
      keeps: {
        code: `import js\nsqlite = js.process.getBuiltinModule("node:sqlite")\nsqlite.DatabaseSync.new("${outside}/kept").exec("create table t(a)")\n`,
      },
      raises: {
        code: 'class Odd(BaseException):\n    def __str__(self):\n        return 1 / 0\n\n\nraise Odd\n',
      },
      shouts: { code: 'raise ValueError("first\\n" + "\\u2028" * 9_999 + "0xdeadbeef")\n' },
      forges: {
        code: 'import js\nfs = js.process.getBuiltinModule("fs")\nfs.writeSync(3, \'{"step":"imported","module":7}\\n{"step"\\n\')\n',
      },
      draws: { code: 'import os\nimport time\nos.urandom(8)\ntime.time()\n' },
      odd: { imports: ['not a module; import os', ''] },
      damaged: { bytes: utf8('This is no zip.') },
      dangling: { depends: ['nowhere'] },
    });
    const ended = await world.run('--memory', '128');
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr.match(/running/g)).toHaveLength(1);
    stdout = ended.stdout;
    document = await world.documentOf();
  });

  test('are loaded with what they name, and imported', () => {
    expect(errorOf('sound')).toBeNull();
    expect(errorOf('user')).toBeNull();
    const { load, imports, at_import } = resultOf('sound');
    expect([load.error, load.mib! > 0, imports[0]!.ms! > 0, at_import]).toEqual([null, true, true, []]);
  });

  test('fail without a package that they import and do not name, which is named', () => {
    expect(errorOf('lonely')).toEqual({ type: 'ModuleNotFoundError', message: "No module named 'sound'" });
    expect(resultOf('lonely').lacks).toEqual(['sound']);
    expect(resultOf('user').lacks).toEqual([]);
    expect(stdout).toContain("  lonely: ModuleNotFoundError: No module named 'sound'\n");
  });

  test('reach the limit of memory', () => {
    expect(errorOf('swells')!.type).toBe('MemoryError');
    expect(errorOf('hoards')).toEqual({
      type: 'JsException',
      message: 'RangeError: Array buffer allocation failed',
    });
  });

  test('may print as much as they want', () => {
    expect(errorOf('floods')).toBeNull();
  });

  test('end Python, or the process, and nothing else', () => {
    expect(errorOf('exits')).toEqual({ type: 'SystemExit', message: '3' });
    const { imports } = resultOf('leaves');
    expect(imports.map(({ error }) => error)).toEqual([
      { type: 'Crash', message: 'the process ended with 0' },
      { type: 'NotTried', message: 'the interpreter did not get there' },
    ]);
    expect(errorOf('aborts')).not.toBeNull();
  });

  test.each(['forks', 'spawns', 'kills', 'connects', 'opens', 'writes', 'keeps'])(
    '%s: nothing outside of Python is reached',
    (name) => {
      expect(errorOf(name)).not.toBeNull();
      expect(readdirSync(outside)).toEqual([]);
    },
  );

  test('that ask the network, draw random numbers or read the clock at import are known by it', () => {
    expect(resultOf('asks').at_import).toEqual(['network']);
    expect(resultOf('opens').at_import).toEqual(['network']);
    expect(resultOf('draws').at_import).toEqual(['clock', 'entropy']);
  });

  test('raise what is no Exception, and messages of any kind', () => {
    expect(errorOf('raises')).toEqual({ type: 'Odd', message: '' });
    expect(errorOf('shouts')!.message).toBe('0x…');
  });

  test('cannot break the report, nor can their lock entries or files', () => {
    expect(errorOf('forges')).toBeNull();
    expect(resultOf('odd').imports.map(({ error }) => error!.type)).toEqual([
      'ModuleNotFoundError',
      'ValueError',
    ]);
    expect(resultOf('damaged').load.error).not.toBeNull();
    expect(resultOf('dangling')).toBeUndefined();
  });

  test('have a document that names the set, its digest and the programs', async () => {
    const set = JSON.parse(await readFile(join(world.folder, 'set.json'), 'utf8'));
    expect(document).toMatchObject({ set: TEST_FLAG, digest: await digestOf(set), runtime: '0.29.0' });
    expect(document.programs).toEqual({ node: process.versions.node });
  });

  test('are the same in a second run, which --verify compares; a line that was changed is found', async () => {
    const again = await world.run('--memory', '128');
    expect(again.stdout).toContain('same ');
    expect(await world.documentOf()).toEqual(document);
    const path = join(world.folder, 'evidence', `${TEST_FLAG}.pyodide.json`);
    const only = document.results.filter(({ name }) => ['lonely', 'sound'].includes(name));
    await writeFile(path, JSON.stringify({ ...document, results: only }));
    expect(await world.run('--verify')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 of 2 are as in'),
    });
    const claimed = JSON.parse(canonicalJson(only).replace(/"error":\{[^{}]*\}/, '"error":null'));
    await writeFile(path, JSON.stringify({ ...document, results: claimed }));
    const { code, stderr } = await world.run('--verify');
    expect(code).toBe(1);
    expect(stderr).toContain('lonely differs');
  });
});

test('a limit of memory that ends Python is said to be the cause, also of a package in another spelling', async () => {
  const code = 'import os\ntry:\n    bytearray(1 << 28)\nexcept MemoryError:\n    os.abort()\n';
  const world = await makeWorld({ large: { code } });
  const { stdout } = await world.run('--memory', '64', '--package', 'Large');
  expect(stdout).toMatch(/ {2}large: \w+: .*RangeError: The memory limit is reached\.\n/);
});

test('an import that never ends is a result, after the time that it may take', async () => {
  const world = await makeWorld({ hangs: { code: HANGS } });
  const { code } = await world.run('--seconds', '3');
  const [{ imports }] = (await world.documentOf()).results as [EvidenceResult];
  expect(code).toBe(0);
  expect(imports[0]!.error).toEqual({ type: 'Timeout', message: 'not done after 3 s' });
});

test('a run that is stopped leaves no document and no process, and the next one goes on from there', async () => {
  const world = await makeWorld({ ends: {}, hangs: { code: HANGS } });
  const ran = join(world.folder, 'cache/ran');
  const running = world.start('--jobs', '1');
  const isKept = async () => (await readdir(ran).catch(() => [])).some((name) => name.endsWith('.json'));
  while (!(await isKept())) await pause(50);
  process.kill(running.pid, 'SIGINT');
  expect(await running.ended).toMatchObject({
    code: 130,
    stderr: expect.stringContaining('goes on from here'),
  });
  expect(existsSync(join(world.folder, 'evidence'))).toBe(false);
  const [kept, ...more] = await readdir(ran);
  expect(more).toEqual([]);
  const { mtimeMs } = await stat(join(ran, kept!));
  expect((await world.run('--package', 'ends')).stdout).toContain('of 1 that ran, 1 have modules, 1 import');
  expect([await readdir(ran), (await stat(join(ran, kept!))).mtimeMs]).toEqual([[kept], mtimeMs]);
});

test('a run without files, or with fewer, keeps the document that is there', async () => {
  const world = await makeWorld({ one: {}, two: {} });
  expect((await world.run()).code).toBe(0);
  const document = await world.documentOf();
  const told = expect.stringMatching(/kept .*packages_\S+\.pyodide\.json: .* such as /);
  for (const name of ['two', 'one']) {
    await rm(join(world.folder, 'wheels', `${name}-1.0-py3-none-any.whl`));
    expect(await world.run()).toMatchObject({ code: 1, stderr: told });
    expect(await world.documentOf()).toEqual(document);
  }
  await rm(join(world.folder, 'evidence'), { recursive: true });
  const nothing = expect.stringContaining('nothing was written; the files of 0 packages');
  expect(await world.run()).toMatchObject({ code: 1, stderr: nothing });
  expect(existsSync(join(world.folder, 'evidence'))).toBe(false);
});

test('a result that cannot be kept ends the run at once, though another package is under way', async () => {
  const world = await makeWorld({ ends: {}, hangs: { code: HANGS } });
  await world.run('--package', 'ends', '--seconds', '999');
  const ran = join(world.folder, 'cache/ran');
  const kept = join(ran, (await readdir(ran))[0]!);
  await rm(kept);
  await mkdir(join(kept, 'taken'), { recursive: true });
  const { code, stderr } = await world.run('--jobs', '2', '--seconds', '999');
  expect([code, stderr]).toEqual([1, expect.stringContaining(kept)]);
  expect(existsSync(join(world.folder, 'evidence'))).toBe(false);
});

test('a file that changes after it was read changes nothing, and one with other bytes is not at hand', async () => {
  const world = await makeWorld({ thing: {}, other: {} });
  const wheels = join(world.folder, 'wheels');
  await writeFile(join(wheels, 'other-1.0-py3-none-any.whl'), 'other bytes');
  const set = JSON.parse(await readFile(join(world.folder, 'set.json'), 'utf8'));
  const shelf = await fillShelf([wheels], [set], join(world.folder, 'cache/wheels'));
  const before = await readFile(join(wheels, 'thing-1.0-py3-none-any.whl'));
  await writeFile(join(wheels, 'thing-1.0-py3-none-any.whl'), 'changed');
  expect([...shelf.keys()]).toEqual(
    set.packages.flatMap(({ name, sha256 }: { name: string; sha256: string }) =>
      name === 'thing' ? sha256 : [],
    ),
  );
  expect(await readFile([...shelf.values()][0]!)).toEqual(before);
});

test('without a network, a Pyodide that is not cached is named, and nothing is written', async () => {
  const world = await makeWorld({ thing: {} });
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9');
  vi.stubEnv('npm_config_fetch_retries', '0');
  for (const ground of ['pyodide', 'build']) {
    const { code, stderr } = await world.run('--ground', ground, '--cache', join(world.folder, 'empty'));
    expect([code, stderr]).toEqual([1, expect.stringContaining('pyodide@0.29.0 cannot be fetched')]);
  }
  vi.unstubAllEnvs();
  expect(existsSync(join(world.folder, 'evidence'))).toBe(false);
});

test.each([
  ['a package that no set has', {}, ['--package', 'absent'], `${TEST_FLAG}: no package absent\n`],
  [
    'a package whose files are not there',
    { partial: { depends: ['nowhere'] } },
    ['--package', 'partial'],
    `${TEST_FLAG}: not all files that partial needs`,
  ],
  ['less memory than Python has', { thing: {} }, ['--memory', '10'], 'Python alone takes 20 MiB, more than'],
  ['an unknown ground', {}, ['--ground', 'moon'], '--ground is pyodide or build, not moon\n'],
  ['a limit that is no number', {}, ['--seconds', '0'], '--seconds 0 is not a number from 1 to 999999.\n'],
  ['a folder that is not there', {}, ['--from', '/nowhere'], '/nowhere'],
  ['no document to compare', {}, ['--verify'], 'nothing to compare'],
  [
    'a file that is no set',
    {},
    ['--set', join(root, 'package.json')],
    'package.json is not a package set: ✖ ',
  ],
  ['a set that is not there', {}, ['--set', 'nowhere'], 'nowhere is neither a package flag'],
])('%s is named, and nothing is written', async (_what, packages, words, message) => {
  const world = await makeWorld(packages);
  const { code, stderr } = await world.run(...words);
  expect(code).toBeGreaterThan(0);
  expect(stderr).toContain(message);
  expect(existsSync(join(world.folder, 'evidence'))).toBe(false);
});

test('a document that is none is named before anything runs, and stays', async () => {
  const world = await makeWorld({ thing: {} });
  const path = join(world.folder, 'evidence', `${TEST_FLAG}.pyodide.json`);
  await mkdir(join(world.folder, 'evidence'));
  await writeFile(path, '{"kind":"evidence"');
  const { code, stderr } = await world.run();
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^pinwheel: \S+ is not a document of evidence: .*\n$/),
  ]);
  expect(await readFile(path, 'utf8')).toBe('{"kind":"evidence"');
});

test('a Pyodide that nobody knows is named', async () => {
  const world = await makeWorld({ thing: {} }, { runtime: '9.9.9' });
  const { code, stderr } = await world.run();
  expect([code, stderr]).toEqual([1, expect.stringContaining('9.9.9')]);
});

describe('buckets', () => {
  const bounds = [1, 10, 100];

  test('are those of the earlier run as long as a value is near', () => {
    expect([0.5, 5, 50, 500].map((value) => bucketOf(value, bounds))).toEqual([1, 10, 100, 100]);
    expect(bucketOf(12, bounds, 10)).toBe(10);
    expect(bucketOf(21, bounds, 10)).toBe(100);
    expect(bucketOf(0.6, bounds, 10)).toBe(10);
    expect(bucketOf(0.4, bounds, 10)).toBe(1);
  });
});

test('a smoke line has one to five lines, an assertion, and the name of a package of a set', async () => {
  const folder = join(root, 'data/evidence/smoke');
  const files = await readdir(folder);
  expect(files.length).toBeGreaterThanOrEqual(30);
  const set = JSON.parse(
    await readFile(join(root, 'data/sets/python_3.13_packages_2025_10_20.json'), 'utf8'),
  );
  const names = new Set(set.packages.map(({ name }: { name: string }) => name));
  for (const file of files) {
    const code = await readFile(join(folder, file), 'utf8');
    expect(code.trimEnd().split('\n').length, file).toBeLessThanOrEqual(5);
    expect(code, file).toMatch(/^\s*assert /m);
    expect(names.has(file.replace('.py', '')), file).toBe(true);
  }
});
