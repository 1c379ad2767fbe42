/**
 * Seeds a registry with documents through the publish code of production. Pinwheel-built wheels of their sets are built
 * if R2 does not have them.
 */
import { drizzle } from 'drizzle-orm/d1';
import { builtMembers } from '../registry/publish/built-wheels.ts';
import { append, findEntry, publish } from '../registry/publish/publish.ts';
import type { PublishingStorage } from '../registry/publish/publishing-storage.ts';
import { readCatalog } from '../registry/storage/catalog.ts';
import { openDerived } from '../registry/storage/derived.ts';
import { putCatalog } from '../registry/storage/documents.ts';
import { integrate } from '../registry/storage/log-files.ts';
import { expectNothingLost } from '../registry/storage/newest.ts';
import { PACKAGE_TABLE } from '../registry/storage/package-table.ts';
import { PINNED_FILES } from '../registry/storage/pinned-files.ts';
import { headWheel } from '../registry/storage/wheel-objects.ts';
import type { Member, RegistryDocument } from '../resolver/catalog.ts';
import type { PublishedDocument } from './import/data-files.ts';

/** A Pinwheel-built wheel that could not be built. Requests for it fail until a later seed builds it. */
export interface MissingWheel {
  filename: string;
  reason: string;
}

/** Issues of what an operator announced, yanked or withdrew since, which the seed does not change. */
const DECIDED = ['same_set', 'was_yanked', 'already_withdrawn'];

/** Returns the bytes of a Pinwheel-built wheel, or throws the reason. */
export type BuildWheel = (member: Member) => Promise<Uint8Array>;

/**
 * `unchecked` leaves out the gate, for sets of tests and benchmarks whose files are on this machine. `signedElsewhere` is
 * for a registry whose Worker alone has the key of the log.
 * @returns the wheels that are neither stored nor could be built
 */
export async function seed(
  storage: PublishingStorage,
  documents: readonly PublishedDocument[],
  buildWheel: BuildWheel,
  onProgress: (step: string) => void,
  { unchecked = false, signedElsewhere = false } = {},
): Promise<MissingWheel[]> {
  // Started first, because it waits for the network.
  const building = await buildAbsent(storage.STORE, documents, buildWheel, onProgress);
  let catalog = await readCatalog(drizzle(storage.DB));
  await expectNothingLost(storage.STORE, catalog);
  for (const [at, { document, published, indexed = true }] of documents.entries()) {
    const given = await givenOf(document, building);
    const options = {
      given,
      absent: 'later',
      catalogLater: true,
      derivedLater: signedElsewhere,
      indexed,
    } as const;
    const isNew = unchecked && !(await findEntry(catalog, document));
    // An operator may have published something since.
    const day = [published, catalog.log.at(-1)?.published ?? ''].sort().at(-1)!;
    const outcome = isNew
      ? await append(storage, catalog, document, published, options)
      : await publish(storage, catalog, document, day, { ...options, replayed: true });
    if (!outcome.ok && outcome.issues.every(({ code }) => DECIDED.includes(code))) continue;
    if (!outcome.ok)
      throw new Error(outcome.issues.map((issue) => `${issue.message} ${issue.fix}`).join('\n'));
    if (outcome.value.status === 'published') {
      onProgress(`publishing documents ${at + 1} of ${documents.length}`);
    }
    catalog = outcome.value.catalog;
  }
  if (catalog.log.length > 0) await putCatalog(storage.STORE, catalog);
  // Publishing has stored them, unless another version of Pinwheel did it.
  for (const derived of signedElsewhere ? [] : [PACKAGE_TABLE, PINNED_FILES]) {
    await openDerived<unknown>(derived, storage, catalog.sets);
  }
  await integrate(storage, catalog);
  return missingOf(building);
}

/** By SHA-256: several sets may pin one wheel. */
type Building = Map<string, { filename: string; built: Promise<PromiseSettledResult<Uint8Array>> }>;

async function buildAbsent(
  store: R2Bucket,
  documents: readonly PublishedDocument[],
  buildWheel: BuildWheel,
  onProgress: (step: string) => void,
): Promise<Building> {
  const building: Building = new Map();
  for (const member of documents.flatMap(({ document }) => builtWheelsOf(document))) {
    const { filename, sha256 } = member;
    if (building.has(sha256) || (await headWheel(store, sha256))) continue;
    if (building.size === 0) onProgress("building Pinwheel's own wheels");
    const built = Promise.allSettled([buildWheel(member)]).then(([outcome]) => outcome);
    building.set(sha256, { filename, built });
  }
  return building;
}

async function givenOf(document: RegistryDocument, building: Building): Promise<Map<string, Uint8Array>> {
  const given = new Map<string, Uint8Array>();
  for (const { filename, sha256 } of builtWheelsOf(document)) {
    const outcome = await building.get(sha256)?.built;
    if (outcome?.status === 'fulfilled') given.set(filename, outcome.value);
  }
  return given;
}

async function missingOf(building: Building): Promise<MissingWheel[]> {
  const missing: MissingWheel[] = [];
  for (const { filename, built } of building.values()) {
    const outcome = await built;
    if (outcome.status === 'rejected') missing.push({ filename, reason: (outcome.reason as Error).message });
  }
  return missing;
}

function builtWheelsOf(document: RegistryDocument): Member[] {
  return document.kind === 'set' ? builtMembers(document) : [];
}
