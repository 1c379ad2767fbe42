import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NO_CREDENTIALS } from '../../../cli/common/credentials.ts';
import type { CommandError } from '../../../cli/common/failure.ts';
import { archiveKind } from '../../../cli/packages/archive.ts';
import { Cache } from '../../../cli/packages/cache.ts';
import { download, fetchAll, LIMITS } from '../../../cli/packages/download.ts';
import { mayLead, openTransfer } from '../../../cli/packages/transfer.ts';
import { newFolder, serve } from '../../common/own.ts';
import { makeWheel, makeZip, utf8 } from '../../zip.ts';
import {
  type Behaviour,
  cutAfter,
  dripping,
  endless,
  file,
  ignoreRange,
  redirect,
  sendFile,
  silent,
  stallAfter,
  startUpstream,
  status,
  type Upstream,
} from '../upstream.ts';
import { ASK, createWorld, filesBelow, sha256Of, type World } from './vendor-world.ts';

const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 7919) >>> 3);
const sha256 = sha256Of(bytes);

describe('a download', () => {
  let upstream: Upstream;
  let folder: string;
  let cache: Cache;
  beforeEach(async () => {
    upstream = await startUpstream();
    upstream.files.set('/file', bytes);
    folder = newFolder();
    cache = new Cache(folder);
  });
  afterEach(async () => {
    await upstream.stop();
  });

  const limits = { ...LIMITS, backoffMs: 1 };
  const fetchFile = (rest: { url?: string; size?: number } = {}, special: Partial<typeof LIMITS> = {}) => {
    const url = `${upstream.origin}/file`;
    const file = { name: 'file', version: '1', filename: 'file', sha256, size: null, url };
    const pinned = { ...file, ...rest, kind: archiveKind('a.whl')! };
    return download(pinned, cache, () => {}, NO_CREDENTIALS, { ...limits, ...special });
  };
  test('that a host cannot be reached is said once', async () => {
    const origin = upstream.origin;
    await upstream.stop();
    const files = ['a', 'b', 'c'].map((name) => {
      const url = `${origin}/${name}`;
      const kind = archiveKind('a.whl')!;
      return { name, version: '1', filename: name, sha256: sha256Of(utf8(name)), size: null, url, kind };
    });
    const fetching = fetchAll(files, cache, 3, {}, NO_CREDENTIALS, limits);
    const error = await fetching.catch((error: unknown) => error);
    expect(error).toMatchObject({
      exitCode: 3,
      issues: [{ message: expect.stringContaining('cannot be reached') }],
    });
    expect((error as CommandError).issues).toHaveLength(1);
    upstream = await startUpstream();
  });
  const kept = () => readdir(join(folder, 'sha256')).then((names) => names.sort());
  const log = () => upstream.log.map(({ status, range, bytes }) => ({ status, range, bytes }));

  const expectWhole = async (fetched: Promise<{ path: string }>) => {
    const { path } = await fetched;
    expect(sha256Of(await readFile(path))).toBe(sha256);
    expect(await kept()).toEqual([sha256]);
  };

  /** Leaves the first bytes of a file, as an interrupted run does. */
  const leave = async (content: Uint8Array) => {
    await mkdir(join(folder, 'sha256'));
    await writeFile(join(folder, 'sha256', `${sha256}.partial`), content);
  };

  test('is read whole though its response is garbage collected before', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const piece = await openTransfer(new URL(`${upstream.origin}/file`), 0, NO_CREDENTIALS, limits);
    for (let round = 0; round < 5; round++) {
      collect();
      await setImmediate();
    }
    let size = 0;
    for await (const chunk of piece!.chunks) size += chunk.length;
    expect(size).toBe(bytes.length);
  });

  test('resumes after the connection broke, and requests only the rest', async () => {
    upstream.misbehave('/file', cutAfter(150_000));
    await expectWhole(fetchFile());
    expect(log()).toEqual([
      { status: 200, range: undefined, bytes: 150_000 },
      { status: 206, range: 'bytes=150000-', bytes: 50_000 },
    ]);
  });

  test('resumes an earlier run', async () => {
    await leave(bytes.subarray(0, 120_000));
    await expectWhole(fetchFile());
    expect(log()).toEqual([{ status: 206, range: 'bytes=120000-', bytes: 80_000 }]);
  });

  test('starts again if the server sends the whole file', async () => {
    await leave(bytes.subarray(0, 100));
    upstream.misbehave('/file', ignoreRange);
    await expectWhole(fetchFile());
    expect(log()).toEqual([{ status: 200, range: 'bytes=100-', bytes: 200_000 }]);
  });

  const ranged =
    (contentRange: string, headers: Record<string, string> = {}): Behaviour =>
    (response) =>
      void response.writeHead(206, { 'content-range': contentRange, ...headers }).end(bytes.subarray(100));

  test.each<[what: string, Behaviour]>([
    ['another part', ranged('bytes 50-199999/200000')],
    ['no part that can be told', ranged('pieces')],
    ['a packed part', ranged('bytes 100-199999/200000', { 'content-encoding': 'identity, x' })],
    ['that there is no such part', status(416, { 'content-range': 'bytes */50' })],
  ])('asks for all if the server sends %s', async (_, behaviour) => {
    await leave(bytes.subarray(0, 100));
    upstream.misbehave('/file', behaviour);
    await expectWhole(fetchFile());
    expect(upstream.log.map(({ range }) => range)).toEqual(['bytes=100-', undefined]);
  });

  test('starts again if an earlier run left a part of another file', async () => {
    await leave(new Uint8Array(100));
    await expectWhole(fetchFile());
    expect(log()).toEqual([
      { status: 206, range: 'bytes=100-', bytes: 199_900 },
      { status: 200, range: undefined, bytes: 200_000 },
    ]);
  });

  test('starts again if an earlier run left more than the file has', async () => {
    const longer = new Uint8Array(300_000);
    await leave(longer);
    await expectWhole(fetchFile());
    expect((await stat(join(folder, 'sha256', sha256))).size).toBe(200_000);
    await rm(join(folder, 'sha256'), { recursive: true });
    await leave(longer);
    upstream.log.length = 0;
    await expectWhole(fetchFile({ size: 200_000 }));
    expect(log()).toEqual([{ status: 200, range: undefined, bytes: 200_000 }]);
  });

  test('needs no server if everything had been received', async () => {
    await leave(bytes);
    await expectWhole(fetchFile());
    expect(log()).toEqual([]);
  });

  test('is tried again after a status of 500 and more, and after too many requests', async () => {
    upstream.misbehave('/file', status(500), status(429), status(503));
    await expectWhole(fetchFile());
    expect(upstream.log.map(({ status }) => status)).toEqual([500, 429, 503, 200]);
  });

  test('is tried three times again, and keeps what was received', async () => {
    upstream.misbehave('/file', ...Array(9).fill(cutAfter(1_000)));
    await expect(fetchFile()).rejects.toThrow('cannot be reached: the connection broke off');
    expect(upstream.log).toHaveLength(4);
    expect(await kept()).toEqual([`${sha256}.partial`]);
  });

  test.each([400, 401, 404, 410, 304, 206])('is not tried again after a %i', async (code) => {
    upstream.misbehave('/file', status(code));
    await expect(fetchFile()).rejects.toThrow(`answers with status ${code}`);
    expect(upstream.log).toHaveLength(1);
  });

  test('says why a registry does not have it', async () => {
    const problem = { code: 'upstream_failed', detail: 'https://cdn.example answered 404.' };
    upstream.misbehave('/file', status(404, {}, JSON.stringify(problem)));
    await expect(fetchFile()).rejects.toThrow('answers with status 404: https://cdn.example answered 404');
  });

  test('of other bytes is not tried again, and leaves nothing', async () => {
    const other = new TextEncoder().encode('<!doctype html>');
    upstream.misbehave('/file', file(other));
    await expect(fetchFile()).rejects.toThrow(`it has the SHA-256 ${sha256Of(other)}`);
    expect(upstream.log).toHaveLength(1);
    expect(await kept()).toEqual([]);
  });

  test('of other bytes after a broken connection leaves nothing either', async () => {
    const other = new Uint8Array(200_000);
    // From then on: under load, that connection may break, too.
    upstream.misbehave('/file', cutAfter(1_000), ...Array(3).fill(file(other)));
    await expect(fetchFile()).rejects.toThrow(`it has the SHA-256 ${sha256Of(other)}`);
    expect(await kept()).toEqual([]);
  });

  test('ends with the first byte too many', async () => {
    await expect(fetchFile({ size: 199_999 })).rejects.toThrow('it has more than 199999 bytes');
    expect(await kept()).toEqual([]);
    await expect(fetchFile({}, { bytes: 100_000 })).rejects.toThrow(
      'is larger than the limit of 100000 bytes',
    );
    upstream.misbehave('/file', endless(false));
    await expect(fetchFile({}, { bytes: 100_000 })).rejects.toThrow(
      'is larger than the limit of 100000 bytes',
    );
    expect(await kept()).toEqual([]);
  });

  test('of fewer bytes than pinned has broken off', async () => {
    const short: Behaviour = (response) => {
      response.writeHead(200).write(bytes.subarray(0, 1_000), () => response.end());
    };
    upstream.misbehave('/file', short);
    await expectWhole(fetchFile({ size: 200_000 }));
    expect(upstream.log[1]).toMatchObject({ range: 'bytes=1000-', bytes: 199_000 });
  });

  test('that stalls is aborted, and resumed by the next try', async () => {
    upstream.misbehave('/file', stallAfter(5_000));
    await expectWhole(fetchFile({}, { stallMs: 100 }));
    expect(upstream.log[1]).toMatchObject({ range: 'bytes=5000-', bytes: 195_000 });
    await rm(join(folder, 'sha256'), { recursive: true });
    upstream.misbehave('/file', stallAfter(5_000));
    await expect(fetchFile({}, { stallMs: 100, retries: 0 })).rejects.toThrow('stalled for 0.1 s');
  });

  test('that is too slow is aborted', async () => {
    upstream.misbehave('/file', dripping(10));
    await expect(fetchFile({}, { stallMs: 200, retries: 0 })).rejects.toThrow('stalled for 0.2 s');
  });

  test('that is never answered is aborted', async () => {
    upstream.misbehave('/file', silent);
    await expect(fetchFile({}, { answerMs: 100, retries: 0 })).rejects.toThrow('did not answer within 0.1 s');
  });

  test('follows a limited number of redirects within its origin', async () => {
    upstream.misbehave('/from', redirect('/file'));
    await expectWhole(fetchFile({ url: `${upstream.origin}/from` }));
    await rm(join(folder, 'sha256'), { recursive: true });
    upstream.misbehave('/loop', ...Array(9).fill(redirect('/loop')));
    await expect(fetchFile({ url: `${upstream.origin}/loop` })).rejects.toThrow('redirects again and again');
    expect(upstream.log.filter(({ path }) => path === '/loop')).toHaveLength(6);
  });

  test('does not follow a redirect to another host without https', async () => {
    let asked = 0;
    const origin = await serve((_, response) => void response.end(bytes, () => asked++));
    upstream.misbehave('/file', redirect(`${origin}/file`));
    await expect(fetchFile()).rejects.toThrow(
      `redirects to ${origin}, which is neither https nor its own origin`,
    );
    upstream.misbehave('/file', redirect('http://['));
    await expect(fetchFile()).rejects.toThrow('redirects to what is not a URL');
    expect(asked).toBe(0);
  });

  test('may be redirected to https anywhere', () => {
    const lead = (to: string, from = 'http://cdn.example/a') => mayLead(new URL(to), new URL(from));
    expect(lead('https://other.example/b')).toBe(true);
    expect(lead('http://cdn.example/b')).toBe(true);
    expect(lead('http://cdn.example:8080/b')).toBe(false);
    expect(lead('http://cdn.example/b', 'https://cdn.example/a')).toBe(false);
    expect(lead('https://user:password@other.example/b')).toBe(false);
    expect(lead('file:///etc/passwd')).toBe(false);
  });

  test('by two runs at once is the same file', async () => {
    upstream.misbehave('/file', cutAfter(10_000), cutAfter(150_000));
    const [first, second] = await Promise.all([fetchFile(), fetchFile()]);
    expect(first.path).toBe(second.path);
    await expectWhole(Promise.resolve(first));
  });
});

/** Most of them meet the fault of Node that the test is about. */
const LARGE = ['largea', 'largeb', 'largec', 'larged', 'largee', 'largef'];

describe('a run', () => {
  let world: World;
  let cwd: string;
  const pinOf = (name: string) => world.shelf.pins.find(({ filename }) => filename.startsWith(`${name}-`))!;
  const pathOf = (name: string) => `/${pinOf(name).filename}`;

  beforeAll(async () => {
    world = await createWorld((shelf) => {
      for (const name of ['one', 'two', 'three']) {
        shelf.add(`${name}-1.0-py3-none-any.whl`, makeWheel(name, '1.0', bytes));
      }
      for (const name of LARGE) {
        shelf.add(`${name}-1.0-py3-none-any.whl`, makeWheel(name, '1.0', randomBytes(8_000_000)));
      }
      // Slow to unpack.
      const files = Array.from({ length: 5_000 }, (_, at) => ({ name: `many/${at}.py`, data: utf8('') }));
      shelf.add('many-1.0-py3-none-any.whl', makeZip(files));
    });
  });
  beforeEach(async () => {
    world.upstream.log.length = 0;
    cwd = newFolder();
  });

  const args = (...rest: string[]) => ['vendor', ...rest, ...ASK, '--cache', 'cache'];
  const vendor = (...rest: string[]) => world.pinwheel.run(args(...rest), { cwd });
  const cached = () => readdir(join(cwd, 'cache/sha256')).then((names) => names.sort());

  test('that is interrupted is continued by the next, with the rest only', async () => {
    world.upstream.misbehave(pathOf('one'), stallAfter(150_000));
    const child = spawn(process.execPath, [world.pinwheel.script, ...args('one')], { cwd });
    const partial = join(cwd, 'cache/sha256', `${pinOf('one').sha256}.partial`);
    const ended = new Promise((resolve) => child.on('close', resolve));
    await expect
      .poll(() =>
        stat(partial).then(
          ({ size }) => size,
          () => 0,
        ),
      )
      .toBe(150_000);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(await readdir(cwd)).toEqual(['cache']);

    const size = world.upstream.files.get(pathOf('one'))!.length;
    const { code, stdout, stderr } = await vendor('one', '--json');
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/, the last 51 kB of 201 kB\n$/),
    });
    expect(JSON.parse(stdout).totals).toMatchObject({ downloaded: size - 150_000, cached: 150_000 });
    expect(world.upstream.log.map(({ range, bytes }) => ({ range, bytes }))).toEqual([
      { range: undefined, bytes: 150_000 },
      { range: 'bytes=150000-', bytes: size - 150_000 },
    ]);
  });

  test('that is interrupted while it unpacks does not change the folder', async () => {
    expect(await vendor('one')).toMatchObject({ code: 0 });
    const before = await filesBelow(join(cwd, 'python_modules'));
    const child = spawn(process.execPath, [world.pinwheel.script, ...args('many')], { cwd });
    // Once something is unpacked, there is a temporary folder next to the folder.
    const staged = expect.stringMatching(/^\.python_modules/);
    await expect.poll(() => readdir(cwd), { interval: 1 }).toContainEqual(staged);
    child.kill('SIGTERM');
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(143);
    expect((await readdir(cwd)).sort()).toEqual(['cache', 'python_modules']);
    expect(await filesBelow(join(cwd, 'python_modules'))).toEqual(before);
  });

  test('from a server that closes connections while the end of a file is still unread', async () => {
    const slow = `const { values } = ReadableStream.prototype;
      ReadableStream.prototype[Symbol.asyncIterator] = async function* () {
        for await (const chunk of values.call(this)) {
          await new Promise((resolve) => setTimeout(resolve, 2));
          yield chunk;
        }
      };`;
    const closing: Behaviour = (response, _request, content) => {
      response.shouldKeepAlive = false;
      response.writeHead(200, { 'content-length': content.length }).end(content);
    };
    for (const name of LARGE) world.upstream.misbehave(pathOf(name), closing);
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(slow)}` };
    const { code, stderr } = await world.pinwheel.run(args(...LARGE), { cwd, env });
    expect(code, stderr).toBe(0);
    expect(world.upstream.log).toHaveLength(LARGE.length);
  });

  test('with wrong bytes names the file, the URL and the hashes, and does not change the folder', async () => {
    expect(await vendor('one')).toMatchObject({ code: 0 });
    const before = await filesBelow(join(cwd, 'python_modules'));
    const other = new TextEncoder().encode('other');
    world.upstream.misbehave(pathOf('two'), file(other));
    const { code, stdout, stderr } = await vendor('one', 'two', 'three');
    const { filename, url, sha256 } = pinOf('two');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      `error: ${filename} from ${url} is not the file that the package set pins: it has the SHA-256 ${sha256Of(other)}, but the pinned one has the SHA-256 ${sha256}.\n`,
    );
    expect(await filesBelow(join(cwd, 'python_modules'))).toEqual(before);
    expect((await readdir(cwd)).sort()).toEqual(['cache', 'python_modules']);
    expect(await cached()).toEqual([pinOf('one').sha256, pinOf('three').sha256].sort());
  });

  test('reports each file that cannot be downloaded', async () => {
    world.upstream.misbehave(pathOf('one'), status(404));
    world.upstream.misbehave(pathOf('two'), status(403));
    const { code, stderr } = await vendor('one', 'two');
    expect(code).toBe(3);
    expect(stderr).toContain(
      `error: ${pinOf('one').filename} could not be downloaded: ${pinOf('one').url} answers with status 404.`,
    );
    expect(stderr).toContain(
      `error: ${pinOf('two').filename} could not be downloaded: ${pinOf('two').url} answers with status 403.`,
    );
  });

  test('reports wrong files rather than unreachable ones', async () => {
    world.upstream.misbehave(pathOf('one'), status(404));
    world.upstream.misbehave(pathOf('two'), file(new Uint8Array(1)));
    expect(await vendor('one', 'two')).toMatchObject({ code: 1 });
  });

  test.each([1, 2])('downloads as many files at a time as --jobs says: %i', async (jobs) => {
    let underway = 0;
    let most = 0;
    const held: (() => void)[] = [];
    // Each response waits for the largest allowed number of requests, or the last request.
    const hold: Behaviour = (response, request, content) => {
      most = Math.max(most, ++underway);
      held.push(() => {
        underway--;
        sendFile(response, request, content);
      });
      if (held.length === jobs || world.upstream.log.length === 3) for (const go of held.splice(0)) go();
    };
    for (const name of ['one', 'two', 'three']) world.upstream.misbehave(pathOf(name), hold);
    expect(await vendor('one', 'two', 'three', '--jobs', String(jobs))).toMatchObject({ code: 0 });
    expect(most).toBe(jobs);
  });

  test('whose cache cannot be written says so', async () => {
    await writeFile(join(cwd, 'cache'), '');
    const { code, stderr } = await vendor('one');
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('error: cache/sha256') });
  });
});
