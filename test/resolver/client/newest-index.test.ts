/** What a client reads of a registry whose newest publication names an index. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Catalog, PythonDocument } from '../../../resolver/catalog.ts';
import { createClient, type Fetch } from '../../../resolver/client.ts';
import { viewCatalog, viewIndex } from '../../../resolver/compatibility/view.ts';
import { catalogAt, entryOf } from '../../../resolver/log/entries.ts';
import { entryBundle, readTilePath, TILE_WIDTH } from '../../../resolver/log/tiles.ts';
import { indexOf, newestOf } from '../../../resolver/publication.ts';
import { publishInto } from '../../publish-into.ts';
import { codeOf, catalog as data, FLAG, question, REGISTRY, bare as set } from './registry.ts';

const DAY = '2026-11-21';

/** Another document for each number. */
const pythonOf = (minor: number): PythonDocument => ({
  kind: 'python',
  python: `3.${minor}`,
  first_release: '2026-10-01',
  supported_until: '2031-10-01',
  source: { registry: 'pep', package: 'pep', version: '1', file: 'pep', sha256: null },
});

/** The data with further publications: more than one bundle of entries has. */
const catalogs: Catalog[] = [data];
beforeAll(async () => {
  for (let minor = 15; minor < 15 + TILE_WIDTH; minor++) {
    catalogs.push(await publishInto(catalogs.at(-1)!, pythonOf(minor), DAY));
  }
});

/** A registry with a catalog, that may be exchanged, and the paths that were asked for. */
function registryOf(first: Catalog) {
  const asked: string[] = [];
  const state = {
    catalog: first,
    log: (log: Catalog['log']) => log,
    spoil: (_path: string, text: string) => text,
  };
  const fetch: Fetch = async (address, { headers }) => {
    const { pathname } = new URL(address);
    asked.push(pathname);
    const { catalog } = state;
    const etag = `"${catalog.log.at(-1)!.root}"`;
    const tile = readTilePath(pathname.slice('/log/'.length));
    if (tile) {
      const from = tile.index * TILE_WIDTH;
      const entries = state
        .log(catalog.log)
        .slice(from, from + tile.width)
        .map(entryOf);
      return new Response(entryBundle(entries) as Uint8Array<ArrayBuffer>);
    }
    if (headers['if-none-match'] === etag) return new Response(null, { status: 304 });
    const body = {
      '/v1/index': await newestOf(catalog),
      '/v1/catalog': catalog,
      [`/v1/sets/${FLAG}`]: set,
    }[pathname];
    return new Response(state.spoil(pathname, JSON.stringify(body)), { headers: { etag } });
  };
  return { fetch, asked, state };
}

const clientOf = ({ fetch }: { fetch: Fetch }, cache?: Map<string, string>) =>
  createClient({ registry: REGISTRY, fetch, ...(cache && { cache }) });

test('an index gives the same view as the whole catalog, at every revision', async () => {
  for (const { revision } of data.log) {
    const catalog = structuredClone(catalogAt(data, revision));
    const whole = viewCatalog(catalog);
    if (!whole.ok) throw new Error('no view');
    const index = structuredClone(await indexOf(catalog));
    const hashes = new Set(index.package_locks.map(({ sha256 }) => sha256));
    for (const { source } of whole.value.sets.values()) {
      if (!hashes.has(source.sha256!)) source.sha256 = null;
    }
    expect(viewIndex(index, { revision, digest: catalog.log.at(-1)!.root })).toEqual(whole.value);
  }
});

test('an index is all that the newest answers need', async () => {
  const registry = registryOf(catalogs[1]!);
  const client = clientOf(registry);
  const answer = await client.resolve(question);
  expect(answer.registry).toEqual({ revision: data.log.length + 1, digest: catalogs[1]!.log.at(-1)!.root });
  expect(await client.resolve({ ...question, revision: answer.registry.revision })).toEqual(answer);
  expect(registry.asked).toEqual(['/v1/index', `/v1/sets/${FLAG}`]);
  const unknown = await client.safeTarget({ ...question, revision: 999 });
  expect(unknown).toMatchObject({ ok: false, issues: [{ code: 'unknown_revision' }] });
  expect(registry.asked).not.toContain('/v1/catalog');
});

test('the whole catalog comes with the first question about an older revision, and is cached', async () => {
  const registry = registryOf(catalogs[1]!);
  const cache = new Map<string, string>();
  for (const client of [clientOf(registry, cache), clientOf(registry, cache)]) {
    const older = await client.target({ ...question, revision: 40 });
    expect(older.registry.digest).toBe(data.log[39]!.root);
  }
  expect(registry.asked).toEqual(['/v1/index', '/v1/catalog']);
});

test('a log that goes back is refused by a later client, although the registry sends no ETag', async () => {
  const registry = registryOf(catalogs[2]!);
  const cache = new Map<string, string>();
  const fetch: Fetch = async (...args) => {
    const { status, body } = await registry.fetch(...args);
    return { status, body, headers: new Headers() };
  };
  await clientOf({ fetch }, cache).target(question);
  registry.state.catalog = catalogs[1]!;
  expect(await codeOf(clientOf({ fetch }, cache).target(question))).toBe('history_changed');
});

describe('a newer publication', () => {
  test.each([1, 2, 5, TILE_WIDTH - 1])(
    'that is the %i. after is believed by what is between',
    async (later) => {
      const registry = registryOf(catalogs[1]!);
      const cache = new Map<string, string>();
      await clientOf(registry, cache).target(question);
      registry.asked.length = 0;
      registry.state.catalog = catalogs[1 + later]!;
      const { revision } = (await clientOf(registry, cache).target(question)).registry;
      expect(revision).toBe(data.log.length + 1 + later);
      expect(registry.asked).not.toContain('/v1/catalog');
      expect(registry.asked.filter((path) => path.startsWith('/log/')).length).toBe(
        later === 1 ? 0 : later < 10 ? 1 : 2,
      );
    },
  );

  test.each([1, 2, 4])('that is the %i. after another one is refused', async (later) => {
    let forked = await publishInto(data, pythonOf(99), DAY);
    for (let minor = 0; minor < later; minor++) forked = await publishInto(forked, pythonOf(minor), DAY);
    const registry = registryOf(catalogs[1]!);
    const client = clientOf(registry);
    await client.target(question);
    registry.state.catalog = forked;
    expect(await codeOf(client.target(question))).toBe('history_changed');
  });

  test('with entries between that are not in its log is refused', async () => {
    const registry = registryOf(catalogs[1]!);
    const client = clientOf(registry);
    await client.target(question);
    registry.state.catalog = catalogs[5]!;
    registry.state.log = (log) =>
      log.map((entry, at) => (at === data.log.length + 2 ? { ...entry, name: '3.1' } : entry));
    expect(await codeOf(client.target(question))).toBe('history_changed');
  });

  test.each([
    ['older', async () => catalogs[2]!],
    ['another one of the same revision', () => publishInto(catalogs[2]!, pythonOf(99), DAY)],
  ])('cannot be %s', async (_, next) => {
    const registry = registryOf(catalogs[3]!);
    const client = clientOf(registry);
    await client.target(question);
    registry.state.catalog = await next();
    expect(await codeOf(client.target(question))).toBe('history_changed');
  });
});

test('one other character anywhere in the publication or its index is found', async () => {
  const registry = registryOf(catalogs[1]!);
  const whole = JSON.stringify(await newestOf(catalogs[1]!));
  const end = whole.indexOf(',"checkpoint":null');
  const characters = [...whole.slice(0, end).matchAll(/[0-9a-z]/g)].map(({ index }) => index);
  const start = whole.indexOf('{"revision"');
  for (let at = 0; at < characters.length; at += Math.ceil(characters.length / 300)) {
    const place = characters[at]!;
    if (place < start) continue;
    const flipped = String.fromCharCode(whole.charCodeAt(place) ^ 1);
    const other = whole.slice(0, place) + flipped + whole.slice(place + 1);
    registry.state.spoil = (path, text) => (path === '/v1/index' ? other : text);
    expect([place, await codeOf(clientOf(registry).target(question))]).toEqual([place, 'malformed']);
  }
});
