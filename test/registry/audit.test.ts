/** Known vulnerabilities, from the publication of their document to answers. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Catalog } from '../../resolver/catalog.ts';
import { createClient } from '../../resolver/client.ts';
import { addDays } from '../../resolver/compatibility/date.ts';
import { type AdvisoriesDocument, AuditAnswer } from '../../resolver/schemas.ts';
import { ask, askJson, post } from './client.ts';
import { atNoon } from './clock.ts';
import { dataLog, documentOf, seed } from './seed.ts';
import { publishedBy, tokenFor } from './token-for.ts';

atNoon();
const today = new Date().toISOString().slice(0, 10);
const at = dataLog.findIndex(({ kind }) => kind === 'advisories');
const published = documentOf(dataLog[at]!) as AdvisoriesDocument;
const QUESTION = '/v1/audit?date=2025-11-02&flag=python_workers&requirement=requests&requirement=aiohttp';

/** The same question as a body. */
const ASKED = {
  compatibility_date: '2025-11-02',
  compatibility_flags: ['python_workers'],
  requirements: ['requests', 'aiohttp'],
};

let token: string;
beforeAll(async () => {
  await seed(at);
  token = await tokenFor(['advisories']);
});
afterEach(() => vi.restoreAllMocks());

const send = (document: unknown) => publishedBy(token, document);
const ofDay = (day: string, advisories = published.advisories) => ({
  ...published,
  source: { ...published.source, day },
  advisories,
});
const [first, ...rest] = published.advisories;
const changed = (change: object) => ofDay(published.source.day, [{ ...first!, ...change }, ...rest]);

const RANGE = { from: '0', before: null, completes: published.source.day };

test.each<[string, object, string]>([
  ['of a day that has not come', ofDay(addDays(today, 1)), 'backward_dates'],
  ['with an advisory twice', ofDay(published.source.day, [first!, ...published.advisories]), 'invalid_field'],
  ['about a package that it does not name', changed({ package: 'aaaa' }), 'invalid_field'],
  [
    'with an advisory of a later day',
    changed({ published: addDays(published.source.day, 1) }),
    'invalid_field',
  ],
  ['with markup in an id', changed({ id: 'PYSEC-1"><script>' }), 'invalid_field'],
  ['with a link that runs', changed({ link: 'javascript:alert(1)' }), 'invalid_field'],
  ['with a line break in a summary', changed({ summary: 'a\nb' }), 'invalid_field'],
  ['with a range and names', { ...published, range: RANGE }, 'invalid_field'],
  [
    'about a package beyond its range',
    { ...published, names: [], range: { ...RANGE, from: 'b' } },
    'invalid_field',
  ],
  [
    'with a statement about no version',
    { ...published, statements: [{ ...published.statements[0]!, versions: 'x' }] },
    'invalid_field',
  ],
  ['with names out of order', { ...published, names: published.names.toReversed() }, 'invalid_field'],
])('a document is refused %s', async (_, document, code) => {
  const [status, ...errors] = await send(document);
  expect(status).toBe(422);
  expect(errors[0]).toMatch(new RegExp(`^${code}: `));
});

test('before it is published, nothing is known', async () => {
  const response = await ask(QUESTION);
  const { errors } = await response.json<{ errors: { code: string }[] }>();
  expect([response.status, errors[0]!.code]).toEqual([422, 'no_advisories']);
});

test('an audit answers from the log, as of a revision and a day', async () => {
  expect(await send(published)).toEqual([201]);
  const answer = AuditAnswer.parse(await askJson(QUESTION));
  expect(answer.registry.revision).toBe(at + 1);
  expect(answer.advisories).toEqual(published.source);
  expect([...new Set(answer.findings.map(({ name }) => name))].sort()).toEqual([
    ...['aiohttp', 'idna', 'requests', 'urllib3'],
  ]);
  expect(answer.best).toMatchObject({ fix: { kind: 'package_flag' } });
  const then = AuditAnswer.parse(await askJson(`${QUESTION}&as_of=2026-01-15`));
  expect(then.findings.length).toBeLessThan(answer.findings.length);
  expect(then.findings.every((finding) => finding.published <= '2026-01-15')).toBe(true);
  expect((await ask(`${QUESTION}&revision=${at}`)).status).toBe(422);
});

test('it is cached as an answer of resolve is, and POST gives the same', async () => {
  const got = await ask(QUESTION);
  const etag = got.headers.get('etag')!;
  expect(got.headers.get('cache-control')).toMatch(/^public, max-age=/);
  expect((await ask(QUESTION, { headers: { 'if-none-match': etag } })).status).toBe(304);
  const { operations } = await import('../../registry/storage/operations.ts');
  const before = { ...operations };
  const posted = await ask('/v1/audit', post(ASKED));
  expect(await posted.json()).toEqual(await got.json());
  expect([operations.d1 - before.d1, operations.r2 - before.r2]).toEqual([0, 0]);
  const many = await ask('/v1/audit', post({ ...ASKED, requirements: Array(1_001).fill('six') }));
  expect(many.status).toBe(400);
  expect((await ask('/v1/audit', post({ ...ASKED, requirements: Array(1_000).fill('jinja2') }))).status).toBe(
    200,
  );
  expect((await ask('/v1/audit', post({ ...ASKED, requirements: ['jinja2>9'] }))).status).toBe(422);
});

test('a client has the same answer, from a document that has its digest', async () => {
  let damaged = false;
  const fetch = async (url: string, init?: RequestInit) => {
    const response = await ask(new URL(url).pathname + new URL(url).search, init);
    if (!damaged || !url.includes('/v1/documents/')) return response;
    return new Response((await response.text()).replace('aiohttp', 'aiohttq'), response);
  };
  const client = createClient({ registry: 'http://127.0.0.1:8787', fetch });
  expect(await client.audit(ASKED)).toEqual(await askJson(QUESTION));
  damaged = true;
  const other = createClient({ registry: 'http://127.0.0.1:8787', fetch });
  await expect(other.safeAudit(ASKED)).rejects.toMatchObject({ code: 'digest_mismatch' });
});

const DEFAULT = 'python_3.13_packages_2025_08_08';
const textOf = async (path: string) => (await ask(path)).text();
const saidBy = async (path: string) => (await textOf(path)).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('pages', () => {
  test('/security counts the default set by day, and every set as Python counts', async () => {
    const said = await saidBy('/security?as_of=2026-11-20');
    const rest = 'more without effect in a Worker';
    for (const counted of [
      `python_3.14_packages_ 2026_08_25 : 37 known vulnerabilities in 14 packages, 25 high; 7 ${rest}.`,
      `python_3.13_packages_ 2025_08_08 37 known vulnerabilities in 13 packages, 3 critical; 26 ${rest}`,
      `python_3.13_packages_ 2026_11_20 61 known vulnerabilities in 24 packages, 6 critical; 5 ${rest} 0`,
    ]) {
      expect(said).toContain(counted);
    }
    expect(said).toContain(published.source.commit.slice(0, 12));
    expect(said).toContain('CC-BY-4.0');
    expect(said).toContain('In the default package set, by day of publication');
    expect(said).toContain('All that the database had published by the day');
    // No later advisory is in this copy.
    const { day } = published.source;
    expect(said).toContain(`with them: those known on ${day} .`);
    expect(said).toContain(`After ${day} , the day of this copy, only the set changes.`);
    const html = await textOf('/security?as_of=2026-11-20');
    expect(html).toMatch(/<svg viewBox="0 0 900 260" role="img" aria-label="[^"]*table below/);
    const markdown = await textOf('/security.md?as_of=2026-11-20');
    expect(markdown).toMatch(
      /\| \[python_3.13_packages_2025_08_08\]\S+ \| 63 \| \d+ \| 2025-09-29 \| 2026-09-07 \|/,
    );
    const then = await saidBy('/security?as_of=2026-01-15');
    expect(then).not.toContain('2026_08_25 :');
    expect(then).toContain('with them: those known on 2026-01-15 .');
  });

  test('the line falls with a set, and rises with an advisory alone', async () => {
    const html = await textOf('/security?as_of=2026-11-20');
    const [, line] = /class="line" d="M([^"]+)"/.exec(html)!;
    const heights = [...line!.matchAll(/V([\d.]+)/g)].map(([, y]) => Number(y));
    const changes = [...html.matchAll(/class="change" d="M([\d.]+) /g)].map(([, x]) => x);
    const steps = [...line!.matchAll(/H([\d.]+)V[\d.]+/g)].map(([, x]) => x);
    // Greater is lower.
    const falls = steps.filter((_, at) => at > 0 && heights[at]! > heights[at - 1]!);
    expect(falls).toEqual(expect.arrayContaining(changes));
    expect(heights.length).toBeGreaterThan(20);
  });

  test('a set and a package have theirs, and a question, with what clears most', async () => {
    const ofSet = await saidBy(`/sets/${DEFAULT}?as_of=2026-11-20`);
    expect(ofSet).toContain('37 known vulnerabilities in 13 packages, 3 critical');
    expect(ofSet).toContain('Without effect in a Worker: It is in aiohttp');
    const ofPackage = await saidBy(`/packages/h11?flag=${DEFAULT}&as_of=2026-11-20`);
    expect(ofPackage).toContain('0.14.0 has 1 known vulnerability, 1 critical');
    // The table of versions has those of each.
    expect(ofPackage.split('1 known vulnerability, 1 critical').length).toBeGreaterThan(3);
    for (const path of ['/packages/six?', '/?q=six&'])
      expect(await saidBy(`${path}as_of=2026-11-20`)).not.toContain('vulnerabilit');
    expect(await saidBy('/?q=aiohttp&as_of=2026-07-01')).toMatch(/3\.11\.13 has \d+ known vulnerabilities/);
    const html = await textOf(
      '/resolve?date=2025-11-02&flag=python_workers&requirement=requests&as_of=2026-11-20',
    );
    const { findings } = await askJson<AuditAnswer>(
      '/v1/audit?date=2025-11-02&flag=python_workers&requirement=requests&as_of=2026-11-20',
    );
    const count = findings.filter(({ affected }) => affected).length;
    expect(html).toContain(`<summary>${count} known vulnerabilities in `);
    const [, href] = /href="(\/v1\/audit[^"]+)"/.exec(html)!;
    expect((await askJson<AuditAnswer>(href!.replaceAll('&amp;', '&'))).findings).toEqual(findings);
    // The lines to copy for another set are below, with what to do.
    const inPart = await textOf('/resolve?date=2025-11-02&requirement=requests&requirement=pandas');
    expect(inPart).toMatch(/ known vulnerabilities in [\s\S]*What to do/);
  });

  test('the feed has what is known in the default set, and what clears it', async () => {
    const feed = await textOf('/security.atom?as_of=2026-07-01');
    const days = [...feed.matchAll(/<updated>([^<]+)T/g)].map(([, day]) => day!).slice(1);
    expect(days).toEqual(days.toSorted().reverse());
    expect(new Set([...feed.matchAll(/<id>([^<]+)<\/id>/g)].map(([, id]) => id)).size).toBe(days.length + 1);
    expect(feed).toMatch(/python_3.13_packages_\w+ has \w+ \d\S+, which does not have it\./);
    const [, page] = /<entry>[\s\S]*?href="[^"]*?(\/packages\/[^"]+)"/.exec(feed)!;
    const [path, anchor] = page!.split('#');
    expect(await textOf(path!)).toContain(anchor === undefined ? 'known vulnerabilit' : `id="${anchor}"`);
    expect((await ask(`/security.atom?revision=${at}`)).status).toBe(404);
  });

  test('a revision without advisories says so', async () => {
    expect(await saidBy(`/security?revision=${at}`)).toContain('Nothing is known here of vulnerabilities');
    expect(await saidBy(`/sets/${DEFAULT}?revision=${at}`)).not.toContain('vulnerabilit');
    expect(await saidBy(`/packages/requests?revision=${at}`)).not.toContain('vulnerabilit');
  });
});

test('a later document takes its place, an older one does not, and a revision answers as then', async () => {
  const { findings } = await askJson<AuditAnswer>(QUESTION);
  const day = addDays(published.source.day, 1);
  const hostile = '<img src=x onerror=alert(1)>]]>&';
  const fewer = published.advisories
    .filter(({ id }) => id !== findings[0]!.id)
    .map((advisory) => (advisory.id === findings[1]!.id ? { ...advisory, summary: hostile } : advisory));
  expect(await send(ofDay(day, fewer))).toEqual([201]);
  const [status, error] = await send(ofDay(addDays(day, -2), []));
  expect([status, error]).toEqual([422, expect.stringMatching(/^backward_dates: /)]);
  const now = await askJson<AuditAnswer>(QUESTION);
  expect(now.findings).toHaveLength(findings.length - 1);
  const { name } = findings[1]!;
  for (const path of [
    `/packages/${name}?flag=${DEFAULT}`,
    `/sets/${DEFAULT}`,
    QUESTION.replace('/v1/audit', '/resolve'),
  ]) {
    const html = await textOf(path);
    expect(html, path).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html, path).not.toContain('<img');
  }
  expect(await textOf('/security.atom?as_of=2026-08-01')).not.toContain('<img');
  const { findings: then } = await askJson<AuditAnswer>(`${QUESTION}&revision=${at + 1}`);
  expect(then).toEqual(findings);
  const { advisories } = await askJson<Catalog>('/v1/catalog');
  expect(advisories.map(({ withdrawn }) => withdrawn)).toEqual([at + 2, null]);
  expect(await (await ask('/changes.atom')).text()).toContain('Known vulnerabilities as of ');
});

test('a registry that has lost the document says so, and still resolves', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { advisories } = await askJson<Catalog>('/v1/catalog');
  await env.STORE.delete(`documents/${advisories.at(-1)!.document}.json`);
  vi.resetModules();
  const another = await import('./client.ts');
  expect((await another.ask(QUESTION)).status).toBe(503);
  expect((await another.ask(QUESTION.replace('audit', 'resolve'))).status).toBe(200);
});
