/** The smallest Worker: with a snapshot and without, on workerd and in wrangler, and its errors. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { restoredPyodide } from '../../cli/worker/restored-binary.ts';
import { root } from '../../scripts/root.ts';
import { answering, bytesBelow, FLAG_0_29_5, useWorkshop, WRANGLER, wheelhouse } from './project.ts';
import { serve } from './workerd.ts';
import { deployDry, wrangler } from './wrangler.ts';

const workshop = useWorkshop();
const HELLO = answering('', '"Hello world!"');

async function ask(folder: string, variables: Record<string, string> = {}): Promise<string> {
  await using served = await serve(join(folder, 'dist/worker'), variables);
  const response = await fetch(served.origin);
  return `${response.status} ${await response.text()} ${served.said()}`.trim();
}

test('answers from a snapshot, and restored memory is that of the build', async () => {
  const folder = await workshop.example('hello');
  expect(await ask(folder, { PINWHEEL_CHECK_MEMORY: '1' })).toBe('200 Hello world!');
  const binary = await readFile(join(folder, 'dist/worker/pyodide/pyodide.asm.wasm'));
  expect(binary.equals(restoredPyodide(binary)), 'has no data').toBe(true);
});

test('a start from a snapshot does not read the standard library or packages for what they have imported', async () => {
  const folder = await workshop.example('hello');
  for (const name of ['pyodide/python_stdlib.bin', 'packages.bin']) {
    await writeFile(join(folder, 'dist/worker', name), 'nothing');
  }
  expect(await ask(folder)).toBe('200 Hello world!');
});

test('code of a folder is a package of the Worker, with what it requires', async () => {
  const project = (name: string, dependencies: string[]) =>
    `[project]\nname = "${name}"\nversion = "1"\ndependencies = ${JSON.stringify(dependencies)}\n`;
  const sources = (name: string, path: string) => `[tool.uv.sources]\n${name} = { path = "${path}" }\n`;
  const folder = await workshop.project({
    'src/entry.py': answering('import acme_shared', 'acme_shared.said()'),
    'pyproject.toml': project('app', ['acme-shared']) + sources('acme-shared', 'packages/shared'),
    'packages/shared/pyproject.toml':
      project('acme-shared', ['acme-utils']) + sources('acme-utils', '../utils'),
    'packages/shared/src/acme_shared/__init__.py':
      'from importlib.metadata import version\nfrom acme_utils import WORD\n\n\ndef said():\n    return WORD + version("acme-shared")\n',
    'packages/utils/pyproject.toml': project('acme-utils', []),
    'packages/utils/acme_utils.py': 'WORD = "ours "\n',
  });
  await workshop.built(folder);
  expect(await ask(folder)).toBe('200 ours 1');
});

test('the printed command starts wrangler where it can build again', async () => {
  const files = { 'My Worker/wrangler.toml': WRANGLER, 'My Worker/src/entry.py': HELLO };
  const cwd = await workshop.project(files, '');
  const { stdout } = await workshop.buildWith({ cwd }, 'My Worker');
  const [, way, config] = /^Try it: (.*)npx wrangler dev -c (.*)$/m.exec(stdout) ?? [];
  const { stdout: folder } = await promisify(execFile)('sh', ['-c', `${way} pwd`], { cwd });
  await deployDry(folder.trim(), '-c', config!);
});

test('a build that is started below the project, or with its wrangler file, is the same', async () => {
  const folder = await workshop.copy(join(root, 'examples/hello'));
  const build = (cwd: string, ...words: string[]) => workshop.buildWith({ cwd }, '--no-snapshot', ...words);
  await writeFile(join(folder, '.env'), 'SECRET=1\n');
  const below = await build(join(folder, 'src'));
  const served = `npx wrangler dev -c dist/worker/wrangler.json --env-file ${join(folder, '.env')}`;
  expect(below.stdout).toContain(`\nTry it: cd .. && ${served}\n`);
  expect(await readdir(join(folder, 'src'))).toEqual(['entry.py']);
  const named = await build(dirname(folder), '--config', join(folder, 'wrangler.toml'));
  expect(named.code, named.stderr).toBe(0);
  expect(named.stdout).toContain(`${join(folder, 'dist/worker')} has `);
  expect(existsSync(join(dirname(folder), 'dist'))).toBe(false);
});

test('answers without a snapshot', async () => {
  const folder = await workshop.example('hello', '--no-snapshot');
  expect(await ask(folder)).toBe('200 Hello world!');
});

test('answers with the oldest date of Python Workers, and with a flag that disables Node', async () => {
  const settings = WRANGLER.replace('2025-11-02', '2023-12-18').replace(
    '"python_workers"',
    '"python_workers", "no_nodejs_compat"',
  );
  const folder = await workshop.project({ 'src/entry.py': HELLO }, settings);
  await workshop.built(folder, '--flag', FLAG_0_29_5);
  expect(await ask(folder)).toBe('200 Hello world!');
});

test('two builds have the same bytes, in any folder, time zone and language', async () => {
  const [plain, other] = [await workshop.example('hello'), await workshop.example('hello')];
  // The second one without what the first left in the cache.
  const again = await workshop.pinwheel.run(['build', other, '--cache', join(other, '.cache')], {
    env: {
      PATH: process.env.PATH!,
      HOME: process.env.HOME!,
      TZ: 'Asia/Tokyo',
      LC_ALL: 'de_DE.UTF-8',
    },
  });
  expect(again.code).toBe(0);
  expect(again.stderr).toContain('saving its memory');
  const [left, right] = await Promise.all(
    [plain, other].map((folder) => bytesBelow(join(folder, 'dist/worker'))),
  );
  expect([...left!.keys()]).toEqual([...right!.keys()]);
  for (const [path, bytes] of left!) expect(bytes.equals(right!.get(path)!), path).toBe(true);
});

test("nothing of the builder's environment is in a snapshot", async () => {
  const values = '[time.timezone, os.environ.get("SECRET"), getattr(process.env, "SECRET", None)]';
  const folder = await workshop.project({
    'src/entry.py': answering(
      `import os, time\nfrom js import process\nVALUES = ${values}\ndel process`,
      'VALUES',
    ),
  });
  const env = { TZ: 'Asia/Tokyo', SECRET: 'of the builder' };
  const { code, stderr } = await workshop.buildWith({ env }, folder, '--flag', FLAG_0_29_5);
  expect(code, stderr).toBe(0);
  expect(stderr).not.toContain('left out of the snapshot');
  expect(await ask(folder)).toBe('200 [0, None, None]');
});

test('wrangler uses the built Worker of the project', async () => {
  const folder = await workshop.example('hello');
  const redirected = JSON.parse(await readFile(join(folder, '.wrangler/deploy/config.json'), 'utf8'));
  expect(redirected).toEqual({ configPath: '../../dist/worker/wrangler.json' });
  const said = await deployDry(folder);
  expect(said).toContain('snapshot/changes.bin');
  expect(said).toContain('--dry-run: exiting now.');
});

test('a built Worker can be deployed from its own folder, and without its project', async () => {
  const folder = await workshop.example('hello', '--no-snapshot');
  const moved = join(await workshop.pinwheel.folderWith({}), 'worker');
  await rename(join(folder, 'dist/worker'), moved);
  expect(await deployDry(moved)).toContain('--dry-run: exiting now.');
});

describe('with environments', () => {
  const environments = `[vars]\nWHERE = "top"\n[env.production.vars]\nWHERE = "production"\n[env.staging]\n`;
  const build = async (words: string[], more: Record<string, string> = {}) => {
    const folder = await workshop.project({ 'src/entry.py': HELLO }, `${WRANGLER}${environments}`);
    const args = [folder, '--no-snapshot', '--flag', FLAG_0_29_5, ...words];
    const { code, stderr } = await workshop.buildWith({ env: more }, ...args);
    expect(code, stderr).toBe(0);
    return { folder, stderr };
  };

  test('a build without one says what it leaves out', async () => {
    const { folder, stderr } = await build([]);
    expect(stderr).toMatch(/^warning: \S+wrangler\.toml has the environments production, staging, and /m);
    expect(await deployDry(folder)).toContain('env.WHERE ("top")');
    expect((await build(['--env', ''])).stderr).not.toContain('has the environments');
  });

  test.each([
    ['--env', ['--env', 'production'], {}],
    ['CLOUDFLARE_ENV', [], { CLOUDFLARE_ENV: 'production' }],
  ])('wrangler deploys the one of %s, and refuses another', async (_, words, more) => {
    const { folder } = await build(words, more);
    expect(await deployDry(folder, '--env', 'production')).toContain('env.WHERE ("production")');
    await expect(deployDry(folder, '--env', 'staging')).rejects.toThrow(
      'does not match the target environment "production"',
    );
  });
});

test('a build that does not match its inputs is rejected', async () => {
  const folder = await workshop.example('hello');
  const entry = join(folder, 'src/entry.py');
  const first = await readFile(entry, 'utf8');
  const check = async () => {
    const { code, stderr } = await workshop.build(folder, '--check');
    return `${code} ${stderr.split('\n').find((line) => line.startsWith('error')) ?? ''}`;
  };
  expect(await check()).toBe('0 ');
  await writeFile(entry, 'class Broken Broken\n');
  expect(await check()).toContain('was built from other files or settings.');
  // A build is an artifact, which needs neither the project nor pinwheel: it is deployed as it was made.
  expect(await deployDry(folder)).toContain('snapshot/changes.bin');
  await writeFile(entry, first);
  expect(await check()).toBe('0 ');
  const wrangler = join(folder, 'wrangler.toml');
  const settings = await readFile(wrangler, 'utf8');
  await writeFile(wrangler, `${settings}[vars]\nNEW = "1"\n`);
  expect(await check()).toContain('was built from other files or settings.');
  await writeFile(wrangler, settings);
  await writeFile(join(folder, 'dist/worker/project.bin'), 'other');
  expect(await check()).toContain('has a project.bin that was changed after the build.');
});

test.each(['base', 'changes'])('a snapshot/%s.bin of another build is rejected', async (name) => {
  const folder = await workshop.example('hello');
  const file = join(folder, `dist/worker/snapshot/${name}.bin`);
  const bytes = await readFile(file);
  bytes.fill('0', bytes.length - 64);
  await writeFile(file, bytes);
  await using served = await serve(join(folder, 'dist/worker'));
  expect((await fetch(served.origin)).status).toBe(500);
  await expect.poll(() => served.said()).toContain(`snapshot/${name}.bin is the snapshot of another build`);
});

test.each(['base', 'changes'])(
  'a snapshot/%s.bin with a flipped bit is rejected, wherever it is',
  async (name) => {
    const folder = await workshop.example('hello');
    const file = join(folder, `dist/worker/snapshot/${name}.bin`);
    const bytes = await readFile(file);
    const content = zstdDecompressSync(bytes.subarray(0, -64));
    // One bit in a thousand or so stands for nothing: the same bytes are decompressed without it.
    const matters = (flipped: Buffer) => {
      try {
        return !zstdDecompressSync(flipped.subarray(0, -64)).equals(content);
      } catch {
        return true;
      }
    };
    for (const share of [0.2, 0.4, 0.6, 0.8]) {
      let flipped = bytes;
      for (let at = Math.floor((bytes.length - 64) * share); !matters(flipped); at++) {
        flipped = Buffer.from(bytes);
        flipped[at]! ^= 4;
      }
      await writeFile(file, flipped);
      await using served = await serve(join(folder, 'dist/worker'));
      expect((await fetch(served.origin)).status, `${share}`).toBe(500);
      await expect.poll(() => served.said()).toContain(`snapshot/${name}.bin is damaged (`);
    }
  },
);

test('with PINWHEEL_CHECK_MEMORY, memory that differs from the saved memory is rejected', async () => {
  const folder = await workshop.example('hello');
  const none = '0'.repeat(64);
  const [changes, parts] = ['snapshot/changes.bin', 'parts.js'].map((name) =>
    join(folder, 'dist/worker', name),
  );
  const bytes = await readFile(changes!);
  const saved = bytes.subarray(-64).toString();
  bytes.write(none, bytes.length - 64);
  await writeFile(changes!, bytes);
  await writeFile(parts!, (await readFile(parts!, 'utf8')).replaceAll(saved, none));
  expect(await ask(folder)).toBe('200 Hello world!');
  await using served = await serve(join(folder, 'dist/worker'), { PINWHEEL_CHECK_MEMORY: '1' });
  expect((await fetch(served.origin)).status).toBe(500);
  await expect
    .poll(() => served.said())
    .toContain(`Restored memory has the SHA-256 ${saved}, and its snapshot ${none}.`);
});

describe('errors', () => {
  const refused = async (files: Record<string, string>, wrangler = WRANGLER, ...words: string[]) => {
    const folder = await workshop.project(files, wrangler);
    const { code, stderr } = await workshop.build(folder, '--flag', FLAG_0_29_5, ...words);
    expect(code).toBe(1);
    expect(existsSync(join(folder, 'dist/worker'))).toBe(false);
    // Nothing half-written either.
    expect(await readdir(join(folder, 'dist')).catch(() => [])).toEqual([]);
    expect(existsSync(join(folder, '.wrangler'))).toBe(false);
    return stderr;
  };

  test('a syntax error in the entry', async () => {
    const said = await refused({ 'src/entry.py': 'def broken(:\n    pass\n' });
    expect(said).toContain('error: entry could not be imported:');
    expect(said).toContain('File "entry.py", line 1');
    expect(said).toContain('def broken(:');
    expect(said).toContain('SyntaxError: invalid syntax');
  });

  test("an import that fails has Python's own traceback, and only the project's frames", async () => {
    const said = await refused({
      'src/entry.py': 'import helper\n',
      'src/helper.py': '\n\ndef work():\n    return 1 / 0\n\nwork()\n',
    });
    const frames = said.split('\n').filter((line) => /^ *(?:File|\w+Error)/.test(line));
    expect(frames.map((line) => line.trim())).toEqual([
      'File "entry.py", line 1, in <module>',
      'File "helper.py", line 6, in <module>',
      'File "helper.py", line 4, in work',
      'ZeroDivisionError: division by zero',
    ]);
    expect(said).toContain('return 1 / 0');
    expect(said).not.toContain('importlib');
    expect(said).not.toContain('_pinwheel');
  });

  test('an import that ends Python, with its stack', async () => {
    const said = await refused({
      'src/entry.py': 'import helper\n',
      'src/helper.py': 'import os\n\n\ndef leave():\n    os._exit(3)\n\n\nleave()\n',
    });
    expect(said).toContain(`error: entry could not be imported:
  Python ended by a fatal error: Exit: Program terminated with exit(3)
  Stack (most recent call first):
    File "helper.py", line 5 in leave
    File "helper.py", line 8 in <module>
    File "entry.py", line 1 in <module>
  fix: `);
  });

  test('an import that waits', async () => {
    const said = await refused({
      'src/entry.py': 'import asyncio\n\nasyncio.run(asyncio.sleep(0))\n',
    });
    expect(said).toContain(
      'RuntimeError: nothing can be waited for at import: do so while an event is handled',
    );
  });

  test('a missing module', async () => {
    expect(await refused({ 'src/entry.py': 'import yarl\n' })).toContain(
      "ModuleNotFoundError: No module named 'yarl'",
    );
  });

  test('an unknown Pyodide', async () => {
    const folder = await workshop.project({ 'src/entry.py': '' });
    const { code, stderr } = await workshop.build(folder, '--flag', 'python_3.12_packages_2024_08_29');
    expect(code).toBe(1);
    expect(stderr).toContain('pinwheel cannot build a Worker with Pyodide 0.26.0a2');
  });

  test('no project, no such folder, and no such wrangler file', async () => {
    const folder = await workshop.pinwheel.folderWith({ 'note.txt': '', 'project/wrangler.toml': WRANGLER });
    const of = async (...words: string[]) => {
      const { code, stderr } = await workshop.pinwheel.run(words, { cwd: folder, env: { PATH: '' } });
      return `${code} ${stderr.split('\n')[0]}`;
    };
    const none = `3 error: Neither ${folder} nor any folder above it has a wrangler file.`;
    expect(await of('build')).toBe(none);
    expect(await of('dev')).toBe(none);
    // Not the project above it.
    expect(await of('build', 'project/typo')).toBe(
      '3 error: project/typo could not be read: there is no such folder.',
    );
    expect(await of('build', '--config', 'typo.toml')).toBe(
      '3 error: typo.toml could not be read: there is no such file.',
    );
  });

  test('a main that is not Python', async () => {
    const wrangler = WRANGLER.replace('entry.py', 'entry.js');
    expect(await refused({ 'src/entry.py': '' }, wrangler)).toContain(
      'has the main src/entry.js, which is not a Python file.',
    );
  });

  test('a folder of something else', async () => {
    const folder = await workshop.project({ 'src/entry.py': '', 'dist/worker/mine.txt': 'mine' });
    const { code, stderr } = await workshop.build(folder, '--flag', FLAG_0_29_5);
    expect(code).toBe(2);
    expect(stderr).toContain('was not made by pinwheel build, and is not empty.');
    expect(await readFile(join(folder, 'dist/worker/mine.txt'), 'utf8')).toBe('mine');
  });
});

test('pinwheel init --template d1 prints the command that fills its database', async () => {
  const folder = join(await workshop.pinwheel.folderWith({}), 'notes');
  const { stdout } = await workshop.pinwheel.run(['init', folder, '--template', 'd1']);
  const [, words] = /^Next: .* && npx wrangler (d1 .*) && npm run build && /m.exec(stdout) ?? [];
  expect(await wrangler(folder, ...words!.split(' '))).toContain('0001_notes.sql');
});

test.each<[string, string[]]>([
  ['plain', []],
  ['d1', []],
  ...(wheelhouse === null ? [] : [['fastapi', ['--set', wheelhouse]] as [string, string[]]]),
])('pinwheel init --template %s writes a project that builds', async (template, words) => {
  const folder = join(await workshop.pinwheel.folderWith({}), 'My Worker');
  const init = () => workshop.pinwheel.run(['init', folder, '--template', template]);
  expect(await init()).toMatchObject({ code: 0, stderr: '' });
  expect(await readFile(join(folder, 'wrangler.toml'), 'utf8')).toContain('name = "my-worker"');
  await workshop.built(folder, ...words);
  // A second time, nothing is written over.
  expect(await init()).toMatchObject({ code: 2 });
});
