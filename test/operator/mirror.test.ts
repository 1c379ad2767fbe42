/** `npm run mirror`, into D1 and R2 of this machine and into a registry, from folders and from a server that breaks off. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { ResolveAnswer } from '../../resolver/answer.ts';
import type { PackageSet } from '../../resolver/catalog.ts';
import { sha256 } from '../../resolver/digest.ts';
import { loadDocument, loadDocuments } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { root } from '../../scripts/root.ts';
import { closedOrigin } from '../closed-origin.ts';
import { ending, newFolder, serve } from '../common/own.ts';
import { runIn } from '../common/project-copy.ts';
import { accessTo } from './run-access.ts';

const FLAG = 'python_3.13_packages_2025_10_20';
const { PINNED_WHEELS = '' } = process.env;
const wheels = join(PINNED_WHEELS, FLAG);
const isThere = PINNED_WHEELS !== '' && existsSync(wheels);
const SKIPPED = `skipped: PINNED_WHEELS names no folder with the wheels of ${FLAG}`;
if (!isThere) console.log(`npm run mirror ${SKIPPED}`);

const set = (await loadDocument({ kind: 'set', name: FLAG })) as PackageSet;
const memberOf = (name: string) => set.packages.find((member) => member.name === name)!;
const [idna, click, six] = ['idna', 'click', 'six'].map(memberOf) as [
  (typeof set.packages)[0],
  (typeof set.packages)[0],
  (typeof set.packages)[0],
];

const mirror = (args: string[], env: Record<string, string> = {}) =>
  runIn(root, { ...process.env, ...env }, process.execPath, [
    'scripts/mirror/main.ts',
    '--set',
    FLAG,
    ...args,
  ]);

/** All of `data/` but what was seen of files. */
const documents = (await loadDocuments()).filter(({ document }) => !('set' in document));
const open = (persist: string) =>
  startLocalRegistry({ persist, documents, buildWheel: () => Promise.reject(new Error('no')) });
const start = async (persist: string) => ending(await open(persist));
/** D1 and R2 with the documents: to copy them takes less than to publish them again. */
const seeded = newFolder();
const newState = async () => {
  const state = newFolder();
  await cp(seeded, state, { recursive: true });
  return state;
};
/** Beside other work, storage may take longer than the Worker waits for it: then it is asked again. */
const get = <Answer>({ url }: LocalRegistry, path: string) =>
  vi.waitFor(async () => {
    const response = await fetch(new URL(path, url));
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }, 600_000);
const healthOf = (registry: LocalRegistry) => expect.poll(() => get(registry, '/healthz'));
const sizesAt = async (registry: LocalRegistry) => {
  const path = `/v1/resolve?flag=${FLAG}&requirement=idna&requirement=click&requirement=six`;
  const { packages } = await get<ResolveAnswer>(registry, path);
  return Object.fromEntries(packages.map(({ name, wheel }) => [name, wheel.size]));
};
const bytesOf = ({ filename }: { filename: string }) => readFile(join(wheels, filename));

/** The answer to an upload of a file that breaks off after half of it. */
async function brokenOff({ hostname, port, host }: URL, token: string): Promise<string> {
  const bytes = await bytesOf(click);
  const head = [
    `POST /wheels/${click.sha256}/${click.filename} HTTP/1.1`,
    ...[`Host: ${host}`, `Authorization: Bearer ${token}`, `Content-Length: ${bytes.length}`],
  ];
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  socket.end(bytes.subarray(0, bytes.length >> 1));
  return text(socket);
}

describe.skipIf(!isThere)(isThere ? 'with pinned wheels' : SKIPPED, () => {
  beforeAll(async () => (await open(seeded)).stop());

  test('puts files of folders into the registry of npm start, and says what is missing and wrong', async () => {
    const [state, folder] = [await newState(), newFolder()];
    const before = await start(state);
    await healthOf(before).toMatchObject({ files: { stored: 0 } });
    await before.stop();
    await mkdir(join(folder, 'below'));
    await copyFile(join(wheels, idna.filename), join(folder, 'below', idna.filename));
    // As R2's own backup names it.
    await copyFile(join(wheels, click.filename), join(folder, click.sha256));
    await writeFile(join(folder, six.filename), 'other bytes');

    const args = ['--persist', state, '--from', folder];
    const dry = await mirror([...args, '--dry-run']);
    const files = set.packages.length;
    const counts = (stored: number, more: string) =>
      `${files} files: ${stored} stored before, ${2 - stored} ${more}, ${files - 3} missing, 1 wrong\n`;
    expect([dry.code, dry.stdout]).toEqual([1, expect.stringContaining(counts(0, 'would be stored'))]);
    const done = await mirror(args);
    expect([done.code, done.stdout]).toEqual([
      1,
      `${counts(0, 'stored now')}  ${FLAG}: the sizes of 2 files\n`,
    ]);
    expect(done.stderr).toContain(`wrong: ${six.filename}: ${join(folder, six.filename)} has other bytes`);
    expect(done.stderr).toContain(`missing: ${memberOf('pandas').filename}: is in none of the folders`);
    const again = await mirror(args);
    expect([again.code, again.stdout]).toEqual([1, counts(2, 'stored now')]);

    const after = await start(state);
    await healthOf(after).toMatchObject({ status: 'ok', files: { stored: 2 } });
    expect(await sizesAt(after)).toEqual({
      idna: (await bytesOf(idna)).length,
      click: (await bytesOf(click)).length,
      six: null,
    });
    expect(await (await fetch(new URL(`/sets/${FLAG}`, after.url))).text()).toContain(`2 of ${files} files`);
    const stored = await get<{ stored: string[] }>(after, `/v1/sets/${FLAG}/stored`);
    expect(stored.stored.toSorted()).toEqual([idna.sha256, click.sha256].toSorted());
    await after.stop();
  });

  test('puts files of a server into a registry by a token, and goes on where a connection broke', async () => {
    const state = await newState();
    const registry = await start(state);
    const { stdout: token } = await accessTo(state, 'token', 'create', '--name', 'a', '--scope', 'files');
    const { stdout: other } = await accessTo(state, 'token', 'create', '--name', 'b', '--scope', 'set');
    const asked: [string, string | undefined][] = [];
    const from = await serve(async (request, response) => {
      const name = decodeURIComponent(request.url!.slice('/files/'.length));
      const { range } = request.headers;
      asked.push([name, range]);
      if (name === six.filename) return void response.end('other bytes');
      if (name !== idna.filename) return void response.writeHead(404).end();
      const bytes = await bytesOf(idna);
      const etag = '"idna"';
      const half = bytes.length >> 1;
      if (range === undefined) {
        response.writeHead(200, { 'content-length': bytes.length, etag, 'accept-ranges': 'bytes' });
        response.write(bytes.subarray(0, half), () => setTimeout(() => response.destroy(), 200));
        return;
      }
      const offset = Number(/\d+/.exec(range)![0]);
      const size = `bytes ${offset}-${bytes.length - 1}/${bytes.length}`;
      response.writeHead(206, { 'content-range': size, etag }).end(bytes.subarray(offset));
    });
    const args = [
      '--to',
      registry.url.href,
      '--from',
      `${from}/files`,
      '--cache',
      newFolder(),
      '--jobs',
      '16',
    ];
    const refused = await mirror(args, { PINWHEEL_TOKEN: other.trim() });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('not for files')]);
    await healthOf(registry).toMatchObject({ files: { stored: 0 } });

    asked.length = 0;
    const done = await mirror(args, { PINWHEEL_TOKEN: token.trim() });
    const files = set.packages.length;
    expect(done.stdout).toBe(
      `${files} files: 0 stored before, 1 stored now, ${files - 2} missing, 1 wrong\n  ${FLAG}: the sizes of 1 file\n`,
    );
    expect(done.code).toBe(1);
    expect(await sizesAt(registry)).toEqual({ idna: (await bytesOf(idna)).length, click: null, six: null });
    const served = await fetch(new URL(`/wheels/${idna.sha256}/${idna.filename}`, registry.url));
    expect(await sha256(new Uint8Array(await served.arrayBuffer()))).toBe(idna.sha256);
    expect(await readdir(root)).not.toContain('files');

    const send = (sha: string, name: string, body: BodyInit, credential = token.trim()) =>
      fetch(new URL(`/wheels/${sha}/${name}`, registry.url), {
        method: 'POST',
        headers: { authorization: `Bearer ${credential}` },
        body,
      });
    const codeOf = async (sent: Promise<Response>) => ((await (await sent).json()) as { code: string }).code;
    expect(await codeOf(send(click.sha256, click.filename, 'other'))).toBe('refused_publication');
    expect(await codeOf(send('0'.repeat(64), click.filename, 'other'))).toBe('unknown_wheel');
    expect(await codeOf(send(click.sha256, click.filename, 'other', 'none'))).toBe('invalid_token');
    expect(await brokenOff(registry.url, token.trim())).toMatch(/^HTTP\/1\.1 400 /);
    await healthOf(registry).toMatchObject({ files: { stored: 1 } });
  });

  describe('into a registry that stores none of the files', () => {
    let state: string;
    let registry: LocalRegistry;
    beforeAll(async () => {
      state = await newState();
      registry = await start(state);
    });

    test('a server that cannot be reached is given up after some files', async () => {
      const { origin } = ending(await closedOrigin());
      const args = ['--to', registry.url.href, '--from', origin, '--cache', newFolder()];
      const files = set.packages.length;
      // A dry run needs no token, and claims no download.
      const dry = await mirror([...args, '--dry-run']);
      expect([dry.code, dry.stdout, dry.stderr]).toEqual([
        0,
        `${files} files: 0 stored before, ${files} would be stored, 0 missing, 0 wrong\n`,
        '',
      ]);
      const done = await mirror(args, { PINWHEEL_TOKEN: 'none' });
      expect([done.code, done.stdout]).toEqual([
        1,
        `${files} files: 0 stored before, 0 stored now, ${files} missing, 0 wrong\n`,
      ]);
      const tried = done.stderr.split('cannot be reached').length - 1;
      expect(tried).toBeGreaterThanOrEqual(3);
      // Some files were under way when the third failed.
      expect(tried).toBeLessThanOrEqual(6);
      expect(done.stderr.split('its server could not be reached').length - 1).toBe(files - tried);
    });

    test('a registry that takes no file ends it at once, though a download is under way', async () => {
      const folder = newFolder();
      await copyFile(join(wheels, idna.filename), join(folder, idna.filename));
      const silent = await serve(({ url }, response) => {
        // Affine is the first of all.
        if (!url!.startsWith('/affine')) response.writeHead(404).end();
      });
      const args = ['--to', registry.url.href, '--from', folder, '--from', silent, '--cache', newFolder()];
      const done = await mirror(args, { PINWHEEL_TOKEN: 'none' });
      expect([done.code, done.stderr]).toEqual([1, expect.stringContaining(`${idna.filename} answered 401`)]);
    });

    test('a file that changes while it is read is wrong, and nothing is said of it', async () => {
      const folder = newFolder();
      const path = join(folder, idna.filename);
      await copyFile(join(wheels, idna.filename), path);
      // The mirror asks what is stored after it has looked at the folder.
      const between = await serve(async ({ url }, response) => {
        await writeFile(path, 'other bytes');
        const answer = await fetch(new URL(url!, registry.url));
        response.writeHead(answer.status).end(await answer.text());
      });
      const done = await mirror(['--to', between, '--from', folder], { PINWHEEL_TOKEN: 'none' });
      const files = set.packages.length;
      expect([done.code, done.stdout]).toEqual([
        1,
        `${files} files: 0 stored before, 0 stored now, ${files - 1} missing, 1 wrong\n`,
      ]);
      expect(done.stderr).toContain(`wrong: ${idna.filename}: `);
    });

    test('Ctrl-C in the middle publishes nothing, and the same command goes on', async () => {
      const { stdout: token } = await accessTo(state, 'token', 'create', '--name', 'a', '--scope', 'files');
      const ranges: (string | undefined)[] = [];
      const whole = new Map([
        [idna.filename, await bytesOf(idna)],
        [click.filename, await bytesOf(click)],
      ]);
      const from = await serve((request, response) => {
        const name = decodeURIComponent(request.url!.slice(1));
        const bytes = whole.get(name);
        if (bytes === undefined) return void response.writeHead(404).end();
        const headers = { 'content-length': bytes.length, etag: '"same"', 'accept-ranges': 'bytes' };
        if (name === idna.filename) return void response.writeHead(200, headers).end(bytes);
        const { range } = request.headers;
        ranges.push(range);
        if (range === undefined) {
          // Half of it, and then nothing.
          return void response.writeHead(200, headers).write(bytes.subarray(0, bytes.length >> 1));
        }
        const offset = Number(/\d+/.exec(range)![0]);
        const rest = bytes.subarray(offset);
        const size = `bytes ${offset}-${bytes.length - 1}/${bytes.length}`;
        response
          .writeHead(206, { ...headers, 'content-range': size, 'content-length': rest.length })
          .end(rest);
      });
      const args = ['--to', registry.url.href, '--from', from, '--cache', newFolder()];
      const revisionOf = async () =>
        (await get<{ registry: { revision: number } }>(registry, '/healthz')).registry.revision;
      const before = await revisionOf();
      const stopped = spawn(process.execPath, ['scripts/mirror/main.ts', '--set', FLAG, ...args], {
        cwd: root,
        env: { ...process.env, PINWHEEL_TOKEN: token.trim() },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const said = text(stopped.stderr);
      const ended = once(stopped, 'exit');
      const isStored = async () =>
        (await get<{ files: { stored: number } }>(registry, '/healthz')).files.stored === 1;
      await vi.waitUntil(async () => ranges.length > 0 && (await isStored()), {
        timeout: 600_000,
        interval: 100,
      });
      stopped.kill('SIGINT');
      expect(await ended).toEqual([130, null]);
      expect(await said).toContain('pinwheel: stopped; the same command goes on from here');
      expect([await revisionOf(), await isStored()]).toEqual([before, true]);

      const again = await mirror(args, { PINWHEEL_TOKEN: token.trim() });
      const files = set.packages.length;
      expect(again.stdout).toBe(
        `${files} files: 1 stored before, 1 stored now, ${files - 2} missing, 0 wrong\n  ${FLAG}: the sizes of 2 files\n`,
      );
      expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]/)]);
      expect(await sizesAt(registry)).toMatchObject({
        idna: whole.get(idna.filename)!.length,
        click: whole.get(click.filename)!.length,
      });
    });
  });

  const others = join(PINNED_WHEELS, 'python_3.12_packages_2025_04_04');
  test.skipIf(!existsSync(others))('a file of the same name that another set pins is not wrong', async () => {
    const [state, folder] = [await newState(), newFolder()];
    const filename = 'wcwidth-0.2.13-py2.py3-none-any.whl';
    await copyFile(join(others, filename), join(folder, filename));
    expect(set.packages.map((member) => member.filename)).toContain(filename);
    const { stdout, stderr } = await mirror(['--persist', state, '--from', folder, '--dry-run']);
    expect(stdout).toContain(`${set.packages.length} missing, 0 wrong`);
    expect(stderr).toContain(`missing: ${filename}: `);
  });

  test('a set that the operator published has its files mirrored, and taken from WHEELS', async () => {
    const [state, folder] = [newFolder(), newFolder()];
    await copyFile(join(wheels, idna.filename), join(folder, idna.filename));
    const flag = `${FLAG}_own`;
    const document: PackageSet = { ...set, flag, default_from: null, packages: [idna, click] };
    const options = { persist: state, buildWheel: () => Promise.reject(new Error('no')), unchecked: true };
    const own = [...documents, { document, day: '2026-11-20' }];
    const registry = ending(await startLocalRegistry({ ...options, documents: own }));
    const dry = ['--to', registry.url.href, '--set', flag, '--from', folder, '--dry-run'];
    const files = set.packages.length;
    expect((await mirror(dry)).stdout).toContain(`${files} files: 0 stored before, 1 would be stored`);
    const { code, stderr } = await mirror([...dry, '--set', 'python_3.13_packages_2025_10_20_none']);
    const unknown = 'the registry has no package set python_3.13_packages_2025_10_20_none';
    expect({ code, stderr }).toEqual({ code: 1, stderr: `pinwheel: ${unknown}\n` });
    await registry.stop();
    const again = ending(await startLocalRegistry({ ...options, documents, wheels: [folder] }));
    expect(await get(again, `/v1/sets/${flag}/stored`)).toEqual({ files: 2, stored: [idna.sha256] });
  });

  test('a registry that cannot be reached is named, and what to check', async () => {
    const { code, stderr } = await mirror(['--to', 'http://127.0.0.1:9/', '--from', wheels, '--dry-run']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^pinwheel: The registry at http:\/\/127\.0\.0\.1:9 could not be reached: .*\.\npinwheel: Check the URL, and that the registry is running\.\n$/,
    );
  });

  test('a folder without a registry is named, and what makes one', async () => {
    const state = newFolder();
    const { code, stderr } = await mirror(['--persist', state, '--from', wheels, '--dry-run']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `pinwheel: ${state} has no registry: npm start makes one, and has to be stopped then\n`,
    });
    expect(await readdir(state)).toEqual([]);
  });

  test('a registry that has lost its documents is not taken for none', async () => {
    const state = await newState();
    await rm(join(state, 'r2/pinwheel/blobs'), { recursive: true });
    const { code, stderr } = await mirror(['--persist', state, '--from', wheels, '--dry-run']);
    expect(code).toBe(1);
    const lost = /^pinwheel: the registry in (\S+) cannot be opened: .* could not be read(?: from R2.*)?\n$/;
    expect(lost.exec(stderr)?.[1]).toBe(state);
  });

  test('asks only the hosts of the list for pinned files', async () => {
    const state = await newState();
    const done = await mirror(['--persist', state], { UPSTREAM_HOSTS: 'wheels.example' });
    expect(done.code).toBe(1);
    expect(done.stdout).toContain(`0 stored now, ${set.packages.length} missing, 0 wrong`);
    expect(done.stderr).toContain("leads to a host that is not among the registry's UPSTREAM_HOSTS");
    // An empty one is none, as npm start has it.
    const dry = await mirror(['--persist', state, '--dry-run'], { UPSTREAM_HOSTS: '' });
    expect(dry.stdout).toContain(`${set.packages.length} would be stored, 0 missing`);
  });
});
