/** The client of a registry: what it requests, caches and rejects. */

import type { RequestListener } from 'node:http';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { NewestIndex, PackageSet } from '../../../resolver/catalog.ts';
import { type ClientCache, createClient, type Fetch, RegistryError } from '../../../resolver/client.ts';
import { canonicalJson, sha256 } from '../../../resolver/digest.ts';
import { type Issue, type Outcome, prepareSet } from '../../../resolver/index.ts';
import { newestOf } from '../../../resolver/publication.ts';
import { check } from '../../../resolver/python/index.ts';
import { resolveBeyond } from '../../../resolver/solver/index.ts';
import { listen } from '../../common/listen.ts';
import { bare, catalog, codeOf, FLAG, question, REGISTRY, readData, set } from './registry.ts';

const head = catalog.sets.find(({ flag }) => flag === FLAG)!;

/** A registry's response to a path, with its ETag; undefined is a 404. */
type Served = Record<string, { body: string; etag?: string } | undefined>;

const newest = await newestOf(catalog);
const honest: Served = {
  '/v1/index': { body: JSON.stringify(newest), etag: '"c1"' },
  [`/v1/sets/${FLAG}`]: { body: JSON.stringify({ ...bare, digest: head.digest, package_count: 1 }) },
};

/** A registry in memory, and its requests. */
function registryOf(served: Served): { fetch: Fetch; asked: string[] } {
  const asked: string[] = [];
  const fetch: Fetch = async (address, { headers }) => {
    const { pathname, search } = new URL(address);
    const found = served[pathname];
    const fresh = found?.etag !== undefined && headers['if-none-match'] === found.etag;
    asked.push(`${pathname}${search} ${found ? (fresh ? 304 : 200) : 404}`);
    if (!found) return new Response('{}', { status: 404 });
    if (fresh) return new Response(null, { status: 304 });
    return new Response(found.body, found.etag ? { headers: { etag: found.etag } } : {});
  };
  return { fetch, asked };
}

const NEWEST = '/v1/index 200';
const UNCHANGED = '/v1/index 304';
const SET = `/v1/sets/${FLAG}?revision=${head.revision} 200`;

describe('rare questions', () => {
  const served = {
    ...honest,
    '/v1/standard-library': {
      body: JSON.stringify({
        facts: readData('standard-library/facts.json'),
        measured: readData('standard-library/measured.json'),
      }),
    },
  };
  const asked = { ...question, requirements: [], files: { 'entry.py': 'import idna' } };
  const beyond = { ...question, constraints: ['idna<4'] };
  const issuesOf = async (outcome: Promise<Outcome<unknown>>) => {
    const { ok, ...rest } = await outcome;
    return ok ? null : (rest as { issues: Issue[] }).issues;
  };

  test('say what has to be given for them', async () => {
    const client = createClient({ registry: REGISTRY, fetch: registryOf(served).fetch });
    expect(await issuesOf(client.safeCheck(asked))).toMatchObject([
      { code: 'left_out', name: 'check', entry: 'pinwheel-py/python' },
    ]);
    expect(await issuesOf(client.safeResolve(beyond))).toMatchObject([
      {
        code: 'left_out',
        message: 'This client was created without resolveBeyond, which answers that.',
        fix: "Write createClient({ registry, resolveBeyond }), and import { resolveBeyond } from 'pinwheel-py/solver'.",
      },
    ]);
  });

  test('are answered by what is given', async () => {
    const client = createClient({
      registry: REGISTRY,
      fetch: registryOf(served).fetch,
      check,
      resolveBeyond,
    });
    const { findings } = await client.check(asked);
    expect(findings.map(({ message }) => message)).toEqual([
      'idna 3.10 is in the package set, but nothing requires it.',
    ]);
    const { packages } = await client.resolve(beyond);
    expect(packages.map(({ name, version }) => [name, version])).toEqual([['idna', '3.10']]);
  });
});

describe('requests', () => {
  test('are sent for the catalog if it has changed, and once for a set', async () => {
    const { fetch, asked } = registryOf(honest);
    const client = createClient({ registry: REGISTRY, fetch });
    for (let round = 0; round < 3; round++)
      expect(await client.safeResolve(question)).toMatchObject({ ok: true });
    expect(asked).toEqual([NEWEST, SET, UNCHANGED, UNCHANGED]);
  });

  test('are shared by simultaneous callers', async () => {
    const { fetch, asked } = registryOf(honest);
    const client = createClient({ registry: REGISTRY, fetch });
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.safeResolve(question)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(asked).toEqual([NEWEST, SET]);
  });

  test('are sent again after one that failed', async () => {
    const served: Served = { ...honest, [`/v1/sets/${FLAG}`]: undefined };
    const { fetch } = registryOf(served);
    const client = createClient({ registry: REGISTRY, fetch });
    expect(await codeOf(client.safeResolve(question))).toBe('unexpected_status');
    served[`/v1/sets/${FLAG}`] = honest[`/v1/sets/${FLAG}`];
    expect(await client.safeResolve(question)).toMatchObject({ ok: true });
  });

  test('for pins are sent to explain issues, in the order of the registry', async () => {
    const versions = catalog.sets.map(({ flag }, at) => ({ flag, version: `${at}.0` })).reverse();
    const { fetch, asked } = registryOf({
      ...honest,
      '/v1/packages/numpy': { body: JSON.stringify({ name: 'numpy', versions }) },
    });
    const client = createClient({ registry: REGISTRY, fetch });
    const pins = await client.source.readPins(['numpy', 'no-such-package']);
    expect([...pins.keys()]).toEqual(['numpy']);
    expect(pins.get('numpy')!.map(({ flag }) => flag)).toEqual(catalog.sets.map(({ flag }) => flag));
    expect(asked).toEqual([NEWEST, '/v1/packages/numpy 200', '/v1/packages/no-such-package 404']);
  });

  test('for the versions of many names are for sets instead, with the same result', async () => {
    const sets = catalog.sets.map(({ flag }) => readData(`sets/${flag}.json`) as PackageSet);
    const bodies = sets.map(({ kind: _, ...set }) => [`/v1/sets/${set.flag}`, { body: JSON.stringify(set) }]);
    const { fetch, asked } = registryOf({ ...honest, ...Object.fromEntries(bodies) });
    const { source } = createClient({ registry: REGISTRY, fetch });
    const names = [...new Set(sets.flatMap(({ packages }) => packages.map(({ name }) => name)))].slice(
      0,
      200,
    );
    const pinsIn = (some: readonly PackageSet[], name: string) =>
      some.flatMap(({ flag, packages }) =>
        packages.flatMap((member) => (member.name === name ? { flag, version: member.version } : [])),
      );
    const pins = await source.readPins([...names, 'no-such-package']);
    expect(pins).toEqual(new Map(names.map((name) => [name, pinsIn(sets, name)])));
    expect(asked.filter((path) => path.startsWith('/v1/sets/'))).toHaveLength(sets.length);

    // A few sets have fewer names.
    const [first, second] = [sets.at(-2)!, sets.at(-1)!];
    const found = await source.readPins(names.slice(0, 9), [first, second]);
    for (const [name, some] of found) expect(some).toEqual(pinsIn([first, second], name));
    expect(asked.filter((path) => path.startsWith('/v1/packages/'))).toEqual([]);
    await source.readPins(['no-such-package'], [first, second]);
    expect(asked.at(-1)).toBe('/v1/packages/no-such-package 404');
  });

  test('for the versions of many names are for each, if a set cannot be read', async () => {
    const names = Array.from({ length: 200 }, (_, at) => `package-${at}`);
    const { fetch, asked } = registryOf(honest);
    const { source } = createClient({ registry: REGISTRY, fetch });
    expect(await source.readPins(names)).toEqual(new Map());
    expect(asked.filter((path) => path.startsWith('/v1/packages/'))).toHaveLength(names.length);
  });
});

describe('the cache', () => {
  test('serves a later client, which revalidates the catalog', async () => {
    const cache = new Map<string, string>();
    const first = registryOf(honest);
    await createClient({ registry: REGISTRY, fetch: first.fetch, cache }).safeResolve(question);
    const second = registryOf(honest);
    const client = createClient({ registry: REGISTRY, fetch: second.fetch, cache });
    expect(await client.safeResolve(question)).toMatchObject({ ok: true });
    expect(second.asked).toEqual([UNCHANGED]);
    const answer = await createClient({ registry: REGISTRY, fetch: second.fetch, cache }).safeResolve({
      ...question,
      revision: catalog.log.length,
    });
    expect(answer).toMatchObject({ ok: true });
    expect(second.asked).toEqual([UNCHANGED]);
  });

  test('may be asynchronous and empty', async () => {
    const kept: string[] = [];
    const cache: ClientCache = {
      get: async () => null,
      set: async (key) => {
        kept.push(key);
      },
    };
    const { fetch, asked } = registryOf(honest);
    const client = createClient({ registry: REGISTRY, fetch, cache });
    expect(await client.safeResolve(question)).toMatchObject({ ok: true });
    expect(asked).toEqual([NEWEST, SET]);
    const indexKey = `pinwheel-index-${(await sha256(`${REGISTRY}/v1/index`)).slice(0, 32)}`;
    expect(kept).toEqual([indexKey, `pinwheel-set-${head.digest}`]);
  });

  test.each<[what: string, spoil: (text: string) => string]>([
    ['nothing', () => ''],
    ['no JSON', () => '"c1"\n{'],
    ['another document', () => '"c1"\n{"log":[]}'],
    ['a version that somebody changed', (text) => text.replace('"idna"', '"idmb"')],
    ['a flag that somebody renamed', (text) => text.replace('"subject":"python_3', '"subject":"python_4')],
  ])('is not believed: %s', async (_, spoil) => {
    const cache = new Map<string, string>();
    await createClient({ registry: REGISTRY, fetch: registryOf(honest).fetch, cache }).safeResolve(question);
    for (const [key, text] of cache) cache.set(key, spoil(text));
    const { fetch } = registryOf(honest);
    const answer = await createClient({ registry: REGISTRY, fetch, cache }).safeResolve(question);
    expect(answer).toMatchObject({ ok: true, value: { packages: [{ name: 'idna', version: '3.10' }] } });
  });
});

describe('refused', () => {
  test.each(['registry.example', '', 'file:///etc/', 'https://u:p@registry.example', 'javascript:0'])(
    'as an address: %j',
    (registry) => {
      expect(() => createClient({ registry })).toThrow(RegistryError);
    },
  );

  test('bytes that do not match the digest', async () => {
    const other = { ...bare, packages: bare.packages.filter(({ name }) => name !== 'numpy') };
    const { fetch } = registryOf({ ...honest, [`/v1/sets/${FLAG}`]: { body: JSON.stringify(other) } });
    const error = await createClient({ registry: REGISTRY, fetch })
      .safeResolve(question)
      .catch((error) => error);
    const found = await sha256(canonicalJson({ kind: 'set', ...other }));
    expect(error.code).toBe('digest_mismatch');
    expect(error.message).toContain(`expected ${head.digest}, found ${found}.`);
    expect(error.url).toBe(`${REGISTRY}/v1/sets/${FLAG}?revision=${head.revision}`);
  });

  test('a set that the catalog does not know', async () => {
    const client = createClient({ registry: REGISTRY, fetch: registryOf(honest).fetch });
    const unknown = { flag: FLAG, released: '', digest: '0'.repeat(64) };
    expect(await codeOf(client.source.openSet(unknown))).toBe('unknown_set');
  });

  test.each<[what: string, change: (copy: NewestIndex) => void]>([
    ['an order', ({ before }) => before.reverse()],
    ['a gap', ({ before }) => before.splice(1, 1)],
  ])('a log with another of what it vouches for: %s', async (_, change) => {
    const copy = structuredClone(newest);
    change(copy);
    const { fetch } = registryOf({ '/v1/index': { body: JSON.stringify(copy) } });
    expect(await codeOf(createClient({ registry: REGISTRY, fetch }).source.view())).toBe('malformed');
  });

  test('a document that is nested too deep', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const body = honest[`/v1/sets/${FLAG}`]!.body.replace(/\}$/, `,"deep":${deep}}`);
    const { fetch } = registryOf({ ...honest, [`/v1/sets/${FLAG}`]: { body } });
    expect(await codeOf(createClient({ registry: REGISTRY, fetch }).safeResolve(question))).toBe(
      'digest_mismatch',
    );
  });

  test('a 304 for an unconditional request', async () => {
    const fetch: Fetch = async () => new Response(null, { status: 304 });
    expect(await codeOf(createClient({ registry: REGISTRY, fetch }).source.view())).toBe('unexpected_status');
  });
});

test("any catalog throws only Pinwheel's errors", async () => {
  const paths = ['pythons', 'flags', 'releases', 'sets', 'workerds'] as const;
  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('\ud800', '9999-99-99', -1, 1e308, null),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.nat(),
      fc.nat(),
      junk,
      async (path, row, member, value) => {
        const copy = structuredClone(newest);
        const rows = [copy.publication, ...copy.index[path]] as Record<string, unknown>[];
        const chosen = rows[row % rows.length]!;
        const keys = Object.keys(chosen);
        chosen[keys[member % keys.length]!] = value;
        const { fetch } = registryOf({
          ...honest,
          '/v1/index': { body: JSON.stringify(copy) },
        });
        const client = createClient({ registry: REGISTRY, fetch });
        for (const flags of [[FLAG], ['python_workers']]) {
          const asked = { ...question, compatibility_date: '2025-11-02', compatibility_flags: flags };
          await client.safeResolve(asked).catch((error: unknown) => {
            if (!(error instanceof RegistryError)) throw error;
          });
        }
      },
    ),
    { numRuns: 300 },
  );
});

describe('a connection', () => {
  const serve = async (handler: RequestListener) => {
    const { origin, stop } = await listen(handler);
    onTestFinished(stop);
    return origin;
  };
  test('that succeeds', async () => {
    const registry = await serve(({ url }, response) => response.end(honest[url!.split('?')[0]!]!.body));
    const answer = await createClient({ registry }).safeResolve(question);
    const { index, pinned } = prepareSet(set);
    expect(answer.ok && answer.value.packages[0]?.wheel).toEqual(pinned(index.get('idna')!).wheel);
  });

  test('that breaks off', async () => {
    const registry = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 1000 }).write('{');
      response.destroy();
    });
    expect(await codeOf(createClient({ registry }).source.view())).toBe('unreachable');
  });

  test('without an answer', async () => {
    const registry = await serve(() => {});
    expect(await codeOf(createClient({ registry, timeoutMs: 50 }).source.view())).toBe('timeout');
  });

  test('without an end', async () => {
    const registry = await serve((_request, response) => {
      const more = () => response.write(' '.repeat(100_000), more);
      more();
    });
    expect(await codeOf(createClient({ registry }).source.view())).toBe('too_large');
  });
});
