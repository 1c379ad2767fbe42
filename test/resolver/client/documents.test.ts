import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Catalog } from '../../../resolver/catalog.ts';
import {
  catalogSchema,
  packageSetSchema,
  problemSchema,
  readDocument,
  readJson,
} from '../../../resolver/client/documents.ts';
import { type DocumentSchema, mismatch } from '../../../resolver/client/mismatch.ts';
import { documentSchemas } from '../../../scripts/document-schemas.ts';
import { root } from '../../../scripts/root.ts';
import { realSets } from '../closure/sets.ts';
import { catalog } from './registry.ts';

test('the schemas are up to date: node scripts/document-schemas.ts writes them', async () => {
  const file = await readFile(join(root, 'resolver/client/schemas.json'), 'utf8');
  expect(file).toBe(await documentSchemas());
});

test('the bundled documents match their schemas', () => {
  expect(mismatch(catalogSchema, catalog)).toBeNull();
  for (const set of realSets) expect(mismatch(packageSetSchema, set)).toBeNull();
});

test('members, words and variants of a newer registry are accepted', () => {
  const [set] = realSets;
  const [first, ...others] = set!.packages;
  const newer = { ...first, kind: 'data', patched: { by: 'somebody', more: 1 }, signature: '' };
  expect(mismatch(packageSetSchema, { ...set, more: [], packages: [newer, ...others] })).toBeNull();
});

describe('errors are named', () => {
  test.each<[says: string, spoil: (copy: Catalog) => unknown]>([
    ['sets[3].digest is missing', ({ sets }) => Reflect.deleteProperty(sets[3]!, 'digest')],
    [
      'sets[0].default_from is not a date, YYYY-MM-DD',
      ({ sets }) => Object.assign(sets[0]!, { default_from: '2025-13-01' }),
    ],
    ['log[1].revision is not a whole number above 0', ({ log }) => Object.assign(log[1]!, { revision: 1.5 })],
    [
      'flags[0].implied_by[0] is not a string',
      ({ flags }) => Object.assign(flags[0]!, { implied_by: ['\ud800'] }),
    ],
    ['releases is not a list', (copy) => Object.assign(copy, { releases: {} })],
    ['pythons[0] is not an object', ({ pythons }) => pythons.unshift(null as never)],
  ])('%s', (says, spoil) => {
    const copy = structuredClone(catalog);
    spoil(copy);
    expect(readDocument(catalogSchema, copy)).toEqual({ ok: false, problem: says });
  });

  test.each<[says: string, value: unknown]>([
    ['the document is not an object', []],
    ['the document is not an object', 'x'],
    ['code is missing', Object.create({ code: 'inherited', detail: '' })],
    ['errors[0].fix is missing', { code: '', detail: '', errors: [{ code: '', message: '' }] }],
  ])('%s', (says, value) => {
    expect(mismatch(problemSchema, value)).toBe(says);
  });

  test('no JSON', () => {
    expect(readJson(problemSchema as DocumentSchema<unknown>, '{')).toEqual({
      ok: false,
      problem: 'it is not JSON',
    });
  });
});
