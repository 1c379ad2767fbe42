/** What flags of workerd do to code: the reviewed table, and what shows it in a project. */
import { describe, expect, test } from 'vitest';
import type { Catalog } from '../../../resolver/catalog.ts';
import { createResolver } from '../../../resolver/documents.ts';
import type { Finding } from '../../../resolver/python/index.ts';
import type { StandardLibraryFacts } from '../../../resolver/python/standard-library-document.ts';
import { readData } from '../client/registry.ts';
import { pinwheel } from './bundled.ts';

const catalog: Catalog = readData('catalog.json');
const facts: StandardLibraryFacts = readData('standard-library/facts.json');

const AS_OF = '2026-11-20';

test('every flag about Python of every revision has a row, and no other flag has', () => {
  const python = catalog.flags.filter(({ field, enable }) => /python/i.test(field + enable));
  const fields = new Set(python.map(({ field }) => field));
  expect(facts.flags.map(({ field }) => field).sort()).toEqual([...fields].sort());
  for (const { field, affects, signs, sources } of facts.flags) {
    expect(sources.length, field).toBeGreaterThan(0);
    expect(affects === 'code', field).toBe(signs.length > 0);
  }
});

type Files = Record<string, string>;
const MAIN = 'src/entry.py';

async function check(date: string, flags: string[], files: Files): Promise<Finding[]> {
  const compatibility_flags = ['python_workers', ...flags];
  const asked = { compatibility_date: date, compatibility_flags, as_of: AS_OF, main: MAIN };
  return (await pinwheel.check({ ...asked, files })).findings;
}

const findingsOf = async (...asked: Parameters<typeof check>) =>
  (await check(...asked)).filter(({ code }) => code.startsWith('flag_is_'));

/** The place without the name of the main module. */
const short = ({ path, line, severity, message }: Finding) =>
  `${path.replace(MAIN, '')}:${line} ${severity} ${message}`;

const ENTRY = (source: string): Files => ({ [MAIN]: source });
const CLASS = (method: string) =>
  ENTRY(
    `from workers import WorkerEntrypoint as Base\nclass Default(Base):\n  async def ${method}(self, r): ...\n`,
  );
const OBJECT = (method: string) =>
  ENTRY(
    `import workers\nclass Default(workers.WorkerEntrypoint): ...\nclass Own(workers.DurableObject):\n  def ${method}(self): ...\n`,
  );
const STEP = (call: string) =>
  ENTRY(
    `from workers import WorkflowEntrypoint\nclass Flow(WorkflowEntrypoint):\n  async def run(self, event, step):\n    @${call}\n    async def one(): ...\n`,
  );
const HANDLER = 'from workers import WorkerEntrypoint\nclass Default(WorkerEntrypoint): ...\n';
const SDK = { 'python_modules/workers/__init__.py': '', 'python_modules/asgi.py': '' };

/** Two dates that only a flag tells apart, or those around the flag's, and the finding at the second. */
const CASES: [what: string, dates: `${string} to ${string}`, files: Files, shown: string][] = [
  [
    'a function as a handler',
    '2025-08-13 to 2025-08-14',
    ENTRY('async def on_fetch(request, env):\n  return 1\n'),
    ':1 error The function on_fetch is not called',
  ],
  [
    'a decorated function',
    '2025-08-13 to 2025-08-14',
    ENTRY('from workers import handler\n@handler\nasync def on_fetch(request): ...\n'),
    ':3 error The function on_fetch is not called',
  ],
  [
    'a function that another name is',
    '2025-08-13 to 2025-08-14',
    ENTRY('from workers import handler\non_scheduled = handler(print)\n'),
    ':2 error The function on_scheduled is not called',
  ],
  [
    'a handler of another module',
    '2025-08-13 to 2025-08-14',
    {
      ...ENTRY('from app.events import *\n'),
      'src/app/__init__.py': '',
      'src/app/events.py': 'from ..app.more import on_fetch\n',
      'src/app/more.py': 'def on_fetch(r): ...\n',
    },
    'src/app/more.py:1 error The function on_fetch is not called',
  ],
  [
    'an old method',
    '2025-08-13 to 2025-08-14',
    CLASS('on_fetch'),
    ':3 error The method Default.on_fetch is not called',
  ],
  [
    'an old method of an object',
    '2025-08-13 to 2025-08-14',
    OBJECT('on_alarm'),
    ':4 error The method Own.on_alarm is not called',
  ],
  [
    'a new method',
    '2025-08-14 to 2025-08-13',
    CLASS('fetch'),
    ':3 error The method Default.fetch is not called',
  ],
  [
    'a new method of an object',
    '2025-08-14 to 2025-08-13',
    OBJECT('webSocketMessage'),
    ':4 error The method Own.webSocketMessage is not called',
  ],
  [
    'packages in vendor/',
    '2025-08-10 to 2025-08-11',
    { ...ENTRY('import six\n'), 'src/vendor/six.py': '' },
    'src/vendor:1 error Python does not look for modules in src/vendor.',
  ],
  [
    'a workflow',
    '2025-09-20 to 2025-09-19',
    STEP('step.do("one")'),
    ':2 warning The workflow Flow may not run',
  ],
  [
    'the clock at import',
    '2025-10-15 to 2025-10-16',
    ENTRY(`from datetime import datetime as d\n${HANDLER}NOW = d.now()\n`),
    ':4 warning datetime.datetime.now is called',
  ],
  [
    'a random number at import',
    '2025-12-15 to 2025-12-16',
    ENTRY(`from random import choice\n${HANDLER}class A:\n  b = choice([1])\n`),
    ':5 warning random.choice is called',
  ],
  [
    'a header with several values',
    '2026-02-16 to 2026-02-17',
    ENTRY(`${HANDLER}def f(request): return request.headers.get_all("a")\n`),
    ':3 info request.headers.get_all has one value',
  ],
  [
    'the dependencies of a step',
    '2026-02-24 to 2026-02-25',
    STEP('step.do("one", depends=[two])'),
    ':4 error step.do gets depends',
  ],
  ['a step without a name', '2026-02-25 to 2026-02-24', STEP('step.do()'), ':4 error step.do gets no name'],
  [
    'no SDK',
    '2026-04-20 to 2026-04-21',
    ENTRY('from app import Default\n'),
    ':1 error No Worker starts without the module workers',
  ],
  [
    'a .pth file',
    '2026-05-25 to 2026-05-26',
    { ...ENTRY(HANDLER), ...SDK, 'python_modules/a.pth': 'b' },
    'python_modules/a.pth:1 info python_modules/a.pth is processed',
  ],
  [
    'a .pth file before',
    '2026-05-26 to 2026-05-25',
    { ...ENTRY(HANDLER), ...SDK, 'python_modules/a.pth': 'b' },
    'python_modules/a.pth:1 info python_modules/a.pth is ignored',
  ],
];

describe('a flag ends what shows in a project as', () => {
  test.each(CASES)('%s', async (_, dates, files, shown) => {
    const [from, to] = dates.split(' to ') as [string, string];
    const before = (await findingsOf(from, [], files)).map(short);
    expect(before.filter((text) => !/a\.pth is/.test(text) || text.includes(shown))).toEqual([]);
    const findings = await findingsOf(to, [], files);
    expect(findings.map(short)).toEqual([expect.stringContaining(shown)]);
    // The flag that the fix names brings back what was.
    const flags = findings[0]!.fixes.flatMap((fix) => (fix.kind === 'flags' ? fix.add : []));
    if (flags.length > 0) expect((await findingsOf(to, flags, files)).map(short)).toEqual(before);
    else expect(shown).toContain('vendor');
  });

  test('a name of a class that does not say', async () => {
    const fix = await findingsOf('2025-08-14', ['python_no_global_handlers'], CLASS('on_fetch'));
    expect(fix[0]!.fixes[0]).toEqual({
      kind: 'flags',
      add: ['disable_python_no_global_handlers'],
      remove: ['python_no_global_handlers'],
      pyodide: null,
    });
  });

  test('the change that is proposed', async () => {
    const [finding] = await findingsOf('2025-08-14', [], CASES[0]![2]);
    expect(finding!.fix).toContain('on_fetch(request, env, ctx) becomes fetch(self, request)');
    expect(await findingsOf('2025-08-14', [], CLASS('fetch'))).toEqual([]);
  });
});

test.each<[what: string, source: string]>([
  ['a class beside functions', `${HANDLER}async def on_fetch(request): ...\n`],
  [
    'functions of functions',
    `${HANDLER}def f():\n  import random\n  def on_fetch(): ...\n  return random.random()\n`,
  ],
  ['lambdas at import', `import time\n${HANDLER}NOW = field(default_factory=lambda: time.time())\n`],
  ['seeded generators', `import random\n${HANDLER}R = random.Random(1).random\n`],
  [
    'types',
    `from typing import TYPE_CHECKING\n${HANDLER}if TYPE_CHECKING:\n  import random\n  random.random()\n`,
  ],
  ['classes of unknown bases', 'from frame import *\nasync def on_fetch(request): ...\n'],
  ['other methods called do', `${HANDLER}def f(this): this.do(depends=1)\n`],
])('%s show nothing', async (_, source) => {
  const files = { ...ENTRY(source), ...SDK, 'src/vendor/__init__.py': '' };
  expect((await findingsOf('2026-11-01', [], files)).map(short)).toEqual([]);
});

test('a Worker that includes its own Python is not affected', async () => {
  const flags = ['python_3.12_packages_2025_03_01'];
  expect(await findingsOf('2025-08-14', flags, ENTRY('def on_fetch(request): ...\n'))).toEqual([]);
});

describe('a comparison', () => {
  test('says what each flag does, and what code may need', async () => {
    const { flags } = await pinwheel.compare({ from: '2024-03-29', to: AS_OF, as_of: AS_OF });
    const python = flags.filter((flag) => flag.python);
    expect(python.length).toBeGreaterThan(10);
    for (const { flag, effect } of python) expect(effect, flag).not.toBeNull();
    const handlers = python.find(({ flag }) => flag === 'python_no_global_handlers')!;
    expect(handlers.effect).toMatchObject({
      affects: 'code',
      changes: [expect.stringContaining('class Default(WorkerEntrypoint)'), expect.any(String)],
      sources: expect.arrayContaining([
        { url: 'https://developers.cloudflare.com/changelog/2025-08-14-new-python-handlers', commit: null },
      ]),
    });
    for (const { python, effect } of flags) expect(effect === null).toBe(!python);
  });

  test('the diff of a flag shows code that needs the change, and code that does not', async () => {
    const { flags } = await pinwheel.compare({ from: '2024-03-29', to: AS_OF, as_of: AS_OF });
    const withDiff = flags.filter(({ effect }) => effect && effect.diff.length > 0);
    expect(withDiff.length).toBe(facts.flags.filter(({ diff }) => diff).length);
    for (const { flag, effect } of withDiff) {
      const side = (left: string) =>
        effect!.diff.flatMap((line) => (line.startsWith(left) ? [] : line.slice(1))).join('\n');
      const signs = async (source: string) =>
        (await findingsOf(AS_OF, [flag], { ...ENTRY(source), ...SDK })).map(({ message }) => message);
      expect(await signs(side('+')), flag).toContainEqual(expect.stringContaining(` ${flag} is on`));
      expect(await signs(side('-')), flag).toEqual([]);
    }
  });

  test('does not know the effect of a flag without a row', async () => {
    const rows = facts.flags.filter(({ field }) => field !== 'pythonNoGlobalHandlers');
    const forgetful = createResolver({
      catalog: () => catalog,
      openSet: ({ flag }) => readData(`sets/${flag}.json`),
      standardLibrary: () => ({
        facts: { ...facts, flags: rows },
        measured: readData('standard-library/measured.json'),
      }),
    });
    const { flags } = await forgetful.compare({ from: '2025-08-13', to: '2025-08-14', as_of: AS_OF });
    expect(flags.filter((flag) => flag.python)).toMatchObject([
      { flag: 'python_no_global_handlers', effect: null },
    ]);
  });
});

describe('a main module that nothing calls', () => {
  const shown = async (date: string, files: Files) => {
    const findings = await check(date, ['disable_python_external_sdk'], files);
    return findings.filter(({ code }) => code === 'no_handler' || code === 'no_default');
  };
  const FLASK = { 'src/web.py': 'import flask as f\nflask_app: f.Flask = f.Flask("a")\n' };

  test.each<[what: string, date: string, files: Files, lines: string]>([
    [
      'FastAPI, as a method',
      '2025-08-14',
      ENTRY('import fastapi\napp = fastapi.FastAPI()\n'),
      'import asgi\nfrom workers import WorkerEntrypoint\nclass Default(WorkerEntrypoint):\n    async def fetch(self, request):\n        return await asgi.fetch(app, request.js_object, self.env)',
    ],
    [
      'FastAPI, as a function',
      '2025-08-13',
      ENTRY('from fastapi import FastAPI\nclass Item(FastAPI): ...\napp = FastAPI(title="a")\n'),
      'import asgi\nasync def on_fetch(request, env):\n    return await asgi.fetch(app, request, env)',
    ],
    [
      'Flask of another module',
      '2026-11-01',
      { ...FLASK, 'src/entry.py': 'from web import flask_app as served\n' },
      'from workers import WorkerEntrypoint, wsgi\nclass Default(WorkerEntrypoint):\n    async def fetch(self, request):\n        return await wsgi.fetch(served, request.js_object, self.env)',
    ],
    [
      'Django',
      '2026-11-01',
      ENTRY('from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n'),
      'wsgi.fetch(application, ',
    ],
    [
      'Starlette',
      '2026-11-01',
      ENTRY('from starlette.applications import Starlette\napp = Starlette(routes=[])\n'),
      'asgi.fetch(app, ',
    ],
    [
      'no application',
      '2026-11-01',
      ENTRY('print("Hello")\n'),
      'from workers import Response, WorkerEntrypoint\nclass Default',
    ],
    [
      'an empty class',
      '2026-11-01',
      ENTRY('from workers import WorkerEntrypoint\nclass Default(WorkerEntrypoint):\n    pass\n'),
      'class Default',
    ],
    ['nothing', '2025-08-13', ENTRY(''), 'async def on_fetch'],
  ])('is refused: %s', async (_, date, files, lines) => {
    const [finding] = await shown(date, files);
    expect(finding).toMatchObject({ severity: 'error', path: 'src/entry.py', line: 1 });
    const [fix] = finding!.fixes as { kind: string; line: string }[];
    expect(fix).toMatchObject({
      kind: 'edit_file',
      file: 'src/entry.py',
      line: expect.stringContaining(lines),
    });
    const mended = `${files['src/entry.py']}\n${fix!.line}\n`;
    expect(await shown(date, { ...files, 'src/entry.py': mended })).toEqual([]);
    expect(await findingsOf(date, ['disable_python_external_sdk'], { 'src/entry.py': mended })).toEqual([]);
  });

  test('nor from outside: no class is called Default', async () => {
    const source =
      'from workers import WorkerEntrypoint\nclass Other(WorkerEntrypoint):\n  def fetch(self, r): ...\n';
    expect(await shown('2026-11-01', ENTRY(source))).toMatchObject([
      { severity: 'warning', code: 'no_default', line: 2, message: expect.stringContaining('reach Other:') },
    ]);
    for (const named of ['Default', 'Greeter']) {
      const more = `class ${named}(WorkerEntrypoint):\n  def greet(self): ...\n`;
      const served = source.replace('Other', named === 'Default' ? 'Other' : 'Default');
      expect(await shown('2026-11-01', ENTRY(served + more))).toEqual([]);
    }
  });

  test.each([
    ['a class of a package', 'from frame import Default\n'],
    ['what is computed', 'Default = make()\n'],
    ['everything of a package', 'from frame import *\n'],
    ['a Durable Object', 'from workers import DurableObject\nclass A(DurableObject): ...\n'],
    [
      'a class of a class',
      'import workers\nclass A(workers.WorkerEntrypoint):\n  def fetch(self, r): ...\nclass Default(A): ...\n',
    ],
    [
      'a class under a condition',
      'import workers\nif True:\n  class Default(workers.WorkerEntrypoint):\n    def fetch(self, r): ...\n',
    ],
    ['what is not Python', 'def (\n'],
  ])('is not %s', async (_, source) => {
    expect(await shown('2026-11-01', ENTRY(source))).toEqual([]);
  });
});

describe('the parameters with which workerd calls methods of a class', () => {
  const shown = async (heads: string) => {
    const methods = heads.split('; ').map((head) => `  async def ${head}: ...\n`);
    const source = `from workers import WorkerEntrypoint, env\nclass Default(WorkerEntrypoint):\n${methods.join('')}`;
    const findings = await check('2026-11-01', ['disable_python_external_sdk'], ENTRY(source));
    return findings.flatMap(({ severity, code, line, message, fix }) =>
      code === 'handler_parameters' ? [[severity, line, message.split('.')[0], fix]] : [],
    );
  };

  test('are all taken', async () => {
    expect(await shown('fetch(self, request); scheduled(self, controller); queue(self, batch, env)')).toEqual(
      [
        [
          'error',
          4,
          'workerd passes env and ctx to Default',
          'Take them: async def scheduled(self, controller, env, ctx). The bindings are self.env.',
        ],
        [
          'error',
          5,
          'workerd passes env and ctx to Default',
          'Take them: async def queue(self, batch, env, ctx). The bindings are self.env.',
        ],
      ],
    );
    expect(
      await shown(
        'fetch(self, request); scheduled(self, controller, env, ctx); queue(self, batch, env, ctx)',
      ),
    ).toEqual([]);
  });

  test.each([
    'fetch(self, request); scheduled(self, controller, env, ctx)',
    'fetch(self, request: Request, *, a=1); queue(self, batch, env=None, ctx=None)',
    'fetch(self, *args); queue(self, batch, *rest); scheduled(self, *args, **more)',
    'fetch(self, request); run(self, request, env); alarm(self)',
  ])('%s', async (heads) => expect(await shown(heads)).toEqual([]));

  test('of __init__ are ctx and env', async () => {
    expect(await shown('__init__(self); fetch(self, request)')).toEqual([
      [
        'error',
        3,
        'workerd passes ctx and env to Default',
        'Take them, and pass them on: def __init__(self, ctx, env), which begins with super().__init__(ctx, env).',
      ],
    ]);
    expect(await shown('__init__(self, state, env, more=1); fetch(self, request)')).toEqual([]);
    expect(await shown('__init__(self, *args); fetch(self, request)')).toEqual([]);
  });

  test('of fetch, env is None', async () => {
    expect(await shown('fetch(self, request, env, ctx)')).toEqual([
      ['warning', 3, 'workerd passes None as env to Default', 'Use self.env.'],
    ]);
  });
});
