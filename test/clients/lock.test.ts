/** A registry with an index: closures beyond the set, and locks that Pyodide loads. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadPyodide, version } from 'pyodide';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fetchTarballs, readFromTarball } from '../../cli/packages/npm.ts';
import type { ResolveAnswer } from '../../resolver/answer.ts';
import type { PyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import { loadDocuments } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { npmCache } from '../../scripts/root.ts';
import { launchChromium } from '../browser/chromium.ts';
import { ending } from '../common/own.ts';
import { type ServedIndex, serveWheels } from '../resolver/solver/served-index.ts';
import { metadataOf, wheelOf } from '../zip.ts';
import { downloadWheel } from './pip-wheels.ts';
import { serveFiles } from './serve-files.ts';

/** The set of the Pyodide that these tests run. */
const FLAG = 'python_3.13_packages_2026_09_16';
/** A PyScript of npm. */
const PYSCRIPT = '0.7.31';

function loudWheel(project: string, release: string, source: string, requires = '') {
  const metadata = metadataOf(project, release) + requires;
  const bytes = wheelOf(project, release, { 'loud/__init__.py': source }, { metadata });
  return { filename: `${project}-${release}-py3-none-any.whl`, bytes };
}

let registry: LocalRegistry;
let index: ServedIndex;

beforeAll(async () => {
  const django = await Promise.all(
    ['django<6', 'asgiref', 'sqlparse'].map((requirement) => downloadWheel(requirement)),
  );
  index = ending(
    await serveWheels([
      ...django,
      {
        ...loudWheel(
          'shout',
          '1.0',
          'def say(text):\n    return text.upper()\n',
          'Requires-Dist: sqlparse\n',
        ),
        uploaded: '2026-01-15T12:00:00Z',
      },
      {
        ...loudWheel('shout', '2.0', 'def say(text):\n    return text.upper() + "!"\n'),
        uploaded: '2026-06-15T12:00:00Z',
      },
      loudWheel('quiet', '1.0', ''),
    ]),
  );
  const documents = (await loadDocuments()).filter(({ document }) =>
    'set' in document ? document.set === FLAG : document.kind !== 'set' || document.flag === FLAG,
  );
  registry = ending(await startLocalRegistry({ documents, indexUrl: index.url }));
});
afterEach(() => {
  index.instead = null;
});

async function post<Answer>(path: string, body: object): Promise<{ status: number; answer: Answer }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(new URL(path, registry.url), {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: (await response.json()) as Answer };
}

const question = { compatibility_flags: [FLAG], as_of: '2026-11-20', index: true };
const shortly = ({ packages }: ResolveAnswer) =>
  packages.map(({ name, version: one, origin }) => `${name}==${one} ${origin}`).sort();

describe('/v1/resolve', () => {
  test('adds from the index what the set does not have, as of a day', async () => {
    const requirements = ['shout', 'idna'];
    const { answer } = await post<ResolveAnswer>('/v1/resolve', { ...question, requirements });
    expect(shortly(answer)).toEqual([expect.stringMatching(/^idna==.* set$/), 'shout==2.0 index']);
    expect(answer.index).toMatchObject({ url: index.url, unpin: [] });
    const asOf = `${registry.url}v1/resolve?flag=${FLAG}&requirement=shout&index=true&exclude_newer=2026-03-01`;
    const before = (await (await fetch(asOf)).json()) as ResolveAnswer;
    expect(shortly(before)).toEqual(['shout==1.0 index', expect.stringMatching(/^sqlparse==.* index$/)]);
  });

  test('stores what the index listed up to a past day', async () => {
    const asked = { ...question, exclude_newer: '2026-04-01', requirements: ['shout'] };
    const first = await post<ResolveAnswer>('/v1/resolve', asked);
    expect(shortly(first.answer)).toContain('shout==1.0 index');
    index.log.length = 0;
    index.instead = (_, response) => response.writeHead(500).end() && true;
    const again = await post<ResolveAnswer>('/v1/resolve', asked);
    expect(again.answer).toEqual(first.answer);
    expect(index.log).toEqual([]);
  });

  test('explains why there is no answer, with newer versions', async () => {
    const asked = { ...question, exclude_newer: '2026-03-01', requirements: ['shout>=2'] };
    const refused = await post('/v1/resolve', asked);
    expect(refused).toMatchObject({
      status: 422,
      answer: {
        errors: [
          { code: 'no_version', fix: expect.stringContaining('exclude_newer_package=shout=2026-06-15') },
        ],
      },
    });
    const exclude_newer_package = { shout: '2026-06-15' };
    const { answer } = await post<ResolveAnswer>('/v1/resolve', { ...asked, exclude_newer_package });
    expect(shortly(answer)).toEqual(['shout==2.0 index']);
  });

  test('uses only the set without the index', async () => {
    const { index: _, ...asked } = { ...question, requirements: ['shout'] };
    expect(await post('/v1/resolve', asked)).toMatchObject({
      status: 422,
      answer: { errors: [{ code: 'unknown_package' }] },
    });
  });

  test.each([
    [{ index: 'https://pypi.org/simple/' }, 422, 'other_index'],
    [{ exclude_newer: 'yesterday' }, 400, 'invalid_cutoff'],
    [{ unpin: ['../x'] }, 400, 'invalid_name'],
    [{ index: 7 }, 400, 'invalid_parameter'],
    [
      { requirements: ['shout @ http://127.0.0.1:1/shout-1.0-py3-none-any.whl'] },
      400,
      'index_invalid_address',
    ],
    [
      { requirements: ['shout @ https://169.254.169.254/shout-1.0-py3-none-any.whl'] },
      400,
      'index_invalid_address',
    ],
    [{ requirements: ['shout @ file:///shout-1.0-py3-none-any.whl'] }, 400, 'index_invalid_address'],
  ])('refuses %j', async (more, status, code) => {
    const refused = await post('/v1/resolve', { ...question, requirements: ['shout'], ...more });
    expect(refused).toMatchObject({ status, answer: { errors: [{ code }] } });
  });

  test('requests only what the pages of the index name, where the index is', async () => {
    index.log.length = 0;
    for (const path of ['private', 'simple/shout', 'simple']) {
      const requirements = [`shout @ ${index.origin}/${path}/shout-1.0-py3-none-any.whl`];
      const refused = await post('/v1/resolve', { ...question, requirements });
      expect(refused).toMatchObject({ status: 400, answer: { errors: [{ code: 'index_invalid_address' }] } });
    }
    expect(index.log.filter((line) => line.includes('.whl'))).toEqual([]);
  });

  test('stores no METADATA for another project whose hash a page claims', async () => {
    const page = async (name: string) => {
      const headers = { accept: 'application/vnd.pypi.simple.v1+json' };
      return (await (await fetch(`${index.url}${name}/`, { headers })).json()) as {
        files: { hashes: object; 'core-metadata': object }[];
      };
    };
    const { files, ...about } = await page('quiet');
    index.instead = (request, response) => {
      const filename = 'backdoor-1.0-py3-none-any.whl';
      if (request.url === '/simple/backdoor/') {
        const listed = [{ ...files[0], filename, url: `../../files/${filename}`, 'core-metadata': true }];
        response.writeHead(200, { 'content-type': 'application/vnd.pypi.simple.v1+json' });
        return response.end(JSON.stringify({ ...about, name: 'backdoor', files: listed })) && true;
      }
      if (request.url !== `/files/${filename}.metadata`) return false;
      return response.end('Metadata-Version: 2.1\nName: quiet\nVersion: 1.0\nRequires-Dist: shout\n') && true;
    };
    const asked = { ...question, exclude_newer: false };
    const refused = await post('/v1/resolve', { ...asked, requirements: ['backdoor'] });
    expect(refused).toMatchObject({ status: 502, answer: { errors: [{ code: 'index_other_project' }] } });
    const { answer } = await post<ResolveAnswer>('/v1/resolve', {
      ...asked,
      requirements: ['quiet'],
    });
    expect(shortly(answer)).toEqual(['quiet==1.0 index']);
  });

  test('reports a failure of the index', async () => {
    index.instead = (_, response) => response.writeHead(500).end() && true;
    const refused = await post('/v1/resolve', { ...question, requirements: ['absent'] });
    expect(refused).toMatchObject({
      status: 502,
      answer: { code: 'index_failed', errors: [{ code: 'index_unexpected_status' }] },
    });
  });
});

describe('/v1/lock', () => {
  test('is a whole set and packages beyond it, which Pyodide loads', async () => {
    const { status, answer: lock } = await post<PyodideLock>('/v1/lock', {
      ...question,
      requirements: ['django', 'shout'],
    });
    expect(status).toBe(200);
    const own = (await (
      await fetch(`${registry.url}v1/sets/${FLAG}/pyodide-lock.json`)
    ).json()) as PyodideLock;
    expect(lock.info).toEqual(own.info);
    expect(Object.keys(lock.packages).sort()).toEqual(
      [...Object.keys(own.packages), 'asgiref', 'django', 'shout', 'sqlparse'].sort(),
    );
    expect(lock.packages.numpy).toMatchObject(own.packages.numpy!);
    expect(lock.packages.shout).toMatchObject({
      file_name: `${index.origin}/files/shout-2.0-py3-none-any.whl`,
      imports: ['loud'],
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      size: expect.any(Number),
    });
    const pyodide = await loadPyodide({ lockFileContents: JSON.stringify(lock) });
    const urls = ['django', 'asgiref', 'sqlparse', 'shout'].map((name) => lock.packages[name]!.file_name);
    await pyodide.loadPackage(urls, { messageCallback: () => {} });
    const program = `
import django, loud
from django.conf import settings
settings.configure(TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}])
django.setup()
from django.template import Context, Template
[django.__version__, loud.say(Template("{{ word }}").render(Context({"word": "a lock"})))]`;
    expect(pyodide.runPython(program).toJs()).toEqual([lock.packages.django!.version, 'A LOCK!']);
    expect(lock.info.version).toBe(version);
  });

  test('is the lock of a PyScript page', async () => {
    const { answer: lock } = await post('/v1/lock', { ...question, requirements: ['django', 'shout'] });
    const config = {
      interpreter: '/site/pyodide.mjs',
      packages: ['django', 'shout'],
      packages_cache: 'passthrough',
    };
    const pages = new Map([
      // Where PyScript looks for the lock of its interpreter.
      ['/site/pyodide-lock.json', JSON.stringify(lock)],
      [
        '/pyscript.html',
        `<!DOCTYPE html><script type="module" src="/pyscript/core.js"></script>
<script type="py" config='${JSON.stringify(config)}'>
import django, loud
from django.template import Context, Engine
said = loud.say(Engine().from_string("{{ word }}").render(Context({"word": "a lock"})))
from pyscript import document
document.body.dataset.said = said
</script>`,
      ],
    ]);
    const folder = dirname(createRequire(import.meta.url).resolve('pyodide/package.json'));
    const [pyscript] = await fetchTarballs(
      [{ name: '@pyscript/core', version: PYSCRIPT }],
      () => {},
      npmCache,
    );
    const files = ending(
      await serveFiles(async (path) => {
        const made = pages.get(path);
        if (made !== undefined) return made;
        const [, place, name] = /^\/(pyscript|site)\/([\w.-]+)$/.exec(path) ?? [];
        if (place === 'pyscript') return readFromTarball(pyscript!.path, `package/dist/${name}`);
        return name === undefined ? undefined : readFile(join(folder, name));
      }),
    );
    // Pages of other origins read its files.
    index.instead = (_, response) => {
      response.setHeader('access-control-allow-origin', '*');
      return false;
    };
    const page = await ending(await launchChromium()).newPage();
    await page.goto(`${files.origin}/pyscript.html`);
    await page.waitForFunction('document.body.dataset.said', undefined, { timeout: 120_000 });
    expect(await page.evaluate('document.body.dataset.said')).toBe('A LOCK!');
  });

  test('accepts other wheels, which replace those of the index', async () => {
    const url = `${index.origin}/files/shout-1.0-py3-none-any.whl`;
    const { answer: lock } = await post<PyodideLock>('/v1/lock', { ...question, wheels: [url] });
    expect(lock.packages.shout).toMatchObject({
      version: '1.0',
      file_name: url,
      imports: ['loud'],
      depends: ['sqlparse'],
    });
    expect(lock.packages.sqlparse).toMatchObject({ imports: ['sqlparse'] });
    expect(
      await post('/v1/lock', { ...question, wheels: ['https://files.example/shout.zip'] }),
    ).toMatchObject({
      status: 400,
      answer: { errors: [{ code: 'invalid_wheel_url' }] },
    });
  });
});
