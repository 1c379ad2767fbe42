/** Memory that a registry provides, as a client checks it: a real registry, real signatures, and what is wrong with them. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { post } from '../../cli/ask/publish/send.ts';
import { fileOf, memoryOf, statedMemory } from '../../cli/project/shared-memory.ts';
import { type Base, memoryFiles } from '../../cli/worker/base.ts';
import { generateNoteKey, readSigner, signNote } from '../../resolver/log/note.ts';
import { type MemoryHeader, MOST_FILE, type StatedMemory, statementOf } from '../../runtime/memory-file.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { addToken, copySeededState } from '../common/registry.ts';
import { oneServer } from '../one-server.ts';

const PAGE = 4096;
const scratch = await mkdtemp(join(tmpdir(), 'pinwheel-memory-'));
const state = join(scratch, 'state');
let registry: LocalRegistry;
let origin: string;
let token: string;

beforeAll(async () => {
  await copySeededState(state);
  registry = await startLocalRegistry({ persist: state });
  origin = registry.url.origin;
  token = await addToken(registry, ['memory']);
});
afterAll(async () => {
  await registry?.stop();
  await rm(scratch, { recursive: true, force: true });
});
afterEach(() => vi.unstubAllEnvs());

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const newFolder = () => mkdtemp(join(scratch, 'folder-'));

/** Memory of three pages, in a folder as `pinwheel build` keeps it. */
async function newBase(name: string): Promise<Base> {
  const folder = await newFolder();
  const pages = Buffer.from(Array.from({ length: 3 * PAGE }, (_, at) => (at * 7 + name.length) % 251));
  const outcome: Base['outcome'] = {
    ok: true,
    compiled: ['AGFzbQEAAAA='],
    snapshot: {
      libraries: { loads: [], handles: [], table: 3, free: [] },
      references: [1, 'bridge'],
      size: 16 * PAGE,
      runs: [
        [0, 2],
        [9, 1],
      ],
      sha256: sha256(name),
    },
    remarks: [{ code: 'clock', module: name }],
    names: [name],
  };
  const files = memoryFiles(folder);
  await writeFile(files.pages, pages);
  await writeFile(files.outcome, JSON.stringify(outcome));
  return { inputs: [name], env: {}, outcome, pages: files.pages };
}

const publish = ({ key, sha256, bytes }: StatedMemory & { bytes: Buffer }) =>
  post<{ status: string }>(`${origin}/`, `v1/memory/${key}/${sha256}`, token, {
    body: new Uint8Array(bytes),
    headers: {},
  });

/** What a build takes of a registry: the files, and what it says. */
async function take(from: string, inputs: readonly unknown[]) {
  vi.stubEnv('XDG_CACHE_HOME', await newFolder());
  const said: string[] = [];
  const folder = await newFolder();
  const taken = await memoryOf(from, scratch, (line) => said.push(line)).get(inputs, folder);
  return { taken, said, folder, names: (await readdir(folder)).sort() };
}

/** Takes memory that is wrong: what is wrong, and that nothing was kept. */
async function refused(from: string, inputs: readonly unknown[]): Promise<string> {
  vi.stubEnv('XDG_CACHE_HOME', await newFolder());
  const folder = await newFolder();
  const error = await memoryOf(from, scratch, () => {})
    .get(inputs, folder)
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ exitCode: 1, issues: [{ code: 'wrong_memory', registry: from }] });
  expect(await readdir(folder)).toEqual([]);
  return (error as Error).message;
}

const { serve, deserted } = oneServer();

/** A proxy of the registry that changes some answers; null ends the connection in the middle of a body. */
const proxy = (change: (path: string, body: Buffer) => Buffer | number | null) =>
  serve(async (request, response) => {
    const answer = await fetch(origin + request.url);
    const body = Buffer.from(await answer.arrayBuffer());
    const changed = change(request.url!, body);
    if (typeof changed === 'number') return response.writeHead(changed).end();
    const type = answer.headers.get('content-type') ?? '';
    response.writeHead(answer.status, { 'content-type': type, 'content-length': (changed ?? body).length });
    if (changed !== null) return response.end(changed);
    return response.write(body.subarray(0, 9), () => response.destroy());
  });

const isFile = (path: string) => /^\/v1\/memory\/\w+\/\w+$/.test(path);
const isStatement = (path: string) => /^\/v1\/memory\/\w+$/.test(path);
const flipped = (bytes: Buffer, at: number) => Buffer.from(bytes.with(at, bytes[at]! ^ 1));

test('what was published is what another machine gets, byte for byte', async () => {
  const base = await newBase('shared');
  const file = await fileOf(base);
  expect(await publish(file)).toMatchObject({ status: 'published', size: file.size });
  expect(await publish(file)).toMatchObject({ status: 'unchanged' });
  const { taken, said, folder, names } = await take(origin, base.inputs);
  expect([taken, said]).toEqual([true, [expect.stringContaining(`from ${origin}`)]]);
  const own = join(base.pages, '..');
  expect(names).toEqual((await readdir(own)).sort());
  for (const name of names) {
    expect((await readFile(join(folder, name))).equals(await readFile(join(own, name))), name).toBe(true);
  }
});

test('what depends on anything else has another key', async () => {
  const one = await newBase('one');
  const { key } = await fileOf(one);
  expect((await fileOf({ ...one, inputs: ['two'] })).key).not.toBe(key);
});

describe('is made here, and said in one line, if the registry', () => {
  test('has none', async () => {
    const { taken, said, names } = await take(origin, ['nobody published this']);
    expect([taken, said, names]).toEqual([false, [`${origin} has no memory of these packages`], []]);
  });

  test('is not there', async () => {
    const { taken, said, names } = await take(await deserted(), ['x']);
    expect([taken, said, names]).toEqual([false, [expect.stringContaining('could not be reached')], []]);
  });

  test.each<[string, (path: string) => boolean, number | null]>([
    ['fails when it is asked', isStatement, 503],
    ['fails when it sends the file', isFile, 503],
    ['ends the connection in the middle of the file', isFile, null],
  ])('%s', async (name, when, what) => {
    const base = await newBase(name);
    await publish(await fileOf(base));
    const at = await proxy((path, body) => (when(path) ? what : body));
    const { taken, said, names } = await take(at, base.inputs);
    expect([taken, names]).toEqual([false, []]);
    expect(said.at(-1)).toContain(at);
  });
});

describe('is rejected, with nothing kept,', () => {
  const flips: [string, (path: string) => boolean, (body: Buffer) => Buffer, string][] = [
    ['with a bit of its statement flipped', isStatement, (body) => flipped(body, 30), 'is not signed by'],
    [
      'with a bit of the signature flipped',
      isStatement,
      (body) => flipped(body, body.length - 9),
      'is not signed by',
    ],
    ['with a bit of the header flipped', isFile, (body) => flipped(body, 20), 'its statement names'],
    [
      'with a bit of the pages flipped',
      isFile,
      (body) => flipped(body, body.length - 99),
      'its statement names',
    ],
    ['if it is shorter', isFile, (body) => body.subarray(0, -1), 'bytes that its statement names'],
    ['if it is longer', isFile, (body) => Buffer.concat([body, body]), 'bytes that its statement names'],
  ];
  test.each(flips)('%s', async (name, when, change, says) => {
    const base = await newBase(name);
    await publish(await fileOf(base));
    const at = await proxy((path, body) => (when(path) ? change(body) : body));
    expect(await refused(at, base.inputs)).toContain(says);
  });

  test('with the statement about other memory', async () => {
    const [one, other] = [await newBase('one of two'), await newBase('other of two')];
    const file = await fileOf(other);
    await publish(file);
    const note = Buffer.from(await (await fetch(`${origin}/v1/memory/${file.key}`)).text());
    const at = await serve(async (request, response) => {
      if (isStatement(request.url!)) return response.end(note);
      return response.end(Buffer.from(await (await fetch(origin + request.url)).arrayBuffer()));
    });
    expect(await refused(at, one.inputs)).toContain('about something else');
  });

  test('with a signature by another key than the one that was seen first', async () => {
    const base = await newBase('forged');
    const file = await fileOf(base);
    await publish(file);
    const home = await newFolder();
    const { signing, verifying } = await generateNoteKey('localhost/log');
    const forged = await signNote(statementOf(file), (await readSigner(signing))!);
    let isForged = false;
    const at = await proxy((path, body) => {
      if (!isForged) return body;
      if (path === '/log/key') return Buffer.from(verifying);
      return isStatement(path) ? Buffer.from(forged) : body;
    });
    vi.stubEnv('XDG_CACHE_HOME', home);
    expect(await statedMemory(`${at}/`, file.key)).toMatchObject({ sha256: file.sha256 });
    isForged = true;
    await expect(statedMemory(`${at}/`, file.key)).rejects.toThrow('is not signed by localhost/log');
    // A first meeting: the log itself has another key.
    vi.stubEnv('XDG_CACHE_HOME', await newFolder());
    await expect(statedMemory(`${at}/`, file.key)).rejects.toThrow('is not signed by');
  });

  /** Memory that a registry has signed without looking at it. */
  async function signed(
    name: string,
    change: (header: MemoryHeader, compressed: Buffer) => [object, Buffer],
  ) {
    const base = await newBase(name);
    const { key, bytes } = await fileOf(base);
    const end = bytes.indexOf('\n');
    const [header, body] = change(JSON.parse(bytes.subarray(0, end).toString()), bytes.subarray(end + 1));
    const file = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]);
    const memory = { key, sha256: sha256(file), size: file.length };
    const note = await signNote(statementOf(memory), (await readSigner(registry.logKey))!);
    const at = await serve(async (request, response) => {
      if (isStatement(request.url!)) return response.end(note);
      if (isFile(request.url!)) return response.end(file);
      return response.end(Buffer.from(await (await fetch(origin + request.url)).arrayBuffer()));
    });
    return refused(at, base.inputs);
  }
  const zeros = (size: number, digest: string) =>
    Buffer.concat([zlib.zstdCompressSync(Buffer.alloc(size)), Buffer.from(digest)]);

  const changes: [string, (header: MemoryHeader, body: Buffer) => [object, Buffer], string][] = [
    [
      'if it was made from other things',
      (header, body) => [{ ...header, inputs: ['x'] }, body],
      'its key is',
    ],
    ['of another format', (header, body) => [{ ...header, format: 2 }, body], 'wrong format'],
    [
      'with other pages than its header names',
      (header) => [header, zeros(3 * PAGE, header.outcome.snapshot.sha256)],
      'has pages with the SHA-256',
    ],
    [
      'with more pages than its header names',
      (header) => [header, zeros(1 << 28, header.outcome.snapshot.sha256)],
      'does not decompress',
    ],
    [
      'with more pages than an isolate has',
      (header, body) => [{ ...header, pages: { ...header.pages, size: 1 << 28 } }, body],
      'wrong pages.size',
    ],
    [
      'with pages that are not compressed',
      (header, body) => [header, Buffer.concat([Buffer.alloc(99), body.subarray(-64)])],
      'does not decompress',
    ],
    [
      'with the digest of another snapshot',
      (header, body) => [header, Buffer.concat([body.subarray(0, -64), Buffer.from('0'.repeat(64))])],
      'the digest of its snapshot',
    ],
  ];
  test.each(changes)('%s', async (name, change, says) => {
    expect(await signed(name, change)).toContain(says);
  });

  test('if its statement names more than the limit', async () => {
    const { key } = await fileOf(await newBase('huge'));
    const memory = { key, sha256: sha256(''), size: MOST_FILE + 1 };
    const note = Buffer.from(await signNote(statementOf(memory), (await readSigner(registry.logKey))!));
    const at = await serve(async (request, response) => {
      if (isStatement(request.url!)) return response.end(note);
      return response.end(Buffer.from(await (await fetch(origin + request.url)).arrayBuffer()));
    });
    expect(await refused(at, ['huge'])).toContain(`may have ${MOST_FILE} at most`);
  });
});

test('an upload that ends early leaves nothing', async () => {
  const { key, sha256: hash, bytes, size, ...rest } = await fileOf(await newBase('truncated'));
  const path = `/v1/memory/${key}/${hash}`;
  const socket = connect(Number(registry.url.port), registry.url.hostname);
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${registry.url.host}`,
    `authorization: Bearer ${token}`,
    `content-length: ${size}`,
  ];
  await once(socket, 'connect');
  await new Promise((sent) => socket.write(`${head.join('\r\n')}\r\n\r\n`, sent));
  await new Promise((sent) => socket.write(bytes.subarray(0, -1), sent));
  socket.resetAndDestroy();
  await once(socket, 'close');
  const store = (await registry.miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
  expect(await store.head(`memory/${key}`)).toBeNull();
  expect(await publish({ key, sha256: hash, bytes, size, ...rest })).toMatchObject({ status: 'published' });
});

test('an object that was damaged on the disk is not accepted, is removed, and may be published again', async () => {
  const base = await newBase('damaged');
  const file = await fileOf(base);
  await publish(file);
  await registry.stop();
  await damage(file.bytes);
  registry = await startLocalRegistry({ persist: state });
  origin = registry.url.origin;
  const first = await take(origin, base.inputs);
  expect([first.taken, first.names]).toEqual([false, []]);
  await expect.poll(async () => (await fetch(`${origin}/v1/memory/${file.key}`)).status).toBe(404);
  expect(await publish(file)).toMatchObject({ status: 'published' });
  expect((await take(origin, base.inputs)).taken).toBe(true);
});

/** Changes one bit of the file below `state` that has these bytes. */
async function damage(bytes: Buffer): Promise<void> {
  let found = 0;
  for (const entry of await readdir(state, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || (await stat(path)).size !== bytes.length) continue;
    if (!(await readFile(path)).equals(bytes)) continue;
    found++;
    const handle = await open(path, 'r+');
    await handle.write(Buffer.from([bytes[50]! ^ 1]), 0, 1, 50);
    await handle.close();
  }
  expect(found).toBe(1);
}
