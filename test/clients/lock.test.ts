/** A registry whose operator switched an index on: closures beyond the set, and locks that Pyodide loads. */
import { loadPyodide, version } from 'pyodide';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ResolveAnswer } from '../../resolver/answer.ts';
import type { PyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import { loadDocuments } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { type ServedIndex, serveWheels } from '../resolver/solver/served-index.ts';
import { makeZip, utf8 } from '../zip.ts';
import { downloadWheel } from './pip-wheels.ts';

/** The set of the Pyodide that these tests run. */
const FLAG = 'python_3.13_packages_2026_09_16';

function shout(release: string, source: string, requires = ''): { filename: string; bytes: Uint8Array } {
  const info = `shout-${release}.dist-info`;
  const metadata = `Metadata-Version: 2.1\nName: shout\nVersion: ${release}\n${requires}`;
  const bytes = makeZip([
    { name: 'loud/__init__.py', data: utf8(source) },
    { name: `${info}/METADATA`, data: utf8(metadata) },
    { name: `${info}/WHEEL`, data: utf8('Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n') },
    { name: `${info}/RECORD`, data: utf8(`loud/__init__.py,,\n${info}/METADATA,,\n${info}/RECORD,,\n`) },
  ]);
  return { filename: `shout-${release}-py3-none-any.whl`, bytes };
}

let registry: LocalRegistry;
let index: ServedIndex;

beforeAll(async () => {
  const django = await Promise.all(['django<6', 'asgiref', 'sqlparse'].map((one) => downloadWheel(one)));
  index = await serveWheels([
    ...django,
    {
      ...shout('1.0', 'def say(text):\n    return text.upper()\n', 'Requires-Dist: sqlparse\n'),
      uploaded: '2026-01-15T12:00:00Z',
    },
    { ...shout('2.0', 'def say(text):\n    return text.upper() + "!"\n'), uploaded: '2026-06-15T12:00:00Z' },
  ]);
  const documents = (await loadDocuments()).filter(
    ({ document }) => document.kind !== 'set' || document.flag === FLAG,
  );
  registry = await startLocalRegistry({ documents, indexUrl: index.url });
});
afterAll(async () => {
  await registry?.stop();
  await index?.stop();
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
  test('takes from the index what the set does not have, as of a day', async () => {
    const requirements = ['shout', 'idna'];
    const { answer } = await post<ResolveAnswer>('/v1/resolve', { ...question, requirements });
    expect(shortly(answer)).toEqual([expect.stringMatching(/^idna==.* set$/), 'shout==2.0 index']);
    expect(answer.index).toMatchObject({ url: index.url, unpin: [] });
    const asOf = `${registry.url}v1/resolve?flag=${FLAG}&requirement=shout&index=true&exclude_newer=2026-03-01`;
    const before = (await (await fetch(asOf)).json()) as ResolveAnswer;
    expect(shortly(before)).toEqual(['shout==1.0 index', expect.stringMatching(/^sqlparse==.* index$/)]);
  });

  test('keeps what the index said of a past day', async () => {
    const asked = { ...question, exclude_newer: '2026-04-01', requirements: ['shout'] };
    const first = await post<ResolveAnswer>('/v1/resolve', asked);
    expect(shortly(first.answer)).toContain('shout==1.0 index');
    index.log.length = 0;
    index.instead = (_, response) => response.writeHead(500).end() && true;
    const again = await post<ResolveAnswer>('/v1/resolve', asked);
    expect(again.answer).toEqual(first.answer);
    expect(index.log).toEqual([]);
  });

  test('says what stands in the way, with what is newer', async () => {
    const asked = { ...question, exclude_newer: '2026-03-01', requirements: ['shout>=2'] };
    const refused = await post('/v1/resolve', asked);
    expect(refused).toMatchObject({
      status: 422,
      answer: {
        errors: [
          { code: 'no_version', fix: expect.stringContaining('--exclude-newer-package shout=2026-06-15') },
        ],
      },
    });
    const exclude_newer_package = { shout: '2026-06-15' };
    const { answer } = await post<ResolveAnswer>('/v1/resolve', { ...asked, exclude_newer_package });
    expect(shortly(answer)).toEqual(['shout==2.0 index']);
  });

  test('stays in the set where nobody asks for the index', async () => {
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

  test('says that the index failed', async () => {
    index.instead = (_, response) => response.writeHead(500).end() && true;
    const refused = await post('/v1/resolve', { ...question, requirements: ['absent'] });
    expect(refused).toMatchObject({
      status: 502,
      answer: { code: 'index_failed', errors: [{ code: 'index_unexpected_status' }] },
    });
  });
});

describe('/v1/lock', () => {
  test('is a whole set and what is beyond it, which Pyodide loads as it is', async () => {
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

  test("takes wheels of one's own, whatever the index has", async () => {
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
