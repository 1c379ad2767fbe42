import { describe, expect, test } from 'vitest';
import facts from '../../../data/workerd/1.20261117.1.json' with { type: 'json' };
import type { Catalog, WorkerdDocument } from '../../../resolver/catalog.ts';
import { viewCatalog, viewIndex } from '../../../resolver/compatibility/view.ts';
import { fixed } from '../../../resolver/issues/fixes.ts';
import { catalogAt } from '../../../resolver/log/entries.ts';
import { emptyCatalog, indexOf } from '../../../resolver/publication.ts';
import { publishInto } from '../../publish-into.ts';
import { catalog, revisionOf, view, viewAt } from './catalog.ts';

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
    const message = `No such revision: ${revision}`;
    const issue = { kind: 'unknown', code: 'unknown_revision', message, revision, newest: head };
    expect(viewCatalog(catalog, revision)).toEqual({
      ok: false,
      issues: [{ ...issue, ...fixed(`The newest is ${head}.`) }],
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
});

describe('the indexes', () => {
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

  test('do not depend on the order of the rows', () => {
    const { log, files, ...tables } = structuredClone(catalog);
    const turned = Object.entries(tables).map(([name, rows]) => [name, rows.toReversed()]);
    const reversed = { log, files, ...Object.fromEntries(turned) };
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
    for (const [publication, day] of [
      [announcement, '2026-11-21'],
      [withdrawal, '2026-11-22'],
      [announcement, '2026-11-23'],
      [document, '2026-11-25'],
      [correction, '2026-11-26'],
    ] as const)
      published = await publishInto(published, publication, day);
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
