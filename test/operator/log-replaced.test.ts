/** `pinwheel log` where an address that it has seen before serves another log: of several real registries. */
import { beforeAll, expect, test } from 'vitest';
import { catalogAt } from '../../resolver/log/entries.ts';
import { newestOf } from '../../resolver/publication.ts';
import { loadCatalog, loadDocuments, type PublishedDocument } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { usePinwheel } from '../cli/pinwheel.ts';
import { ending, serve } from '../common/own.ts';
import { publishInto } from '../publish-into.ts';

/** Pythons, workerds and sets. */
const COUNT = 8;

const pinwheel = await usePinwheel();
let registry: LocalRegistry;

beforeAll(async () => {
  registry = ending(await startLocalRegistry({ documents: (await loadDocuments()).slice(0, COUNT) }));
});

const VERIFY = ['log', 'verify'];
const run = (words: string[], at: string) => pinwheel.run([...words, '--registry', at, '--json']);

/** The command's output about another registry at an address where it has seen this one. */
async function askInstead(documents: PublishedDocument[], words: string[], persist?: string) {
  let at = registry.url.origin;
  const origin = await serve(async (request, response) => {
    const answer = await fetch(at + request.url);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(new Uint8Array(await answer.arrayBuffer()));
  });
  expect((await run(VERIFY, origin)).code).toBe(0);
  const other = await startLocalRegistry({ documents, ...(persist && { persist }), unchecked: true });
  at = other.url.origin;
  const found = await run(words, origin);
  await other.stop();
  expect(found.stdout).toBe('');
  return JSON.parse(found.stderr);
}

// A registry of this machine that was emptied can be used again.
const ANEW = / To trust this log from now on, remove .+registry\.$/;

test.each([[VERIFY], [['packages', '--date', '2025-11-02']]])(
  'a registry that was set up anew is rejected by %s, until what is cached of it is removed',
  async (words) => {
    const documents = (await loadDocuments()).slice(0, COUNT);
    const found = await askInstead(documents, words);
    expect(found.message).toContain('not signed by localhost/log');
    expect(found.fix).toMatch(ANEW);
  },
);

test.each([
  ['fork', COUNT + 1, 'does not continue the one that was seen before'],
  ['step back', COUNT - 1, `had ${COUNT} publications when it was last seen`],
])('a registry that signs a %s with the same key is rejected', async (_, count, message) => {
  const documents = (await loadDocuments()).slice(0, count);
  if (count > COUNT) documents[0] = { ...documents[0]!, day: '2020-01-01' };
  const state = await pinwheel.folderWith({ 'log-key.txt': registry.logKey });
  const found = await askInstead(documents, VERIFY, state);
  expect(found.message).toContain(message);
  expect(found.fix).toMatch(ANEW);
});

test('after a log was verified, no command believes what its key has not signed', async () => {
  const documents = (await loadDocuments()).slice(0, COUNT + 1);
  const { name } = (await loadCatalog()).log[COUNT - 1]!;
  let forge = (text: string) => Promise.resolve(text);
  const origin = await serve(async (request, response) => {
    const answer = await fetch(registry.url.origin + request.url);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    const body = new Uint8Array(await answer.arrayBuffer());
    response.end(request.url === '/v1/index' ? await forge(new TextDecoder().decode(body)) : body);
  });
  const env = { XDG_CACHE_HOME: await pinwheel.folderWith({}) };
  const run = (words: string[], input = '') =>
    pinwheel.run([...words, '--registry', origin, '--json'], { env, input });
  const ask = ['resolve', 'idna', '--flag', name, '--as-of', '2026-11-20'];
  const { stdout: honest } = await run(ask);
  expect((await run(['log', 'verify'])).code).toBe(0);
  expect(JSON.parse((await run(['prove', '-'], honest)).stdout)).toMatchObject({
    signed_by: 'localhost/log',
  });

  // One more revision, consistent in itself, which nobody has signed.
  forge = async (text) => {
    const catalog = catalogAt(await loadCatalog(), COUNT);
    const forged = await newestOf(await publishInto(catalog, documents[0]!.document, '2026-11-20'));
    return JSON.stringify({ ...forged, checkpoint: JSON.parse(text).checkpoint });
  };
  for (const words of [ask, ['target', '--flag', name], ['packages', '--flag', name], ['when', 'idna']]) {
    const refused = await run(words);
    expect([words[0], refused.code, refused.stdout]).toEqual([words[0], 3, '']);
    expect(JSON.parse(refused.stderr)).toMatchObject({
      message: expect.stringContaining('is not signed by localhost/log'),
      fix: expect.stringMatching(ANEW),
    });
  }
  const { stdout: believed } = await pinwheel.run([...ask, '--registry', origin, '--json'], {
    env: { XDG_CACHE_HOME: await pinwheel.folderWith({}) },
  });
  expect(JSON.parse(believed).registry.revision).toBe(COUNT + 1);
  expect(await run(['prove', '-'], believed)).toMatchObject({ code: 3, stdout: '' });
});
