import { describe, expect, test } from 'vitest';
import type { FlagFact, ReleaseFact, WorkerdDocument } from '../../../resolver/catalog.ts';
import { loadCatalog, loadDocuments } from '../../../scripts/import/data-files.ts';
import { loadWorkerd, readFixture, readLines } from './fixtures.ts';

const documents = (await loadDocuments()).map(({ document }) => document);
const workerds = documents.filter((document) => document.kind === 'workerd');
const byVersion = new Map(workerds.map((document) => [document.workerd, document]));

interface MeasuredCase {
  bundle: string | null;
  workerd?: string;
}

test('the newest flags and releases agree with independent measurements', async () => {
  const known: { flags: FlagFact[]; releases: Partial<ReleaseFact>[] } = JSON.parse(
    (await readFixture('python-flags.json')).toString('utf8'),
  );
  const { flags, releases } = await loadWorkerd('1.20261117.1');
  const fields = new Set(known.flags.map(({ field }) => field));
  expect(flags.filter(({ field }) => fields.has(field))).toEqual(known.flags);
  expect(releases.map(({ field }) => field).sort()).toEqual(known.releases.map(({ field }) => field).sort());
  for (const release of known.releases) {
    expect(releases.find(({ field }) => field === release.field)).toMatchObject(
      release.workerd_bundle === 'dev' ? { workerd_bundle: 'dev', pyodide: release.pyodide } : release,
    );
  }
});

describe.each(workerds.map((document): [string, WorkerdDocument] => [document.workerd, document]))(
  'workerd %s',
  (_, { flags, releases }) => {
    test('numbers its flags without a gap, and names each once', () => {
      expect(flags.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(
        flags.map((_, index) => index),
      );
      const names = flags.flatMap(({ enable, disable }) => [enable, disable]).filter((name) => name !== null);
      expect(new Set(names).size).toBe(names.length);
    });

    test('has a flag for every field that is not obsolete', () => {
      for (const flag of flags) if (flag.enable === null) expect(flag.obsolete).toBe(true);
    });

    test('implies flags by existing fields', () => {
      const fields = new Set(flags.map(({ field }) => field));
      for (const { implied_by, implied_date } of flags) {
        expect(implied_date === null).toBe(implied_by.length === 0);
        for (const field of implied_by) expect(fields).toContain(field);
      }
    });

    test('has one release for each release flag', () => {
      expect(releases.map(({ field }) => field).sort()).toEqual(
        flags
          .filter(({ release }) => release)
          .map(({ field }) => field)
          .sort(),
      );
    });
  },
);

test('the bundles that the binaries request are among their releases', async () => {
  const cases = [
    ...(await readLines<MeasuredCase>('workerd-truth-history.jsonl')),
    ...(await readLines<MeasuredCase>('workerd-truth-announcements.jsonl')),
    ...(await readLines<MeasuredCase>('workerd-truth.jsonl')).map((row) => ({
      workerd: '1.20261117.1',
      ...row,
    })),
  ];
  const asked = new Set(cases.filter(({ bundle }) => bundle).map((row) => `${row.workerd} ${row.bundle}`));
  expect(asked.size).toBeGreaterThan(10);
  for (const pair of asked) {
    const [version, bundle] = pair.split(' ');
    const bundles = byVersion.get(version!)?.releases.map(({ workerd_bundle }) => workerd_bundle);
    expect(bundles, version).toContain(bundle);
  }
});

test('the catalog shows how the date of Python 3.14 was announced, withdrawn and announced again', async () => {
  const { flags, log } = await loadCatalog();
  const told = flags
    .filter(({ enable }) => /^python_workers_(20260610|20260817|314)$/.test(enable ?? ''))
    .map((row) => [
      row.enable,
      row.enable_date ?? row.implied_date,
      log[row.revision - 1]!.name,
      row.withdrawn && log[row.withdrawn - 1]!.name,
    ]);
  expect(told).toEqual([
    ['python_workers_20260610', '2026-08-25', '1.20260818.1', '1.20260824.1'],
    ['python_workers_20260610', null, '1.20260824.1', null],
    ['python_workers_20260817', null, '1.20260824.1', '1.20260901.1'],
    ['python_workers_314', '2026-09-08', '1.20260901.1', '1.20261117.1'],
    ['python_workers_314', '2026-09-08', '1.20261117.1', null],
  ]);
});

test('the development release is the Pyodide that its binary says, or that its packages are for', async () => {
  const dev = async (version: string) =>
    (await loadWorkerd(version)).releases.find(({ id }) => id === 'dev')?.pyodide;
  expect(await dev('1.20250617.0')).toBe('0.26.0a2');
  expect(await dev('1.20260609.1')).toBe('0.28.2');
  expect(await dev('1.20261117.1')).toBe('314.0.6');
});
