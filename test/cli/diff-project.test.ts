/** `pinwheel diff` on a project: how another date changes its requirements, its imports and its runtime. */
import { describe, expect, test } from 'vitest';
import { verdictText } from '../../cli/commands/diff.ts';
import type { ProjectChanges } from '../../cli/project/check/diff.ts';
import type { Finding } from '../../resolver/python/index.ts';
import { CompareAnswer } from '../../resolver/time/answers.ts';
import { serve } from '../common/own.ts';
import { usePinwheel } from './pinwheel.ts';

// Both dates have sets that no later one replaces.
const FROM = '2025-11-02';
const TO = '2026-09-08';
const WRANGLER = `
main = "src/entry.py"
compatibility_date = "${FROM}"
compatibility_flags = ["python_workers", "disable_python_external_sdk"]
`;
const TARGETS = ['--config', 'wrangler.toml', '--to', TO, '--as-of', '2026-11-20'];

const pinwheel = await usePinwheel();

const project = (files: Record<string, string>) =>
  pinwheel.folderWith({ 'wrangler.toml': WRANGLER, ...files });
const diff = (cwd: string, ...args: string[]) => pinwheel.run(['diff', ...TARGETS, ...args], { cwd });

async function changes(files: Record<string, string>, ...args: string[]) {
  const { code, stdout, stderr } = await diff(await project(files), ...args, '--json');
  if (stdout === '') throw new Error(stderr);
  const { project: changed, ...answer } = JSON.parse(stdout) as { project: ProjectChanges };
  return { code, stderr, project: changed, answer: CompareAnswer.parse(answer) };
}

const placed = ({ path, line, column, severity, code }: Finding) =>
  `${path}:${line}:${column} ${severity} ${code}`;

describe('imports', () => {
  test('that fail at the later date, and those that no longer do', async () => {
    const { code, project: changed } = await changes({
      'src/entry.py':
        'import ssl, json, missing\nimport compression.zstd\nimport polars\nfrom app import loops\n',
      'src/app/__init__.py': '',
      'src/app/loops.py': 'def f():\n    import also_missing\nimport threading\nthreading.Thread()\n',
    });
    expect(changed.imports.mended.map(placed)).toEqual([
      'src/entry.py:2:8 error newer_module',
      'src/entry.py:3:8 error missing_module',
    ]);
    expect(changed.imports.broken).toEqual([]);
    expect({ code, affected: changed.affected }).toEqual({ code: 0, affected: false });
    expect(changed.totals).toEqual({ files: 3, imports: 8 });
  });

  test('that fail at the earlier date, with a fix', async () => {
    const { code, project: changed } = await changes(
      {
        'src/entry.py': 'import compression.zstd\nimport polars\nfrom app import loops\n',
        'src/app/__init__.py': '',
        'src/app/loops.py':
          'def f():\n    import polars\ntry:\n    import polars.plugins\nexcept ImportError:\n    pass\n',
      },
      '--from',
      TO,
      '--to',
      FROM,
    );
    expect(changed.imports.broken.map(placed)).toEqual([
      'src/app/loops.py:2:12 warning missing_package',
      'src/app/loops.py:4:12 info missing_package',
      'src/entry.py:1:8 error newer_module',
      'src/entry.py:2:8 error missing_package',
    ]);
    expect(changed.imports.broken.at(-1)!.fix).toContain(`With the compatibility date ${TO}`);
    expect(changed.imports.removed).toMatchObject([
      {
        name: 'polars',
        places: [
          { path: 'src/app/loops.py', line: 2, column: 12, module: 'polars' },
          { path: 'src/entry.py', line: 2, column: 8, module: 'polars' },
        ],
      },
    ]);
    expect({ code, affected: changed.affected }).toEqual({ code: 1, affected: true });
  });

  test('only for type checkers, and guarded ones, change nothing', async () => {
    const { code, project: changed } = await changes(
      {
        'src/entry.py':
          'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import polars\ntry:\n    import compression\nexcept ImportError:\n    pass\n',
      },
      '--from',
      TO,
      '--to',
      FROM,
    );
    expect(changed.imports.broken.map(placed)).toEqual(['src/entry.py:5:12 info newer_module']);
    expect(code).toBe(0);
  });

  test('of names that the standard library no longer has fail, and no use of them is mended', async () => {
    const { code, project: changed } = await changes({
      'src/entry.py':
        'from ast import Num, parse\nfrom urllib.request import FancyURLopener\nimport urllib.request as r\ntry:\n    from re import template\nexcept ImportError:\n    pass\n',
      'src/lib.py': 'import urllib.request\nurllib.request.FancyURLopener()\n',
    });
    expect(changed.imports.broken.map(placed)).toEqual([
      'src/entry.py:1:1 error removed_module',
      'src/entry.py:2:1 error removed_module',
    ]);
    expect({ code, mended: changed.imports.mended }).toEqual({ code: 1, mended: [] });
  });

  test('of another version are reported with their positions', async () => {
    const { code, project: changed } = await changes({
      'src/entry.py': 'import json\nimport numpy.linalg\n',
    });
    const [numpy] = changed.imports.changed;
    expect(numpy).toMatchObject({
      name: 'numpy',
      from: '2.3.1',
      direction: 'up',
      evidence: { level: 'listed' },
      places: [{ path: 'src/entry.py', line: 2, column: 8, module: 'numpy.linalg' }],
    });
    expect(code).toBe(1);
  });
});

describe('a requirement', () => {
  test('whose package the Worker includes is left out', async () => {
    const files = {
      'requirements.txt': 'langchain\nnot-in-any-set\n',
      'src/entry.py': 'import langchain, not_in_any_set\n',
    };
    const vendored = {
      'python_modules/langchain/__init__.py': '',
      'python_modules/not_in_any_set/__init__.py': '',
    };
    const { code, answer } = await changes({ ...files, ...vendored });
    expect({ code, closure: answer.closure }).toEqual({ code: 0, closure: null });
    expect((await changes(files)).answer.closure!.failing.map(({ requirement }) => requirement)).toEqual([
      'langchain',
      'not-in-any-set',
    ]);
  });

  test('that pywrangler installs from an index is not a change', async () => {
    const pyproject =
      '[project]\nname = "x"\nversion = "1"\ndependencies = ["langchain"]\n\n[dependency-groups]\ndev = ["workers-py>=1.9.0"]\n';
    const files = { 'src/entry.py': 'import langchain\nimport langchain_core.messages\n' };
    const own = await changes({ ...files, 'pyproject.toml': pyproject });
    expect({ code: own.code, removed: own.project.imports.removed }).toEqual({ code: 0, removed: [] });
    expect(own.project.imports.broken.map(placed)).toEqual(['src/entry.py:2:8 info not_verified']);
    expect(own.stderr).toContain('"message":"Not compared: pywrangler vendors langchain from indexes."');
    // The fix: an index, which does not have it.
    const origin = await serve((_, response) => response.writeHead(404).end());
    const asked = ['--index-url', `${origin}/simple/`];
    const compared = await changes({ ...files, 'pyproject.toml': pyproject }, ...asked);
    expect(compared.stderr).not.toContain('Not compared');
    expect(compared.answer.closure!.failing).toMatchObject([{ requirement: 'langchain' }]);
    const plain = pyproject.replace('workers-py', 'pytest');
    const other = await changes({ ...files, 'pyproject.toml': plain });
    expect(other.stderr).not.toContain('Not compared');
    expect(other.code).toBe(1);
    expect(other.answer.closure!.failing).toMatchObject([{ requirement: 'langchain', held: true }]);
    // Compiled, it is for one Python alone.
    const compiled = { ...files, 'pyproject.toml': pyproject.replace('langchain', 'polars') };
    expect((await changes(compiled, '--from', TO, '--to', FROM)).code).toBe(1);
  });

  test('of the command line replaces those of the project', async () => {
    const cwd = await project({ 'requirements.txt': 'langchain\n', 'src/entry.py': 'import polars\n' });
    const { code, stdout } = await diff(cwd, 'six', '--json');
    expect(code).toBe(0);
    expect(CompareAnswer.parse(JSON.parse(stdout)).closure!.failing).toEqual([]);
  });

  test('is also constrained at the later date', async () => {
    const files = { 'requirements.txt': 'numpy\n', 'c.txt': 'numpy<2.4\nsix<1\n', 'src/entry.py': '' };
    const { code, answer } = await changes(files, '-c', 'c.txt');
    expect(answer.closure!.failing).toMatchObject([{ requirement: 'numpy<2.4', held: true }]);
    expect(code).toBe(1);
    const named = await pinwheel.run(
      ['diff', 'numpy', '--from', FROM, '--to', TO, '--as-of', '2026-11-20', '-c', 'c.txt'],
      { cwd: await project(files) },
    );
    expect(named.stdout).toMatch(/error: numpy<2\.4 cannot be satisfied: .*\n {2}in: {2}c\.txt, line 1\n/);
  });
});

describe('requires-python', () => {
  const pyproject = (specifier: string) =>
    `[project]\nname = "w"\nversion = "1"\nrequires-python = "${specifier}"\ndependencies = []\n`;

  test.each<[specifier: string, from: boolean, to: boolean, code: number]>([
    ['>=3.12', true, true, 0],
    ['>=3.12,<3.14', true, false, 1],
    ['>=3.14', false, true, 0],
    ['<3.12', false, false, 0],
  ])('%s', async (specifier, from, to, code) => {
    const found = await changes({ 'pyproject.toml': pyproject(specifier), 'src/entry.py': '' });
    const where = 'pyproject.toml, project.requires-python';
    expect(found.project.requires_python).toEqual([{ specifier, where, from, to }]);
    expect(found.code).toBe(code);
  });

  test.each([
    ['no packages', '[]'],
    ['packages that stay', '["six"]'],
  ])('counts without a project, with %s', async (_, dependencies) => {
    const file = pyproject('<3.14').replace('[]', dependencies);
    const cwd = await pinwheel.folderWith({ 'pyproject.toml': file });
    const args = ['diff', '--from', FROM, '--to', TO, '--as-of', '2026-11-20', '-r', 'pyproject.toml'];
    const said = 'requires Python <3.14, but this target has Python 3.14.2';
    expect(await pinwheel.run(args, { cwd })).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^This Worker is affected: its Python is not the one that it requires\.\n/,
      ),
      stderr: expect.stringContaining(said),
    });
    const json = await pinwheel.run([...args, '--format', 'json'], { cwd });
    const where = 'pyproject.toml, project.requires-python';
    expect(JSON.parse(json.stdout).requires_python).toEqual([
      { specifier: '<3.14', where, from: true, to: false },
    ]);
    const { stdout } = await pinwheel.run([...args, '--format', 'github'], { cwd });
    expect(stdout).toMatch(
      /^::warning file=pyproject\.toml,line=1,.*title=other_python::.* requires Python <3\.14/m,
    );
    const [, all = ''] = /See all changes: pinwheel (.*)$/m.exec(stdout)!;
    expect(await pinwheel.run(all.split(' '), { cwd })).toEqual(await pinwheel.run(args, { cwd }));
  });

  test('that is invalid is skipped, with one warning', async () => {
    const { code, stderr } = await changes({ 'pyproject.toml': pyproject('three'), 'src/entry.py': '' });
    expect(code).toBe(0);
    expect(stderr.match(/is skipped: it is not a version specifier/g)).toHaveLength(1);
  });
});

describe('flags', () => {
  const ON_FETCH = {
    'wrangler.toml':
      'main = "src/entry.py"\ncompatibility_date = "2024-03-29"\ncompatibility_flags = ["python_workers"]\n',
    'src/entry.py':
      'from js import Response\n\nasync def on_fetch(request):\n    return Response.new("Hello")\n',
    'python_modules/workers/__init__.py': '',
  };

  test('that end a handler affect the Worker, and what is proposed mends it', async () => {
    const cwd = await pinwheel.folderWith(ON_FETCH);
    const args = ['-v', '--to', '2026-11-20', '--as-of', '2026-11-20'];
    const { code, stdout } = await pinwheel.run(['diff', ...args], { cwd });
    expect(code).toBe(1);
    expect(stdout.slice(0, stdout.indexOf('\nDate'))).toMatchInlineSnapshot(`
      "This Worker is affected: 1 place relies on what flags change.

      src/entry.py:3:1
        error: The function on_fetch is not called: handlers are methods of an entrypoint class. python_no_global_handlers is on.
        fix: Add disable_python_no_global_handlers.
             Or make it a method of class Default(WorkerEntrypoint), with from workers import WorkerEntrypoint: on_fetch(request, env, ctx) becomes fetch(self, request), env becomes self.env, and ctx becomes self.ctx.
      "
    `);
    expect(stdout).toMatch(/^python_no_global_handlers .*on .*2025-08-14 .*Handlers are methods/m);
    const kept = await pinwheel.run(
      ['diff', ...args, '--flag', 'python_workers', '--flag', 'disable_python_no_global_handlers'],
      { cwd },
    );
    expect(kept.stdout).toMatch(
      /^This Worker is not affected: the modules that it imports are found as before, and nothing in it shows what \d+ flags change\.$/m,
    );
    expect(kept.code).toBe(0);
  });

  test('whose effect is not known leave the verdict open', async () => {
    const { answer, project: changed } = await changes(
      ON_FETCH,
      '--from',
      '2024-03-29',
      '--to',
      '2024-03-30',
    );
    const [flag] = (await changes(ON_FETCH, '--from', '2025-08-13', '--to', '2025-08-14')).answer.flags;
    expect(flag).toMatchObject({ flag: 'python_no_global_handlers', effect: { affects: 'code' } });
    const diff = { answer, project: changed, demands: [] };
    expect(verdictText(diff)).toBe('not affected: the modules that it imports are found as before');
    const flags = [{ ...flag!, effect: null }];
    expect(verdictText({ ...diff, answer: { ...answer, flags } })).toBe(
      'possibly affected: what python_no_global_handlers changes is not known',
    );
  });

  test('leave out code that was not read', async () => {
    const sides = ['--from', '2025-08-13', '--to', '2025-08-14', '--as-of', '2026-11-20'];
    const { code, stdout } = await pinwheel.run(['diff', 'numpy', ...sides], { cwd: await project({}) });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^This Worker is not affected: its packages keep their versions, and its code, which 1 flag may affect, was not read\.$/m,
    );
  });
});

test('as text: what breaks first, with its position', async () => {
  const cwd = await project({
    'pyproject.toml':
      '[project]\nname = "w"\nversion = "1"\nrequires-python = "<3.14"\ndependencies = ["six"]\n',
    'src/entry.py': 'import six, yaml\nimport pyodide.ffi\nimport polars\n',
  });
  const { stdout, stderr } = await diff(cwd, '-v');
  expect(stderr).toBe('info: Using what pyproject.toml requires.\n');
  expect(stdout.slice(0, stdout.indexOf('\nWhole set'))).toMatchInlineSnapshot(`
    "This Worker is affected: 1 package that it imports without requiring them changes, its Python is not the one that it requires.

    warning: pyproject.toml, project.requires-python requires Python <3.14, but this target has Python 3.14.2.
      fix: See which dates and flags give which Python: pinwheel target.

    Rebuilt at the same version (1)
      six

    Imported  Package  Before  After   Place
    yaml      pyyaml   6.0.2   6.0.3   src/entry.py:1:13
    polars    polars           1.33.1  src/entry.py:3:8

    Date         2025-11-02 → 2026-09-08
    Pyodide      0.28.2 → 314.0.6
    Python       3.13.2 → 3.14.2
    Package set  python_3.13_packages_2025_08_08 → python_3.14_packages_2026_08_25"
  `);
  expect(stdout).toContain('Imports of   1 file of src, starting with src/entry.py\n');
  expect(stdout).toContain('Fixed (1)\n  src/entry.py:3:8: ');
});

test('without change says so', async () => {
  const cwd = await project({ 'requirements.txt': 'fastapi\n', 'src/entry.py': 'import fastapi, json\n' });
  const { code, stdout } = await pinwheel.run(
    ['diff', '--config', 'wrangler.toml', '--to', '2025-11-03', '--as-of', '2026-11-20'],
    { cwd },
  );
  expect(code).toBe(0);
  expect(stdout.split('\n')[0]).toBe(
    'This Worker is not affected: its packages keep their versions, and the modules that it imports are found as before.',
  );
});

test('a package set that a move begins at is called no date', async () => {
  const cwd = await project({ 'src/entry.py': 'import json\n' });
  const from = ['--from', 'python_3.13_packages_2025_09_22', '--as-of', '2026-11-20'];
  const { stderr } = await pinwheel.run(['diff', ...from], { cwd });
  expect(stderr).toContain('Using wrangler.toml: python_3.13_packages_2025_09_22, flags python_workers');
});

test('a project that requires nothing is not told of the vulnerabilities of whole sets', async () => {
  const { code, stdout } = await diff(await project({ 'src/entry.py': 'import json\n' }));
  expect(code).toBe(0);
  expect(stdout).toContain('This Worker is not affected');
  expect(stdout).not.toContain('Vulnerable');
});
