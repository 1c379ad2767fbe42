/** Known vulnerabilities of packages beyond the sets: a registry in a process has them, and the package does not. */
import { beforeAll, expect, test } from 'vitest';
import { advisoriesAbout } from '../../resolver/audit/findings.ts';
import { createClient } from '../../resolver/client.ts';
import { AuditAnswer } from '../../resolver/schemas.ts';
import { loadCatalog } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { usePinwheel } from '../cli/pinwheel.ts';
import { ending } from '../common/own.ts';
import { type ServedIndex, serveIndex } from '../resolver/solver/served-index.ts';

const pinwheel = await usePinwheel();
/** Before the documents beyond the sets were published. */
const EARLIER = (await loadCatalog()).advisories.find(({ range }) => !range)!.revision;
const QUESTION = ['--date', '2025-11-02', '--flag', 'python_workers', '--as-of', '2026-11-20'];
const REQUIREMENTS = ['django<4.2', 'no-advisories'];

let index: ServedIndex;
let registry: LocalRegistry;
beforeAll(async () => {
  index = ending(
    await serveIndex({
      django: { '4.1': { requires: ['sqlparse'], uploaded: '2022-08-03T09:00:00Z' } },
      sqlparse: { '0.4.3': { requires: [], uploaded: '2024-04-13T09:00:00Z' } },
      'no-advisories': { '1.0': { requires: [], uploaded: '2024-04-13T09:00:00Z' } },
    }),
  );
  const buildWheel = () => Promise.reject(new Error('no'));
  registry = ending(await startLocalRegistry({ indexUrl: index.url, buildWheel }));
});

const audit = async (...args: string[]) =>
  pinwheel.run(['audit', ...REQUIREMENTS, ...QUESTION, '--index-url', index.url, ...args]);
const namesOf = ({ findings }: AuditAnswer) => new Set(findings.map(({ name }) => name));

test('with a registry, the command looks at packages beyond the set', async () => {
  const { stdout } = await audit('--registry', registry.url.href, '--json');
  const answer = AuditAnswer.parse(JSON.parse(stdout));
  expect(namesOf(answer)).toEqual(new Set(['django', 'sqlparse']));
  expect(answer.not_audited).toEqual([]);
  for (const { fixed, version } of answer.findings) expect(fixed).not.toContain(version);
});

test('without one, it says that it did not', async () => {
  const { stdout, stderr } = await audit();
  expect(stdout).toMatch(/^No known vulnerabilities in .*; 3 packages not looked at\.\n/);
  expect(stderr).toContain('No advisories about sqlparse, django, no-advisories are at hand');
  const answer = AuditAnswer.parse(JSON.parse((await audit('--json')).stdout));
  expect(answer.not_audited).toEqual(['sqlparse', 'django', 'no-advisories']);
});

test('the registry answers the same, and as of a revision that did not know them', async () => {
  const asked = REQUIREMENTS.map((text) => `requirement=${encodeURIComponent(text)}`).join('&');
  const path = `/v1/audit?date=2025-11-02&flag=python_workers&as_of=2026-11-20&index=true&${asked}`;
  const ask = async (more = '') =>
    AuditAnswer.parse(await (await fetch(new URL(path + more, registry.url))).json());
  const answer = await ask();
  expect(namesOf(answer)).toEqual(new Set(['django', 'sqlparse']));
  expect(answer.not_audited).toEqual([]);
  const then = await ask(`&revision=${EARLIER}`);
  expect([then.findings, then.not_audited]).toEqual([[], ['sqlparse', 'django', 'no-advisories']]);
});

test('a question reads only the documents that have its names, and names are looked up as written in them', async () => {
  const { source } = createClient({ registry: registry.url.href });
  const view = await source.view();
  if (!view.ok) throw new Error('no view');
  const named = (...names: string[]) => names.map((name) => ({ name, version: '1' }));
  const read: string[] = [];
  const counted = {
    advisories: (row: Parameters<NonNullable<typeof source.advisories>>[0]) => {
      read.push(row.range?.from ?? 'sets');
      return source.advisories!(row);
    },
  };
  const known = await advisoriesAbout(view.value, counted, named('requests', 'django', 'zzz', 'pz', 'q'));
  expect(read).toEqual(['sets', 'd', 'py', 'q', 'u']);
  expect(known!.names.slice(-4)).toEqual(['django', 'zzz', 'pz', 'q']);
  read.length = 0;
  await advisoriesAbout(view.value, counted, named('requests', 'aiohttp'));
  expect(read).toEqual(['sets']);
});
