/** Memory of packages that projects share, and when they cannot. */
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type * as Entry from '../../cli/entries/project.ts';
import { digestsBelow } from '../../cli/worker/files.ts';
import { onlyInAll } from '../common/only-in-all.ts';
import { utf8 } from '../zip.ts';
import { writeWheel } from './own-wheel.ts';
import { bytesBelow, CACHE, cacheWithoutMemory, FLAG_0_29_5, useWorkshop } from './project.ts';
import { serve } from './workerd.ts';

const workshop = useWorkshop();

const PACKAGES = 'Importing the packages, and saving their memory';
const ALONE = 'Starting Python, and saving its memory';

/** A handler that answers with an expression. */
const answering = (imports: string, expression: string) => `${imports}


class Default:
    def __init__(self, ctx, env):
        pass

    async def fetch(self, request):
        from js import Response

        return Response.new(str(${expression}))
`;

async function build(folder: string, cache: string, set?: string) {
  const { PATH = '', HOME = '' } = process.env;
  const asked = ['build', folder, '--flag', FLAG_0_29_5, '--cache', cache];
  const settings = set === undefined ? {} : { PINWHEEL_SET: set };
  const ended = await workshop.pinwheel.run(asked, { env: { PATH, HOME, NO_COLOR: '1', ...settings } });
  expect(ended.code, ended.stderr).toBe(0);
  return ended;
}

async function ask(folder: string): Promise<string> {
  await using served = await serve(join(folder, 'dist/worker'), { PINWHEEL_CHECK_MEMORY: '1' });
  return `${await (await fetch(served.origin)).text()}${served.said()}`;
}

async function withWheel(entry: string, module: string) {
  const folder = await workshop.project({ 'src/entry.py': entry, 'requirements.txt': 'mine\n' });
  const files = { 'mine/__init__.py': utf8(module), 'mine/part.py': utf8('') };
  const set = await writeWheel(join(folder, 'wheels'), 'mine-1.0-py3-none-any.whl', files);
  return { folder, set };
}

test('a build that is stopped begins no further step', async () => {
  const { href } = pathToFileURL(join(dirname(workshop.pinwheel.script), 'project.js'));
  const { buildWorker, readProject } = (await import(href)) as typeof Entry;
  const folder = await workshop.project({ 'src/entry.py': answering('import json', '1') });
  const cache = await workshop.pinwheel.folderWith({});
  await mkdir(join(CACHE, 'npm'), { recursive: true });
  await symlink(join(CACHE, 'npm'), join(cache, 'npm'));
  const project = await readProject(folder, { flags: [FLAG_0_29_5], cache });
  for (const last of [/^Pyodide/, /^Importing the packages/, /^Importing the project/]) {
    const stopping = new AbortController();
    const reason = new Error('The user has closed the window.');
    const heard: string[] = [];
    const step = (line: string) => {
      heard.push(line);
      if (last.test(line)) stopping.abort(reason);
    };
    const built = buildWorker(project, { listener: { step }, signal: stopping.signal });
    await expect(built).rejects.toBe(reason);
    expect(heard.at(-1)).toMatch(last);
    expect(existsSync(join(folder, 'dist'))).toBe(false);
  }
});

test('a folder of the cache that was being removed is made again, once', async () => {
  const cache = await cacheWithoutMemory(workshop);
  const folder = await workshop.project({ 'src/entry.py': answering('import json', '1') });
  const built = async () => {
    await rm(join(folder, 'dist'), { recursive: true, force: true });
    const { stderr } = await build(folder, cache);
    return { stderr, digests: await digestsBelow(join(folder, 'dist/worker')) };
  };
  const remove = async (kind: string, file: string) => {
    const [name] = await readdir(join(cache, kind));
    await rm(join(cache, kind, name!, file));
  };
  const first = await built();
  await remove('packages', 'layer.json');
  await remove('memory', 'outcome.json');
  await remove('snapshots', 'outcome.json');
  expect((await built()).digests).toEqual(first.digests);
  await remove('snapshots', 'changes.zst');
  expect((await built()).digests).toEqual(first.digests);
  expect((await built()).stderr).not.toContain('Importing');
});

test('projects with the same packages share it, and whichever is built first has the same bytes', async () => {
  const module = 'import decimal, fractions\nVALUES = [decimal.Decimal(n) for n in range(9)]\n';
  const mine = await withWheel(answering('import mine', 'len(mine.VALUES)'), module);
  const other = await withWheel(answering('import mine, json', 'mine.VALUES[8]'), module);
  const [first, second] = [await cacheWithoutMemory(workshop), await cacheWithoutMemory(workshop)];

  const built = async ({ folder, set }: typeof mine, cache: string) => {
    const { stderr } = await build(folder, cache, set);
    return { stderr, bytes: await bytesBelow(join(folder, 'dist/worker')) };
  };
  const before = await built(mine, first);
  expect(before.stderr).toContain(PACKAGES);
  const after = await built(other, first);
  expect(after.stderr).not.toContain(PACKAGES);
  expect(after.bytes.get('snapshot/base.bin')!.equals(before.bytes.get('snapshot/base.bin')!)).toBe(true);
  expect([await ask(mine.folder), await ask(other.folder)]).toEqual(['9', '8']);

  await appendFile(join(other.folder, 'src/entry.py'), '\n');
  const edited = await built(other, first);
  expect(edited.stderr).not.toContain(PACKAGES);
  // The other way round, from nothing.
  for (const [project, expected] of [
    [other, edited],
    [mine, before],
  ] as const) {
    const { bytes } = await built(project, second);
    expect([...bytes.keys()]).toEqual([...expected.bytes.keys()]);
    for (const [path, content] of bytes) expect(content.equals(expected.bytes.get(path)!), path).toBe(true);
  }
});

test("a project's own module is imported where packages find one of that name", async () => {
  const cache = await cacheWithoutMemory(workshop);
  const folder = await workshop.project({
    'src/entry.py': answering('import workers', 'workers.MINE'),
    'src/workers.py': 'MINE = "mine"\n\n\nclass Request:\n    def __init__(self, request):\n        pass\n',
  });
  expect((await build(folder, cache)).stderr).toContain(ALONE);
  expect(await ask(folder)).toBe('mine');
});

onlyInAll(
  'packages that draw random numbers are left out of it, and those that cannot be imported are named',
  async () => {
    const draws = 'from . import part\nimport secrets\n\nTOKEN = secrets.token_hex()\n';
    const { folder, set } = await withWheel(answering('import mine', 'mine.TOKEN'), draws);
    const built = await workshop.build(folder, '--flag', FLAG_0_29_5, '--set', set, '--json');
    expect(built.code, built.stderr).toBe(0);
    expect(JSON.parse(built.stdout).remarks).toEqual([{ code: 'entropy', module: 'mine', line: null }]);
    expect(await ask(folder)).not.toBe(await ask(folder));
    const text = await workshop.build(folder, '--flag', FLAG_0_29_5, '--set', set);
    expect(text.stderr).toContain('fix: Nothing needs to be done: each instance imports it when it starts.');
    expect(text.stderr).not.toContain('handler');

    const broken = await withWheel(
      answering('import mine', '1'),
      'import decimal\nfrom . import part\n1 / 0\n',
    );
    const { code, stderr } = await workshop.build(broken.folder, '--flag', FLAG_0_29_5, '--set', broken.set);
    expect(code).toBe(1);
    expect(stderr).toContain('entry could not be imported');
    expect(stderr).toContain('ZeroDivisionError: division by zero');
  },
);
