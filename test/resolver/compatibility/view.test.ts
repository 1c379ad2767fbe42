import { describe, expect, test } from 'vitest';
import facts from '../../../data/workerd/1.20261117.1.json' with { type: 'json' };
import type { Catalog, WorkerdDocument } from '../../../resolver/catalog.ts';
import { minorOf, viewCatalog, viewIndex } from '../../../resolver/compatibility/view.ts';
import { fixed } from '../../../resolver/issues/fixes.ts';
import { catalogAt } from '../../../resolver/log/catalog-document.ts';
import { emptyCatalog, indexOf, publishInto } from '../../../resolver/publication.ts';
import { catalog, revisionOf, view, viewAt, withOwnDefault } from './catalog.ts';

const head = catalog.log.length;

describe('the revision', () => {
  test('is the newest by default, and stamped with its digest', () => {
    const newest = viewCatalog(catalog);
    expect(newest).toMatchObject({
      ok: true,
      value: { stamp: { revision: head, digest: catalog.log.at(-1)!.root } },
    });
    expect(viewAt(3).stamp).toEqual({ revision: 3, digest: catalog.log[2]!.root });
  });

  test.for([0, -1, head + 1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('cannot be %d', (revision) => {
    expect(viewCatalog(catalog, revision)).toEqual({
      ok: false,
      issues: [
        {
          kind: 'unknown',
          code: 'unknown_revision',
          message: `No such revision: ${revision}`,
          ...fixed(`The newest is ${head}.`),
          revision,
          newest: head,
        },
      ],
    });
  });

  test('does not exist in an empty catalog', () => {
    const outcome = viewCatalog(emptyCatalog);
    expect(outcome).toMatchObject({ ok: false, issues: [{ fix: 'Nothing has been published yet.' }] });
  });
});

describe('the facts at a revision', () => {
  test.for(catalog.log.map(({ revision }) => revision))('%i: one row for each fact', (revision) => {
    const seen = viewAt(revision);
    const current = (row: { revision: number; withdrawn: number | null }) =>
      row.revision <= revision && (row.withdrawn ?? Number.POSITIVE_INFINITY) > revision;
    expect(new Set(seen.flags)).toEqual(new Set(catalog.flags.filter(current)));
    expect(seen.releases.size).toBe(catalog.releases.filter(current).length);
    expect(seen.sets.size).toBe(catalog.sets.filter(current).length);
    expect(seen.pythons).toHaveLength(catalog.pythons.filter(current).length);
    expect(new Set(seen.flags.map(({ field }) => field)).size).toBe(seen.flags.length);
  });

  test('a fact ends with the revision that withdraws it', () => {
    const revision = revisionOf('1.20251001.0');
    const bundle = (at: number) => viewAt(at).releases.get('pythonWorkers20250116')?.workerd_bundle;
    expect(bundle(revision)).toBe('0.28.2_2025-01-16_3');
    expect(bundle(revision - 1)).toBe('0.27.7_2025-01-16_2');
  });

  test('a workerd flag that needs no opt-in today was once experimental', () => {
    const experimental = (subject: string) =>
      viewAt(revisionOf(subject)).flagByName.get('python_workers_20250116')!.fact.experimental;
    expect(experimental('1.20250617.0')).toBe(true);
    expect(experimental('1.20251001.0')).toBe(false);
  });

  test('the catalog is not changed', () => {
    const before = JSON.stringify(catalog);
    viewCatalog(catalog, 20);
    expect(JSON.stringify(catalog)).toBe(before);
  });
});

describe('the indexes', () => {
  test('know both names of a flag', () => {
    expect(view.flagByName.get('python_workers_314')).toMatchObject({
      side: 'enable',
      fact: { field: 'pythonWorkers314' },
    });
    expect(view.flagByName.get('no_python_workers_314')).toMatchObject({
      side: 'disable',
      fact: { field: 'pythonWorkers314' },
    });
  });

  test('keep flags in schema order', () => {
    const ordinals = view.flags.map(({ ordinal }) => ordinal);
    expect(ordinals).toEqual(ordinals.toSorted((a, b) => a - b));
    expect(ordinals).toHaveLength(207);
  });

  test('know which flags determine the runtime', () => {
    expect(view.runtimeFlags.map(({ enable }) => enable)).toEqual([
      'python_workers',
      'python_workers_development',
      'python_workers_20250116',
      'python_workers_20260610',
      'python_workers_314',
      'auto_inject_python_workers',
    ]);
  });

  test('follow implications of release flags through other flags', () => {
    const link = { ...catalog.flags[0]!, revision: 1, withdrawn: null, implied_by: [] as string[] };
    const small: Catalog = {
      ...emptyCatalog,
      log: [{ ...catalog.log[0]!, revision: 1 }],
      flags: [
        { ...link, field: 'middle', ordinal: 2, implied_by: ['start'] },
        { ...link, field: 'start', ordinal: 3 },
        { ...link, field: 'aside', ordinal: 4 },
        { ...link, field: 'release', ordinal: 1, implied_by: ['middle'] },
      ],
      releases: [{ ...catalog.releases[0]!, field: 'release', revision: 1, withdrawn: null }],
    };
    const outcome = viewCatalog(small);
    expect(outcome.ok && outcome.value.runtimeFlags.map(({ field }) => field)).toEqual([
      'release',
      'middle',
      'start',
    ]);
  });

  test('sort the default sets of each ABI by the day on which they become the default', () => {
    const { defaultSets } = withOwnDefault('2026-11-21');
    expect(defaultSets.size).toBeGreaterThan(0);
    for (const sets of defaultSets.values()) {
      const days = sets.map(({ default_from }) => default_from);
      expect(days).not.toContain(null);
      expect(days).toEqual(days.toSorted());
    }
    expect(defaultSets.has('2024_0')).toBe(false);
  });

  test('know the newest release of each Python without an experimental flag', () => {
    const newest = [...view.newestReleaseOf].map(([python, { release }]) => [python, release.id]);
    expect(newest).toEqual([
      ['3.12', '0.26.0a2'],
      ['3.13', '0.28.2'],
      ['3.14', '314.0.6'],
    ]);
  });

  test('do not depend on the order of the rows', () => {
    const { log, ...tables } = catalog;
    const { pythons, flags, releases, package_locks, sets, yanks } = structuredClone(tables);
    const reversed = {
      log,
      pythons: pythons.toReversed(),
      flags: flags.toReversed(),
      releases: releases.toReversed(),
      package_locks: package_locks.toReversed(),
      sets: sets.toReversed(),
      yanks: yanks.toReversed(),
      files: tables.files,
    };
    const seen = viewAt(log.length, reversed);
    const { pythons: sorted, flags: ordered, defaultSets, newestReleaseOf, embeddedLocks } = seen;
    const newest = viewAt(log.length);
    expect(sorted).toEqual(newest.pythons);
    expect(ordered).toEqual(newest.flags);
    expect(newestReleaseOf).toEqual(newest.newestReleaseOf);
    expect(embeddedLocks).toEqual(newest.embeddedLocks);
    expect(seen.runtimeSets).toEqual(newest.runtimeSets);
    for (const [abi, defaults] of newest.defaultSets) expect(defaultSets.get(abi)).toEqual(defaults);
  });

  test('count a week on from the newest workerd', () => {
    expect(view.workerd).toBe('1.20261117.1');
    expect(view.knownUntil).toBe('2026-11-24');
  });

  test('count a workerd from its first publication on, announced or not, until that is withdrawn', async () => {
    const document = { ...(facts as WorkerdDocument), workerd: '1.20261118.1' };
    const announcement = { kind: 'announcement', takes_effect: '2026-11-25', document } as const;
    const withdrawal = { kind: 'withdrawal', revision: head + 1, reason: 'A test.' } as const;
    const correction = { kind: 'correction', reason: 'A test.', document } as const;
    let published: Catalog = catalog;
    for (const [one, day] of [
      [announcement, '2026-11-21'],
      [withdrawal, '2026-11-22'],
      [announcement, '2026-11-23'],
      [document, '2026-11-25'],
      [correction, '2026-11-26'],
    ] as const)
      published = await publishInto(published, one, day);
    const known = [];
    for (const more of [0, 1, 2, 3, 4, 5]) {
      const { workerd, knownUntil, stamp } = viewAt(head + more, published);
      const indexed = viewIndex(await indexOf(catalogAt(published, head + more)), stamp);
      expect([indexed.workerd, indexed.knownUntil]).toEqual([workerd, knownUntil]);
      known.push([workerd, knownUntil]);
    }
    const before = ['1.20261117.1', '2026-11-24'];
    const again = ['1.20261118.1', '2026-11-30'];
    expect(known).toEqual([before, ['1.20261118.1', '2026-11-28'], before, again, again, again]);
  });
});

test.for([
  ['3.12.7', '3.12'],
  ['3.14', '3.14'],
  ['3.15.0a1', '3.15'],
] as const)('%s is a %s', ([python, minor]) => {
  expect(minorOf(python)).toBe(minor);
});
