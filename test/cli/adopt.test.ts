/** `pinwheel adopt`: what it changes in files. That the Worker answers is in test/runtime/adopt.test.ts. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { usePinwheel } from './pinwheel.ts';

const pinwheel = await usePinwheel();
const MAIN = `import uvicorn  # serves it
from fastapi import FastAPI

app = FastAPI()

if __name__ == "__main__":
    uvicorn.run(app)
`;
const LIST = `# what it needs
fastapi==0.100.0  # the framework
uvicorn[standard]==0.30.0
Gunicorn
pydantic>=2
`;
const FASTAPI = { 'main.py': MAIN, 'requirements.txt': LIST };
const ENTRY = `import asgi
from workers import WorkerEntrypoint
from main import app


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await asgi.fetch(app, request.js_object, self.env)
`;

async function adopted(files: Record<string, string>, ...words: string[]) {
  const cwd = await pinwheel.folderWith(files);
  const read = (file: string) => readFile(join(cwd, file), 'utf8');
  return { cwd, read, ...(await pinwheel.run(['adopt', ...words], { cwd })) };
}

test('writes the handler and the wrangler file, pins what the set has, and moves servers out of the way', async () => {
  const { code, stdout, stderr, cwd, read } = await adopted(FASTAPI, '--yes');
  expect(code, stderr).toBe(0);
  expect(await read('entry.py')).toBe(ENTRY);
  expect(await read('wrangler.toml')).toContain(
    'main = "entry.py"\ncompatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]\n',
  );
  expect(await read('requirements.txt')).toBe(
    '# what it needs\nfastapi==0.116.1  # the framework\npydantic>=2\n',
  );
  expect(await read('requirements-dev.txt')).toBe(
    '-r requirements.txt\nuvicorn[standard]==0.30.0\nGunicorn\n',
  );
  expect(await read('pyproject.toml')).toBe('[tool.pinwheel]\nbuilt = true\n');
  expect(await read('main.py')).toBe(
    MAIN.replace(/^.*\n/, '').replace('    uvicorn', '    import uvicorn\n    uvicorn'),
  );
  expect(stdout).toContain('Leave out uvicorn: it serves ASGI applications on a port');
  expect(stdout).toContain('- fastapi==0.100.0  # the framework\n');
  expect(stdout).toMatch(/\nWrote 6 of 6 files\. Next: npm install .* && npx pinwheel build && /);

  const again = await pinwheel.run(['adopt', '--yes'], { cwd });
  expect([again.code, again.stdout]).toEqual([0, 'There is nothing to do: this project is a Worker.\n']);
  const checked = await pinwheel.run(['check'], { cwd });
  expect(checked.stdout).toContain('0 errors');
});

test('requirements with hashes, as pip-compile and uv write them, change and move as all others', async () => {
  const hash = `--hash=sha256:${'0'.repeat(64)}`;
  const list = `fastapi==0.100.0 \\\n    ${hash} \\\n    ${hash}\n    # via app\nuvicorn[standard]==0.35.0 \\\n    ${hash}\n`;
  const { code, stdout, stderr, read } = await adopted({ ...FASTAPI, 'requirements.txt': list }, '--yes');
  expect(code, stderr).toBe(0);
  expect(await read('requirements.txt')).toBe('fastapi==0.116.1\n    # via app\n');
  expect(await read('requirements-dev.txt')).toBe(`-r requirements.txt\nuvicorn[standard]==0.35.0 ${hash}\n`);
  expect(stdout).toContain('+ fastapi==0.116.1\nA replaced requirement loses its hashes');
});

test.each([
  [
    'pyproject.toml',
    '[tool.poetry.dependencies]\nfastapi = "*"\n',
    'has no [project] table',
    'poetry export -o',
  ],
  ['Pipfile', '[packages]\nfastapi = "*"\n', 'is not a requirements file', 'pipenv requirements >'],
])('requirements that another tool reads are named: %s', async (file, text, problem, command) => {
  const { code, stderr, cwd } = await adopted({ 'main.py': MAIN, [file]: text }, '--yes');
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`${file} ${problem}.\n`) });
  expect(stderr).toContain(
    `fix: Export them: ${command} requirements.txt, which is read if no file is named.`,
  );
  expect((await readdir(cwd)).sort()).toEqual([file, 'main.py'].sort());
  // A list that is read goes first.
  await writeFile(join(cwd, 'requirements.txt'), FASTAPI['requirements.txt']);
  expect(await pinwheel.run(['adopt', '--dry-run'], { cwd })).toMatchObject({ code: 0 });
});

test('pytest and its plugins are for development, unless the application imports pytest', async () => {
  const project = (main: string) => ({
    'app.py': main,
    'tests/test_app.py': 'import pytest\nfrom app import app\n',
    'requirements.txt': 'fastapi\npytest==8.3.5\npytest-cov\nblack\n',
  });
  const main = 'from fastapi import FastAPI\n\napp = FastAPI()\n';
  const { code, stdout, stderr, read } = await adopted(project(main), '--yes');
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('Leave out pytest and pytest-cov: tests do not run in the Worker.');
  expect(stdout).not.toContain('This is left for you');
  expect(await read('requirements.txt')).toBe('fastapi\n');
  expect(await read('requirements-dev.txt')).toBe('-r requirements.txt\npytest==8.3.5\npytest-cov\nblack\n');
  expect(await read('pyproject.toml')).not.toContain('index-url');
  const imported = await adopted(project(`import pytest\n${main}`), '--dry-run');
  expect(imported.stdout).toContain('has no package "pytest"');
});

test.each([
  ['dev = ["pytest"]  # mine\n', 'dev = ["pytest", "uvicorn[standard]>=0.30"]  # mine\n'],
  [
    'dev = [\n  "pytest",  # mine\n  {include-group = "docs"}\n]\ndocs = []\n',
    'dev = [\n  "pytest",  # mine\n  {include-group = "docs"},\n  "uvicorn[standard]>=0.30",\n]\ndocs = []\n',
  ],
  ['dev = ["uvicorn"]\n', 'dev = ["uvicorn[standard]>=0.30"]\n'],
  ['docs = []\n', 'docs = []\ndev = [\n    "uvicorn[standard]>=0.30",\n]\n'],
  ['', 'dev = [\n    "uvicorn[standard]>=0.30",\n]\n'],
])('servers of a pyproject.toml go to its group dev: %j', async (before, after) => {
  const header = '[dependency-groups]\n';
  const project = (list: string, groups: string) =>
    `[project]\nname = "app"\nversion = "1"\ndependencies = [${list}]  # all\n\n${groups && header + groups}`;
  const pyproject = project('"fastapi>=0.110", "uvicorn[standard]>=0.30"', before);
  const { code, stderr, read, cwd } = await adopted(
    { 'main.py': MAIN, 'pyproject.toml': pyproject },
    '--yes',
  );
  expect(code, stderr).toBe(0);
  const settings = '\n[tool.pinwheel]\nbuilt = true\n';
  expect(await read('pyproject.toml')).toBe(project('"fastapi>=0.110"', after) + settings);
  expect(existsSync(join(cwd, 'requirements-dev.txt'))).toBe(false);
});

test('a dry run changes nothing, and where nobody can be asked, it is refused', async () => {
  const dry = await adopted(FASTAPI, '--dry-run');
  expect([dry.code, dry.stderr]).toEqual([0, '']);
  const json = await adopted(FASTAPI, '--dry-run', '--json');
  const { edits, written, left } = JSON.parse(json.stdout);
  expect([edits.length, written, left]).toEqual([6, [], []]);
  expect(dry.stdout).toContain('Would create wrangler.toml:\n');
  expect(dry.stdout).toContain('Would change requirements.txt:\n');
  const unasked = await adopted(FASTAPI);
  expect([unasked.code, unasked.stdout]).toEqual([2, '']);
  expect(unasked.stderr).toContain(
    'pinwheel adopt asks before it changes files, and nobody is at a terminal.',
  );
  expect(unasked.stderr).toContain('fix: Give --yes, or --dry-run.');
  for (const { read, cwd } of [dry, unasked]) {
    expect([await read('main.py'), await read('requirements.txt')]).toEqual([MAIN, LIST]);
    expect(existsSync(join(cwd, 'entry.py'))).toBe(false);
  }
});

/** Gives the next answer at each question of a command in a terminal; a file `changed` is written before the last. */
const ASKED = `import os, pty, sys
answers = sys.argv[1].split(",")
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
said = b""
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    said += data
    while answers and b"[y/N]" in said:
        said = said[said.index(b"[y/N]") + 5 :]
        answer = answers.pop(0)
        if answer == "edit":
            open("requirements.txt", "a").write("idna\\n")
            answer = "y"
        os.write(terminal, b"\\x03" if answer == "stop" else answer.encode() + b"\\r")
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

const answered = async (answers: string, cwd: string) => {
  const words = ['-c', ASKED, answers, process.execPath, pinwheel.script, 'adopt'];
  const { stdout } = await promisify(execFile)('python3', words, { cwd });
  return Number(stdout);
};

test('asks before each change; Ctrl-C ends it, and a file that has changed meanwhile is left alone', async () => {
  const cwd = await pinwheel.folderWith(FASTAPI);
  const has = (...files: string[]) => files.map((file) => existsSync(join(cwd, file)));
  expect(await answered('n,y,stop', cwd)).toBe(130);
  expect(await readFile(join(cwd, 'main.py'), 'utf8')).toBe(MAIN);
  expect(await readFile(join(cwd, 'requirements.txt'), 'utf8')).not.toContain('uvicorn');
  expect(has('requirements-dev.txt', 'entry.py', 'wrangler.toml')).toEqual([false, false, false]);

  await writeFile(join(cwd, 'requirements.txt'), LIST);
  expect(await answered('n,edit', cwd)).toBe(1);
  expect(await readFile(join(cwd, 'requirements.txt'), 'utf8')).toBe(`${LIST}idna\n`);
  expect(await answered('y,y,y,y,y,y', cwd)).toBe(0);
  expect(has('entry.py', 'wrangler.toml')).toEqual([true, true]);
});

test('takes from the index what a set has only under a similar name, or without the rest', async () => {
  const { code, stdout, stderr, read } = await adopted(
    {
      'app.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n',
      'requirements.txt': 'fastapi>=0.115\npasslib\npython-multipart\n',
    },
    '--yes',
  );
  expect(code, `${stdout}${stderr}`).toBe(0);
  expect(await read('pyproject.toml')).toContain('index-url = "https://pypi.org/simple/"');
});

test('names what only a person can change, and leaves out nothing that code imports', async () => {
  const { code, stdout, read } = await adopted(
    {
      'app.py': 'from flask import Flask\nfrom tasks import queue\n\napp = Flask(__name__)\n',
      'tasks.py': 'from celery import Celery\n\nqueue = Celery()\n',
      'requirements.txt': 'Flask==3.1.3\ncelery==5.4.0\npsycopg2-binary\n',
    },
    '--yes',
  );
  expect(code).toBe(1);
  expect(stdout).toContain('Leave out psycopg2-binary: it is compiled against libpq');
  expect(stdout).toMatch(/\nThis is left for you:\ntasks\.py:1:1\n/);
  expect(stdout).toContain('Use Queues, or Workflows for several steps.');
  expect(await read('requirements.txt')).toBe('Flask==3.1.3\ncelery==5.4.0\n');
  // No set has Flask.
  expect(await read('pyproject.toml')).toContain('index-url = "https://pypi.org/simple/"');
});

const served = (module: string, name: string) => [`from ${module} import ${name}\n`];
test.each<[string, Record<string, string>, string[], string, string[]]>([
  [
    'the ASGI module of Django',
    {
      'manage.py': '',
      'shop/__init__.py': '',
      'shop/asgi.py':
        'from django.core.asgi import get_asgi_application\n\napplication = get_asgi_application()\n',
      'shop/wsgi.py':
        'from django.core.wsgi import get_wsgi_application\n\napplication = get_wsgi_application()\n',
    },
    [],
    'entry.py',
    [...served('shop.asgi', 'application'), 'asgi.fetch(application,'],
  ],
  [
    'a factory',
    { 'flaskr/__init__.py': 'from flask import Flask\n\n\ndef create_app():\n    return Flask(__name__)\n' },
    [],
    'entry.py',
    [...served('flaskr', 'create_app'), '\napp = create_app()\n', 'wsgi.fetch(app,'],
  ],
  [
    'a module below src',
    {
      'src/main.py': 'from fastapi import FastAPI\nfrom routes import more\n\napi = FastAPI()\n',
      'src/routes.py': 'more = []\n',
      'src/test_main.py': 'import pytest\n',
      'tests/app.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n',
    },
    [],
    'src/entry.py',
    [...served('main', 'api')],
  ],
  [
    'a module in a folder that imports name',
    {
      'app/main.py': 'from fastapi import FastAPI\nfrom app.routes import more\n\napi = FastAPI()\n',
      'app/routes.py': 'more = []\n',
      'entry.py': '# taken\n',
    },
    [],
    'worker_entry.py',
    [...served('app.main', 'api')],
  ],
  [
    'a module that is called as one of the SDK',
    { 'asgi.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n' },
    [],
    'entry.py',
    ['from workers import WorkerEntrypoint, asgi\nfrom asgi import app\n'],
  ],
  [
    'the one that is named',
    {
      'main.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n',
      'admin.py': 'from flask import Flask\n\nadmin = Flask(__name__)\n',
    },
    ['--app', 'admin:admin'],
    'entry.py',
    [...served('admin', 'admin'), 'wsgi.fetch(admin,'],
  ],
])('finds %s', async (_, files, words, entry, texts) => {
  const { code, stderr, read } = await adopted(
    { 'requirements.txt': 'fastapi\nflask\ndjango\n', ...files },
    '--yes',
    ...words,
  );
  expect(code, stderr).toBe(0);
  expect(await read('wrangler.toml')).toContain(`main = "${entry}"`);
  const text = await read(entry);
  for (const expected of texts) expect(text).toContain(expected);
  if ('entry.py' in files) expect(await read('entry.py')).toBe('# taken\n');
});

test('a wrangler file that is there stays, and a main module without a handler gets one', async () => {
  const wrangler =
    'main = "main.py"\ncompatibility_date = "2026-03-01"\ncompatibility_flags = ["python_workers"]\n';
  const { code, stderr, cwd, read } = await adopted({ ...FASTAPI, 'wrangler.toml': wrangler }, '--yes');
  expect(code, stderr).toBe(0);
  expect(await read('wrangler.toml')).toBe(wrangler);
  expect(await read('main.py')).toMatch(
    /import uvicorn\n {4}uvicorn[\s\S]*class Default\(WorkerEntrypoint\):/,
  );
  expect(existsSync(join(cwd, 'entry.py'))).toBe(false);
  const again = await pinwheel.run(['adopt', '--yes'], { cwd });
  expect(again.stdout).toBe('There is nothing to do: this project is a Worker.\n');
});

test.each([
  [[], 'No Python file here makes an application', '--app main:app'],
  [['--app', 'main:app'], 'There is no application main:app here.', 'create_app()'],
])('without an application, it is said how to name one: %j', async (words, message, fix) => {
  const { code, stderr, cwd } = await adopted({ 'main.py': 'print("Hello")\n' }, '--yes', ...words);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr).toContain(fix);
  expect(existsSync(join(cwd, 'wrangler.toml'))).toBe(false);
});
