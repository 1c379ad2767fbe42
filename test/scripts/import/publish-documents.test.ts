import { expect, test } from 'vitest';
import type { RegistryDocument } from '../../../resolver/catalog.ts';
import { subjectOf } from '../../../resolver/publication.ts';
import { loadCatalog, loadDocuments } from '../../../scripts/import/data-files.ts';
import { pythonDocument } from '../../../scripts/import/main.ts';
import { inPublicationOrder, publishDocuments } from '../../../scripts/import/publish-documents.ts';

const documents = (await loadDocuments()).map(({ document }) => document);
const published = await loadCatalog();

function python(minor: number, first_release: string): RegistryDocument {
  return pythonDocument({ python: `3.${minor}`, first_release, pep: 1, source: 'a test' });
}

function order(entries: { document: RegistryDocument }[]): string[] {
  return entries.map(({ document }) => subjectOf(document));
}

test('from nothing, documents are published by date, then kind, then subject', () => {
  const [workerd] = documents.filter((document) => document.kind === 'workerd');
  const [set] = documents.filter((document) => document.kind === 'set');
  const sameDay = [
    { ...set!, released: '2024-09-09' },
    workerd!,
    python(99, '2024-09-09'),
    python(98, '2024-09-09'),
    python(97, '2024-09-10'),
  ];
  expect(order(inPublicationOrder(sameDay, []))).toEqual([
    '3.98',
    '3.99',
    workerd!.workerd,
    set!.flag,
    '3.97',
  ]);
});

test('in any order, the same documents make the same files', async () => {
  const { files, catalog } = await publishDocuments([...documents].reverse(), published.log);
  expect(catalog).toEqual(published);
  expect([...files.keys()].at(-1)).toBe('catalog.json');
  expect(files.size).toBe(documents.length + 1);
});

test('a later document is appended, even if its day has passed', async () => {
  const late = python(11, '2022-10-24');
  const { catalog } = await publishDocuments([late, ...documents], published.log);
  expect(catalog.log.slice(0, -1)).toEqual(published.log);
  expect(catalog.log.at(-1)).toMatchObject({ name: '3.11', day: published.log.at(-1)!.day });
});

test('deployed publications can neither change nor disappear', async () => {
  const changed = documents.map((document) =>
    document.kind === 'python' ? { ...document, supported_until: '2099-01-01' } : document,
  );
  await expect(publishDocuments(changed, published.log)).rejects.toThrow(
    'revision 1 published another python 3.12',
  );
  await expect(publishDocuments(documents.slice(1), published.log)).rejects.toThrow(
    'python 3.12 is published',
  );
});

test('other publications are published again', async () => {
  const changed = documents.map((document) =>
    document.kind === 'python' && document.python === '3.13'
      ? { ...document, supported_until: '2099-01-01' }
      : document,
  );
  const { catalog } = await publishDocuments(changed, published.log.slice(0, 3));
  expect(catalog.log.slice(0, 3)).toEqual(published.log.slice(0, 3));
  expect(catalog.log.map(({ name }) => name)).toEqual(published.log.map(({ name }) => name));
  expect(catalog.log.at(-1)!.root).not.toBe(published.log.at(-1)!.root);
});

test('two documents of one name are rejected', () => {
  expect(() => inPublicationOrder([python(12, '2023-10-02'), python(12, '2023-10-03')], [])).toThrow(
    'two documents are named python 3.12',
  );
});
