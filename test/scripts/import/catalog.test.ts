import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { hexOf } from '../../../resolver/bytes.ts';
import { Publication } from '../../../resolver/catalog.ts';
import { logTree } from '../../../resolver/log/entries.ts';
import { documentPath } from '../../../resolver/publication.ts';
import { formatJson, loadCatalog, loadDocuments, readData } from '../../../scripts/import/data-files.ts';
import { factDate } from '../../../scripts/import/publish-documents.ts';
import { readSources } from '../../../scripts/import/sources.ts';

const catalog = await loadCatalog();
const documents = await loadDocuments();

describe('the log', () => {
  test('has one document for each source', async () => {
    const sources = await readSources();
    const count = (kind: string) => catalog.log.filter((entry) => entry.kind === kind).length;
    expect(count('python')).toBe(sources.pythons.length);
    expect(count('workerd')).toBe(sources.workerd.length);
    expect(count('set')).toBeGreaterThanOrEqual(
      sources.pyodide_releases.length + sources.cloudflare_sets.length,
    );
  });

  test('has contiguous revisions, each with the root of the log up to it', async () => {
    for (const [index, entry] of catalog.log.entries()) {
      expect(Publication.parse(entry).revision).toBe(index + 1);
      const { root } = await logTree(catalog.log.slice(0, index + 1));
      expect(entry.root).toBe(hexOf(root));
    }
  });

  test('goes forward in time, and dates no document before its fact', () => {
    const days = catalog.log.map(({ day: published }) => published);
    expect(days).toEqual([...days].sort());
    for (const { document, day: published } of documents) expect(published >= factDate(document)).toBe(true);
  });

  test('names every other file, and every file has the format of an import', async () => {
    const paths = new Set(catalog.log.map(documentPath));
    for (const folder of ['python', 'workerd', 'sets']) {
      const names = await readdir(new URL(`../../../data/${folder}/`, import.meta.url));
      for (const name of names) expect(paths).toContain(`${folder}/${name}`);
    }
    for (const [index, entry] of catalog.log.entries()) {
      expect(await readData(documentPath(entry))).toBe(formatJson(documents[index]!.document));
    }
    expect(await readData('catalog.json')).toBe(formatJson(catalog));
  });
});

test('each Python is supported for five years from its first release', () => {
  expect(
    catalog.pythons.map((row) => [row.python, row.first_release, row.supported_until, row.source.package]),
  ).toEqual([
    ['3.12', '2023-10-02', '2028-10-02', 'PEP 693'],
    ['3.13', '2024-10-07', '2029-10-07', 'PEP 719'],
    ['3.14', '2025-10-07', '2030-10-07', 'PEP 745'],
  ]);
});
