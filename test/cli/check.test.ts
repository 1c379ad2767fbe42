import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../resolver/python/index.ts';
import { writeFiles } from '../common/own.ts';
import { makeWheel, wheelOf } from '../zip.ts';
import { type Ended, usePinwheel, withEntrypoint } from './pinwheel.ts';

const AS_OF = ['--as-of', '2026-11-20'];
const WRANGLER = `
name = "worker"
main = "src/entry.py"
compatibility_date = "2025-11-02"
compatibility_flags = ["python_workers"]
[env.next]
compatibility_date = "2026-11-01"
`;

const pinwheel = await usePinwheel();

const project = (files: Record<string, string>) =>
  pinwheel.folderWith({ 'wrangler.toml': WRANGLER, ...withEntrypoint(files) });
const check = (cwd: string, ...args: string[]): Promise<Ended> =>
  pinwheel.run(['check', ...args, ...AS_OF], { cwd });

/** The findings as `path:line:column severity code`. */
async function found(cwd: string, ...args: string[]): Promise<string[]> {
  const { stdout, stderr } = await check(cwd, ...args, '--json');
  if (stdout === '') throw new Error(stderr);
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return findings.map(
    ({ path, line, column, severity, code }) => `${path}:${line}:${column} ${severity} ${code}`,
  );
}

const FILES = {
  'requirements.txt': '# What it needs\nfastapi\nstripe\nnumpy<2\nPyYAML\n',
  'src/entry.py': `from workers import Response
from fastapi import FastAPI
from PIL import Image
import requests

from app import store


def report():
    import curses
`,
  'src/app/__init__.py': '',
  'src/app/store.py': 'import sqlite3, threading\nthreading.Thread(target=print).start()\n',
  'tests/test_entry.py': 'import pytest\n',
};

describe('a project with issues', () => {
  test('is reported as text', async () => {
    const { code, stdout, stderr } = await check(await project(FILES), '-v');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const target = /^Pyodide .*?(?=^Checked)/ms;
    expect(
      stdout.replace(/\(one of \d+ sets that would do\)/g, '(…)').replace(target, '(target)\n'),
    ).toMatchInlineSnapshot(`
      "requirements.txt:3:1
        error: The package set python_3.13_packages_2025_08_08 has no package "stripe".
        fix: No package set has stripe. An index may have it: --index for PyPI, or --index-url URL.
      requirements.txt:4:1
        error: numpy<2 cannot be satisfied: the package set python_3.13_packages_2025_08_08 pins numpy 2.3.1.
        fix: With the compatibility date 2025-09-28, python_3.12_packages_2024_08_29 has numpy 1.26.4. To stay with this set, ask for numpy or numpy==2.3.1.
      requirements.txt:5:1
        warning: Nothing in the project imports pyyaml.
        fix: Leave it out, unless it is needed without being imported.

      src/app/store.py:2:1
        warning: threading.Thread cannot start a thread in this runtime: RuntimeError: can't start new thread.
        fix: Use asyncio: tasks take turns within one thread.

      src/entry.py:3:1
        error: PIL comes with pillow, which the package set python_3.13_packages_2025_08_08 does not have.
        fix: Name the package flag python_3.13_packages_2026_11_20: it has pillow 11.3.0 and runs on this runtime, Pyodide 0.28.2 (…). With the compatibility date 2026-09-08, python_3.14_packages_2026_08_25 has pillow 12.2.0.
      src/entry.py:4:8
        error: requests 2.32.4 is in the package set, but nothing requires it.
        fix: Add requests to requirements.txt.
      src/entry.py:10:12
        warning: curses cannot be imported in Pyodide 0.28.2: ModuleNotFoundError: No module named 'curses'.

      (target)
      Checked      3 files of src, starting with src/entry.py
      Snapshot     fastapi, requests, sqlite3, threading, workers
      Packages     14 packages, of unknown size
      To vendor    12 packages: pinwheel sync puts them into python_modules
      Vulnerable   5 known in 1 package

      4 errors, 3 warnings, 0 remarks
      "
    `);
  });

  test('names the native libraries that python_modules cannot contain', async () => {
    const folder = await project({
      'wrangler.toml': 'main = "src/entry.py"\ncompatibility_date = "2025-11-02"\n',
      'pyproject.toml':
        '[project]\ndependencies = ["scikit-learn"]\n[tool.pinwheel]\npackage-set = "python_3.13_packages_2025_09_22"\n',
      'src/entry.py': 'import sklearn\n',
    });
    const { code, stdout } = await check(folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^pyproject\.toml:2:1\n {2}error: scipy loads the native library libopenblas 0\.3\.26, which the platform does not load from python_modules\.\n {2}fix: Use pinwheel build/m,
    );
  });

  test('is reported as JSON', async () => {
    const folder = await project(FILES);
    const { code, stdout, stderr } = await check(folder, '--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const document = JSON.parse(stdout);
    expect(Object.keys(document).join()).toBe(
      'registry,answer_version,target,project,findings,modules,snapshot,closure,totals',
    );
    expect(document.target.package_set.flag).toBe('python_3.13_packages_2025_08_08');
    const { project: read } = document;
    expect(read).toEqual({ root: 'src', main: 'src/entry.py', requirements: ['requirements.txt'] });
    expect(document.findings[0]).toEqual({
      severity: 'error',
      code: 'unknown_package',
      message: 'The package set python_3.13_packages_2025_08_08 has no package "stripe".',
      fix: 'No package set has stripe. An index may have it: ask with index.',
      fixes: [{ kind: 'use_index', requirement: 'stripe', packages: [] }],
      path: 'requirements.txt',
      line: 3,
      column: 1,
    });
    expect(document.modules).toContainEqual({ module: 'PIL', from: 'nowhere', packages: [], files: 1 });
    expect(document.snapshot).toEqual({
      entry: 'src/entry.py',
      modules: ['fastapi', 'requests', 'sqlite3', 'threading', 'workers'],
    });
    const { packages } = document.closure;
    expect(document.closure).toEqual({ packages, size: null, left_at_most: null, unknown_sizes: packages });
    expect(document.totals).toEqual({ files: 3, imports: 8, errors: 4, warnings: 3 });
  });

  test('is annotated for GitHub', async () => {
    const folder = await project({
      'src/entry.py': '',
      'src/app/a, 100%: b.py': '\nimport yaml',
    });
    const { code, stdout } = await check(folder, '--format', 'github');
    expect(code).toBe(0);
    expect(stdout).toBe(
      '::warning file=src/app/a%2C 100%25%3A b.py,line=2,col=8,title=unlisted_package::' +
        'yaml comes with pyyaml 6.0.2, which nothing requires.%0AAdd pyyaml to requirements.txt.\n',
    );
  });

  test('is reported with paths from the current folder', async () => {
    const folder = await project({
      ...FILES,
      'requirements.txt': 'fastapi\nPyYAML\n',
      'src/entry.py': 'import fastapi, requests\nfrom app import store\n',
    });
    const files = async (cwd: string, ...args: string[]) =>
      [...new Set((await found(cwd, ...args)).map((line) => line.split(':')[0]!))].sort();
    const name = basename(folder);
    const paths = ['requirements.txt', 'src/app/store.py', 'src/entry.py'];
    expect(await files(folder)).toEqual(paths);
    expect(await files(join(folder, '..'), name)).toEqual(paths.map((path) => `${name}/${path}`));
    expect(await files(join(folder, '..'), folder)).toEqual(paths.map((path) => `${name}/${path}`));
    expect(await files(join(folder, 'src'), '..')).toEqual([
      '../requirements.txt',
      'app/store.py',
      'entry.py',
    ]);
  });

  test('can be checked in part', async () => {
    const folder = await project({ ...FILES, 'requirements.txt': 'fastapi\n' });
    const lines = await found(folder, 'src/app', '--config', 'wrangler.toml', '-r', 'requirements.txt');
    expect(lines.filter((line) => line.startsWith('src/'))).toEqual([
      'src/app/store.py:2:1 warning limited_module',
    ]);
  });

  test('imports what a folder beside it need not', async () => {
    const folder = await project({
      ...FILES,
      'requirements.txt': 'fastapi\n',
      'tools/a.py': 'import json\n',
    });
    expect(await found(folder, 'tools')).toEqual([]);
  });
});

test('a folder that does not exist is reported first', async () => {
  const { code, stdout, stderr } = await pinwheel.run(['check', 'nowhere']);
  expect({ code, stdout, stderr }).toEqual({
    code: 3,
    stdout: '',
    stderr:
      'error: nowhere could not be read: there is no such folder.\n  fix: Name the folder of a project.\n',
  });
});

test('a project without issues passes', async () => {
  const folder = await project({ 'src/entry.py': 'from workers import Response\nimport json\n' });
  const { code, stdout, stderr } = await check(folder, '-v');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n').slice(-4)).toEqual([
    'Snapshot     json, workers',
    '',
    '0 errors, 0 warnings, 0 remarks',
    '',
  ]);
  expect((await check(folder, '--format', 'github')).stdout).toBe('');
});

test('packages that are not vendored yet are no finding, but named with the command that vendors them', async () => {
  const files = { 'src/entry.py': 'import numpy\n', 'requirements.txt': 'numpy\n' };
  const folder = await project(files);
  const line = /^To vendor .*$/m;
  expect(line.exec((await check(folder)).stdout)?.[0]).toMatch(
    /^To vendor +1 package: pinwheel sync puts them into python_modules$/,
  );
  const above = await check(dirname(folder), basename(folder));
  expect(line.exec(above.stdout)?.[0]).toContain(`: pinwheel -C ${basename(folder)} sync puts`);
  // Those that are there are compared with what is required.
  const vendored = await project({ ...files, 'python_modules/numpy-2.3.1.dist-info/METADATA': '' });
  expect((await check(vendored)).stdout).not.toMatch(line);
});

describe('the target', () => {
  const files = { 'src/entry.py': 'import fcntl\n', 'python_modules/workers/__init__.py': '' };

  test('is that of the wrangler file, of its environment, or of options', async () => {
    const folder = await project(files);
    expect(await found(folder)).toEqual(['src/entry.py:1:8 error unavailable_module']);
    expect(await found(folder, '--env', 'next')).toEqual([]);
    expect(await found(folder, '--date', '2026-11-01', '--flag', 'python_workers')).toEqual([]);
    expect(await found(folder, '--flag', 'python_3.12_packages_2025_03_01')).toEqual([
      'src/entry.py:1:8 error unavailable_module',
    ]);
    expect(await found(folder, '--pyodide', '314.0.6')).toEqual([]);
  });

  test('has to be given', async () => {
    const { code, stderr } = await check(await pinwheel.folderWith({ 'a.py': '' }));
    expect(code).toBe(2);
    expect(stderr).toContain('Give --date YYYY-MM-DD and --flag, or name a wrangler file with --config.');
  });
});

describe('the main module', () => {
  const entry = 'import helper\nDefault = entrypoint()\n';
  const files = { 'entry.py': entry, 'src/helper.py': '', 'src/entry.py': entry };
  const BOTH = ['entry.py:1:8 error missing_module', 'src/entry.py:1:8 error missing_module'];
  const target = 'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]\n';

  test.each([
    ['lies where modules are imported from', 'main = "src/entry.py"\n', []],
    [
      'lies beside other folders',
      'main = "entry.py"\n',
      ['entry.py:1:8 error missing_module', 'src/entry.py:1:8 warning missing_module'],
    ],
    [
      'lies below base_dir',
      'main = "src/entry.py"\nbase_dir = "."\n',
      ['entry.py:1:8 warning missing_module', 'src/entry.py:1:8 error missing_module'],
    ],
    ['is an error if there is none', '', [...BOTH, 'wrangler.toml:1:1 error no_main']],
    [
      'is an error if it is JavaScript',
      'main = "src/index.js"\n',
      [...BOTH, 'wrangler.toml:1:9 error no_main'],
    ],
    ['is an error if it is not there', 'main = "../x.py"\n', [...BOTH, 'wrangler.toml:1:9 error no_main']],
  ])('%s', async (_, main, wanted) => {
    const folder = await pinwheel.folderWith({ ...files, 'wrangler.toml': main + target });
    expect(await found(folder)).toEqual(wanted);
  });

  test('that is missing is an error, as it is one of build', async () => {
    const says = async (main: string) => {
      const folder = await pinwheel.folderWith({ 'src/entry.py': '', 'wrangler.toml': main + target });
      return (await check(folder)).stdout;
    };
    const missing =
      'wrangler.toml:1:9\n  error: wrangler.toml has the main src/main.py, which does not exist.\n  fix: ';
    expect(await says('main = "src/main.py"\n')).toContain(missing);
    expect(await says('main = "src/entry.py"\n')).not.toContain('does not exist');
    expect(await says('main = "src/index.js"\n')).toContain(
      'has the main src/index.js, which is not a Python file.',
    );
    expect(await says('')).toContain('wrangler.toml names no main.');
  });

  test('is not needed for a folder that is a package itself', async () => {
    const folder = await pinwheel.folderWith({
      'pack/__init__.py': 'from . import a\nfrom .b import c\nimport pack.a\n',
      'pack/a.py': '',
      'wrangler.toml': target,
    });
    expect(await found(folder, 'pack', '--config', 'wrangler.toml')).toEqual([
      'pack/__init__.py:2:1 error missing_submodule',
      'wrangler.toml:1:1 error no_main',
    ]);
  });
});

describe('what is not part of the project', () => {
  test('is not checked', async () => {
    const bad = 'import nothing\n';
    const folder = await project({
      'src/entry.py': 'import here\n',
      'src/here.py': '',
      'src/.hidden/a.py': bad,
      'src/.hidden.py': '',
      'src/env/pyvenv.cfg': '',
      'src/env/lib/a.py': bad,
      'src/node_modules/a/a.py': bad,
      'src/__pycache__/a.py': bad,
      'src/vendor/a.py': bad,
      'python_modules/b/c.py': bad,
    });
    expect(await found(folder)).toEqual([]);
  });

  test('resolves imports if it is vendored', async () => {
    const folder = await project({
      'requirements.txt': 'stripe\npython-dotenv>=1\nFlask\n',
      'src/entry.py': 'import stripe, dotenv, flask, google.cloud.x, click\n',
      'python_modules/stripe/__init__.py': '',
      'python_modules/dotenv.py': '',
      'python_modules/python_dotenv-1.0.0.dist-info/METADATA': '',
      'python_modules/google/cloud/x.cpython-313-wasm32-emscripten.so': '',
    });
    expect(await found(folder)).toEqual([
      'requirements.txt:3:1 error unknown_package',
      'src/entry.py:1:47 error missing_package',
    ]);
  });

  test('is not followed out of the folder, or in cycles', async () => {
    const outside = await pinwheel.folderWith({ 'a.py': 'import nothing\n', 'b/c.py': 'import nothing\n' });
    const folder = await project({ 'src/entry.py': 'import linked\n' });
    await symlink(join(outside, 'b'), join(folder, 'src/b'));
    await symlink('..', join(folder, 'src/loop'));
    await symlink(join(outside, 'a.py'), join(folder, 'src/linked.py'));
    await symlink('nowhere.py', join(folder, 'src/broken.py'));
    await symlink('/dev/zero', join(folder, 'src/zero.py'));
    expect(await found(folder)).toEqual(['src/linked.py:1:8 error missing_module']);
  });
});

describe('requirements', () => {
  const source = { 'src/entry.py': 'import yaml\n' };

  test.each<[string, Record<string, string>, string[]]>([
    [
      'in requirements.txt',
      { 'requirements.txt': '-r more.txt\n', 'more.txt': '\npyyaml\nhttpx' },
      ['more.txt:3:1 warning unused_requirement'],
    ],
    [
      'in pyproject.toml',
      { 'pyproject.toml': '[project]\nname = "a"\ndependencies = [\n  "PyYAML>=6",\n  "httpx",\n]\n' },
      ['pyproject.toml:5:1 warning unused_requirement'],
    ],
    ['in cf-requirements.txt', { 'cf-requirements.txt': 'pyyaml\n' }, []],
    [
      'nowhere',
      { 'pyproject.toml': '[tool.ruff]\nline-length = 110\n' },
      ['src/entry.py:1:8 error unlisted_package'],
    ],
    [
      'that contradict the set',
      { 'requirements.txt': 'pyyaml<1\n' },
      ['requirements.txt:1:1 error version_conflict'],
    ],
    [
      'that constraints of uv contradict',
      {
        'pyproject.toml':
          '[project]\nname = "a"\ndependencies = ["pyyaml"]\n[tool.uv]\nconstraint-dependencies = ["pyyaml<1"]\n',
      },
      ['pyproject.toml:5:1 error version_conflict'],
    ],
    [
      'that are none',
      { 'requirements.txt': 'pyyaml\n./local\n' },
      ['requirements.txt:2:1 error refused_source'],
    ],
  ])('%s', async (_, files, wanted) =>
    expect(await found(await project({ ...source, ...files }))).toEqual(wanted),
  );

  test('with an extra that the package set does not record have a warning', async () => {
    const folder = await project({ ...source, 'requirements.txt': 'six\npyyaml[extra]\n' });
    expect(await found(folder)).toContain('requirements.txt:2:1 warning extras_not_recorded');
  });

  test('are those of extras and groups, too, within constraints', async () => {
    const pyproject =
      '[project]\nname = "x"\ndependencies = []\n[project.optional-dependencies]\nyaml = ["pyyaml"]\n[dependency-groups]\ndev = ["pyyaml"]\n';
    const folder = await project({ ...source, 'pyproject.toml': pyproject, 'limits.txt': 'pyyaml<1\n' });
    expect(await found(folder)).toEqual(['src/entry.py:1:8 error unlisted_package']);
    expect(await found(folder, '--group', 'dev')).toEqual([]);
    expect(await found(folder, '-r', 'pyproject.toml', '--extra', 'yaml')).toEqual([]);
    const limited = await check(folder, '--group', 'dev', '-c', 'limits.txt');
    expect([limited.code, limited.stdout]).toEqual([1, expect.stringContaining('pyyaml<1')]);
  });

  test('on another Python are findings where they are written', async () => {
    const pyproject = '[project]\nname = "x"\nrequires-python = ">=3.14"\ndependencies = ["pyyaml"]\n';
    const folder = await project({ ...source, 'pyproject.toml': pyproject, '.python-version': '3.12\n' });
    expect(await found(folder)).toEqual([
      '.python-version:1:1 warning other_python',
      'pyproject.toml:3:1 warning other_python',
    ]);
    const { code, stdout } = await check(folder);
    expect(code).toBe(0);
    expect(stdout).toContain('requires Python >=3.14, but this target has Python 3.13.2.');
    expect(stdout).toContain('.python-version requires Python ==3.12.*, but');
    expect(stdout).toContain('0 errors, 2 warnings');
  });

  test('are the given ones', async () => {
    const folder = await project({ ...source, 'requirements.txt': 'httpx\n', 'own.txt': 'pyyaml\n' });
    expect(await found(folder, '-r', 'own.txt')).toEqual([]);
    expect((await check(folder, '-r', 'none.txt')).code).toBe(3);
  });
});

describe('the SDK', () => {
  const source = { 'src/entry.py': 'from workers import Response\n' };
  const missing = ['src/entry.py:1:1 error unvendored_sdk'];

  test.each<[string, Record<string, string>, string[]]>([
    ['is missed from 2026-04-21 on', {}, missing],
    ['is vendored', { 'python_modules/workers/__init__.py': '' }, []],
    [
      'is vendored by pywrangler',
      { 'pyproject.toml': '[dependency-groups]\ndev = ["workers-py>=1.9"]\n' },
      [],
    ],
    ['is required', { 'requirements.txt': 'workers-runtime-sdk\n' }, []],
  ])('%s', async (_, files, wanted) => {
    const folder = await project({ ...source, ...files });
    expect(await found(folder, '--env', 'next')).toEqual(wanted);
    expect(await found(folder)).toEqual([]);
  });

  test('comes with the runtime if the flag is turned off', async () => {
    const folder = await project(source);
    const flags = ['--date', '2026-11-01', '--flag', 'python_workers'];
    expect(await found(folder, ...flags)).toEqual(missing);
    expect(await found(folder, ...flags, '--flag', 'disable_python_external_sdk')).toEqual([]);
    const earlier = [
      '--date',
      '2025-11-02',
      '--flag',
      'python_workers',
      '--flag',
      'enable_python_external_sdk',
    ];
    expect(await found(folder, ...earlier)).toEqual(missing);
  });
});

test('what pywrangler fetches cannot add to a package of the project, or to the standard library', async () => {
  const folder = await project({
    'pyproject.toml':
      '[project]\nname = "w"\nversion = "1"\ndependencies = ["isodate"]\n[dependency-groups]\ndev = ["workers-py"]\n',
    'src/entry.py': 'import isodate, other\nimport pkg.missing, space.missing\nimport xml.missing\n',
    'src/pkg/__init__.py': '',
    'src/space/own.py': '',
  });
  expect(await found(folder)).toEqual([
    'pyproject.toml:4:1 warning not_verified',
    'src/entry.py:1:17 warning not_verified',
    'src/entry.py:2:8 error missing_submodule',
    'src/entry.py:2:21 warning not_verified',
    'src/entry.py:3:8 error missing_submodule',
  ]);
});

describe('a file that cannot be read', () => {
  test('is reported', async () => {
    const folder = await project({ 'src/entry.py': 'import a, b, c, d\n', 'src/a.py': 'x = "\0"\n' });
    await writeFile(join(folder, 'src/b.py'), Buffer.from([0x23, 0xff]));
    await writeFile(join(folder, 'src/c.py'), 'import a;');
    // More than Node would read at once.
    await truncate(join(folder, 'src/c.py'), 2 ** 31);
    await writeFile(join(folder, 'src/d.py'), '# coding: latin-1\nimport json # é', 'latin1');
    const { code, stdout } = await check(folder);
    expect(code).toBe(1);
    expect(stdout.split('\n').filter((line) => line.startsWith('  error: '))).toEqual([
      '  error: Python cannot read this file: it contains a NUL character.',
      '  error: Python cannot read this file: it is not UTF-8, but declares no other encoding.',
      '  error: Python cannot read this file: it is larger than 4 MB.',
    ]);
  });

  test('does not prevent the check of a folder', async () => {
    const folder = await project({ 'src/entry.py': 'import a.b\n' });
    await mkdir(join(folder, 'src/a.py'));
    await mkdir(join(folder, 'src/a'));
    expect(await found(folder)).toEqual(['src/entry.py:1:8 error missing_module']);
  });
});

describe('the command line', () => {
  test.each([
    ['a folder that is not there', ['nowhere'], 3, 'could not be read: there is no such folder.'],
    ['a file', ['src/entry.py'], 2, 'src/entry.py is neither a folder nor a wrangler file.'],
    ['a Worker twice', ['wrangler.toml', '--config', 'wrangler.toml'], 2, 'Leave out --config.'],
    ['a format that there is not', ['--format', 'pylock'], 2, "argument 'pylock' is invalid"],
  ])('refuses %s', async (_, args, code, message) => {
    const files = { 'wrangler.toml': WRANGLER.replace(/main.*/, ''), 'src/entry.py': '' };
    const ended = await check(await pinwheel.folderWith(files), ...args);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(message);
  });

  test('prints no control characters', async () => {
    const folder = await project({ 'src/entry.py': 'import ok\n', 'src/\u001b[31m.py': 'import lost\n' });
    const { stdout } = await check(folder);
    expect(stdout).toContain('src/\\u{1b}[31m.py:1:8');
    expect((await check(folder, '--format', 'github')).stdout).not.toContain('\u001b');
  });
});

test('a package flag in the wrangler file is an error where it stands, and its fix is what wrangler takes', async () => {
  const flag = 'python_3.13_packages_2025_09_22';
  const entry = { 'src/entry.py': 'import numpy\n', 'requirements.txt': 'numpy\n' };
  const written = WRANGLER.replace('["python_workers"]', `[\n  "python_workers",\n  "${flag}",\n]`);
  const folder = await pinwheel.folderWith({ ...withEntrypoint(entry), 'wrangler.toml': written });
  expect(await found(folder)).toEqual(['wrangler.toml:7:4 error package_flag_in_wrangler']);
  const { stdout } = await check(folder, '--json');
  const [{ fixes }] = JSON.parse(stdout).findings;
  expect(fixes).toMatchObject([
    { kind: 'edit_file', file: 'pyproject.toml', line: `package-set = "${flag}"` },
  ]);

  const mended = await project({ ...entry, 'pyproject.toml': `[tool.pinwheel]\n${fixes[0].line}\n` });
  expect((await check(mended)).code).toBe(0);
  const { stdout: answer } = await check(mended, '--json');
  expect(JSON.parse(answer).target.package_set.flag).toBe(flag);
});

test('a date that gives another Python than that of the package set is a warning, unless the Worker includes its own', async () => {
  const settings = '[tool.pinwheel]\npackage-set = "python_3.13_packages_2025_10_20"\n';
  const files = {
    'src/entry.py': 'import numpy\n',
    'requirements.txt': 'numpy\n',
    'wrangler.toml': WRANGLER.replace(/(?<=date = ").*(?=")/, '2026-11-01').replace(
      '"python_workers"',
      '"python_workers", "disable_python_external_sdk"',
    ),
  };
  const folder = await project({ ...files, 'pyproject.toml': settings });
  const { stdout } = await check(folder);
  expect(stdout).toContain(
    'wrangler.toml:4:23\n  warning: The date 2026-11-01 and the flags alone give Pyodide 314',
  );
  expect(stdout).toContain('add no_python_workers_314.');
  const built = await project({ ...files, 'pyproject.toml': `${settings}built = true\n` });
  expect(await found(built)).toEqual([]);
});

test('requirements that cannot be had together with what an index has are an error, as they are one of resolve', async () => {
  const folder = await project({ 'src/entry.py': 'import idna\n', 'requirements.txt': 'idna\n' });
  const metadata = 'Metadata-Version: 2.1\nName: idna\nVersion: 9.0\nRequires-Dist: nothere\n';
  await writeFiles(folder, { 'idna-9.0-py3-none-any.whl': wheelOf('idna', '9.0', {}, { metadata }) });
  const { code, stdout } = await check(folder, '--unpin', 'idna', '--find-links', folder);
  expect(code, stdout).toBe(1);
  expect(stdout).toMatch(/^requirements\.txt:1:1\n {2}error: Because idna 9\.0 depends on nothere /m);
});

test('a module that a try does not do without is an error, as it is outside of one', async () => {
  const entry = 'try:\n    import polars\nexcept ImportError:\n    raise\n';
  const folder = await project({ 'src/entry.py': entry, 'requirements.txt': 'numpy\n' });
  expect((await found(folder)).filter((line) => line.includes('entry.py'))).toEqual([
    expect.stringMatching(/^src\/entry\.py:2:12 error /),
  ]);
});

test('what an index has, or was vendored, and is known to be of no use is reported; not what a marker leaves out', async () => {
  const cwd = await project({
    'requirements.txt': 'gunicorn\ntrio\nargparse\nuvloop; sys_platform != "emscripten"\nwatchfiles\nnumpy\n',
    'src/entry.py': 'import numpy\n',
    'python_modules/trio/__init__.py': '',
    'python_modules/trio-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: trio\nVersion: 1.0\n',
  });
  await mkdir(join(cwd, 'wheels'));
  for (const name of ['gunicorn', 'argparse', 'uvloop', 'trio'])
    await writeFile(join(cwd, `wheels/${name}-1.0-py3-none-any.whl`), makeWheel(name, '1.0'));
  const links = ['--find-links', 'wheels'];
  expect((await found(cwd, ...links)).filter((line) => line.startsWith('requirements.txt'))).toEqual([
    'requirements.txt:1:1 info not_needed',
    'requirements.txt:2:1 warning cannot_run',
    'requirements.txt:3:1 info provided',
    // No wheel of it is there.
    'requirements.txt:5:1 error unknown_package',
  ]);
  const { stdout } = await pinwheel.run(['resolve', 'gunicorn', 'trio', 'numpy', ...links, ...AS_OF], {
    cwd,
  });
  expect(stdout.match(/^(?:info|warning): \w+ (?:is|can)[^\n]*\n {2}fix: Leave out \w+/gm)).toEqual([
    'info: gunicorn is not needed in a Worker.\n  fix: Leave out gunicorn',
    'warning: trio cannot run in a Worker.\n  fix: Leave out trio',
  ]);
});
