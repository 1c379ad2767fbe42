/** Building wheels of Pinwheel's own, with patches and upstream wheels made for it. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildMember } from '../../../cli/packages/patch/built-wheel.ts';
import { readPatchRelease } from '../../../cli/packages/patch/patch-folder.ts';
import { fetchFromPypi } from '../../../cli/packages/patch/upstream-wheel.ts';
import type { Member } from '../../../resolver/catalog.ts';
import { readRequirements } from '../../../scripts/release/release-set.ts';
import { newFolder, serve } from '../../common/own.ts';
import { packageSetOf } from '../../test-set.ts';
import { makeWheel, utf8, zipOf } from '../../zip.ts';

const folder = newFolder();

async function writePatch(name: string, release: number): Promise<void> {
  const manifest = {
    package: 'thing',
    release,
    summary: 'A test.',
    upstream: [{ version: '1.0', filename: 'thing-1.0-py3-none-any.whl', sha256: 'a'.repeat(64) }],
    add: [],
    replace: [],
    append: [],
    remove: [],
    tag: null,
    requires_dist: {},
  };
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'manifest.json'), JSON.stringify(manifest));
}

describe('a release of a patch', () => {
  test('is found in the newest folder, and later in one of its own, with the same recipe', async () => {
    await writePatch('thing', 1);
    const { recipe } = await readPatchRelease('thing', 1, folder);
    await expect(readPatchRelease('thing', 2, folder)).rejects.toThrow('no release 2 of the patch of thing');
    await writePatch('thing.1', 1);
    await writePatch('thing', 2);
    expect((await readPatchRelease('thing', 1, folder)).recipe).toBe(recipe);
    const second = await readPatchRelease('thing', 2, folder);
    expect([second.manifest.release, second.recipe === recipe]).toEqual([2, false]);
  });
});

describe('the wheel of a member', () => {
  const [plain] = packageSetOf([
    { filename: 'httpx-0.28.1+pinwheel.1-py3-none-any.whl', sha256: 'a'.repeat(64), url: null },
  ]).packages as [Member];
  const patched = {
    by: 'pinwheel',
    patch: 'httpx',
    release: 1,
    upstream: { filename: 'httpx-0.28.1-py3-none-any.whl', sha256: 'b'.repeat(64) },
    recipe: 'c'.repeat(64),
  } as const;

  test('is not built without a recipe', async () => {
    await expect(buildMember(plain, folder)).rejects.toThrow(`no recipe is known of ${plain.filename}`);
  });

  test('is not built by another recipe, nor from another upstream wheel', async () => {
    await expect(buildMember({ ...plain, patched }, folder)).rejects.toThrow('no longer the recipe');
    const { recipe } = await readPatchRelease('httpx', 1);
    await expect(buildMember({ ...plain, patched: { ...patched, recipe } }, folder)).rejects.toThrow(
      'does not name httpx-0.28.1-py3-none-any.whl',
    );
  });
});

test('the requirements of a wheel are the fields of its METADATA, and not lines of its description', async () => {
  const metadata = [
    'Metadata-Version: 2.1',
    'Name: thing',
    'Requires-Dist: a>=1; python_version < "3.9"',
    'requires-dist:b',
    'Requires-Python: >=3.8',
    '',
    'Requires-Dist: c',
  ].join('\r\n');
  const wheel = zipOf({ 'thing-1.0.dist-info/METADATA': metadata });
  expect(await readRequirements(wheel)).toEqual({
    requires_dist: ['a>=1; python_version < "3.9"', 'b'],
    requires_python: '>=3.8',
  });
  await expect(readRequirements(zipOf({ a: '' }))).rejects.toThrow('no METADATA');
});

describe('PyPI, without pip', () => {
  const bytes = makeWheel('thing', '1.0');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const upstream = { version: '1.0', filename: 'thing-1.0-py3-none-any.whl', sha256 };
  let index: URL;
  let files: Record<string, string | Uint8Array> = {};

  beforeAll(async () => {
    const origin = await serve((request, response) => {
      const body = files[request.url!];
      const type = request.url!.endsWith('/') ? 'application/vnd.pypi.simple.v1+json' : 'binary/octet-stream';
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body);
    });
    index = new URL(origin);
  });
  afterEach(() => {
    files = {};
  });

  const list = (...listed: object[]) => {
    const meta = { 'api-version': '1.0' };
    files['/thing/'] = JSON.stringify({ meta, name: 'thing', files: listed });
  };
  const listed = (path: string, digest = sha256) => {
    return { filename: upstream.filename, url: new URL(path, index).href, hashes: { sha256: digest } };
  };
  const fetched = async () => {
    const cache = await mkdtemp(join(folder, 'cache-'));
    return readFile(await fetchFromPypi('thing', upstream, cache, index.href));
  };

  test('sends the file with the pinned SHA-256', async () => {
    list(listed('/other.whl', 'a'.repeat(64)), listed('/thing.whl'));
    files['/thing.whl'] = bytes;
    expect(Buffer.compare(await fetched(), bytes)).toBe(0);
  });

  test.each([
    ['does not know the release', () => {}, `lists no ${upstream.filename}`],
    ['lists no such file', () => list(), `lists no ${upstream.filename}`],
    ['has lost the file', () => list(listed('/gone')), 'answers with status 404'],
    [
      'sends another file',
      () => {
        list(listed('/thing.whl'));
        files['/thing.whl'] = utf8('evil');
      },
      'is not the file',
    ],
  ])('%s', async (_, arrange, message) => {
    arrange();
    await expect(fetched()).rejects.toThrow(message);
  });
});
