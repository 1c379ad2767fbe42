/**
 * Seeds a registry with documents through the publish code of production. Pinwheel-built wheels of their sets are built
 * if R2 does not have them.
 */
import { drizzle } from 'drizzle-orm/d1';
import { filesAtHand } from '../cli/packages/at-hand.ts';
import { readPinned } from '../cli/packages/download.ts';
import { builtMembers } from '../registry/publish/built-wheels.ts';
import { append, findEntry, publish } from '../registry/publish/publish.ts';
import { absentDocuments, putDocument, readSet } from '../registry/storage/documents.ts';
import { countPins, writePins } from '../registry/storage/ledger.ts';
import { readWhole } from '../registry/storage/newest.ts';
import { integrate, type RegistryStorage } from '../registry/storage/signed-head.ts';
import { headWheel, storedAmong, storeFile } from '../registry/storage/wheels.ts';
import type { Catalog, Member, RegistryDocument } from '../resolver/catalog.ts';
import { canonicalJson, sha256 } from '../resolver/digest.ts';
import { documentPath, isOperators, subjectOf } from '../resolver/publication.ts';
import type { PublishedDocument } from './import/data-files.ts';

/** A Pinwheel-built wheel that could not be built. Requests for it fail until a later seed builds it. */
export interface MissingWheel {
  filename: string;
  reason: string;
}

/** A document that was not published, because the registry has something else of its operator's. */
export interface Difference {
  /** In `data/`, such as `python/3.13.json`. */
  path: string;
  /** One sentence. */
  reason: string;
}

export interface Seeded {
  /** The wheels that are neither stored nor could be built. */
  missing: MissingWheel[];
  differences: Difference[];
}

/** Issues of what an operator announced, yanked, withdrew or mirrored since: the registry has the document already. */
const DECIDED = ['same_set', 'was_yanked', 'already_withdrawn', 'lost_files'];

/** Returns the bytes of a Pinwheel-built wheel, or throws the reason. */
export type BuildWheel = (member: Member) => Promise<Uint8Array>;

/**
 * Publishes what a registry lacks of `documents`. What its operator published since is left as it is, and never ends a
 * seed: an operator's facts stay until the operator publishes those of `data/` again.
 *
 * `unchecked` leaves out the gate, for sets of tests and benchmarks whose files are on this machine.
 */
export async function seed(
  storage: RegistryStorage,
  documents: readonly PublishedDocument[],
  buildWheel: BuildWheel,
  onProgress: (step: string) => void,
  { unchecked = false } = {},
): Promise<Seeded> {
  const { built, missing } = await buildAbsent(storage.STORE, documents, buildWheel, onProgress);
  const digests = await Promise.all(documents.map(({ document }) => sha256(canonicalJson(document))));
  await restoreDocuments(storage.STORE, documents, digests);
  let catalog = await readWhole(storage);
  const differences: Difference[] = [];
  const owned = catalog.log.filter((entry) => isOperators(catalog, entry));
  for (const [at, { document, day: published }] of documents.entries()) {
    const { kind } = document;
    const name = subjectOf(document);
    const leave = (reason: string) => differences.push({ path: documentPath({ kind, name }), reason });
    const isKept = catalog.log.some((entry) => entry.digest === digests[at] && entry.kind === kind);
    // Published again, a set stores wheels that are missing.
    if (isKept && kind !== 'set') continue;
    const newest = owned.findLast((entry) => entry.name === name);
    if (newest && kind !== 'set') {
      leave(
        `Revision ${newest.revision} is of this registry's operator. To have it again, publish that file.`,
      );
      continue;
    }
    const wheels = builtWheelsOf(document).filter(({ sha256 }) => built.has(sha256));
    const given = new Map(wheels.map(({ filename, sha256 }) => [filename, built.get(sha256)!]));
    const options = { given, absent: 'later' } as const;
    const isNew = unchecked && !(await findEntry(catalog, document));
    const outcome = isNew
      ? await append(storage, catalog, document, published, options)
      : await publish(storage, catalog, document, published, { ...options, replayed: true });
    if (!outcome.ok) {
      if (outcome.issues.every(({ code }) => DECIDED.includes(code))) continue;
      if (owned.length === 0)
        throw new Error(outcome.issues.map((issue) => `${issue.message} ${issue.fix}`).join('\n'));
      leave(outcome.issues[0]!.message);
      continue;
    }
    if (outcome.value.status === 'published') {
      onProgress(`publishing documents ${at + 1} of ${documents.length}`);
    }
    catalog = outcome.value.catalog;
  }
  await integrate(storage, catalog);
  await indexPins(storage, catalog);
  return { missing, differences };
}

/** Stores what R2 has lost, before anything is read. A document that is not published yet is harmless there. */
async function restoreDocuments(
  store: R2Bucket,
  documents: readonly PublishedDocument[],
  digests: readonly string[],
): Promise<void> {
  const absent = new Set(await absentDocuments(store, digests));
  const isNew = absent.size === new Set(digests).size;
  if (isNew) return;
  for (const [at, digest] of digests.entries()) {
    if (absent.has(digest)) await putDocument(store, digest, canonicalJson(documents[at]!.document));
  }
}

/** The lines after a seed: each wheel that is missing, and each document that was left out, with what to do. */
export function seededLines({ missing, differences }: Seeded, again: string): string[] {
  return [
    ...missing.map(
      ({ filename, reason }) =>
        `${filename} could not be built (${reason}). ${again} with pip, or with access to pypi.org; everything else is served.`,
    ),
    ...differences.map(({ path, reason }) => `data/${path} was not published. ${reason}`),
  ];
}

/** Stores the files in folders that sets pin, but those that are stored. */
export async function takeWheels(
  storage: Pick<RegistryStorage, 'DB' | 'STORE'>,
  folders: readonly string[],
  onProgress: (step: string) => void,
): Promise<void> {
  onProgress(`reading the files in ${folders.join(', ')}`);
  const { sets } = await readWhole(storage);
  const documents = await Promise.all(sets.map((set) => readSet(storage.STORE, set)));
  const members = documents.flatMap(({ packages }) => packages);
  const { paths } = await filesAtHand(folders, members);
  const pinned = new Map(members.map((member) => [member.sha256, member]));
  const stored = await filesIn(storage, [...paths.keys()]);
  let taken = 0;
  for (const [hash, path] of paths) {
    onProgress(`storing files ${++taken} of ${paths.size}`);
    if (!stored.has(hash)) await storeFile(storage, pinned.get(hash)!, await readPinned(path, hash));
  }
}

/** The files among these that are stored. One that R2 has and D1 does not is what a run that was stopped left. */
export async function filesIn(
  { DB, STORE }: Pick<RegistryStorage, 'DB' | 'STORE'>,
  sha256s: readonly string[],
): Promise<ReadonlySet<string>> {
  const stored = new Set(await storedAmong(DB, sha256s));
  for (const sha256 of stored) if (!(await headWheel(STORE, sha256))) stored.delete(sha256);
  return stored;
}

/** Makes the index of pins in D1 again if it is not that of the documents. */
async function indexPins({ DB, STORE }: RegistryStorage, { sets }: Catalog): Promise<void> {
  const counts = await countPins(drizzle(DB));
  for (const { flag, digest, package_count } of sets) {
    if (counts.get(flag) === package_count) continue;
    await writePins(DB, await readSet(STORE, { digest }));
  }
}

/** The bytes of Pinwheel-built wheels that are not stored, by their SHA-256, and those that could not be built. */
async function buildAbsent(
  store: R2Bucket,
  documents: readonly PublishedDocument[],
  buildWheel: BuildWheel,
  onProgress: (step: string) => void,
): Promise<{ built: Map<string, Uint8Array>; missing: MissingWheel[] }> {
  const absent = new Map<string, Member>();
  for (const member of documents.flatMap(({ document }) => builtWheelsOf(document))) {
    if (!(await headWheel(store, member.sha256))) absent.set(member.sha256, member);
  }
  if (absent.size > 0) onProgress("building Pinwheel's own wheels");
  const built = new Map<string, Uint8Array>();
  const missing: MissingWheel[] = [];
  const building = [...absent.values()].map((member) =>
    buildWheel(member).then(
      (bytes) => built.set(member.sha256, bytes),
      ({ message }: Error) => missing.push({ filename: member.filename, reason: message }),
    ),
  );
  // At once, because they wait for the network.
  await Promise.all(building);
  return { built, missing };
}

function builtWheelsOf(document: RegistryDocument): Member[] {
  return document.kind === 'set' ? builtMembers(document) : [];
}
