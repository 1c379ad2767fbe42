import { expect, test } from 'vitest';
import type { CatalogEvidence } from '../../resolver/catalog.ts';
import type { EvidenceDocument, EvidenceResult } from '../../resolver/evidence.ts';
import {
  countsIn,
  evidenceIn,
  isImported,
  LISTED,
  levelsOf,
  summaryOf,
} from '../../resolver/evidence-level.ts';
import { withEvidence } from '../../resolver/pinwheel/beyond.ts';

const step = (message?: string) => ({
  ms: 10,
  mib: 1,
  error: message === undefined ? null : { type: 'ImportError', message },
});
const result = (name: string, change: Partial<EvidenceResult> = {}): EvidenceResult => ({
  ...{ name, version: '1.0', sha256: '0'.repeat(64), load: step() },
  ...{ imports: [{ module: name, ...step() }], lacks: [], at_import: [], smoke: null },
  ...change,
});
const smoke = (message?: string) => ({ sha256: '1'.repeat(64), error: step(message).error });
const FLAG = 'python_3.13_packages_2025_10_20';
const documentOf = (ground: EvidenceDocument['ground'], ...results: EvidenceResult[]): EvidenceDocument => ({
  ...{ kind: 'evidence', set: FLAG, digest: '2'.repeat(64), runtime: '0.29.0', ground },
  ...{ programs: {}, day: ground === 'build' ? '2026-11-24' : '2026-11-23', results },
});
const row = (document: EvidenceDocument): CatalogEvidence => ({
  ...summaryOf(document, '3'.repeat(64)),
  ...{ revision: 1, withdrawn: null },
});
const levelsBy = (...documents: EvidenceDocument[]) =>
  evidenceIn({ levels: new Map([[FLAG, levelsOf(documents.map(row), undefined)]]) }, FLAG);

const failing = result('b', {
  imports: [
    { module: 'b', ...step() },
    { module: 'b.c', ...step('no c') },
  ],
});
const seen = { runtime: '0.29.0', ground: 'pyodide', day: '2026-11-23' };

test('a level is what was seen, and a failure is in the detail', () => {
  const evidenceOf = levelsBy(
    documentOf(
      'pyodide',
      result('a'),
      failing,
      result('c', { smoke: smoke() }),
      result('d', { smoke: smoke('no TLS') }),
      result('e', { imports: [] }),
      result('f', { load: step('no file'), imports: [{ module: 'f', ...step('later') }] }),
    ),
  );
  const told = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => {
    const { level, detail, ...where } = evidenceOf(name);
    expect(where).toEqual(seen);
    return [name, level, detail];
  });
  expect(told).toEqual([
    ['a', 'imported', null],
    ['b', 'obtainable', 'not all is imported: ImportError: no c'],
    ['c', 'tested', null],
    ['d', 'imported', 'its smoke line fails: ImportError: no TLS'],
    ['e', 'obtainable', 'the set names no modules of it'],
    ['f', 'obtainable', 'it could not be loaded: ImportError: no file'],
  ]);
  expect(evidenceOf('g')).toBe(LISTED);
});

test('whatever is counted follows one rule, also of two grounds', () => {
  const documents = [
    documentOf(
      'pyodide',
      result('a'),
      failing,
      result('c', { smoke: smoke('no') }),
      result('d', { smoke: smoke() }),
    ),
    documentOf(
      'build',
      result('a', { load: step('no') }),
      result('b'),
      result('c'),
      result('d', { smoke: smoke() }),
    ),
  ];
  const view = { levels: new Map([[FLAG, levelsOf(documents.map(row), undefined)]]) };
  expect(countsIn(view, FLAG)).toEqual({ obtainable: 4, imported: 2, tested: 1 });
  expect(countsIn(view, FLAG, new Set(['a', 'c', 'z']))).toEqual({ obtainable: 2, imported: 1, tested: 0 });
  const names = ['a', 'b', 'c', 'd'].filter((name) => isImported(evidenceIn(view, FLAG)(name)));
  expect(names).toEqual(['c', 'd']);
});

test('packages that failed in the same way are together, and a long message is cut off', () => {
  const lost = (name: string) => result(name, { load: step('x'.repeat(300)) });
  const { failures } = summaryOf(documentOf('pyodide', failing, lost('y'), lost('z')), '3'.repeat(64));
  expect(failures.map(({ step, error, names }) => [step, error.length, names])).toEqual([
    ['load', 161, ['y', 'z']],
    ['import', 17, ['b']],
  ]);
});

test('what is from an index, or from a set that is not published, has no evidence', () => {
  const evidenceOf = levelsBy(documentOf('pyodide', result('a')));
  const given = [{ name: 'a' }, { name: 'a', origin: 'set' }, { name: 'a', origin: 'index' }] as const;
  const levels = withEvidence(given, evidenceOf).map(({ evidence }) => evidence?.level);
  expect(levels).toEqual(['imported', 'imported', undefined]);
  expect(withEvidence(given, null).every(({ evidence }) => evidence === null)).toBe(true);
});
