/** `pinwheel upgrade`: what it changes in files. That it tries the move first is in test/runtime/try.test.ts. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { usePinwheel } from './pinwheel.ts';

const pinwheel = await usePinwheel();
/** Its package set has numpy 2.0.2. */
const FROM = '2025-06-02';
const TO = '2026-03-01';
const WRANGLER = `name = "w"
main = "src/entry.py"
compatibility_date = "${FROM}" # why
compatibility_flags = ["python_workers"]

[env.own]
compatibility_date = "2025-05-01"
`;
const ENTRY = `from workers import Response


async def on_fetch(request, env):
    return Response("fine")
`;
const MOVED = `from workers import Response, WorkerEntrypoint


async def on_fetch(request, env):
    return Response("fine")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await on_fetch(request, self.env)
`;

async function upgraded(files: Record<string, string>, ...words: string[]) {
  const cwd = await pinwheel.folderWith({ 'wrangler.toml': WRANGLER, 'src/entry.py': ENTRY, ...files });
  const ended = await pinwheel.run(['upgrade', '--to', TO, ...words], { cwd });
  return { ...ended, read: (file: string) => readFile(join(cwd, file), 'utf8') };
}

test('changes the date, the pins that no longer fit, and the handler; all else stays', async () => {
  const pins = '# pins\nnumpy[x]==1.0 ; python_version > "3"  # kept\npydantic>=2\n';
  const { code, stdout, stderr, read } = await upgraded({ 'requirements.txt': pins }, '--yes', '--no-try');
  expect(code, stderr).toBe(0);
  expect(await read('wrangler.toml')).toBe(WRANGLER.replace(FROM, TO));
  expect(await read('src/entry.py')).toBe(MOVED);
  const made = await read('requirements.txt');
  expect(made).toMatch(/^# pins\nnumpy\[x\]==2\.\d+\.\d+ ; python_version > "3" {2}# kept\npydantic>=2\n$/);
  expect(stdout).toContain('+ compatibility_date = "2026-03-01" # why');
  expect(stdout).toMatch(/\nChanged 3 files: this move was not tried\. Next: pinwheel check\n$/);
});

test('changes the date of the environment that is meant, also in JSON', async () => {
  const own = await upgraded({}, '--yes', '--no-try', '--env', 'own');
  expect(await own.read('wrangler.toml')).toBe(WRANGLER.replace('2025-05-01', TO));
  // Also if another environment has that date already.
  const other = { 'wrangler.toml': `${WRANGLER}[env.other]\ncompatibility_date = "${TO}"\n` };
  expect((await upgraded(other, '--dry-run', '--env', 'own')).stdout).toContain(
    `wrangler.toml:\n- compatibility_date = "2025-05-01"\n+ compatibility_date = "${TO}"\n`,
  );
  const text = `{ // "compatibility_date": "2020-01-01"\n  "main": "src/entry.py", "compatibility_date": "${FROM}",\n  "compatibility_flags": ["python_workers"] }\n`;
  const json = await upgraded({ 'wrangler.jsonc': text }, '--yes', '--no-try');
  expect(json.code, json.stderr).toBe(0);
  expect(await json.read('wrangler.jsonc')).toBe(text.replace(FROM, TO));
  expect(await json.read('wrangler.toml')).toBe(WRANGLER);
});

test('a dry run, a refusal and what only a person can change leave every file as it is', async () => {
  const dry = await upgraded({}, '--dry-run', '--json');
  expect(dry.code, dry.stderr).toBe(0);
  const { applied, tried, edits } = JSON.parse(dry.stdout);
  expect([applied, tried, edits.length]).toEqual([false, null, 2]);
  expect(await dry.read('src/entry.py')).toBe(ENTRY);

  const unasked = await upgraded({});
  expect([unasked.code, unasked.stderr]).toEqual([
    2,
    expect.stringContaining('fix: Give --yes, or --dry-run.'),
  ]);

  // Another file has the pin, the handler has other parameters, and a vendored module is where it no longer counts.
  const hard = await upgraded(
    {
      'requirements.txt': '-r more.txt\n',
      'more.txt': 'numpy==1.0\n',
      'src/entry.py': ENTRY.replace('env)', '*rest)'),
    },
    '--yes',
  );
  expect(hard.code).toBe(1);
  expect(hard.stdout).toMatch(/^Only a person can change this:\n.*more\.txt:1:1\n[\s\S]*entry\.py:4:1\n/);
  expect(hard.stderr).toContain(`error: The move to ${TO} needs changes that only a person can make`);
  expect(await hard.read('wrangler.toml')).toBe(WRANGLER);
});

test('without on_ in their names, methods are called again', async () => {
  const entry = `from workers import WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def on_fetch(self, request):
        pass
`;
  const { code, stderr, read } = await upgraded({ 'src/entry.py': entry }, '--yes', '--no-try');
  expect(code, stderr).toBe(0);
  expect(await read('src/entry.py')).toBe(entry.replace('on_fetch', 'fetch'));
});

test('the next commands are about the folder that was named', async () => {
  const cwd = await pinwheel.folderWith({ 'api/wrangler.toml': WRANGLER, 'api/src/entry.py': MOVED });
  const words = ['upgrade', 'api', '--to', TO, '--yes', '--no-try'];
  expect((await pinwheel.run(words, { cwd })).stdout).toMatch(/ Next: pinwheel -C api check\n$/);
  // Their paths are from the current folder, and so are those of the next commands.
  await writeFile(join(cwd, 'api/wrangler.toml'), WRANGLER);
  const { stdout } = await pinwheel.run([...words, '--find-links', 'api/src'], { cwd });
  expect(stdout).toMatch(/ Next: pinwheel check --config api\/wrangler.toml --find-links api\/src\n$/);
});

test('a project of that date stays as it is', async () => {
  const wrangler = WRANGLER.replace(FROM, TO);
  const { code, stdout } = await upgraded({ 'wrangler.toml': wrangler, 'src/entry.py': MOVED }, '--yes');
  expect([code, stdout]).toEqual([0, `Nothing to change: this project has the date ${TO}.\n`]);
});

test('a move to another Python than that of the project or its named package set is left to a person', async () => {
  const project = '[project]\nname = "w"\nversion = "1"\nrequires-python = "<3.14"\n';
  const settings = '[tool.pinwheel]\npackage-set = "python_3.13_packages_2025_10_20"\n';
  const words = ['--to', '2026-11-01', '--dry-run'];
  const { stdout } = await upgraded({ 'pyproject.toml': settings }, ...words);
  const [left] = stdout.split('Would change');
  expect(left).toMatch(/^Only a person can change this:\n/);
  expect(left).toContain('wrangler.toml:1:1\n  warning: The date 2026-11-01 and the flags alone give');
  const other = await upgraded({ 'pyproject.toml': project }, ...words);
  expect(other.stdout).toContain(
    'pyproject.toml:4:1\n  warning: pyproject.toml, project.requires-python requires',
  );
});
