/** The client of an index, with a real server on loopback: an honest one, and a hostile one. */
import type { ServerResponse } from 'node:http';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { firstOf, openIndex } from '../../../resolver/solver/index.ts';
import { ending } from '../../common/own.ts';
import { ask, makeIndex, metadataOf, type Projects, shortly } from './made-index.ts';
import { type Abilities, type Answer, type ServedIndex, serveIndex } from './served-index.ts';

const PROJECTS: Projects = {
  django: {
    '5.2': { requires: ['asgiref>=3.8', 'sqlparse'], requiresPython: '>=3.10' },
    '6.0': { requires: ['asgiref>=3.9', 'sqlparse'], requiresPython: '>=3.12' },
    '7.0': { requires: [], requiresPython: '>=3.99' },
    '6.5': { yanked: true },
  },
  asgiref: { '3.8': [], '3.9': [], '4.0': { uploaded: '2027-01-01T00:00:00Z' } },
  sqlparse: { '0.5.0': [] },
};
const ANSWER = ['asgiref==3.9', 'django==6.0', 'sqlparse==0.5.0'];

/** Long enough for a machine under load. */
const timeoutMs = 60_000;
const start = async (abilities?: Abilities) => ending(await serveIndex(PROJECTS, abilities));

describe('an honest index', () => {
  test('of JSON with METADATA files needs two requests for each package', async () => {
    const served = await start();
    expect(shortly(await ask(['django'], openIndex({ url: served.url })))).toEqual(ANSWER);
    expect(served.log.toSorted()).toEqual([
      'GET /files/asgiref-3.9-py3-none-any.whl.metadata',
      'GET /files/django-6.0-py3-none-any.whl.metadata',
      'GET /files/sqlparse-0.5.0-py3-none-any.whl.metadata',
      'GET /simple/asgiref/',
      'GET /simple/django/',
      'GET /simple/sqlparse/',
    ]);
  });

  test('has the URL, size and upload time of each wheel', async () => {
    const served = await start();
    const outcome = await ask(['sqlparse'], openIndex({ url: served.url.slice(0, -1) }));
    expect(outcome).toMatchObject({
      value: {
        packages: [
          {
            origin: 'index',
            wheel: {
              filename: 'sqlparse-0.5.0-py3-none-any.whl',
              url: `${served.origin}/files/sqlparse-0.5.0-py3-none-any.whl`,
              upstream_url: `${served.origin}/files/sqlparse-0.5.0-py3-none-any.whl`,
              sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
              size: expect.any(Number),
              upload_time: '2026-01-15T12:00:00Z',
            },
          },
        ],
        index: { url: served.url },
        diagnostics: [],
      },
    });
  });

  test('without METADATA is read by ranges, never a whole wheel', async () => {
    const served = await start({ metadata: false });
    expect(shortly(await ask(['django'], openIndex({ url: served.url })))).toEqual(ANSWER);
    const wheels = served.log.filter((line) => line.includes('.whl'));
    // One for the end of the wheel, and one for the beginning of the zip.
    expect(wheels).toHaveLength(6);
    for (const line of wheels) expect(line).toMatch(/ bytes=\d+-\d+$/);
  });

  test('without ranges is read whole', async () => {
    const served = await start({ metadata: false, ranges: false });
    expect(shortly(await ask(['django'], openIndex({ url: served.url })))).toEqual(ANSWER);
  });

  test('of HTML has the same without times, with a remark', async () => {
    for (const metadata of [true, false]) {
      const served = await start({ form: 'html', metadata });
      const outcome = await ask(['django'], openIndex({ url: served.url }), {}, {});
      expect(shortly(outcome)).toEqual(['asgiref==4.0', 'django==6.0', 'sqlparse==0.5.0']);
      expect(outcome).toMatchObject({ value: { diagnostics: [{ code: 'no_upload_times' }] } });
    }
  });

  test('is asked once for each page', async () => {
    const served = await start();
    const index = openIndex({ url: served.url });
    await Promise.all([ask(['django'], index), ask(['django<6'], index)]);
    await ask(['sqlparse', 'django'], index);
    expect(new Set(served.log).size).toBe(served.log.length);
  });

  test('and a wheel by its URL, with its hash or without', async () => {
    const served = await start({ metadata: false });
    const url = `${served.origin}/files/sqlparse-0.5.0-py3-none-any.whl`;
    const index = () => openIndex({ url: served.url });
    const whole = await ask([`sqlparse @ ${url}`], index());
    expect(shortly(whole)).toEqual(['sqlparse==0.5.0']);
    const digest = whole.ok ? whole.value.packages[0]!.wheel.sha256 : '';
    expect(shortly(await ask([`sqlparse @ ${url}#sha256=${digest}`, 'django'], index()))).toEqual(ANSWER);
    expect(served.log).not.toContain('GET /simple/sqlparse/');
    expect(shortly(await ask([`django @ ${url}`], index()))).toEqual(['direct_url_requirement']);
  });
});

describe('a hostile index', () => {
  let served: ServedIndex;
  beforeAll(async () => {
    served = await start({ metadata: true });
  });
  afterEach(() => {
    served.instead = null;
  });

  /** The result of solving with this response of the server. */
  async function failure(instead: Answer, requirements = ['django'], limit = timeoutMs): Promise<unknown> {
    served.instead = instead;
    return ask(requirements, openIndex({ url: served.url, timeoutMs: limit })).then(
      shortly,
      (error: unknown) => error,
    );
  }

  const json = (response: ServerResponse, body: unknown) => {
    response.writeHead(200, { 'content-type': 'application/vnd.pypi.simple.v1+json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
    return true;
  };
  const page = (files: object[], name = 'django', version: unknown = '1.0') => ({
    meta: { 'api-version': version },
    name,
    files,
  });
  const file = (filename: string, more: object = {}) => ({
    filename,
    url: `/files/${filename}`,
    hashes: { sha256: 'a'.repeat(64) },
    ...more,
  });
  const onPage =
    (body: unknown): Answer =>
    (request, response) =>
      request.url === '/simple/django/' ? json(response, body) : false;

  test.each([
    ['no JSON', '<html>', 'malformed'],
    ['another document', { error: 'no' }, 'malformed'],
    ['files without names', page([{ url: 'x' }]), 'malformed'],
    ['a version of the API that nobody knows', page([], 'django', '2.0'), 'malformed'],
    ['no version of the API', { name: 'django', files: [] }, 'malformed'],
    ['the page of another project', page([], 'flask'), 'other_project'],
    ["another project's wheel", page([file('flask-1.0-py3-none-any.whl')]), 'other_project'],
    ['more files than there are', page(Array(100_001).fill({ filename: 'x', url: 'x' })), 'too_large'],
  ])('a page with %s is rejected', async (_, body, code) => {
    expect(await failure(onPage(body))).toMatchObject({
      name: 'IndexError',
      code,
      message: expect.stringContaining('/simple/django/'),
    });
  });

  test.each([
    ['invalid versions', file('django-x.y-py3-none-any.whl')],
    ['no hash', file('django-9.0-py3-none-any.whl', { hashes: {} })],
    ['an invalid hash', file('django-9.0-py3-none-any.whl', { hashes: { sha256: '../../etc' } })],
    ['an address of another kind', file('django-9.0-py3-none-any.whl', { url: 'file:///etc/passwd' })],
    [
      'an address with a password',
      file('django-9.0-py3-none-any.whl', { url: 'http://a:b@127.0.0.1/x.whl' }),
    ],
  ])('files with %s are not used', async (_, file) => {
    expect(await failure(onPage(page([file])))).toEqual(['no_version']);
  });

  test.each([
    [500, 'unexpected_status'],
    [403, 'unexpected_status'],
    [304, 'unexpected_status'],
    [302, 'redirect'],
  ])('the status %i is an error', async (status, code) => {
    const error = await failure((_, response) => response.writeHead(status).end() && true);
    expect(error).toMatchObject({ name: 'IndexError', code });
  });

  test.each(['file:///etc/passwd', 'ftp://127.0.0.1/', 'http://a:b@127.0.0.1:1/', '/simple/loop/'])(
    'a redirect to %s is rejected',
    async (location) => {
      const error = await failure((_, response) => response.writeHead(302, { location }).end() && true);
      expect(error).toMatchObject({ name: 'IndexError', code: 'redirect' });
    },
  );

  test('a redirect on the same server is followed', async () => {
    const answer = await failure((request, response) => {
      if (request.url !== '/simple/django/') return false;
      return response.writeHead(301, { location: '/simple/asgiref/' }).end() && true;
    });
    expect(answer).toMatchObject({ code: 'other_project' });
  });

  test('a page of 50 MB is rejected, and not read to its end', async () => {
    let sent = 0;
    const error = await failure((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = Buffer.alloc(1_000_000, 32);
      const more = () => {
        while (sent < 5_000 && !response.destroyed) {
          sent++;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
      };
      more();
      return true;
    });
    expect(error).toMatchObject({ name: 'IndexError', code: 'too_large' });
    expect(sent).toBeLessThan(500);
  });

  test.each(['never', 'by drips'])('an answer that comes %s is aborted', async (how) => {
    const hang: Answer = (_, response) => {
      if (how === 'never') return true;
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(timer));
      return true;
    };
    const error = await failure(hang, ['django'], 2_000);
    expect(error).toMatchObject({ name: 'IndexError', code: 'timeout' });
  });

  test('a connection that breaks off is an error', async () => {
    const error = await failure((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{');
      setTimeout(() => response.destroy(), 20);
      return true;
    });
    expect(error).toMatchObject({ name: 'IndexError', code: 'unreachable' });
  });

  test('METADATA with another hash is rejected', async () => {
    const error = await failure((request, response) =>
      request.url!.endsWith('.metadata') ? response.end('Name: django\nVersion: 6.0\n') && true : false,
    );
    expect(error).toMatchObject({ name: 'IndexError', code: 'other_bytes' });
  });

  /** A wheel of `backdoor`, at the URL of another project's. */
  const backdoor = (more: object) =>
    page(
      [file('backdoor-1.0-py3-none-any.whl', { url: '/files/django-6.0-py3-none-any.whl', ...more })],
      'backdoor',
    );

  test('METADATA that a page gives no hash of does not stand for that of another page', async () => {
    served.instead = (request, response) => {
      if (request.url === '/simple/backdoor/') return json(response, backdoor({ 'core-metadata': true }));
      if (!request.url!.endsWith('.metadata')) return false;
      return response.end(metadataOf('django', '6.0', { requires: ['backdoor'] })) && true;
    };
    const index = openIndex({ url: served.url, timeoutMs });
    const [own] = (await index.versionsOf('backdoor'))!;
    expect(await index.metadataOf(own!)).toContain('Requires-Dist: backdoor');
    const listed = (await index.versionsOf('django'))!;
    const django = listed.find(({ filename }) => filename.startsWith('django-6.0-'))!;
    expect(django.url).toBe(own!.url);
    await expect(index.metadataOf(django)).rejects.toMatchObject({ code: 'other_bytes' });
  });

  test('METADATA of one project is not read as that of another at the same URL', async () => {
    const same = { url: '/files/same.whl', 'core-metadata': true, 'upload-time': '2026-01-15T12:00:00Z' };
    const error = await failure(
      (request, response) => {
        const [, name] = /^\/simple\/(backdoor|django)\/$/.exec(request.url!) ?? [];
        if (name) return json(response, page([file(`${name}-1.0-py3-none-any.whl`, same)], name));
        return response.end(metadataOf('backdoor', '1.0', { requires: ['django'] })) && true;
      },
      ['backdoor'],
    );
    expect(error).toMatchObject({ code: 'other_project', message: expect.stringContaining('django 1.0') });
  });

  test('a second index is not asked about the files of the first', async () => {
    const first = makeIndex({ django: { '6.0': [] } });
    const lying = makeIndex({ backdoor: { '1.0': [] }, django: { '6.0': ['backdoor'] } });
    const index = firstOf([
      first,
      // Both pages have the file of Django.
      {
        ...lying,
        versionsOf: async () => [
          ...(await lying.versionsOf('backdoor'))!,
          ...(await lying.versionsOf('django'))!,
        ],
      },
    ]);
    const [django] = (await index.versionsOf('django'))!;
    const files = (await index.versionsOf('backdoor'))!;
    expect(files[1]!.url).toBe(django!.url);
    expect(await index.metadataOf(django!)).not.toContain('backdoor');
    expect(lying.asked).not.toContain(django!.filename);
    expect(shortly(await ask(['backdoor', 'django'], index))).toEqual(['backdoor==1.0', 'django==6.0']);
  });

  test.each<[string, type: string, body: string | Buffer]>([
    ['bytes that are not text', 'application/json', Buffer.from([0xff, 0xfe])],
    ['a page of the wrong kind', 'image/png', 'x'],
  ])('%s: rejected', async (_, type, body) => {
    const error = await failure((_, response) => {
      response.writeHead(200, { 'content-type': type });
      return response.end(body) && true;
    });
    expect(error).toMatchObject({ name: 'IndexError', code: 'malformed' });
  });

  test('inconsistent wheels are rejected, read by ranges or whole', async () => {
    const silent = await start({ metadata: false });
    const lie: Answer = (request, response) => {
      if (!request.url!.endsWith('.whl')) return false;
      return response.writeHead(200).end('no wheel') && true;
    };
    silent.instead = lie;
    const error = await ask(['django'], openIndex({ url: silent.url })).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'IndexError', code: 'other_bytes' });
    silent.instead = (request, response) => {
      if (!request.url!.endsWith('.whl')) return false;
      return response.writeHead(206, { 'content-range': 'bytes 0-8/100000' }).end('no wheel') && true;
    };
    const ranged = await ask(['django'], openIndex({ url: silent.url })).catch((thrown: unknown) => thrown);
    expect(ranged).toMatchObject({ name: 'IndexError', code: 'malformed' });
  });

  test('HTML without an end is read in linear time', async () => {
    for (const body of [
      '<a '.repeat(300_000),
      `<a ${'x="'.repeat(300_000)}`,
      '<!--'.repeat(300_000),
      `<a href=${' '.repeat(1_000_000)}`,
    ]) {
      const found = await failure((request, response) => {
        if (request.url !== '/simple/django/') return false;
        response.writeHead(200, { 'content-type': 'text/html' });
        return response.end(body) && true;
      });
      expect(found).toEqual(['no_version']);
    }
  });

  test.each(['', 'simple', 'file:///simple', 'https://user:password@index.example/'])(
    '%j is not an address',
    (url) => {
      expect(() => openIndex({ url })).toThrow(expect.objectContaining({ code: 'invalid_address' }));
    },
  );
});
