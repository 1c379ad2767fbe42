/** Checks the simple index against its standards, item by item. */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { append } from '../../../registry/publish/publish.ts';
import { projectHtml } from '../../../registry/simple/html.tsx';
import { indexJson } from '../../../registry/simple/json.ts';
import { readWhole } from '../../../registry/storage/newest.ts';
import type { Member, PackageSet, Patched } from '../../../resolver/catalog.ts';
import { sha256 } from '../../../resolver/digest.ts';
import { PINWHEEL_PATCH } from '../../test-set.ts';
import { ask } from '../client.ts';
import { timePasses } from '../clock.ts';
import { dataLog, documentOf, seedWith } from '../seed.ts';
import { readHtml } from './html-page.ts';
import { arrive, BYTES, METADATA, ODD_FLAG, oddSet, sha } from './odd-set.ts';

const JSON_V1 = 'application/vnd.pypi.simple.v1+json';
const HTML_V1 = 'application/vnd.pypi.simple.v1+html';
const HTML = 'text/html; charset=utf-8';
const FLAG = 'python_3.13_packages_2025_08_19';
const CLOUDFLARE_FLAG = 'python_3.13_packages_2025_08_08';

interface JsonFile {
  filename: string;
  url: string;
  hashes: Record<string, string>;
  size?: number;
  'requires-python'?: string;
  'upload-time'?: string;
  _taken_in: string;
  yanked: false | string;
  'core-metadata': boolean | { sha256: string };
  'dist-info-metadata': boolean | { sha256: string };
  _pinned_by?: string;
  _patched?: Patched;
}
interface JsonPage {
  meta: { 'api-version': string };
  name: string;
  versions: string[];
  files: JsonFile[];
  _not_listed?: { filename: string; url: string; upstream_url: string | null; reason: string }[];
}

const askAs = (path: string, accept: string) => ask(path, { headers: { accept } });
const jsonOf = async (path: string) => (await askAs(path, JSON_V1)).json<JsonPage>();
const htmlOf = async (path: string) => readHtml(await askAs(path, 'text/html'));
const documentBy = (flag: string) =>
  documentOf(dataLog.find(({ name: subject }) => subject === flag)!) as PackageSet;

let metadataSha: string;

beforeAll(async () => {
  await seedWith(oddSet, '2026-11-01');
  metadataSha = await sha256(METADATA);
  await arrive(env.STORE, 2);
  await arrive(env.STORE, 4);
});

describe('PEP 503', () => {
  test('the root lists every project once, and each link leads to a page with its name', async () => {
    const page = await htmlOf(`/simple/${ODD_FLAG}/`);
    expect(page.doctype).toBe('html');
    expect(page.anchors.map(({ text }) => text)).toEqual(oddSet.packages.map(({ name }) => name));
    for (const { text, attributes } of page.anchors) {
      const address = new URL(attributes.href!, `https://pinwheel.test/simple/${ODD_FLAG}/`);
      expect(address.pathname).toBe(`/simple/${ODD_FLAG}/${text}/`);
      expect((await ask(address.href)).status).toBe(200);
    }
  });

  test('a file’s link ends in its name, and has its hash as a fragment', async () => {
    const { anchors } = await htmlOf(`/simple/${ODD_FLAG}/own/`);
    expect(anchors).toHaveLength(1);
    const { text, attributes } = anchors[0]!;
    expect(text).toBe('own-1.0+pinwheel.1-py3-none-any.whl');
    const address = new URL(attributes.href!, 'https://pinwheel.test');
    expect(address.hash).toBe(`#sha256=${sha('7')}`);
    expect(decodeURIComponent(address.pathname)).toBe(`/wheels/${sha('7')}/${text}`);
  });

  test.each([
    ['Pure', 'pure'],
    ['Ruamel_.Yaml', 'ruamel-yaml'],
    ['ruamel..yaml', 'ruamel-yaml'],
    ['COME__in', 'come-in'],
    ['Nowhere_Found', 'nowhere-found'],
  ])('the address of %s redirects to that of %s, with the query', async (written, canonical) => {
    for (const slash of ['', '/']) {
      const response = await ask(`/simple/${ODD_FLAG}/${written}${slash}?format=text%2Fhtml&a=%0d%0ab`, {
        redirect: 'manual',
      });
      expect(response.status).toBe(301);
      expect(response.headers.get('location')).toBe(
        `/simple/${ODD_FLAG}/${canonical}/?format=text%2Fhtml&a=%0d%0ab`,
      );
    }
  });

  test('a project that the set does not have is 404', async () => {
    const response = await ask(`/simple/${ODD_FLAG}/pura/`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('Did you mean pure?');
  });
});

test('PEP 592: a reason and Requires-Python are escaped in HTML', async () => {
  const requiresPython = '>=3.12,<4';
  const yanked = 'made "by" <mistake> & noticed';
  const html = projectHtml({
    meta: { 'api-version': '1.1' },
    name: 'demo',
    versions: ['1.0'],
    files: [
      {
        filename: 'demo-1.0-py3-none-any.whl',
        url: 'https://pinwheel.test/wheels/0/demo-1.0-py3-none-any.whl',
        hashes: { sha256: sha('0') },
        'requires-python': requiresPython,
        size: 1,
        'upload-time': '2026-01-01T00:00:00Z',
        yanked,
        'core-metadata': true,
        'dist-info-metadata': true,
        _taken_in: '2026-01-02',
      },
    ],
  });
  expect(html).toContain('data-requires-python="&gt;=3.12,&lt;4"');
  const { anchors } = await readHtml(new Response(html));
  expect(anchors[0]!.attributes).toMatchObject({
    'data-yanked': yanked,
    'data-requires-python': requiresPython,
  });
});

test.each(['', 'come-in/', 'pure/'])('PEP 629: both forms of %s name the same version', async (rest) => {
  const { meta } = await htmlOf(`/simple/${ODD_FLAG}/${rest}`);
  const json = await jsonOf(`/simple/${ODD_FLAG}/${rest}`);
  expect(meta['pypi:repository-version']).toMatch(/^1\.\d$/);
  expect(json.meta).toEqual({ 'api-version': meta['pypi:repository-version'] });
});

describe('PEP 658 and 714', () => {
  test('metadata of a stored wheel has its hash, under both names', async () => {
    const [file] = (await jsonOf(`/simple/${ODD_FLAG}/come-in/`)).files;
    expect(file!['core-metadata']).toEqual({ sha256: metadataSha });
    expect(file!['dist-info-metadata']).toEqual(file!['core-metadata']);
  });

  test('that of any other wheel is available too: a request for it fetches the wheel', async () => {
    const [file] = (await jsonOf(`/simple/${ODD_FLAG}/pure/`)).files;
    expect([file!['core-metadata'], file!['dist-info-metadata']]).toEqual([true, true]);
  });

  test('a wheel whose METADATA cannot be read lists none', async () => {
    const [file] = (await jsonOf(`/simple/${ODD_FLAG}/native/`)).files;
    expect([file!['core-metadata'], file!['dist-info-metadata']]).toEqual([false, false]);
    const { attributes } = (await htmlOf(`/simple/${ODD_FLAG}/native/`)).anchors[0]!;
    expect(Object.keys(attributes)).toEqual(['href']);
  });
});

describe('PEP 691', () => {
  /** Null: the answer is 406, with the available types. */
  const gets = async (response: Response, contentType: string | null) => {
    if (contentType === null) {
      expect(response.status).toBe(406);
      expect(await response.json()).toMatchObject({
        code: 'not_acceptable',
        detail: expect.stringContaining(JSON_V1),
      });
    } else expect([response.status, response.headers.get('content-type')]).toEqual([200, contentType]);
  };

  test.each<[string, string | null]>([
    ['', HTML],
    ['*/*', HTML],
    ['text/html', HTML],
    ['text/*', HTML],
    [JSON_V1, JSON_V1],
    [HTML_V1, HTML_V1],
    ['application/vnd.pypi.simple.latest+json', JSON_V1],
    ['application/vnd.pypi.simple.latest+html', HTML_V1],
    [JSON_V1.toUpperCase(), JSON_V1],
    // What pip, uv, micropip and browsers send.
    [`${JSON_V1}, ${HTML_V1}; q=0.1, text/html; q=0.01`, JSON_V1],
    [`${JSON_V1}, ${HTML_V1};q=0.2, text/html;q=0.01`, JSON_V1],
    [`${JSON_V1}, */*;q=0.01`, JSON_V1],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8', HTML],
    // Weights decide, not the order; a weight of 0 refuses.
    [`text/html;q=0.2, ${JSON_V1};q=0.5, ${HTML_V1};q=0.9`, HTML_V1],
    [`text/html;q=0, */*`, JSON_V1],
    [`${JSON_V1};q=0, application/*;q=0.5`, HTML_V1],
    [`${JSON_V1};q=0.3, application/vnd.pypi.simple.latest+json;q=0.6, text/html;q=0.5`, JSON_V1],
    // The specific range outweighs the general one.
    ['text/html;q=0.1, */*;q=0.5', JSON_V1],
    // An unknown version is ignored if there is another type.
    ['application/vnd.pypi.simple.v2+json, application/vnd.pypi.simple.v1+html;q=0.1', HTML_V1],
    ['application/vnd.pypi.simple.v2+json', null],
    ['application/json', null],
    ['image/png', null],
    ['*/*;q=0', null],
    // Malformed weights.
    [`${JSON_V1};q=2`, JSON_V1],
    [`${JSON_V1};q=-1, text/html;q=0.1`, HTML],
    [`${JSON_V1};q=high`, JSON_V1],
    [`${JSON_V1};charset=utf-8;q=0.5`, JSON_V1],
    [',,;;,', null],
    ['application', null],
  ])('Accept: %s gets %s', async (accept, contentType) => {
    for (const path of [`/simple/${ODD_FLAG}/`, `/simple/${ODD_FLAG}/pure/`]) {
      const response = await askAs(path, accept);
      await gets(response, contentType);
      expect(response.headers.get('vary')).toBe('Accept');
    }
  });

  test('no Accept gets HTML, and ten thousand ranges are read in one pass', async () => {
    const path = `/simple/${ODD_FLAG}/pure/`;
    await gets(await ask(path), HTML);
    await gets(await askAs(path, `${'a/b;q=0.5,'.repeat(10_000)}${JSON_V1}`), JSON_V1);
    await gets(await askAs(path, `text/html;${' '.repeat(50_000)}q${' '.repeat(50_000)}`), HTML);
  });

  test.each([
    [JSON_V1, JSON_V1],
    [encodeURIComponent(JSON_V1), JSON_V1],
    ['application/vnd.pypi.simple.latest+html', HTML_V1],
    ['text/html', HTML],
    ['application/vnd.pypi.simple.v2+json', null],
    ['json', null],
    ['', null],
  ])('?format=%s replaces Accept, and gets %s', async (format, contentType) => {
    await gets(await askAs(`/simple/${ODD_FLAG}/pure/?format=${format}`, 'text/html'), contentType);
    await gets(await askAs(`/simple/${ODD_FLAG}/pure/?format=${format}`, JSON_V1), contentType);
  });

  test('the root has the names of the pages', async () => {
    const root = await (await askAs(`/simple/${FLAG}/`, JSON_V1)).json<{ projects: { name: string }[] }>();
    expect(root).toEqual({
      meta: { 'api-version': '1.1' },
      projects: documentBy(FLAG).packages.map(({ name }) => ({ name })),
    });
    expect(JSON.parse(indexJson([]))).toEqual({ meta: { 'api-version': '1.1' }, projects: [] });
  });

  test('a file has its name, address and hash; keys of Pinwheel begin with an underscore', async () => {
    const standard = new Set([
      ...['filename', 'url', 'hashes', 'requires-python', 'yanked', 'size', 'upload-time'],
      ...['core-metadata', 'dist-info-metadata'],
    ]);
    for (const { name } of oddSet.packages) {
      const page = await jsonOf(`/simple/${ODD_FLAG}/${name}/`);
      expect(page.name).toBe(name);
      for (const file of page.files) {
        expect(file.url).toBe(
          `${env.PUBLIC_URL}/wheels/${file.hashes.sha256}/${encodeURIComponent(file.filename)}`,
        );
        for (const key of Object.keys(file)) expect(key.startsWith('_') || standard.has(key), key).toBe(true);
      }
      for (const key of Object.keys(page)) {
        expect(key.startsWith('_') || ['meta', 'name', 'versions', 'files'].includes(key), key).toBe(true);
      }
    }
  });
});

describe('PEP 700', () => {
  test('1.1 if every size is known, as 1.1 requires; otherwise 1.0', async () => {
    const known = await jsonOf(`/simple/${ODD_FLAG}/come-in/`);
    expect([known.meta['api-version'], known.files[0]!.size]).toEqual(['1.1', BYTES[2].length]);
    const pinned = await jsonOf(`/simple/${ODD_FLAG}/own/`);
    expect([pinned.meta['api-version'], pinned.files[0]!.size]).toEqual(['1.1', 4321]);
    const unknown = await jsonOf(`/simple/${ODD_FLAG}/pure/`);
    expect(unknown.meta['api-version']).toBe('1.0');
    expect(unknown.files[0]).not.toHaveProperty('size');
  });

  test('versions, the day of the oldest release with the file, and the day of the set', async () => {
    const page = await jsonOf(`/simple/${ODD_FLAG}/pure/`);
    expect(page.versions).toEqual(['1.0']);
    expect(page.files[0]).toMatchObject({ 'upload-time': '2026-11-01T00:00:00Z', _taken_in: '2026-11-01' });
  });

  test('a file of older sets was uploaded with the oldest of them', async () => {
    const own = documentBy('python_3.14_packages_2026_11_20');
    const sets = dataLog.filter(({ kind }) => kind === 'set').map((entry) => documentOf(entry) as PackageSet);
    for (const name of ['numpy', 'idna', 'httpx']) {
      const { sha256 } = own.packages.find((candidate) => candidate.name === name)!;
      const [oldest] = sets
        .filter(({ packages }) => packages.some((member) => member.sha256 === sha256))
        .map(({ released }) => released)
        .sort();
      const [file] = (await jsonOf(`/simple/${own.flag}/${name}/`)).files;
      expect(file, name).toMatchObject({
        'upload-time': `${oldest}T00:00:00Z`,
        _taken_in: own.released,
      });
      expect(oldest === own.released).toBe(name === 'httpx');
    }
  });

  test('a set that is published late with an earlier day moves no file of another set', async () => {
    const path = `/simple/${ODD_FLAG}/pure/`;
    const before = await jsonOf(path);
    const flag = 'python_3.13_packages_2026_10_31';
    const late = { ...oddSet, flag, released: '2026-10-31' };
    const catalog = await readWhole(env);
    const { ok } = await append(env, catalog, late, '2026-11-02', { absent: 'later' });
    expect(ok).toBe(true);
    timePasses(2 * 60_000);
    const own = await jsonOf(`/simple/${flag}/pure/`);
    expect(own.files[0]).toMatchObject({ _taken_in: '2026-10-31', 'upload-time': '2026-11-01T00:00:00Z' });
    expect(await jsonOf(path)).toEqual(before);
  });
});

describe('who patched a wheel', () => {
  test('is in both forms: the whole object, and text next to the link', async () => {
    const path = `/simple/${ODD_FLAG}/own/`;
    expect((await jsonOf(path)).files[0]!._patched).toEqual(PINWHEEL_PATCH);
    const { anchors, text } = await htmlOf(path);
    expect(anchors.map(({ attributes }) => attributes['data-patched'])).toEqual(['pinwheel']);
    expect(text).toContain(
      `patched by Pinwheel from own-1.0-py3-none-any.whl (SHA-256 ${'d'.repeat(64)}) with release 1 of its patch own ` +
        `(recipe SHA-256 ${'e'.repeat(64)})`,
    );
  });

  test('is that of the listed wheel, even if another set pins it', async () => {
    const path = `/simple/${CLOUDFLARE_FLAG}/httpx/`;
    const [file] = (await jsonOf(path)).files;
    const pinned = documentBy(file!._pinned_by!).packages.find(({ name }) => name === 'httpx')!;
    expect([file!._patched, file!.hashes.sha256]).toEqual([{ by: 'pyodide' }, pinned.sha256]);
    const { anchors, text } = await htmlOf(path);
    expect(anchors.map(({ attributes }) => attributes['data-patched'])).toEqual(['pyodide']);
    expect(text).toContain('patched by Pyodide');
  });
});

describe('files that are not wheels of the set’s runtime', () => {
  test.each([
    ['alien', 'its tags are not those'],
    ['other-name', 'its name is that of another project'],
    ['runtime-part', 'a part of the runtime, not a wheel'],
    ['numpy', 'it is not a wheel'],
  ])('%s is not listed, and the page says why and where it is', async (name, reason) => {
    const member = oddSet.packages.find((candidate) => candidate.name === name)!;
    const path = `/wheels/${member.sha256}/${member.filename}`;
    const page = await jsonOf(`/simple/${ODD_FLAG}/${name}/`);
    expect(page.files.map(({ filename }) => filename)).not.toContain(member.filename);
    expect(page._not_listed).toEqual([
      {
        filename: member.filename,
        url: env.PUBLIC_URL + path,
        upstream_url: member.url,
        hashes: { sha256: member.sha256 },
        reason: expect.stringContaining(reason),
      },
    ]);
    const { anchors, text } = await htmlOf(`/simple/${ODD_FLAG}/${name}/`);
    expect(anchors.map((anchor) => anchor.text)).not.toContain(member.filename);
    for (const part of [member.filename, path, member.url!, reason]) expect(text).toContain(part);
  });

  test('the wheel of the same version is listed, preferably one of the same runtime', async () => {
    const numpy = documentBy(FLAG).packages.find(({ name }) => name === 'numpy')!;
    expect(numpy.version).toBe('2.2.5');
    const [file] = (await jsonOf(`/simple/${ODD_FLAG}/numpy/`)).files;
    expect(file).toMatchObject({
      filename: numpy.filename,
      hashes: { sha256: numpy.sha256 },
      // Of the previous set, which has the same file.
      'upload-time': '2025-08-04T00:00:00Z',
      _taken_in: oddSet.released,
      _pinned_by: FLAG,
    });
    expect((await htmlOf(`/simple/${ODD_FLAG}/numpy/`)).text).toContain(`pinned by ${FLAG}`);
  });

  test('Cloudflare’s sets: each page has a wheel of the pinned version or none', async () => {
    const others = dataLog
      .filter(({ kind }) => kind === 'set')
      .map((entry) => documentOf(entry) as PackageSet);
    const exists = ({ name, version }: Member) =>
      others.some(({ abi, packages }) =>
        packages.some(
          (candidate) =>
            candidate.name === name &&
            candidate.version === version &&
            (candidate.filename.endsWith('-none-any.whl') ||
              (abi === '2025_0' && candidate.filename.endsWith('.whl'))),
        ),
      );
    let found = 0;
    for (const member of documentBy(CLOUDFLARE_FLAG).packages) {
      const page = await jsonOf(`/simple/${CLOUDFLARE_FLAG}/${member.name}/`);
      expect(page._not_listed).toHaveLength(1);
      expect(page.versions).toEqual([member.version]);
      expect(page.files.length, member.name).toBe(exists(member) ? 1 : 0);
      for (const file of page.files) {
        found++;
        const from = documentBy(file._pinned_by!);
        const pinned = from.packages.find(({ name }) => name === member.name)!;
        expect([pinned.version, pinned.filename, pinned.sha256]).toEqual([
          member.version,
          file.filename,
          file.hashes.sha256,
        ]);
        expect(from.abi === '2025_0' || file.filename.endsWith('-none-any.whl'), file.filename).toBe(true);
      }
    }
    expect(found).toBeGreaterThan(50);
  });

  test('for an ABI of no other set, only pure wheels', async () => {
    const flag = 'python_3.12_packages_2024_08_29';
    const files = [];
    for (const { name } of documentBy(flag).packages) {
      files.push(...(await jsonOf(`/simple/${flag}/${name}/`)).files.map(({ filename }) => filename));
    }
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((filename) => !filename.endsWith('-none-any.whl'))).toEqual([]);
  });
});

test('HTML and JSON say the same of every file', async () => {
  const sets = [oddSet, documentBy(CLOUDFLARE_FLAG), documentBy(FLAG)];
  for (const { flag, packages } of sets) {
    for (const { name, filename, sha256 } of packages) {
      const path = `/simple/${flag}/${name}/`;
      const [html, json] = [await htmlOf(path), await jsonOf(path)];
      if (flag === FLAG) {
        expect(html.anchors.map(({ text }) => text)).toEqual(filename.endsWith('.whl') ? [filename] : []);
        if (html.anchors[0]) expect(html.anchors[0].attributes.href).toContain(sha256);
      }
      const vendor = await readHtml(await askAs(path, HTML_V1));
      expect(vendor).toEqual(html);
      const said = html.anchors.map(({ text, attributes }) => {
        const address = new URL(attributes.href!, env.PUBLIC_URL);
        const metadata = attributes['data-core-metadata'] ?? 'false';
        expect(attributes['data-dist-info-metadata'] ?? 'false', path).toBe(metadata);
        return {
          filename: text,
          url: address.origin + address.pathname,
          hashes: { sha256: address.hash.slice('#sha256='.length) },
          yanked: attributes['data-yanked'] ?? false,
          'requires-python': attributes['data-requires-python'],
          'core-metadata': /^(true|false)$/.test(metadata)
            ? metadata === 'true'
            : { sha256: metadata.slice('sha256='.length) },
          patched: attributes['data-patched'],
        };
      });
      expect(said, path).toEqual(
        json.files.map((file) => ({
          filename: file.filename,
          url: file.url,
          hashes: file.hashes,
          yanked: file.yanked,
          'requires-python': file['requires-python'],
          'core-metadata': file['core-metadata'],
          patched: file._patched?.by,
        })),
      );
      for (const file of json.files) {
        expect(html.text).toContain(`uploaded ${file['upload-time']!.slice(0, 10)}`);
        expect(html.text).toContain(`in the set since ${file._taken_in}`);
        if (file.size !== undefined) expect(html.text).toContain(`${file.size} bytes`);
      }
    }
  }
});
