import { env } from 'cloudflare:workers';
import dataCatalog from '../../data/catalog.json';
import { append, type PublishOptions, publish } from '../../registry/publish/publish.ts';
import { readWhole } from '../../registry/storage/newest.ts';
import { integrate } from '../../registry/storage/signed-head.ts';
import type { Catalog, Publication, RegistryDocument } from '../../resolver/catalog.ts';
import { type CatalogView, viewCatalog } from '../../resolver/compatibility/view.ts';
import { keepStorage, restoreStorage } from './storage-state.ts';

const files: Record<string, RegistryDocument> = {
  ...import.meta.glob<RegistryDocument>('../../data/python/*.json', { eager: true, import: 'default' }),
  ...import.meta.glob<RegistryDocument>('../../data/workerd/*.json', { eager: true, import: 'default' }),
  ...import.meta.glob<RegistryDocument>('../../data/sets/*.json', { eager: true, import: 'default' }),
  ...import.meta.glob<RegistryDocument>('../../data/files/*.json', { eager: true, import: 'default' }),
  ...import.meta.glob<RegistryDocument>('../../data/evidence/*.json', { eager: true, import: 'default' }),
  ...import.meta.glob<RegistryDocument>('../../data/advisories/*.json', { eager: true, import: 'default' }),
};

const folders: Record<string, string> = {
  python: 'python',
  workerd: 'workerd',
  set: 'sets',
  files: 'files',
  evidence: 'evidence',
  advisories: 'advisories',
};

export const dataLog: Publication[] = (dataCatalog as unknown as Catalog).log;

/** How many documents are published before the first evidence, which is the newest. */
export const BEFORE_EVIDENCE = dataLog.findIndex(({ kind }) => kind === 'evidence');

export function documentOf({ kind, name: subject }: Publication): RegistryDocument {
  const document = files[`../../data/${folders[kind]}/${subject}.json`];
  if (!document) throw new Error(`data/ has no ${kind} ${subject}`);
  return document;
}

/**
 * Publishes the first `count` documents of data/, by default all, without their Pinwheel-built wheels, and returns the
 * catalog. What the first of several files writes into an empty storage is kept for the others.
 */
export async function seed(count = dataLog.length): Promise<Catalog> {
  const before = await readWhole(env);
  if (before.log.length > 0) return publishUpTo(count, before);
  if (await restoreStorage(`seed_${count}`)) return readWhole(env);
  const catalog = await publishUpTo(count, before);
  await keepStorage(`seed_${count}`);
  return catalog;
}

/** Publishes one more document, after all of data/, without its wheels, and returns the catalog. */
export async function seedWith(document: RegistryDocument, day: string): Promise<Catalog> {
  const outcome = await append(env, await seed(), document, day, { absent: 'later' });
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  await integrate(env, outcome.value.catalog);
  return outcome.value.catalog;
}

/** A catalog as it is viewed, at its newest revision or another. */
export function viewOf(catalog: Catalog, revision?: number): CatalogView {
  const view = viewCatalog(catalog, revision);
  if (!view.ok) throw new Error(view.issues[0]!.message);
  return view.value;
}

/** Publishes a document on top of a catalog, leaves the head signed, and returns the catalog. */
export async function publishOn(catalog: Catalog, ...given: Given): Promise<Catalog> {
  const outcome = await publish(env, catalog, ...given);
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  await integrate(env, outcome.value.catalog);
  return outcome.value.catalog;
}
type Given = [document: unknown, day: string, options?: PublishOptions];

/** Publishes the next document of data/. */
export function publishNext(catalog: Catalog): Promise<Catalog> {
  const entry = dataLog[catalog.log.length]!;
  return publishOn(catalog, documentOf(entry), entry.day, REPLAYED);
}

const REPLAYED = { absent: 'later', replayed: true } as const;

async function publishUpTo(count: number, before: Catalog): Promise<Catalog> {
  let catalog = before;
  for (const entry of dataLog.slice(0, count)) {
    const outcome = await publish(env, catalog, documentOf(entry), entry.day, REPLAYED);
    if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
    catalog = outcome.value.catalog;
  }
  await integrate(env, catalog);
  return catalog;
}
