/** What `check` says of a wrangler file and its main module, held against wrangler, with the fixes applied. */
import { appendFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useWorkshop, WRANGLER } from './project.ts';
import { serve } from './workerd.ts';
import { deployDry, serveByWrangler } from './wrangler.ts';

const workshop = useWorkshop();
const FETCH = `from workers import DurableObject, Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("Hello world!")
`;
const SETTINGS = { name: 'w', main: 'src/entry.py', compatibility_date: '2026-01-01' };
const ENTRY = `from pathlib import Path
from workers import Response, WorkerEntrypoint
import pages

HERE = Path(__file__).parent

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        with open("data.json") as file:
            return Response(file.read() + (HERE / "texts" / "a b.md").read_text() + open('notes.txt').read())
`;
const PAGES = `from starlette.staticfiles import StaticFiles
app = StaticFiles(directory="static")
loader = FileSystemLoader(HERE / "views")
query, blob, table = "sql/all.sql", './x.bin', "static"
`;
const FILES = {
  'src/entry.py': ENTRY,
  'src/pages.py': PAGES,
  'src/tools.py': 'open("seed.csv")\n',
  'src/seed.csv': 'nothing that is imported reads it',
  'src/data.json': '{}',
  'src/more/data.json': '{}',
  'src/unnamed.json': '{}',
  'src/texts/a b.md': '# a',
  'src/notes.txt': 'n',
  'src/static/app.js': '1;',
  'src/static/app.css': 'a {}',
  'src/static/index.html': '<p>',
  'src/views/page.html': '<p>',
  'src/views/mail.j2': 'm',
  'src/sql/all.sql': 'select 1',
  'src/x.bin': 'b',
};
const NAMED = [
  'data.json',
  'more/data.json',
  'static/app.css',
  'static/app.js',
  'texts/a b.md',
  'views/mail.j2',
];
const DATA = { type: 'Data', globs: ['**/*.md', 'views/*'], fallthrough: true };
const TEXT = { type: 'Text', globs: ['static/**/*'] };

interface Found {
  code: string;
  message: string;
  fix: string;
  fixes: { kind: string; file: string; line: string }[];
}

async function findings(cwd: string): Promise<Found[]> {
  const { stdout, stderr } = await workshop.pinwheel.run(['check', '--json'], { cwd });
  expect(stderr).toBe('');
  return JSON.parse(stdout).findings;
}

const unattached = async (cwd: string) =>
  (await findings(cwd)).filter(({ code }) => code === 'unattached_file');

async function attached(cwd: string): Promise<string[]> {
  await deployDry(cwd, '--outdir', 'out');
  const files = await readdir(join(cwd, 'out'), { recursive: true });
  return files.map((file) => file.replaceAll('\\', '/'));
}

test.each([
  ['toml', [DATA], NAMED.slice(0, 4)],
  // The rule ends its type, so that wrangler ignores its own for texts.
  [
    'jsonc',
    [TEXT],
    [
      'data.json',
      'more/data.json',
      'notes.txt',
      'sql/all.sql',
      'texts/a b.md',
      'views/mail.j2',
      'views/page.html',
    ],
  ],
  ['jsonc', [], NAMED],
] as const)('files that wrangler does not attach, in %s with the rules %j', async (kind, rules, missing) => {
  const settings = {
    ...SETTINGS,
    compatibility_flags: ['python_workers'],
    ...(rules.length > 0 && { rules }),
  };
  const toml = Object.entries(SETTINGS).map(([key, value]) => `${key} = "${value}"\n`);
  const tables = rules.map((rule) =>
    Object.entries(rule).reduce(
      (text, [key, value]) => `${text}${key} = ${JSON.stringify(value)}\n`,
      '[[rules]]\n',
    ),
  );
  const file = `wrangler.${kind}`;
  const text =
    kind === 'toml'
      ? [...toml, 'compatibility_flags = ["python_workers"]\n', ...tables].join('')
      : JSON.stringify(settings, null, 2);
  const cwd = await workshop.pinwheel.folderWith({ ...FILES, [file]: text });
  const before = await attached(cwd);
  expect(
    NAMED.concat('notes.txt', 'sql/all.sql', 'views/page.html')
      .filter((path) => !before.includes(path))
      .sort(),
  ).toEqual([...missing]);
  const all = await unattached(cwd);
  expect(all.flatMap(({ message }) => namesIn(message)).sort()).toEqual([...missing]);

  for (const { fixes } of all) {
    expect(fixes).toMatchObject([{ kind: 'edit_file', file }]);
    const [{ line }] = fixes as [Found['fixes'][0]];
    if (kind === 'toml') await appendFile(join(cwd, file), `\n${line}\n`);
    else
      await addRule(
        join(cwd, file),
        JSON.parse(line.startsWith('{') ? `{"rules": [${line}]}` : `{${line}}`).rules,
      );
  }
  expect(await unattached(cwd)).toEqual([]);
  const after = await attached(cwd);
  expect(missing.filter((path) => !after.includes(path))).toEqual([]);
});

const namesIn = (message: string) => /^(.+) (?:is|are) named here,/.exec(message)![1]!.split(', ');

/** Later rules of a type that has ended would be ignored. */
async function addRule(path: string, rules: object[]): Promise<void> {
  const settings = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...settings, rules: [...(settings.rules ?? []), ...rules] }));
}

test('rules of both types that end them have to be changed themselves', async () => {
  const rule = (type: string, globs: string[]) =>
    `[[rules]]\ntype = "${type}"\nglobs = ${JSON.stringify(globs)}\n`;
  const text = (globs: string[]) => WRANGLER + rule('Data', globs) + rule('Text', ['**/*.txt']);
  const files = { 'src/entry.py': `${FETCH}open("data.json")\n`, 'src/data.json': '{}' };
  const cwd = await workshop.pinwheel.folderWith({ ...files, 'wrangler.toml': text(['**/*.md']) });
  const [{ fix }] = (await unattached(cwd)) as [Found];
  const [, glob] = /^Add "(.+)" to the globs of a rule of wrangler.toml\.$/.exec(fix)!;
  await writeFile(join(cwd, 'wrangler.toml'), text(['**/*.md', glob!]));
  expect(await unattached(cwd)).toEqual([]);
  expect(await attached(cwd)).toContain('data.json');
});

test('a Worker that is built includes all files', async () => {
  const cwd = await workshop.pinwheel.folderWith({
    ...FILES,
    'wrangler.json': JSON.stringify({ ...SETTINGS, compatibility_flags: ['python_workers'] }),
    'pyproject.toml': '[project]\nname = "w"\n[tool.pinwheel]\nbuilt = true\n',
  });
  expect(await unattached(cwd)).toEqual([]);
});

const wrangled = (entry: string, more: string, files: Record<string, string> = {}) =>
  workshop.pinwheel.folderWith({ 'src/entry.py': entry, 'wrangler.toml': WRANGLER + more, ...files });
const CRONS = '[triggers]\ncrons = ["* * * * *"]\n';
const QUEUE = '[[queues.consumers]]\nqueue = "q"\n';
const COUNTER = '[[durable_objects.bindings]]\nname = "C"\nclass_name = "Counter"\n';
const FLOW = '[[workflows]]\nname = "f"\nbinding = "F"\nclass_name = "Flow"\n';

test.each([
  [
    'classes and handlers that are missing',
    FETCH,
    ['no_class', 'no_class', 'unhandled_event', 'unhandled_event'],
  ],
  [
    'a class of another kind',
    `${FETCH}class Flow(DurableObject):\n    pass\n`,
    ['no_class', 'no_class', 'unhandled_event', 'unhandled_event'],
  ],
  [
    'functions',
    `async def on_fetch(request):\n    pass\nasync def on_queue(batch):\n    pass\n`,
    ['no_class', 'no_class', 'unhandled_event'],
  ],
  ['all in another module', 'from other import *\n', []],
  ['a class of a package', 'from package import Base\nclass Default(Base):\n    pass\n', []],
  [
    'a class that has more of a package',
    FETCH.replace('(Worker', '(Mixin, Worker').replace('\n\n', '\nfrom package import Mixin\n\n'),
    ['no_class', 'no_class'],
  ],
])('%s', async (_, entry, codes) => {
  const other = `from workers import DurableObject, WorkerEntrypoint, WorkflowEntrypoint
class Base(WorkerEntrypoint):
    async def scheduled(self, controller):
        pass
class Default(Base):
    async def on_queue(self, batch):
        pass
class Counter(DurableObject):
    pass
class Flow(WorkflowEntrypoint):
    pass
`;
  const cwd = await wrangled(entry, COUNTER + FLOW + CRONS + QUEUE, { 'src/other.py': other });
  const told = (await findings(cwd)).flatMap(({ code }) =>
    /^(?:no_class|unhandled_event)$/.test(code) ? [code] : [],
  );
  expect(told.sort()).toEqual(codes);
});

test('an environment has its own bindings, and the triggers of the top level', async () => {
  const cwd = await wrangled(FETCH, `${CRONS}${QUEUE}${COUNTER}[env.next]\nvars = {}\n`);
  const { stdout } = await workshop.pinwheel.run(['check', '--json', '--env', 'next'], { cwd });
  const { findings } = JSON.parse(stdout) as { findings: Found[] };
  expect(findings).toMatchObject([{ code: 'unhandled_event', severity: 'warning', line: 6 }]);
});

test('packages beside the main module, which wrangler refuses', async () => {
  const module = { 'src/python_modules/package/__init__.py': '' };
  const cwd = await wrangled(FETCH, '', module);
  expect(await findings(cwd)).toMatchObject([
    { code: 'misplaced_modules', severity: 'error', line: 2, column: 9 },
  ]);
  await expect(deployDry(cwd)).rejects.toThrow("'python_modules' directory cannot exist in your module root");
  await rename(join(cwd, 'src/python_modules'), join(cwd, 'python_modules'));
  expect(await findings(cwd)).toEqual([]);
  expect(await deployDry(cwd)).toContain('--dry-run: exiting now.');
});

test('an event without a handler fails, and with the one that is proposed it does not', async () => {
  const folder = await workshop.project({ 'src/entry.py': FETCH }, WRANGLER + CRONS);
  const [finding] = (await findings(folder)) as [Found];
  expect(finding).toMatchObject({ code: 'unhandled_event', severity: 'warning' });
  const outcome = async () => {
    await workshop.built(folder);
    const worker = await serveByWrangler(folder, { logLevel: 'none' });
    const response = await worker.fetch('http://x/cdn-cgi/handler/scheduled');
    const text = await response.text();
    await worker.dispose();
    return text;
  };
  expect(await outcome()).not.toBe('ok');
  const [, method] = /^Define (.+) in the class Default/.exec(finding.fix)!;
  await appendFile(join(folder, 'src/entry.py'), `\n    ${method}:\n        pass\n`);
  expect(await findings(folder)).toEqual([]);
  expect(await outcome()).toBe('ok');
});

test('a class that is not called Default, or cannot be made, answers no request; as proposed, it does', async () => {
  const head = 'from workers import Response, WorkerEntrypoint\n\n';
  const worker = (name: string, init: string) => `${head}class ${name}(WorkerEntrypoint):
    ${init}

    async def fetch(self, request):
        return Response(self.env.NAME)
`;
  const folder = await workshop.project({}, `${WRANGLER}\n[vars]\nNAME = "told"\n`);
  const told = async (entry: string) => {
    await writeFile(join(folder, 'src/entry.py'), entry);
    await workshop.built(folder, '--no-snapshot');
    await using served = await serve(join(folder, 'dist/worker'));
    const response = await fetch(served.origin);
    return [(await findings(folder)).map(({ code }) => code), response.status, await response.text()];
  };
  await mkdir(join(folder, 'src'));
  expect(await told(worker('Mine', 'seen = 0'))).toEqual([['no_default'], 500, expect.anything()]);
  expect(await told(worker('Default', 'def __init__(self):\n        self.seen = 0'))).toEqual([
    ['handler_parameters'],
    500,
    expect.anything(),
  ]);
  const [{ fix }] = (await findings(folder)) as [Found];
  const [, init, first] = /: (def .*), which begins with (.*)\.$/.exec(fix)!;
  expect(await told(worker('Default', `${init}:\n        ${first}\n        self.seen = 0`))).toEqual([
    [],
    200,
    'told',
  ]);
});
