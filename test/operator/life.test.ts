/** A registry to which its operator publishes, and that later releases of Pinwheel start again with more of `data/`. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { publish } from '../../registry/publish/publish.ts';
import { readWhole } from '../../registry/storage/newest.ts';
import { HEAD, integrate } from '../../registry/storage/signed-head.ts';
import type {
  NewestIndex,
  PackageSet,
  Publication,
  PythonDocument,
  WorkerdDocument,
} from '../../resolver/catalog.ts';
import { newestOf } from '../../resolver/publication.ts';
import { loadDocuments, type PublishedDocument } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { newFolder } from '../common/own.ts';
import { copySeededState } from '../common/registry.ts';

const data = await loadDocuments();
const TODAY = data.at(-1)!.day;
const named = <Document>(name: string) =>
  data.find(({ document }) => Object.values(document).includes(name))!.document as Document;
const python = named<PythonDocument>('3.13');
const workerd = data.findLast(({ document }) => document.kind === 'workerd')!.document as WorkerdDocument;
const newest = named<PackageSet>('python_3.14_packages_2026_11_20');
const like = named<PackageSet>('python_3.14_packages_2026_08_25');

/** What a later release of Pinwheel has more: a set of a known runtime, which is the default from a past day on. */
const lateSet: PackageSet = {
  ...like,
  ...{ flag: 'python_3.14_packages_2026_11_21', released: '2026-11-21', default_from: '2026-11-21' },
};
const late: PublishedDocument = { document: lateSet, day: '2026-11-21' };
/** And what it corrects of a Python. */
const correction = {
  kind: 'correction',
  reason: 'Its support was extended.',
  document: { ...python, supported_until: '2030-10-31' },
} as const;
const added = ['second', 'first'].map((name, at) => ({
  ...workerd.flags.at(-1)!,
  ...{ field: name, enable: `${name}_on`, disable: `no_${name}`, implied_by: [], release: false },
  ordinal: 9999 - at,
}));
const all: PublishedDocument[] = [...data, late, { document: correction, day: TODAY }];
const isLater = ({ document }: PublishedDocument) => document === newest || document === workerd;
const first = data.filter((published) => !isLater(published));

async function publishing(registry: LocalRegistry, documents: readonly object[]): Promise<void> {
  const { miniflare, logKey: LOG_KEY } = registry;
  const STORE = (await miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
  const storage = { DB: await miniflare.getD1Database('DB'), STORE, LOG_KEY };
  for (const document of documents) {
    const outcome = await publish(storage, await readWhole(storage), document, TODAY, {
      publisher: 'a test',
    });
    if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
    await integrate(storage, outcome.value.catalog);
  }
}

test('what an operator publishes stays, and no release of Pinwheel fails over it', async () => {
  const persist = newFolder();
  const ask = async <Answer>({ url }: LocalRegistry, path: string) =>
    (await (await fetch(new URL(path, url))).json()) as Answer;
  const logOf = async (registry: LocalRegistry) =>
    (await ask<{ publications: Publication[] }>(registry, '/v1/log')).publications;
  const supportOf = async (registry: LocalRegistry) => {
    const { pythons } = await ask<{ pythons: PythonDocument[] }>(registry, '/v1/index').then(
      (answer) => (answer as unknown as { index: { pythons: PythonDocument[] } }).index,
    );
    return pythons.find((fact) => fact.python === '3.13')!.supported_until;
  };
  const own = { ...newest, flag: 'python_3.14_packages_2026_11_22_acme', released: '2026-11-22' };
  const before = await startLocalRegistry({ persist, documents: first });
  await publishing(before, [
    own,
    // With the name of a set that upstream has next, and other content.
    { ...newest, packages: newest.packages.slice(0, -1) },
    { ...python, supported_until: '2031-01-01' },
    // Newer than the next of upstream, with ordinals that are not in order.
    { ...workerd, workerd: '1.20261118.1', flags: [...workerd.flags, ...added] },
  ]);
  const published = await logOf(before);
  await before.stop();

  const registry = await startLocalRegistry({ persist, documents: all });
  const ofPython = { path: 'corrections/3.13.json', reason: expect.stringMatching(/^Revision \d+ is of /) };
  expect(registry.differences).toEqual([
    { path: `workerd/${workerd.workerd}.json`, reason: expect.stringContaining('1.20261118.1') },
    { path: `sets/${newest.flag}.json`, reason: expect.stringContaining('was published in revision') },
    ofPython,
  ]);
  const log = await logOf(registry);
  expect(log.slice(0, published.length)).toEqual(published);
  expect(log.slice(published.length).map(({ name }) => name)).toEqual([lateSet.flag]);
  expect(await supportOf(registry)).toBe('2031-01-01');
  const question = 'date=2026-11-22&requirement=fastapi';
  const setOf = async (query: string) =>
    (
      await ask<{ target: { package_set: { flag: string } } }>(
        registry,
        `/v1/resolve?${query}&as_of=${TODAY}`,
      )
    ).target.package_set.flag;
  expect(await setOf(`${question}&flag=python_workers&flag=${own.flag}`)).toBe(own.flag);
  // The platform's own default holds from its own day on, though it was published later.
  expect(await setOf(`${question}&flag=python_workers&flag=python_workers_20260610`)).toBe(lateSet.flag);
  // As that reason says.
  await publishing(registry, [correction]);
  await registry.stop();

  const again = await startLocalRegistry({ persist, documents: all });
  expect(again.differences).not.toContainEqual(ofPython);
  expect(await logOf(again)).toHaveLength(log.length + 1);
  expect(await supportOf(again)).toBe('2030-10-31');
  await again.stop();
});

const day = fc.constantFrom('2020-01-01', '2026-11-30', '2027-02-28', '2030-01-01', '9999-12-31', null);
const field = fc.constantFrom('newFlag', 'otherFlag', 'constructor', '__proto__');
const flag = field.chain((name) =>
  fc.record({
    field: fc.constant(name),
    ordinal: fc.constantFrom(9999, 9998, 2 ** 31, Number.MAX_SAFE_INTEGER, -1),
    enable: fc.oneof({ weight: 9, arbitrary: fc.constant(`${name}_on`) }, fc.constant('python_workers')),
    disable: fc.constantFrom(`no_${name}`, null),
    ...{ enable_date: day, implied_date: day },
    implied_by: fc.oneof({ weight: 9, arbitrary: fc.constant([]) }, fc.constant(['newFlag'])),
    ...{ experimental: fc.boolean(), obsolete: fc.boolean(), release: fc.constant(false) },
  }),
);
const generatedFacts = fc.oneof(
  fc
    .record({ date: fc.integer({ min: 18, max: 22 }), number: fc.nat(99), cut: fc.nat(1) })
    .chain(({ date, number, cut }) =>
      fc.uniqueArray(flag, { minLength: 1, maxLength: 3, selector: ({ field }) => field }).map((more) => ({
        ...workerd,
        workerd: `1.202611${date}.${number}`,
        flags: [...workerd.flags.slice(0, workerd.flags.length - cut), ...more],
      })),
    ),
  fc
    .record({ known: fc.constantFrom('3.12', '3.13', '3.14'), until: day })
    .map(({ known, until }) => ({ ...named<PythonDocument>(known), supported_until: until })),
  fc
    .record({
      suffix: fc.constantFrom('_a', '_b', '_acme', ''),
      from: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, day),
      cut: fc.nat(1),
      kept: fc.boolean(),
    })
    .map(({ suffix, from, cut, kept }) => ({
      ...(kept ? like : newest),
      flag: `${kept ? like.flag : newest.flag}${suffix}`,
      default_from: from,
      packages: (kept ? like : newest).packages.slice(cut),
    })),
  fc
    .record({ at: fc.nat(40), sha256: fc.boolean(), from: fc.constantFrom('2026-12-01', '2028-02-29') })
    .map(({ at, sha256, from }) => {
      const sets = data.flatMap(({ document }) => (document.kind === 'set' ? [document] : []));
      const { flag: name, packages } = sets[at % sets.length]!;
      const wheel = packages[at % packages.length]!;
      return {
        ...{ kind: 'yank', subject: sha256 ? wheel.filename : name, sha256: sha256 ? wheel.sha256 : null },
        ...{ reason: 'broken', from },
      };
    }),
);
const generated = fc.oneof(
  { weight: 3, arbitrary: generatedFacts },
  generatedFacts.map((document) => ({ kind: 'correction', reason: 'wrong', document })),
  fc
    .tuple(generatedFacts, fc.constantFrom('2027-01-01', '2026-01-01'))
    .map(([document, takes_effect]) => ({ kind: 'announcement', takes_effect, document })),
  fc.nat(30).map((back) => ({ kind: 'withdrawal', revision: data.length + back, reason: 'wrong' })),
);

/** Flags whose ordinals are not in order. */
const outOfOrder = {
  ...workerd,
  workerd: '1.20261118.0',
  flags: [...workerd.flags, ...added],
};

test('whatever the gate accepts, a registry starts again from it, and its log is replayed from the documents', async () => {
  const persist = newFolder();
  await copySeededState(persist);
  const before = await startLocalRegistry({ persist });
  const { miniflare, logKey: LOG_KEY } = before;
  const STORE = (await miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
  const storage = { DB: await miniflare.getD1Database('DB'), STORE, LOG_KEY };
  const accepted: string[] = [];
  let catalog = await readWhole(storage);
  const documents = fc.sample(generated, { numRuns: process.env.TEST_ALL ? 600 : 40, seed: 35 });
  for (const made of [outOfOrder, ...documents]) {
    const outcome = await publish(storage, catalog, made, TODAY, { publisher: 'a test' });
    if (!outcome.ok || outcome.value.status !== 'published') continue;
    accepted.push(made.kind);
    ({ catalog } = outcome.value);
  }
  await integrate(storage, catalog);
  expect([...new Set(accepted)].sort()).toEqual(expect.arrayContaining(['correction', 'set', 'workerd']));
  // Without the head, all is made again from the ledger and the documents.
  await STORE.delete(HEAD);
  expect(await readWhole(storage)).toEqual(catalog);
  await before.stop();
  const again = await startLocalRegistry({ persist });
  const { publication, index } = (await (await fetch(new URL('/v1/index', again.url))).json()) as NewestIndex;
  expect([publication, index]).toEqual([catalog.log.at(-1), (await newestOf(catalog)).index]);
  for (const path of [
    '/v1/target?date=2026-11-02&flag=python_workers',
    '/v1/flags',
    '/sets',
    '/changes.atom',
  ])
    expect([path, (await fetch(new URL(path, again.url))).status]).toEqual([path, 200]);
  await again.stop();
});
