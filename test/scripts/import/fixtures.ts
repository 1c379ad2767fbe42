/** Documents that several tests of the importers read. */
import { readFile } from 'node:fs/promises';
import type { PackageSet, RegistryDocument, WorkerdDocument } from '../../../resolver/catalog.ts';
import type { Named } from '../../../resolver/publication.ts';
import { loadDocument } from '../../../scripts/import/data-files.ts';

export function readFixture(name: string): Promise<Buffer> {
  return readFile(new URL(`../../fixtures/${name}`, import.meta.url));
}

export async function readLines<Row>(name: string): Promise<Row[]> {
  const lines = (await readFixture(name)).toString('utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

export function loadSet(flag: string): Promise<PackageSet> {
  return load({ kind: 'set', name: flag });
}

export function loadWorkerd(version: string): Promise<WorkerdDocument> {
  return load({ kind: 'workerd', name: version });
}

async function load<Kind extends RegistryDocument>(named: Named): Promise<Kind> {
  return (await loadDocument(named)) as Kind;
}
