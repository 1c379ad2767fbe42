/** Evidence, from its publication to answers. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Evidence, ResolveAnswer } from '../../resolver/answer.ts';
import type { Catalog, PackageSet } from '../../resolver/catalog.ts';
import { addDays } from '../../resolver/compatibility/date.ts';
import type { EvidenceDocument } from '../../resolver/evidence.ts';
import type { WhenAnswer } from '../../resolver/time/answers.ts';
import { ask, askJson } from './client.ts';
import { atNoon } from './clock.ts';
import { BEFORE_EVIDENCE, dataLog, documentOf, seed } from './seed.ts';
import { publishedBy, tokenFor } from './token-for.ts';

atNoon();
const today = new Date().toISOString().slice(0, 10);
const FLAG = 'python_3.13_packages_2025_10_20';
const NAME = `${FLAG}.pyodide`;
const evidence = documentOf(dataLog.find(({ name }) => name === NAME)!) as EvidenceDocument;
const set = documentOf(dataLog.find(({ name }) => name === FLAG)!) as PackageSet;

let token: string;
beforeAll(async () => {
  await seed(BEFORE_EVIDENCE);
  token = await tokenFor(['evidence']);
});
afterEach(() => vi.restoreAllMocks());

const send = (document: unknown) => publishedBy(token, document);
const evidenceOf = async (name: string): Promise<Evidence | null> => {
  const answer = await askJson<ResolveAnswer>(`/v1/resolve?flag=${FLAG}&requirement=${name}`);
  return answer.packages.find((resolved) => resolved.name === name)!.evidence;
};
const [first, ...rest] = evidence.results;
const changed = (change: Partial<EvidenceDocument['results'][0]>) => ({
  ...evidence,
  results: [{ ...first!, ...change }, ...rest],
});

test.each<[string, object, string]>([
  [
    'about a set that is not there',
    { ...evidence, set: 'python_3.13_packages_2025_10_21' },
    'unknown_subject',
  ],
  ['about another set of that name', { ...evidence, digest: '0'.repeat(64) }, 'other_evidence'],
  ['of another runtime', { ...evidence, runtime: '0.29.1' }, 'other_evidence'],
  ['of a day that has not come', { ...evidence, day: addDays(today, 1) }, 'backward_dates'],
  ['about another version', changed({ version: '0.1' }), 'other_evidence'],
  ['about another file', changed({ sha256: '0'.repeat(64) }), 'other_evidence'],
  ['about a package that the set lacks', changed({ name: 'aaaa' }), 'other_evidence'],
  ['without a module', changed({ imports: [] }), 'other_evidence'],
  ['with a result twice', { ...evidence, results: [first, first, ...rest] }, 'other_evidence'],
  ['with a field of another kind', { ...evidence, ground: 'browser' }, 'invalid_field'],
])('a document is refused %s', async (_, document, code) => {
  const [status, ...errors] = await send(document);
  expect(status).toBe(422);
  expect(errors).toEqual([expect.stringMatching(new RegExp(`^${code}: `))]);
});

test('the documents of data/ are published, and answers tell what was seen', async () => {
  // Its files were seen before it ran.
  expect((await evidenceOf('numpy'))?.level).toBe('obtainable');
  expect(await send(evidence)).toEqual([201]);
  expect(await send(evidence)).toEqual([200]);
  const seen = { runtime: '0.29.0', ground: 'pyodide', day: evidence.day };
  expect(await evidenceOf('numpy')).toEqual({ level: 'tested', ...seen, detail: null });
  expect(await evidenceOf('affine')).toEqual({ level: 'imported', ...seen, detail: null });
  expect(await evidenceOf('soupsieve')).toEqual({
    ...{ level: 'obtainable', ...seen },
    detail: "not all is imported: ModuleNotFoundError: No module named 'bs4'",
  });
  const listed = set.packages.find(({ name }) => evidence.results.every((result) => result.name !== name))!;
  const nothing = { runtime: null, ground: null, day: null, detail: null };
  expect(await evidenceOf(listed.name)).toEqual({ level: 'listed', ...nothing });
});

test('it is in every answer about packages', async () => {
  const { versions } = await askJson<{ versions: { flag: string; evidence: Evidence }[] }>(
    '/v1/packages/numpy',
  );
  const levels = new Map(versions.map(({ flag, evidence: { level } }) => [flag, level]));
  expect([levels.get(FLAG), levels.get('python_3.14_packages_2026_08_25')]).toEqual(['tested', 'listed']);
  const search = await askJson<{ packages: { evidence: Evidence }[] }>('/v1/packages?query=numpy');
  expect(search.packages.map(({ evidence: { level } }) => level)).toContain('listed');
  const member = await askJson<{ evidence: Evidence }>(`/v1/sets/${FLAG}/packages/numpy`);
  expect(member.evidence.level).toBe('tested');
  const when = await askJson<WhenAnswer>('/v1/when?requirement=numpy');
  expect(when.flags.find(({ flag }) => flag === FLAG)?.evidence?.level).toBe('tested');
  expect(when.intervals.at(-1)?.evidence?.level).toBe('listed');
  type Changes = { packages: { changed: { name: string; evidence: Evidence }[] } };
  const { packages } = await askJson<Changes>(`/v1/compare?from=python_3.13_packages_2025_08_08&to=${FLAG}`);
  expect(packages.changed.find(({ name }) => name === 'numpy')?.evidence.level).toBe('tested');
});

test('an answer with evidence reads no more than one without', async () => {
  const { operations } = await import('../../registry/storage/operations.ts');
  const costOf = async (flag: string) => {
    await ask(`/v1/resolve?flag=${flag}&requirement=idna`);
    const before = { ...operations };
    await ask(`/v1/resolve?flag=${flag}&requirement=idna&requirement=certifi`);
    return [operations.d1 - before.d1, operations.r2 - before.r2];
  };
  expect(await costOf(FLAG)).toEqual([0, 0]);
  expect(await costOf('python_3.13_packages_2025_09_22')).toEqual([0, 0]);
});

test('later evidence of the same ground takes its place, and older evidence does not', async () => {
  const [status, error] = await send({ ...evidence, day: addDays(evidence.day, -1) });
  expect([status, error]).toEqual([422, expect.stringMatching(/^backward_dates: /)]);
  const thrown = { type: 'ImportError', message: 'no' };
  const broken = { ...first!, imports: first!.imports.map((module) => ({ ...module, error: thrown })) };
  expect(await send({ ...evidence, results: [broken, ...rest] })).toEqual([201]);
  expect((await evidenceOf(first!.name))?.level).toBe('obtainable');
  const { log, evidence: rows = [] } = await askJson<Catalog>('/v1/catalog');
  expect(rows.map(({ withdrawn }) => withdrawn)).toEqual([log.length, null]);
  for (const path of ['/changes.atom', `/packages/${first!.name}.atom`]) {
    const feed = await (await ask(path)).text();
    const stops = feed
      .match(/<entry>[\s\S]*?<\/entry>/g)!
      .filter((entry) => entry.includes('no longer imported'));
    expect(stops, path).toEqual([
      expect.stringContaining(`<title>${first!.name} is no longer imported in ${FLAG}</title>`),
    ]);
    expect(stops[0]).toContain('ImportError: no');
  }
  expect(await (await ask('/packages/numpy.atom')).text()).not.toContain('no longer imported');
  // What it said then, it says for ever.
  const before = await askJson<ResolveAnswer>(
    `/v1/resolve?flag=${FLAG}&requirement=${first!.name}&revision=${log.length - 1}`,
  );
  expect(before.packages[0]!.evidence!.level).toBe('imported');
});

test('where a built Worker ran, too, the lower level is told, with both grounds', async () => {
  const thrown = { type: 'OSError', message: 'no such device' };
  const built = evidence.results
    .filter(({ name }) => name !== 'affine')
    .map((result) =>
      result.name === 'numpy'
        ? { ...result, imports: result.imports.map((module) => ({ ...module, error: thrown })), smoke: null }
        : { ...result, smoke: null },
    );
  expect(await send({ ...evidence, ground: 'build', results: built })).toEqual([201]);
  const where = { runtime: '0.29.0', day: evidence.day };
  const detail = 'pyodide: tested; build: not all is imported: OSError: no such device';
  expect(await evidenceOf('numpy')).toEqual({ ...where, level: 'obtainable', ground: 'build', detail });
  const both = { ...where, level: 'imported', ground: 'build', detail: 'pyodide: tested; build: imported' };
  expect(await evidenceOf('pillow')).toEqual(both);
  expect((await evidenceOf('soupsieve'))!.level).toBe('obtainable');
  const textOf = async (path: string) =>
    (await (await ask(path)).text())
      .replace(/<span class="whole">(.*?)<\/span>/g, '$1')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');
  const page = await textOf(`/packages/numpy?flag=${FLAG}`);
  for (const text of [
    'npm’s Pyodide in Node',
    'a built Worker on workerd, not Cloudflare’s platform',
    'no such device',
    '◎ Obtainable on',
  ]) {
    expect(page).toContain(text);
  }
  const again = `npm run evidence -- --set ${FLAG} --package numpy`;
  expect(page).toContain(`${again} --from FOLDER`);
  expect(page).toContain(`${again} --ground build --from FOLDER`);
  const all = await textOf('/evidence');
  const { day } = evidence;
  expect(all).toContain(
    `Pyodide 0.29.0 in npm’s Pyodide in Node, ${day}; Pyodide 0.29.0 in a built Worker on workerd, not Cloudflare’s platform, ${day}`,
  );
  expect(all).toMatch(
    /a built Worker on workerd, not Cloudflare’s platform Not imported: numpy : OSError: no such device/,
  );
});

test('a registry that has lost the document answers as before', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { evidence: rows = [] } = await askJson<Catalog>('/v1/catalog');
  await env.STORE.delete(`documents/${rows.at(-1)!.document}.json`);
  vi.resetModules();
  const another = await import('./client.ts');
  const answer = await another.askJson<ResolveAnswer>(`/v1/resolve?flag=${FLAG}&requirement=pillow`);
  expect(answer.packages.find(({ name }) => name === 'pillow')!.evidence!.level).toBe('imported');
});
