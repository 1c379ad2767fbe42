/**
 * Package sets by their digests, which never change, and packages over all sets, from the table of files that the newest
 * index names. Both are cached in the isolate.
 */

import { LRUCache } from 'lru-cache';
import { type PreparedSet, prepareSet } from '../../resolver/closure/prepare.ts';
import { openSeen } from '../../resolver/closure/seen.ts';
import type { Pin, ResolveSource } from '../../resolver/closure/source.ts';
import type { CatalogView } from '../../resolver/compatibility/view.ts';
import {
  allFiles,
  type FileTable,
  filesOnce,
  modulesOnce,
  type PinnedFile,
} from '../../resolver/pinned-files.ts';
import { firstPart, modulesOf } from '../../resolver/python/modules.ts';
import { remembered } from '../../resolver/remembered.ts';
import { canonicalName, isModuleNamed } from '../../resolver/requirements/name.ts';
import type { AdvisoriesDocument, CatalogSet } from '../../resolver/schemas.ts';
import { order, sortedBy } from '../../resolver/sorted-by.ts';
import { nearNames } from '../../resolver/text/near-names.ts';
import type { Bindings } from '../env.ts';
import { documents, standardLibrary } from '../facts/standard-library.ts';
import { isOfTests } from '../facts/test-packages.ts';
import { needDocument, parseSetDocument } from './documents.ts';
import { openTable } from './files.ts';
import { knownCatalog } from './isolate.ts';
import { StorageUnavailableError } from './operations.ts';

/** Package sets that are cached, by the length of their canonical JSON; parsed, they take about three times as much. */
const SET_BYTES = 16 * 1024 * 1024;
/** The number of cached lists of files, of some megabytes each. */
const KEPT_FILES = 3;
/** Documents of sets that one request reads if the table of files was lost: few enough for its time. */
const MOST_MISSING = 3;

const prepared = new LRUCache<string, PreparedSet>({ maxSize: SET_BYTES });
const described = new LRUCache<string, readonly PinnedFile[]>({ max: KEPT_FILES });

export type PackageVersion = Pick<CatalogSet, 'flag' | 'python' | 'abi' | 'runtime' | 'released'> &
  Pick<PinnedFile, 'version' | 'kind' | 'filename' | 'sha256' | 'patched_by'>;

/** Every version of a package at a view's revision, the oldest set first; empty for an unknown name. */
export async function historyOf(
  env: Bindings,
  view: CatalogView,
  name: string,
): Promise<readonly PackageVersion[]> {
  return versionsIn(await tableOf(env), view, name);
}

/** The files that all sets of a view pin, with what pages show of them, by name. */
export async function pinnedFilesOf(env: Bindings, view: CatalogView): Promise<readonly PinnedFile[]> {
  const { digest } = view.stamp;
  const known = described.get(digest);
  if (known) return known;
  const files = filesIn(view, allFiles(await tableOf(env)));
  described.set(digest, files);
  return files;
}

export async function filesNamed(
  env: Bindings,
  view: CatalogView,
  names: Iterable<string>,
): Promise<PinnedFile[]> {
  const table = await tableOf(env);
  return filesIn(
    view,
    [...names].flatMap((name) => table.get(name) ?? []),
  );
}

/** The given names that a set pins. */
export async function pinnedNames(
  env: Bindings,
  { sets }: CatalogView,
  names: ReadonlySet<string>,
): Promise<Set<string>> {
  const table = await tableOf(env);
  const there = [...names].filter((name) => table.has(name));
  // If the view has all sets of the table, no row need be parsed.
  if (sets.size === knownCatalog()?.sets.length) return new Set(there);
  const revisions = revisionsOf(sets);
  const isPinned = (name: string) =>
    table.get(name)!.some((file) => file.sets.some((revision) => revisions.has(revision)));
  return new Set(there.filter(isPinned));
}

/** The files that have a module of one of these names, or a part of it. */
export async function filesWithModules(
  env: Bindings,
  view: CatalogView,
  names: ReadonlySet<string>,
): Promise<PinnedFile[]> {
  if (names.size === 0) return [];
  const hasOne = ({ imports }: PinnedFile) => imports.some((module) => names.has(firstPart(module)));
  const table = await tableOf(env);
  const having = new Set<string>();
  for (const name of names) for (const owner of ownersOf(table).get(name) ?? []) having.add(owner);
  return filesIn(
    view,
    [...having].sort().flatMap((name) => table.get(name)!.filter(hasOne)),
  );
}

/** The names of the packages that have a module, by its first part. */
const ownersOf = remembered((table: FileTable) => {
  const owners = new Map<string, Set<string>>();
  for (const name of table.keys()) {
    for (const module of modulesOnce(table, name)) {
      const first = firstPart(module);
      const known = owners.get(first);
      if (known) known.add(name);
      else owners.set(first, new Set([name]));
    }
  }
  return owners;
});

const revisionsOf = (sets: CatalogView['sets']) =>
  new Set(Array.from(sets.values(), ({ revision }) => revision));

function filesIn({ sets }: CatalogView, files: readonly PinnedFile[]): PinnedFile[] {
  const revisions = revisionsOf(sets);
  return files.flatMap((file) => {
    const imports = modulesOf(file, documents.facts);
    return fileIn(imports === file.imports ? file : { ...file, imports }, revisions);
  });
}

/** A file as some sets pin it; nothing if none of them does. */
function fileIn(file: PinnedFile, revisions: ReadonlySet<number>): PinnedFile[] {
  const { sets, dependents, incomplete } = file;
  if (sets.every((revision) => revisions.has(revision))) return [file];
  const isIn = (revision: number) => revisions.has(revision);
  if (!sets.some(isIn)) return [];
  return [
    {
      ...file,
      sets: sets.filter(isIn),
      dependents: dependents.filter((_, at) => isIn(sets[at]!)),
      incomplete: incomplete.filter(isIn),
    },
  ];
}

/** The packages that have a module of this name, or the first part of it: scikit-learn has `sklearn` and `sklearn.svm`. */
export async function importedAs(env: Bindings, view: CatalogView, written: string): Promise<string[]> {
  const files = (await pinnedFilesOf(env, view)).filter(({ kind }) => kind !== 'standard_library');
  for (let name = written; name !== ''; name = name.slice(0, Math.max(name.lastIndexOf('.'), 0))) {
    const isIt = isModuleNamed(canonicalName(name));
    const having = namesOf(files.filter(({ imports }) => imports.some(isIt)));
    if (having.length > 0) return having;
  }
  return [];
}

/** The packages of a set with nearly this name. */
export async function namedAlike(
  env: Bindings,
  view: CatalogView,
  flag: string,
  name: string,
): Promise<string[]> {
  const { revision } = view.sets.get(flag)!;
  const inSet = (await pinnedFilesOf(env, view)).filter(({ sets }) => sets.includes(revision));
  return nearNames(name, namesOf(inSet));
}

const namesOf = (files: readonly PinnedFile[]) => [
  ...new Set(files.filter((file) => !isOfTests(file)).map((file) => file.name)),
];

/**
 * Packages whose canonical name contains `query`, at a view's revision: those that begin with it first. Last, those that
 * have a module of that name.
 */
export async function findPackages(
  env: Bindings,
  view: CatalogView,
  query: string,
  limit: number,
): Promise<ReturnType<typeof searchTable>> {
  return searchTable(await tableOf(env), view, query, limit);
}

export function searchTable(table: FileTable, view: CatalogView, query: string, limit: number) {
  const flags = new Map([...view.sets.values()].map((set) => [set.revision, set]));
  const isThere = (name: string) => table.get(name)!.some(({ sets }) => sets.some((at) => flags.has(at)));
  const hasModule = (name: string) =>
    table.get(name)!.some(({ imports }) => imports.some(isModuleNamed(query)));
  const matches = [...table.keys()].filter(
    (name) => (name.includes(query) || hasModule(name)) && isThere(name),
  );
  const place = (name: string) => {
    if (name === query) return -1;
    return name.includes(query) ? name.indexOf(query) : Number.POSITIVE_INFINITY;
  };
  const packages = matches
    .sort((a, b) => place(a) - place(b) || order(a, b))
    .slice(0, limit)
    .map((name) => {
      const versions = versionsIn(table, view, name);
      const { flag, kind } = versions.at(-1)!;
      const count = new Set(versions.map(({ version }) => version)).size;
      return { name, sets: versions.length, versions: count, newest_flag: flag, kind };
    });
  return { total: matches.length, packages };
}

/** The sets that pin a file, in the order of their publication. */
export async function setsWithFile(
  env: Bindings,
  { sets }: CatalogView,
  { sha256, filename }: { sha256: string; filename: string },
): Promise<CatalogSet[]> {
  const revisions = new Set<number>();
  for (const file of allFiles(await tableOf(env))) {
    if (file.sha256 !== sha256 || file.filename !== filename) continue;
    for (const revision of file.sets) revisions.add(revision);
  }
  const pinning = [...sets.values()].filter(({ revision }) => revisions.has(revision));
  return sortedBy(pinning, ({ revision }) => revision);
}

export async function openSet(env: Bindings, { digest }: { digest: string }): Promise<PreparedSet> {
  const known = prepared.get(digest);
  if (known) return known;
  const canonical = await needDocument(env.STORE, digest, 'a package set could not be read from R2');
  const set = prepareSet(parseSetDocument(canonical));
  prepared.set(digest, set, { size: canonical.length });
  return set;
}

/** Bytes of JSON, of which all documents about vulnerabilities together have 3.5 MB. */
const ADVISORIES_BYTES = 2 * 1024 * 1024;
const advisories = new LRUCache<string, AdvisoriesDocument>({ maxSize: ADVISORIES_BYTES });

/** A published document of known vulnerabilities. */
export async function openAdvisories(
  env: Bindings,
  { document: digest }: { document: string },
): Promise<AdvisoriesDocument> {
  const known = advisories.get(digest);
  if (known) return known;
  const text = await needDocument(env.STORE, digest, 'the advisories could not be read from R2');
  const document = JSON.parse(text) as AdvisoriesDocument;
  advisories.set(digest, document, { size: text.length });
  return document;
}

/** A package set with the sizes of its files that were seen. */
export function openSized(
  env: Bindings,
  view: CatalogView,
  head: { flag: string; digest: string },
): Promise<PreparedSet> {
  return openSeen(view, head, sourceOf(env, view));
}

/** The resolver's data source, from this registry's storage. */
export function sourceOf(env: Bindings, view: CatalogView): ResolveSource {
  return {
    openSet: openSet.bind(null, env),
    readPins: pinsReader(env, view),
    tellsWhole: true,
    standardLibrary,
  };
}

/** The same, with the known vulnerabilities. */
export function auditSourceOf(env: Bindings, view: CatalogView) {
  return { ...sourceOf(env, view), advisories: openAdvisories.bind(null, env) };
}

/** Reads every pin of packages, over all sets, in the order of publication. A question asks for some of them repeatedly. */
function pinsReader(env: Bindings, { sets }: CatalogView): ResolveSource['readPins'] {
  const known = new Map<string, Pin[]>();
  const pinsIn = (heads: readonly CatalogSet[], files: readonly PinnedFile[]): Pin[] => {
    const pinned = byRevision(files);
    const pins: Pin[] = [];
    for (const { revision, flag } of heads) {
      const file = pinned[revision];
      if (file) pins.push({ flag, version: file.version, whole: !file.incomplete.includes(revision) });
    }
    return pins;
  };
  return async (names) => {
    const table = await tableOf(env);
    const heads = sortedBy(sets.values(), ({ revision }) => revision);
    for (const name of names) if (!known.has(name)) known.set(name, pinsIn(heads, filesOnce(table, name)));
    return new Map(names.map((name) => [name, known.get(name)!]));
  };
}

/** The file of a package in each set that pins one, at the revision of the set. */
function byRevision(files: readonly PinnedFile[]): PinnedFile[] {
  const pinned: PinnedFile[] = [];
  for (const file of files) for (const revision of file.sets) pinned[revision] = file;
  return pinned;
}

function versionsIn(table: FileTable, { sets }: CatalogView, name: string): PackageVersion[] {
  const files = table.get(name);
  if (!files) return [];
  const pinned = byRevision(files);
  const versions = [...sets.values()].flatMap(({ revision, flag, python, abi, runtime, released }) => {
    const file = pinned[revision];
    if (!file) return [];
    const { version, kind, filename, sha256, patched_by } = file;
    return [{ flag, version, kind, python, abi, runtime, released, filename, sha256, patched_by }];
  });
  return sortedBy(versions, ({ released, flag }) => released + flag);
}

/** The table of the newest revision that this isolate knows: it has the sets of all older ones. */
async function tableOf({ STORE }: Bindings): Promise<FileTable> {
  const catalog = knownCatalog();
  if (!catalog) throw new StorageUnavailableError('the catalog is not known yet');
  return openTable(STORE, catalog, MOST_MISSING).catch((cause: unknown) => {
    throw new StorageUnavailableError('the files of all sets could not be read from R2', { cause });
  });
}
