/** Memory that an operator publishes: another machine's Worker that starts from it has the same bytes. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSigner, signNote } from '../../resolver/log/note.ts';
import { statementOf } from '../../runtime/memory-file.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import type { Ended } from '../cli/pinwheel.ts';
import { addToken, copySeededState } from '../common/registry.ts';
import { utf8 } from '../zip.ts';
import { writeWheel } from './own-wheel.ts';
import {
  bytesBelow,
  CACHE,
  cacheWithoutMemory,
  FLAG_0_29_5,
  openWorkshop,
  type Workshop,
} from './project.ts';
import { serve } from './workerd.ts';

const state = await mkdtemp(join(tmpdir(), 'pinwheel-memory-'));
let workshop: Workshop;
let registry: LocalRegistry;
let token: string;
let set: string;
let published: Ended;

beforeAll(async () => {
  workshop = await openWorkshop();
  set = await newSet('wheels', `import decimal\nANSWER = decimal.Decimal("8")\n`);
  await copySeededState(state);
  registry = await startLocalRegistry({ persist: state });
  token = await addToken(registry, ['memory']);
  published = await publish(await newProject(), await cacheWithoutMemory(workshop), '--json');
});
afterAll(async () => {
  await registry?.stop();
  await workshop.remove();
  await rm(state, { recursive: true, force: true });
});

const MADE_HERE = 'Importing the packages, and saving their memory';

const ENTRY = `import mine


class Default:
    def __init__(self, ctx, env):
        pass

    async def fetch(self, request):
        from js import Response

        return Response.new(str(mine.ANSWER))
`;

/** A set of a wheel with this module. */
const newSet = (name: string, module: string) =>
  writeWheel(join(state, name), 'mine-1.0-py3-none-any.whl', { 'mine/__init__.py': utf8(module) });

/** A project whose settings name everything that it is made from. */
const newProject = (settings = '', packages = set) =>
  workshop.project({
    'src/entry.py': ENTRY,
    'requirements.txt': 'mine\n',
    'pyproject.toml': `[tool.pinwheel]\npackage-set = "${FLAG_0_29_5}"\nset = "${packages}"\n${settings}`,
  });

function run(words: string[], more: Record<string, string> = {}) {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, NO_COLOR: '1', ...more };
  return workshop.pinwheel.run([...words, '--registry', registry.url.origin], { env });
}

async function built(folder: string, cache: string, ...words: string[]): Promise<string> {
  const { code, stderr } = await run(['build', folder, '--cache', cache, ...words]);
  expect(code, stderr).toBe(0);
  return stderr;
}

/** The arguments that publish the memory of a project. */
function memory(folder: string, cache: string, ...words: string[]): string[] {
  return ['publish', '--memory', folder, '--cache', cache, ...words];
}

const publish = (...words: Parameters<typeof memory>) => run(memory(...words), { PINWHEEL_TOKEN: token });

test('an operator publishes memory, and anyone may compare it', async () => {
  expect([published.code, published.stderr]).toEqual([0, expect.stringContaining(MADE_HERE)]);
  const { status, key, sha256, size } = JSON.parse(published.stdout);
  expect(status).toBe('published');
  const stored = await fetch(new URL(`/v1/memory/${key}/${sha256}`, registry.url));
  expect((await stored.arrayBuffer()).byteLength).toBe(size);
  const compared = await run(memory(await newProject(), await cacheWithoutMemory(workshop), '--dry-run'));
  expect(compared).toMatchObject({
    code: 0,
    stdout: `Nothing changes: the registry has memory ${key} with the same bytes.\n`,
    stderr: expect.stringContaining(MADE_HERE),
  });
});

test('a Worker that starts from it is the one that is made without', async () => {
  const own = await newProject();
  const alone = await cacheWithoutMemory(workshop);
  // Only a project that wants it gets it.
  expect(await built(own, alone)).toContain(MADE_HERE);
  const wanted = [
    { folder: await newProject(), words: ['--shared-memory'] },
    { folder: await newProject('shared-memory = true\n'), words: [] },
  ];
  for (const { folder, words } of wanted) {
    const cache = await cacheWithoutMemory(workshop);
    const said = await built(folder, cache, ...words);
    expect(said).toContain(`The memory of the packages from ${registry.url.origin}`);
    expect(said).not.toContain(MADE_HERE);
    await expectSame(join(folder, 'dist/worker'), join(own, 'dist/worker'));
    const [name] = await readdir(join(cache, 'registries'));
    await expectSame(join(cache, 'registries', name!, 'memory'), join(alone, 'memory'));
    expect((await run(['build', folder, '--cache', cache, '--check'])).code).toBe(0);
  }

  expect(await answerOf(wanted[0]!.folder)).toBe('8');
});

test('memory that a registry has changed is found by making it, and reaches no project that does not want it', async () => {
  const made = 'made on this machine';
  const changed = 'made by the registry';
  const folder = await newProject('', await newSet('other', `ANSWER = "${made}"\n`));
  const maker = await cacheWithoutMemory(workshop);
  const { key, sha256 } = JSON.parse((await publish(folder, maker, '--json')).stdout);
  const file = Buffer.from(
    await (await fetch(new URL(`/v1/memory/${key}/${sha256}`, registry.url))).arrayBuffer(),
  );
  await replace(key, withText(file, made, changed));

  const compared = await run(memory(folder, maker, '--dry-run'));
  expect([compared.code, compared.stderr]).toEqual([1, expect.stringContaining(`makes has ${sha256}`)]);
  const cache = await cacheWithoutMemory(workshop);
  // Compressed less, and so sooner.
  await built(folder, cache, '--dev', '--shared-memory');
  expect(await answerOf(folder)).toBe(changed);
  expect(await built(folder, cache, '--dev')).toContain(MADE_HERE);
  expect(await answerOf(folder)).toBe(made);
});

/** The same file with another text in its pages, of the same length. */
function withText(file: Buffer, from: string, to: string): Buffer {
  const end = file.indexOf('\n');
  const header = JSON.parse(file.subarray(0, end).toString());
  const digest = file.subarray(-64);
  const pages = zlib.zstdDecompressSync(file.subarray(end + 1, -64));
  let count = 0;
  for (let at = pages.indexOf(from); at >= 0; at = pages.indexOf(from, at)) {
    pages.write(to, at);
    count++;
  }
  expect(count).toBeGreaterThan(0);
  header.pages.sha256 = createHash('sha256').update(pages).digest('hex');
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), zlib.zstdCompressSync(pages), digest]);
}

/** What a registry could do that does not keep its word: it has the key of its log. */
async function replace(key: string, file: Buffer): Promise<void> {
  const sha256 = createHash('sha256').update(file).digest('hex');
  const note = await signNote(
    statementOf({ key, sha256, size: file.length }),
    (await readSigner(registry.logKey))!,
  );
  const store = (await registry.miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
  const customMetadata = { note: Buffer.from(note).toString('base64') };
  await store.put(`memory/${key}`, new Uint8Array(file), { sha256, customMetadata });
}

/** What a Worker answers, which checks the digest of its memory. */
async function answerOf(folder: string): Promise<string> {
  const served = await serve(join(folder, 'dist/worker'), { DEBUG: '1' });
  try {
    return `${await (await fetch(served.origin)).text()}${served.said()}`;
  } finally {
    await served.stop();
  }
}

async function expectSame(folder: string, other: string): Promise<void> {
  const [left, right] = await Promise.all([folder, other].map(bytesBelow));
  expect([...left!.keys()]).toEqual([...right!.keys()]);
  for (const [path, bytes] of left!) expect(bytes.equals(right!.get(path)!), path).toBe(true);
}

test('wrong options and projects are rejected', async () => {
  const folder = await newProject();
  const { pinwheel } = workshop;
  expect(await pinwheel.run(['build', folder, '--shared-memory'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--shared-memory needs a registry.'),
  });
  for (const words of [['set.json'], ['--yank', 'x'], ['--wheel', 'x.whl'], ['--correct']]) {
    expect(await publish(folder, CACHE, ...words), words.join()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--memory publishes no document.'),
    });
  }
  expect(await run(memory(folder, CACHE))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Publishing needs a token.'),
  });
  const old = await workshop.project({
    'src/entry.py': 'class Default:\n    pass\n',
    'pyproject.toml': '[tool.pinwheel]\npackage-set = "python_3.12_packages_2025_06_04"\n',
  });
  await writeFile(join(old, 'requirements.txt'), '');
  const { code, stderr } = await run(memory(old, CACHE, '--dry-run'));
  expect([code, stderr]).toEqual([1, expect.stringContaining('cannot be saved')]);
});
