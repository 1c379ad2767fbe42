/** `pinwheel log` and `pinwheel prove` against a real registry, and a verifier that shares no code with it. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { replay } from '../../cli/ask/registry-log.ts';
import { base64, hexOf } from '../../resolver/bytes.ts';
import type { Catalog, NewestIndex, PackageSet, Publication } from '../../resolver/catalog.ts';
import { createClient } from '../../resolver/client.ts';
import { catalogAt, logTree } from '../../resolver/log/entries.ts';
import { rootAt } from '../../resolver/log/merkle.ts';
import {
  generateNoteKey,
  openCheckpoint,
  readSigner,
  signCheckpoint,
  signNote,
} from '../../resolver/log/note.ts';
import { emptyCatalog } from '../../resolver/publication.ts';
import { loadCatalog, loadDocuments } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { root } from '../../scripts/root.ts';
import { seed } from '../../scripts/seed.ts';
import { usePinwheel } from '../cli/pinwheel.ts';
import { ending, serve } from '../common/own.ts';

const run = promisify(execFile);
/** Pythons, workerds and sets, with the first set that is a default. */
const COUNT = 8;
const { log } = await loadCatalog();
const FLAG = log.slice(0, COUNT).findLast(({ kind }) => kind === 'set')!.name;

const pinwheel = await usePinwheel();
let registry: LocalRegistry;
let url: string;
let store: R2Bucket;

beforeAll(async () => {
  registry = ending(await startLocalRegistry({ documents: (await loadDocuments()).slice(0, COUNT) }));
  url = registry.url.origin;
  store = (await registry.miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
});

const verify = (at = url) => pinwheel.run(['log', 'verify', '--registry', at, '--json']);
const verifyInPython = (at = url) => run('python3', [join(root, 'test/cli/verify_log.py'), at]);
const keyOf = async () => (await (await fetch(`${url}/log/key`)).text()).trim();

const flipped = (bytes: Uint8Array) => bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte));

/** The error while one bit of an object is flipped. */
async function whileFlipped(key: string, work: () => Promise<void>): Promise<void> {
  const object = (await store.get(key))!;
  const good = new Uint8Array(await object.arrayBuffer());
  await store.put(key, flipped(good));
  try {
    await work();
  } finally {
    await store.put(key, good);
  }
}

/** A proxy of the registry that flips one bit of one path; `hits` counts it. */
async function served(path: string): Promise<{ origin: string; hits(): number }> {
  let hits = 0;
  const origin = await serve(async (request, response) => {
    const answer = await fetch(url + request.url);
    const body = new Uint8Array(await answer.arrayBuffer());
    if (request.url === path) hits++;
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(request.url === path ? flipped(body) : body);
  });
  return { origin, hits: () => hits };
}

describe('pinwheel log verify', () => {
  test('agrees with a verifier in Python on the log and its root', async () => {
    const verified = await verify();
    expect(verified).toMatchObject({ code: 0, stderr: '' });
    const { registry: stamp, root: encoded } = JSON.parse(verified.stdout);
    const tree = await logTree(log.slice(0, COUNT));
    expect(stamp).toEqual({ revision: COUNT, digest: log[COUNT - 1]!.root });
    expect(encoded).toBe(base64(tree.root));
    const { stdout } = await verifyInPython();
    expect(stdout.trim()).toBe(`${COUNT} ${hexOf(tree.root)}`);
  });

  test('replays the bundled data', async () => {
    const bundled = await pinwheel.run(['log', 'verify']);
    expect(bundled).toMatchObject({ code: 0, stderr: '' });
    expect(bundled.stdout).toContain(log.at(-1)!.root);
  });

  test('says which kinds of documents it cannot replay', async () => {
    const replayed = replay([{ ...log[0], kind: 'verdict' }], async () => ({}));
    await expect(replayed).rejects.toThrow(
      'Revision 1 is of the kind verdict, which this version of pinwheel',
    );
    await expect(replay(['evidence'], async () => ({}))).rejects.toThrow(
      'Entry 1 of the log is not a publication.',
    );
  });

  test.each([
    ['the signed head', 'head.json'],
    ['a set', `documents/${log[1]!.digest}.json`],
    ['a Python', `documents/${log[0]!.digest}.json`],
  ])('detects a flipped bit in %s, as the verifier in Python does', async (_, key) => {
    await whileFlipped(key, async () => {
      const found = await verify();
      expect([found.code, found.stdout]).toEqual([found.code || 'not found', '']);
      await expect(verifyInPython()).rejects.toThrow();
    });
    expect((await verify()).code).toBe(0);
  });

  test.each([
    ['a tile', `/log/tile/0/000.p/${COUNT}`],
    ['an entry', `/log/tile/entries/000.p/${COUNT}`],
    ['the checkpoint', '/log/checkpoint'],
  ])('detects a bit of %s that is flipped in transit, as the verifier in Python does', async (_, path) => {
    const { origin, hits } = await served(path);
    const found = await verify(origin);
    expect([found.code, found.stdout]).toEqual([found.code || 'not found', '']);
    expect(hits()).toBe(1);
    await expect(verifyInPython(origin)).rejects.toThrow();
    expect(hits()).toBe(2);
  });

  test.each(['null', '{"log":null}', '<html>'])('detects a catalog that is none: %s', async (body) => {
    const origin = await serve(async (request, response) => {
      const isCatalog = request.url === '/v1/catalog';
      response.end(isCatalog ? body : new Uint8Array(await (await fetch(url + request.url)).arrayBuffer()));
    });
    const { code, stderr } = await verify(origin);
    expect([code, JSON.parse(stderr).message]).toEqual([
      1,
      `${origin}/v1/catalog does not match the documents of the log.`,
    ]);
  });

  test.each([
    ['that is behind the log is asked for again', (catalog: Catalog) => catalog, [3, 'Try again']],
    [
      'that is behind the log, with other facts, is detected',
      ({ pythons: [python, ...others], ...catalog }: Catalog) => ({
        ...catalog,
        pythons: [{ ...python!, supported_until: '2030-01-01' }, ...others],
      }),
      [1, 'Do not trust'],
    ],
  ])('a catalog %s', async (_, change, [code, fix]) => {
    const origin = await serve(async (request, response) => {
      const answer = await fetch(url + request.url);
      if (request.url !== '/v1/catalog') response.end(new Uint8Array(await answer.arrayBuffer()));
      else response.end(JSON.stringify(change(catalogAt((await answer.json()) as Catalog, COUNT - 1))));
    });
    const found = await verify(origin);
    expect(found).toMatchObject({ code, stdout: '' });
    expect(JSON.parse(found.stderr).fix).toContain(fix);
  });

  test.each([
    ['an empty log', 0, 1],
    ['a log of which it has nothing', Number.MAX_SAFE_INTEGER, 3],
  ])('rejects a registry that signs %s', async (_, size, code) => {
    const { signing, verifying } = await generateNoteKey('localhost/log');
    const { root } = await logTree([]);
    const note = await signCheckpoint({ size, root }, (await readSigner(signing))!);
    const files: Record<string, string> = {
      '/log/key': verifying,
      '/log/checkpoint': note,
      '/v1/catalog': JSON.stringify(emptyCatalog),
    };
    const origin = await serve((request, response) => {
      const file = files[request.url!];
      response.writeHead(file === undefined ? 404 : 200);
      response.end(file ?? '{}');
    });
    expect(await verify(origin)).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringContaining('"severity":"error"'),
    });
  });

  test('rejects another key, and an invalid one', async () => {
    const other = (await keyOf()).replace('localhost', 'elsewhere');
    expect(await pinwheel.run(['log', 'verify', '--registry', url, '--key', other])).toMatchObject({
      code: 2,
    });
    const peter = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    const refused = await pinwheel.run(['log', 'verify', '--registry', url, '--key', peter]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('not signed by PeterNeumann');
  });
});

describe('pinwheel prove', () => {
  const ask = ['resolve', 'numpy', 'idna', '--flag', FLAG, '--as-of', '2026-11-20', '--json'];

  test('proves an answer by the bundled data, by the cached log of a registry, and by a proof in a file', async () => {
    const { stdout: answer } = await pinwheel.run([...ask, '--registry', url]);
    const proof = await pinwheel.run(['log', 'proof', String(COUNT), '--registry', url]);
    expect(proof).toMatchObject({ code: 0, stderr: '' });
    const asJson = await pinwheel.run(['log', 'proof', String(COUNT), '--registry', url, '--json']);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ index: COUNT - 1, proof: proof.stdout });
    const cwd = await pinwheel.folderWith({ 'answer.json': answer, 'p.tlog-proof': proof.stdout });
    const prove = (...args: string[]) => pinwheel.run(['prove', 'answer.json', ...args], { cwd });
    expect(await prove()).toMatchObject({ code: 0, stderr: '' });
    const key = await keyOf();
    const signed = await prove('--proof', 'p.tlog-proof', '--key', key, '--json');
    expect(JSON.parse(signed.stdout)).toMatchObject({ proven: true, signed_by: 'localhost/log' });
    const kept = await prove('--registry', url, '--json');
    expect(JSON.parse(kept.stdout)).toMatchObject({ proven: true, signed_by: 'localhost/log' });
  });

  test('detects any changed value of an answer, and any changed character of a proof', async () => {
    const { stdout } = await pinwheel.run(ask);
    const { stdout: target } = await pinwheel.run([
      ...['target', '--date', '2026-11-01', '--flag', 'python_workers', '--as-of', '2026-11-20', '--json'],
    ]);
    const prove = (input: string) => pinwheel.run(['prove', '-'], { input });
    expect((await prove(target)).code).toBe(0);
    expect((await prove(JSON.stringify(JSON.parse(stdout), null, 2))).code).toBe(0);
    for (const [text, from, to] of [
      [stdout, /"version":"(\d)/, '"version":"9$1'],
      [stdout, /"version":"/, '"version":"9","version":"'],
      [stdout, /"packages":/, '"packages":[],"packages":'],
      [stdout, /"sha256":"./, '"sha256":"x'],
      [stdout, /"depends":\[\]/, '"depends":["x"]'],
      [stdout, /"size":(null|\d+)/, '"size":7'],
      [stdout, /"python":"3/, '"python":"4'],
      [stdout, /"digest":"./, '"digest":"x'],
      [target, /"digest":"./, '"digest":"x'],
      [target, /"pyodide":"/, '"pyodide":"1'],
      [target, /"workerd_flags":\[/, '"workerd_flags":["x",'],
      [target, /"by":"python_modules"/, '"by":"workerd"'],
    ] as const) {
      const changed = text.replace(from, to);
      expect(changed).not.toBe(text);
      expect(await prove(changed), to).toMatchObject({ code: 1, stdout: '' });
    }
    const proof = (await pinwheel.run(['log', 'proof', '3', '--registry', url])).stdout;
    const answer = await pinwheel.run([...ask, '--revision', '3', '--flag', log[2]!.name]);
    const key = await keyOf();
    for (const at of [40, 80, 130, proof.indexOf('localhost'), proof.length - 5]) {
      const bad = proof.slice(0, at) + (proof[at] === 'A' ? 'B' : 'A') + proof.slice(at + 1);
      const cwd = await pinwheel.folderWith({ 'a.json': answer.stdout, p: bad });
      const { code } = await pinwheel.run(['prove', 'a.json', '--proof', 'p', '--key', key], { cwd });
      expect(code, `${at}`).not.toBe(0);
    }
  });

  test('proves an answer for a Pyodide version', async () => {
    const ask = ['resolve', 'idna', '--pyodide', '0.28.3', '--as-of', '2026-11-20', '--json'];
    const { stdout } = await pinwheel.run(ask);
    const prove = (input: string) => pinwheel.run(['prove', '-'], { input });
    expect(await prove(stdout)).toMatchObject({ code: 0, stderr: '' });
    for (const [from, to] of [
      ['"pyodide":"0.28.3"', '"pyodide":"0.28.2"'],
      ['"python":"3.13.2"', '"python":"3.13.1"'],
      ['"pyodide_named"', '"flag_by_date"'],
    ] as const) {
      expect(stdout).toContain(from);
      expect(await prove(stdout.replace(from, to)), to).toMatchObject({ code: 1, stdout: '' });
    }
  });

  test('detects an answer that does not say what was yanked', async () => {
    const documents = (await loadDocuments()).slice(0, COUNT);
    const { packages } = documents.find(({ document }) => 'flag' in document && document.flag === FLAG)!
      .document as PackageSet;
    const { filename, sha256 } = packages.find(({ name }) => name === 'idna')!;
    const yank = { kind: 'yank', reason: 'It is wrong.', from: '2026-11-01' } as const;
    const day = '2026-10-31';
    const of = await startLocalRegistry({
      documents: [
        ...documents,
        { document: { ...yank, subject: FLAG, sha256: null }, day },
        { document: { ...yank, subject: filename, sha256 }, day },
      ],
      unchecked: true,
    });
    const { stdout } = await pinwheel.run([...ask, '--registry', of.url.origin]);
    await of.stop();
    const prove = (input: string) =>
      pinwheel.run(['prove', '-', '--registry', of.url.origin, '--json'], { input });
    expect(await prove(stdout)).toMatchObject({ code: 0, stderr: '' });
    const answer = JSON.parse(stdout);
    const without = (list: { code: string }[], code: string) => list.filter((remark) => remark.code !== code);
    const { target, diagnostics } = answer;
    for (const changed of [
      { ...answer, diagnostics: without(diagnostics, 'yanked_wheel') },
      {
        ...answer,
        target: { ...target, diagnostics: without(target.diagnostics, 'yanked_package_set') },
      },
    ]) {
      expect(changed).not.toEqual(answer);
      const { code, stderr } = await prove(JSON.stringify(changed));
      expect([code, stderr]).toEqual([1, expect.stringContaining('diagnostics')]);
    }
  });

  test('does not prove an answer for a key that has signed nothing that is here', async () => {
    const cwd = await pinwheel.folderWith({});
    const env = { XDG_CACHE_HOME: join(cwd, 'cache') };
    const { stdout: input } = await pinwheel.run([...ask, '--registry', url], { cwd, env });
    const key = await keyOf();
    const prove = (...args: string[]) => pinwheel.run(['prove', '-', ...args, '--json'], { cwd, env, input });
    expect(await prove('--key', key)).toMatchObject({ code: 2, stdout: '' });
    expect(JSON.parse((await prove('--registry', url)).stdout)).toMatchObject({ signed_by: null });
    const peter = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(await prove('--registry', url, '--key', peter)).toMatchObject({ code: 3, stdout: '' });
    const proven = await prove('--registry', url, '--key', key);
    expect(JSON.parse(proven.stdout)).toMatchObject({ proven: true, signed_by: 'localhost/log' });
  });

  test('names the command that caches what a proof needs', async () => {
    const cwd = await pinwheel.folderWith({});
    const env = { XDG_CACHE_HOME: join(cwd, 'cache') };
    const { stdout: input } = await pinwheel.run([...ask, '--registry', url]);
    const prove = () => pinwheel.run(['prove', '-', '--registry', url], { cwd, env, input });
    const { code, stderr } = await prove();
    const [, words] = /^ {2}fix: Ask it the question once: pinwheel (.*)$/m.exec(stderr) ?? [];
    expect([code, words]).toEqual([3, expect.stringContaining(`--revision ${COUNT} `)]);
    expect(await pinwheel.run(words!.split(' '), { cwd, env })).toMatchObject({ code: 0 });
    expect(await prove()).toMatchObject({ code: 0 });
  });

  test('says what it cannot prove', async () => {
    for (const input of ['{', '{"packages":[]}']) {
      const stderr = expect.stringMatching(/^error: standard input is not /);
      expect(await pinwheel.run(['prove', '-'], { input })).toMatchObject({ code: 2, stderr });
    }
    expect(await pinwheel.run(['log', 'proof', '--registry', url])).toMatchObject({ code: 2 });
    expect(await pinwheel.run(['log', 'proof', '999', '--registry', url])).toMatchObject({ code: 2 });
    expect(await pinwheel.run(['log', 'consistency', '3'])).toMatchObject({ code: 2 });
    expect(await pinwheel.run(['log', 'verify', '3'])).toMatchObject({ code: 2, stdout: '' });
  });
});

test('a client with the key of the log reads versions from the sets, which the log names', async () => {
  const logKey = await keyOf();
  const question = { compatibility_flags: [FLAG], requirement: 'idna==3.7' };
  const asked: string[] = [];
  // Its look-ups of names say what is not so.
  const lying = async (address: string, init: object) => {
    const response = await fetch(address, init);
    asked.push(new URL(address).pathname);
    if (!address.includes('/v1/packages/')) return response;
    return new Response((await response.text()).replaceAll('"version":"', '"version":"99.'));
  };
  const answer = await createClient({ registry: url, logKey, fetch: lying }).when(question);
  expect(answer.flags.length).toBeGreaterThan(0);
  expect(answer).toEqual(await createClient({ registry: url }).when(question));
  expect(asked).not.toContain('/v1/packages/idna');
});

test('a log continues from the known head', async () => {
  const documents = await loadDocuments();
  const DB = await registry.miniflare.getD1Database('DB');
  await seed(
    { DB, STORE: store },
    documents.slice(0, COUNT + 1),
    async () => new Uint8Array(),
    () => {},
  );
  await expect.poll(async () => (await verify()).stdout).toContain(`"revision":${COUNT + 1}`);
  const consistency = await pinwheel.run(['log', 'consistency', String(COUNT), '--registry', url, '--json']);
  expect(JSON.parse(consistency.stdout)).toMatchObject({ first: COUNT, second: COUNT + 1 });
  expect(await rootAt(await logTree(log), COUNT)).toEqual((await logTree(log.slice(0, COUNT))).root);

  const { publication } = (await (await fetch(`${url}/v1/index`)).json()) as { publication: Publication };
  const { stdout } = await verifyInPython();
  expect(stdout.trim()).toMatch(new RegExp(`^${COUNT + 1} ${publication.root}$`));
  for (const path of ['/v1/index', `/v1/documents/${publication.index}`, `/log/proof/${COUNT + 1}`]) {
    const { origin, hits } = await served(path);
    await expect(verifyInPython(origin), path).rejects.toThrow();
    expect(hits(), path).toBe(1);
  }

  // All that is cached of the registry is the index, with the checkpoint.
  const env = { XDG_CACHE_HOME: await pinwheel.folderWith({}) };
  const ask = ['resolve', 'idna', '--flag', FLAG, '--as-of', '2026-11-20', '--json', '--registry', url];
  const { stdout: input } = await pinwheel.run(ask, { env });
  const prove = () => pinwheel.run(['prove', '-', '--registry', url, '--json'], { env, input });
  expect(JSON.parse((await prove()).stdout)).toMatchObject({ proven: true, signed_by: null });
  await pinwheel.run(['log', 'proof', '1', '--registry', url], { env });
  expect(JSON.parse((await prove()).stdout)).toMatchObject({ proven: true, signed_by: 'localhost/log' });
});

describe('a registry whose newest signature is old', () => {
  const DAY = 86_400_000;
  const question = ['idna', '--flag', FLAG, '--as-of', '2026-11-20'];

  /** A proxy whose heads are signed by the registry's key, but not now; `null`: they do not say when. */
  async function signedAgo(days: number | null): Promise<string> {
    const key = (await readSigner(registry.logKey))!;
    const old = async (note: string) => {
      const head = (await openCheckpoint(note, key))!;
      if (days !== null) return signCheckpoint(head, key, Date.now() - days * DAY - 60_000);
      return signNote(`${head.origin}\n${head.size}\n${base64(head.root)}\n`, key);
    };
    return serve(async (request, response) => {
      const answer = await fetch(url + request.url);
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      if (request.url === '/log/checkpoint') return response.end(await old(await answer.text()));
      if (request.url !== '/v1/index') return response.end(new Uint8Array(await answer.arrayBuffer()));
      const newest = (await answer.json()) as NewestIndex;
      return response.end(JSON.stringify({ ...newest, checkpoint: await old(newest.checkpoint!) }));
    });
  }

  test('has its age said by every command that asks it, from 30 days on', async () => {
    const [new29, old40] = [await signedAgo(29), await signedAgo(40)];
    for (const words of [
      ['resolve', ...question],
      ['target', ...question.slice(1)],
      ['when', ...question.slice(0, 1)],
      ['packages', ...question],
      ['log', 'verify'],
    ]) {
      const [fresh, old] = await Promise.all(
        [new29, old40].map((at) => pinwheel.run([...words, '--registry', at, '--json'])),
      );
      expect(fresh!.stderr).not.toContain('days old');
      expect(old!.stderr).toContain('its newest signature is 40 days old');
      expect([fresh!.code, old!.code]).toEqual([0, 0]);
      if (words[0] !== 'log') expect(old!.stdout).toBe(fresh!.stdout);
    }
  });

  test('is refused if it is older than --max-age', async () => {
    const origin = await signedAgo(10);
    for (const words of [
      ['resolve', ...question],
      ['log', 'verify'],
    ]) {
      const asked = (days: string, at = ['--registry', origin]) =>
        pinwheel.run([...words, ...at, '--max-age', days]);
      expect(await asked('9')).toMatchObject({ code: 3, stdout: '' });
      expect((await asked('9')).stderr).toContain('its newest signature is 10 days old');
      expect(await asked('11')).toMatchObject({ code: 0, stderr: expect.not.stringContaining('days old') });
      expect(await asked('soon')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--max-age soon'),
      });
      expect((await asked('9', [])).code).toBe(2);
    }
  });

  test('which it does not say, is refused by --max-age alone', async () => {
    const origin = await signedAgo(null);
    const asked = ['resolve', ...question, '--registry', origin];
    expect(await pinwheel.run(asked)).toMatchObject({ code: 0 });
    const refused = await pinwheel.run([...asked, '--max-age', '9']);
    expect(refused).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('does not say when it signed'),
    });
  });

  test('cannot leave out the signature once one was seen', async () => {
    let isSigned = true;
    const origin = await serve(async (request, response) => {
      const answer = await fetch(url + request.url);
      const isGone = !isSigned && request.url!.startsWith('/log/');
      response.writeHead(isGone ? 404 : answer.status);
      response.end(isGone ? '{}' : new Uint8Array(await answer.arrayBuffer()));
    });
    const asked = ['resolve', ...question, '--registry', origin];
    isSigned = false;
    expect(await pinwheel.run(asked)).toMatchObject({ code: 0 });
    expect(await pinwheel.run([...asked, '--max-age', '9'])).toMatchObject({ code: 3 });
    isSigned = true;
    expect((await verify(origin)).code).toBe(0);
    isSigned = false;
    expect(await pinwheel.run(asked)).toMatchObject({ code: 3, stdout: '' });
  });

  test('is named in the answers of a client that has the key, and refused by maxAge', async () => {
    const logKey = await keyOf();
    const asked = { compatibility_flags: [FLAG], as_of: '2026-11-20' };
    const codes = async (days: number) => {
      const { diagnostics } = await createClient({ registry: await signedAgo(days), logKey }).target(asked);
      return diagnostics.map(({ code }) => code);
    };
    expect(await codes(29)).not.toContain('old_signature');
    expect(await codes(31)).toContain('old_signature');
    const registry = await signedAgo(10);
    const { package_set } = await createClient({ registry, logKey, maxAge: 11 }).target(asked);
    expect(package_set.flag).toBe(FLAG);
    const refused = createClient({ registry, logKey, maxAge: 9 }).target(asked);
    await expect(refused).rejects.toMatchObject({ name: 'RegistryError', code: 'stale' });
    expect(() => createClient({ registry, maxAge: 9 })).toThrow('logKey');
  });
});
