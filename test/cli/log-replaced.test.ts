/** `pinwheel log` where an address that it has seen before serves another log: of several real registries. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCatalog, loadDocuments, type PublishedDocument } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { oneServer } from '../one-server.ts';
import { installPinwheel, type Pinwheel } from './pinwheel.ts';

/** Pythons, workerds and sets. */
const COUNT = 8;

let pinwheel: Pinwheel;
let registry: LocalRegistry;

beforeAll(async () => {
  pinwheel = await installPinwheel();
  registry = await startLocalRegistry({ documents: (await loadDocuments()).slice(0, COUNT) });
});
afterAll(async () => {
  await registry.stop();
  await pinwheel.remove();
});

const { serve } = oneServer();
const verify = (at: string) => pinwheel.run(['log', 'verify', '--registry', at, '--json']);

/** What the command says of another registry at an address where it has seen this one. */
async function verifyInstead(documents: PublishedDocument[], persist?: string) {
  let at = registry.url.origin;
  const origin = await serve(async (request, response) => {
    const answer = await fetch(at + request.url);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(new Uint8Array(await answer.arrayBuffer()));
  });
  expect((await verify(origin)).code).toBe(0);
  const other = await startLocalRegistry({ documents, ...(persist && { persist }), unchecked: true });
  at = other.url.origin;
  const found = await verify(origin);
  await other.stop();
  expect(found.stdout).toBe('');
  return JSON.parse(found.stderr);
}

// A registry of this machine that was emptied can be used again.
const ANEW = / To trust this log from now on, remove .+registry\.$/;

test('a registry that was set up anew is rejected, until what is cached of it is removed', async () => {
  const documents = (await loadDocuments()).slice(0, COUNT);
  const found = await verifyInstead(documents);
  expect(found.message).toContain('not signed by localhost/log');
  expect(found.fix).toMatch(ANEW);
});

test.each([
  ['fork', COUNT + 1, 'does not continue the one that was seen before'],
  ['step back', COUNT - 1, `had ${COUNT} publications when it was last seen`],
])('a registry that signs a %s with the same key is rejected', async (_, count, message) => {
  const documents = (await loadDocuments()).slice(0, count);
  if (count > COUNT) documents[0] = { ...documents[0]!, published: '2020-01-01' };
  const state = await pinwheel.folderWith({ 'log-key.txt': registry.logKey });
  const found = await verifyInstead(documents, state);
  expect(found.message).toContain(message);
  expect(found.fix).toMatch(ANEW);
});

test('an answer of a fork is not proven, if its log is cached and a shorter one was verified', async () => {
  const documents = (await loadDocuments()).slice(0, COUNT + 1);
  const { subject } = (await loadCatalog()).log[COUNT - 1]!;
  const persist = await pinwheel.folderWith({ 'log-key.txt': registry.logKey });
  const fork = await startLocalRegistry({
    documents: documents.map((one, at) => (at === 0 ? { ...one, published: '2020-01-01' } : one)),
    persist,
    unchecked: true,
  });
  let at = registry.url.origin;
  const origin = await serve(async (request, response) => {
    const answer = await fetch(at + request.url);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(new Uint8Array(await answer.arrayBuffer()));
  });
  const env = { XDG_CACHE_HOME: await pinwheel.folderWith({}) };
  const run = (words: string[], input = '') =>
    pinwheel.run([...words, '--registry', origin, '--json'], { env, input });
  expect((await run(['log', 'verify'])).code).toBe(0);
  at = fork.url.origin;
  const ask = ['resolve', 'idna', '--flag', subject, '--as-of', '2026-11-20'];
  expect((await run([...ask, '--revision', '2'])).code).toBe(1);
  const { stdout: answer } = await run(ask);
  await fork.stop();
  expect(JSON.parse(answer).registry.revision).toBe(COUNT + 1);
  const { code, stderr } = await run(['prove', '-'], answer);
  expect([code, JSON.parse(stderr).message]).toEqual([
    1,
    expect.stringContaining('not the one that its key signed'),
  ]);
});
