/** `pinwheel vendor --registry`, with a real registry and a hostile one. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Member } from '../../resolver/catalog.ts';
import { newestOf } from '../../resolver/publication.ts';
import { loadCatalog, loadDocuments } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { ending, newFolder, serve } from '../common/own.ts';
import { copySeededState } from '../common/registry.ts';
import { publishInto } from '../publish-into.ts';
import { makeWheel } from '../zip.ts';
import { ASK, createWorld, filesBelow, pythonIn, shelveHttpx, type World } from './cli/vendor-world.ts';
import { file } from './upstream.ts';

let world: World;
let cwd: string;
beforeAll(async () => {
  world = await createWorld(async (shelf) => {
    await shelveHttpx(shelf);
    for (const name of ['small', 'other']) shelf.add(`${name}-1.0-py3-none-any.whl`, makeWheel(name, '1.0'));
    shelf.add('own-1.0-py3-none-any.whl', makeWheel('own', '1.0'), { url: null });
    shelf.add('unbuilt-1.0-py3-none-any.whl', makeWheel('unbuilt', '1.0'), { url: null });
  });
});
beforeEach(async () => {
  world.upstream.log.length = 0;
  cwd = newFolder();
});

const vendor = (registry: string, ...args: string[]) =>
  world.pinwheel.run(['vendor', ...args, ...ASK, '--registry', registry, '--cache', 'cache'], { cwd });
const pinOf = (name: string) => world.set.packages.find((candidate) => candidate.name === name)!;
const bytesOf = (name: string) => world.upstream.files.get(`/${pinOf(name).filename}`)!;

describe('a real registry', () => {
  let persist: string;
  let registry: LocalRegistry;
  beforeAll(async () => {
    persist = newFolder();
    await copySeededState(persist);
    const documents = [...(await loadDocuments()), { document: world.set, day: world.set.released }];
    const buildWheel = async ({ name }: { name: string }) => {
      if (name !== 'own') throw new Error('a test does not build it');
      return bytesOf(name);
    };
    registry = ending(await startLocalRegistry({ persist, documents, buildWheel, unchecked: true }));
  });

  test('has the files, which are the same as without one', async () => {
    const { code, stdout } = await vendor(registry.url.origin, 'httpx', '--json');
    expect(code).toBe(0);
    for (const { url, sha256, filename } of JSON.parse(stdout).packages) {
      expect(url).toBe(`${registry.url.origin}/wheels/${sha256}/${filename}`);
    }
    const program = 'import httpx, idna; print(httpx.__version__)';
    expect(await pythonIn(join(cwd, 'python_modules'), program)).toBe('0.28.1\n');
    // The registry has requested each file once.
    expect(world.upstream.log.map(({ path, status }) => `${status} ${path}`).sort()).toEqual(
      world.shelf.pins
        .slice(0, 8)
        .map(({ filename }) => `200 /${filename}`)
        .sort(),
    );
    const args = ['vendor', 'httpx', ...ASK, '--cache', 'elsewhere', '--to', 'bundled'];
    expect(await world.pinwheel.run(args, { cwd })).toMatchObject({ code: 0 });
    expect(await filesBelow(join(cwd, 'bundled'))).toEqual(await filesBelow(join(cwd, 'python_modules')));
  });

  test('has Pinwheel-built wheels, and names those that are missing', async () => {
    const { code, stdout } = await vendor(registry.url.origin, 'own', '--json');
    expect([code, JSON.parse(stdout).packages]).toMatchObject([0, [{ sha256: pinOf('own').sha256 }]]);
    expect(world.upstream.log).toEqual([]);
    const refused = await vendor(registry.url.origin, 'unbuilt');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('unbuilt-1.0-py3-none-any.whl is a Pinwheel-built wheel, and');
  });

  test('whose upstream sends other bytes says so', async () => {
    const path = `/${pinOf('other').filename}`;
    world.upstream.misbehave(path, ...Array(20).fill(file(new Uint8Array(10))));
    const { code, stderr } = await vendor(registry.url.origin, 'other');
    expect(code).toBe(3);
    expect(stderr).toContain(
      `error: ${pinOf('other').filename} could not be downloaded: ${registry.url.origin}/wheels/`,
    );
    expect(stderr).toContain('answers with status 502: ');
    expect(await readdir(cwd)).toEqual(['cache']);
  });
});

describe('a hostile registry', () => {
  let asked: string[];

  /** A registry at `/below`, whose log vouches for a set with a changed `small`. */
  async function serveChanged(change: (small: Member) => void): Promise<string> {
    const set = structuredClone(world.set);
    change(set.packages.find(({ name }) => name === 'small')!);
    const catalog = await publishInto(await loadCatalog(), set, set.released);
    const documents = [...(await loadDocuments()).map(({ document }) => document), set];
    const newest = await newestOf(catalog);
    asked = [];
    const origin = await serve((request, response) => {
      asked.push(request.url!);
      const { pathname } = new URL(request.url!, 'http://localhost');
      const flag = /^\/below\/v1\/sets\/(\w[\w.]*)$/.exec(pathname)?.[1];
      if (pathname === '/below/v1/index') response.end(JSON.stringify(newest));
      else if (flag !== undefined) {
        const { digest, package_count } = catalog.sets.find((candidate) => candidate.flag === flag)!;
        const { kind: _, ...document } = documents.find(
          (candidate) => candidate.kind === 'set' && candidate.flag === flag,
        )!;
        response.end(JSON.stringify({ ...document, digest, package_count }));
      } else if (pathname.startsWith('/below/wheels/')) response.end(bytesOf('small'));
      else response.writeHead(404).end();
    });
    return `${origin}/below`;
  }

  test('may have a path', async () => {
    const url = await serveChanged(() => {});
    expect(await vendor(url, 'small')).toMatchObject({ code: 0 });
    const { sha256, filename } = pinOf('small');
    expect(asked.at(-1)).toBe(`/below/wheels/${sha256}/${filename}`);
  });

  test.each(['../../evil', '', 'A'.repeat(64), 'a'.repeat(63), '/etc/passwd'])(
    'cannot choose another path in the cache: %j',
    async (sha256) => {
      const url = await serveChanged((small) => {
        small.sha256 = sha256;
      });
      const { code, stderr } = await vendor(url, 'small');
      expect({ code, stderr }).toEqual({
        code: 3,
        stderr: expect.stringMatching(/packages\[\d+\]\.sha256 is /),
      });
      expect(await readdir(cwd)).toEqual([]);
    },
  );

  test('cannot choose another path by the name of a file', async () => {
    const url = await serveChanged((small) => {
      small.filename = '../../\x1b[2J/evil.whl';
      small.url = 'https://elsewhere.example/';
    });
    const { code, stderr } = await vendor(url, 'small');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('\x1b') });
    expect(asked.at(-1)).toBe(`/below/wheels/${pinOf('small').sha256}/..%2F..%2F%1B%5B2J%2Fevil.whl`);
    expect((await readdir(cwd)).sort()).toEqual(['cache', 'python_modules']);
  });

  test('cannot send other bytes than it pins', async () => {
    const url = await serveChanged((small) => {
      small.sha256 = 'a'.repeat(64);
    });
    const { code, stderr } = await vendor(url, 'small');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(
        `it has the SHA-256 ${pinOf('small').sha256}, but the pinned one has the SHA-256 aaaa`,
      ),
    });
  });

  test('cannot send an invalid archive or size', async () => {
    const rar = await serveChanged((small) => {
      small.filename = 'evil.rar';
    });
    expect(await vendor(rar, 'small')).toMatchObject({ code: 1 });
    const negative = await serveChanged((small) => {
      small.size = -1;
    });
    expect(await vendor(negative, 'small')).toMatchObject({ code: 1 });
  });
});
