/** Which modules of packages a project imports before any code of its own runs. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leadingImports } from '../../cli/worker/leading-imports.ts';
import { newFolder, writeFiles } from '../common/own.ts';

const folder = newFolder();
const SITE = '/lib/python3.13/site-packages';
const PACKAGES = ['fastapi/__init__.py', 'fastapi/responses.py', 'jinja2/__init__.py', 'one.py'];

async function leading(files: Record<string, string>, packages = PACKAGES): Promise<string[]> {
  await writeFiles(folder, files);
  const written = Object.keys(files).map((path) => ({
    path: `/session/metadata/${path}`,
    file: join(folder, path),
  }));
  return leadingImports('entry', written, {
    index: packages.map((path) => [`${SITE}/${path}`, 0, 0]),
    libraries: [[`${SITE}/two.cpython-313-wasm32-emscripten.so`, '0.so']],
    roots: [SITE],
  });
}

test.each<[string, string, string[]]>([
  ['in their order', 'import jinja2\nfrom fastapi import FastAPI', ['jinja2', 'fastapi']],
  ['modules of packages', 'from fastapi import responses, FastAPI', ['fastapi', 'fastapi.responses']],
  ['compiled ones too', 'import two', ['two']],
  ['not those of Python', 'import json, one', ['one']],
  ['after a docstring and comments', '"""Text."""\n# Comment\nimport one', ['one']],
  ['in brackets', 'from fastapi import (\n  FastAPI,\n  responses,\n)', ['fastapi', 'fastapi.responses']],
  ['by the name that they have', 'import fastapi.responses as r', ['fastapi.responses']],
  ['not after code', 'import one\nimport os\nos.environ["A"] = "1"\nimport jinja2', ['one']],
  ['not after code in the same line', 'import one; print(); import two', []],
  ['not in a try', 'try:\n  import one\nexcept ImportError:\n  pass', []],
  ['not in a function', 'def f():\n  import one', []],
  ['none of a file that is not text', '\u0000', []],
])('%s', async (_what, source, found) => {
  expect(await leading({ 'entry.py': source })).toEqual(found);
});

test("those of the project's own modules, until one has code", async () => {
  const entry = 'import app.first\nfrom app import second\nimport two';
  const files = {
    'entry.py': entry,
    'app/__init__.py': '',
    'app/first.py': 'from . import third\nimport one',
  };
  const third = { 'app/third.py': 'import jinja2\n' };
  const second = { 'app/second.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n' };
  expect(await leading({ ...files, ...third, 'app/second.py': '' })).toEqual(['jinja2', 'one', 'two']);
  expect(await leading({ ...files, ...third, ...second })).toEqual(['jinja2', 'one', 'fastapi']);
});

test("a module of the project's own comes before a package's", async () => {
  expect(await leading({ 'entry.py': 'import one, jinja2', 'one.py': '' })).toEqual(['jinja2']);
  expect(
    await leading({ 'entry.py': 'import one, jinja2', 'python_modules/one/__init__.py': 'x = 1' }),
  ).toEqual([]);
});

test('modules that import each other', async () => {
  const files = {
    'entry.py': 'import a\nimport one',
    'a.py': 'import b\n',
    'b.py': 'import a\nimport jinja2\n',
  };
  expect(await leading(files)).toEqual(['jinja2', 'one']);
});

test.each<[string, importer: string, module: string, imported: string]>([
  ['FastAPI, at the first parameter', 'fastapi/_compat/shared.py', 'pydantic/v1/__init__.py', 'pydantic.v1'],
  ['FastAPI', 'fastapi/applications.py', 'fastapi/telemetry/_runtime.py', 'fastapi.telemetry._runtime'],
  ['FastAPI', 'fastapi/concurrency.py', 'anyio/_backends/_asyncio.py', 'anyio._backends._asyncio'],
  ['Starlette', 'starlette/concurrency.py', 'anyio/_backends/_asyncio.py', 'anyio._backends._asyncio'],
])('what %s imports later, if it is one that does: %s', async (_what, importer, module, imported) => {
  const top = importer.split('/')[0]!;
  const packages = [...PACKAGES, 'starlette/__init__.py', importer, module];
  const app = { 'entry.py': `import ${top}\n\napp = ${top}.Any()\n` };
  expect(await leading(app, packages)).toEqual([top, imported]);
  expect(await leading({ 'entry.py': 'import jinja2' }, packages)).toEqual(['jinja2']);
  for (const lacking of packages.slice(-2)) {
    const others = packages.filter((path) => path !== lacking);
    expect(await leading(app, others)).toEqual([top]);
  }
});
