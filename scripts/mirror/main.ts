/**
 * `npm run mirror`: puts the files that package sets pin into a registry, from folders or from where they are pinned, and
 * publishes what follows from their bytes. What is stored is not fetched again; a download goes on where it ended.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { wholeNumber } from '../../cli/common/failure.ts';
import { count, visible } from '../../cli/common/text.ts';
import { together } from '../../cli/common/together.ts';
import { type AtHand, filesAtHand } from '../../cli/packages/at-hand.ts';
import { Cache } from '../../cli/packages/cache.ts';
import { download, type Fetched, LIMITS, readPinned, WrongBytes } from '../../cli/packages/download.ts';
import { TransferError, Unreachable } from '../../cli/packages/transfer.ts';
import { terminal } from '../../cli/print/progress.ts';
import type { Member, PackageSet, SeenFile } from '../../resolver/catalog.ts';
import { upstreamGuard } from '../../resolver/public-host.ts';
import { documentPath, subjectOf } from '../../resolver/publication.ts';
import { orUsage } from '../command.ts';
import { formatJson, loadMade, loadSets, writeData } from '../import/data-files.ts';
import { runResumable } from '../resumable.ts';
import { root, stateFolder } from '../root.ts';
import { filesDocument, seenFile } from './facts.ts';
import { openLocalStore, openRemoteStore, type Store, seenOf, setsOf } from './stores.ts';

const USAGE = `npm run mirror   put the files that package sets pin into a registry

  -- --set FLAG       those of this package set; several are possible (default: of all sets)
     --from FOLDER    take them from a folder and those in it; several are possible
     --from URL       or from below a URL, by their names (default: from where they
                      are pinned, by https, if the host is one of UPSTREAM_HOSTS)
     --to REGISTRY    into a deployed registry, with a token for files in
                      PINWHEEL_TOKEN
     --persist FOLDER instead, into the registry of npm start in this folder, while
                      it is stopped (default: that of npm start)
     --record         write what was seen into data/files/, too
     --jobs NUMBER    how many files at once (default: 4)
     --cache FOLDER   where downloads are kept (default: .cache/mirror)
     --dry-run        say what would be stored, and change nothing

The exit code is 1 if a file is missing or wrong. Ctrl-C stops it, and the same
command goes on from there.`;

const MOST_JOBS = 99;

const given = orUsage(USAGE, () => {
  const { values } = parseArgs({
    options: {
      set: { type: 'string', multiple: true },
      from: { type: 'string', multiple: true, default: [] },
      to: { type: 'string' },
      persist: { type: 'string', default: stateFolder },
      record: { type: 'boolean', default: false },
      jobs: { type: 'string', default: '4' },
      cache: { type: 'string', default: join(root, '.cache/mirror') },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  return { ...values, jobs: wholeNumber('--jobs', values.jobs, MOST_JOBS) };
});
const isUrl = (from: string) => /^https?:\/\//.test(from);
const cache = new Cache(given.cache);
const folders = given.from.filter((from) => !isUrl(from));
const urls = given.from.filter(isUrl).map((url) => url.replace(/\/*$/, '/'));

async function main(): Promise<void> {
  const store = await (given.to === undefined
    ? openLocalStore(given.persist)
    : openRemoteStore(given.to, given['dry-run']));
  try {
    // Sets have files of the same names: that of another one is not wrong.
    const all = await setsOf(store);
    const sets = chosenOf(all, 'the registry');
    const members = all.flatMap(({ packages }) => packages);
    await mirror(sets, await filesAtHand(folders, members), store);
  } finally {
    await store.close();
  }
}

async function mirror(sets: readonly PackageSet[], atHand: AtHand, store: Store): Promise<void> {
  const stored = new Set<string>();
  const known = new Map<PackageSet, readonly SeenFile[]>();
  for (const set of sets) {
    for (const sha256 of await store.storedOf(set)) stored.add(sha256);
    known.set(set, await seenOf(store, set));
  }
  const published = new Set(
    [...known.values()].flat().flatMap(({ sha256, pointer }) => (pointer === undefined ? sha256 : [])),
  );
  const pinned = new Map(sets.flatMap(({ packages }) => packages.map((member) => [member.sha256, member])));
  const wanted = [...pinned.values()].filter(({ sha256 }) => !stored.has(sha256) || !published.has(sha256));
  const seen = new Map<string, SeenFile>();
  // After one of these, the others go on.
  const missing: string[] = [];
  const wrong: string[] = [];
  const progress = terminal.downloads(wanted.length);
  const take = async (member: Member) => {
    const shown = { ...member, url: member.url ?? '' };
    try {
      const file = await fetchFile(member, atHand, (...size) => progress.here?.(shown, ...size));
      if (file === null) return progress.skipped?.(shown);
      const bytes = await readPinned(file.path, member.sha256);
      if (!given['dry-run'] && !stored.has(member.sha256)) await store.put(member, bytes);
      seen.set(member.sha256, await seenFile(member, bytes));
      progress.fetched?.({ ...shown, url: file.url }, file);
    } catch (error) {
      if (!(error instanceof WrongBytes || error instanceof TransferError)) throw error;
      progress.skipped?.(shown);
      // Stored files need not be fetched again.
      if (stored.has(member.sha256)) return;
      (error instanceof WrongBytes ? wrong : missing).push(`${member.filename}: ${error.message}`);
    }
  };
  await together(wanted, given.jobs, take).finally(() => progress.end?.());
  const documents = [...known].flatMap(([set, before]) => filesDocument(set, seen, before) ?? []);
  if (!given['dry-run']) {
    for (const document of documents) await store.publish(document);
    if (given.record) await record(seen);
  }

  for (const said of missing) console.error(visible(`missing: ${said}`));
  for (const said of wrong) console.error(visible(`wrong: ${said}`));
  const before = [...pinned.keys()].filter((sha256) => stored.has(sha256)).length;
  const added = pinned.size - before - missing.length - wrong.length;
  const verb = given['dry-run'] ? 'would be stored' : 'stored now';
  console.log(
    `${count(pinned.size, 'file')}: ${before} stored before, ${added} ${verb}, ${missing.length} missing, ${wrong.length} wrong`,
  );
  for (const { set, files } of documents) {
    console.log(`  ${set}: the sizes of ${count(files.length, 'file')}`);
  }
  if (missing.length + wrong.length > 0) process.exitCode = 1;
}

/**
 * A file with the pinned bytes; null in a dry run, for what would be downloaded. Throws {@link WrongBytes} or a
 * {@link TransferError} after all places were tried.
 */
async function fetchFile(
  member: Member,
  atHand: AtHand,
  onBytes: (size: number, total: number | null) => void,
): Promise<(Fetched & { url: string }) | null> {
  const path = atHand.paths.get(member.sha256);
  const other = atHand.others.get(member.filename);
  const places = path === undefined ? placesOf(member) : [pathToFileURL(path).href];
  if (places.length === 0 && other !== undefined) throw new WrongBytes(`${other} has other bytes`);
  let failure: unknown = new TransferError('is in none of the folders', false);
  for (const url of places) {
    try {
      const guard = url === member.url ? upstreamGuard(process.env.UPSTREAM_HOSTS || undefined) : undefined;
      const problem = guard?.(new URL(url)) ?? null;
      if (problem !== null) throw new TransferError(problem, false);
      if (isGivenUp(url)) throw new TransferError('was not asked: its server could not be reached', false);
      if (given['dry-run'] && path === undefined) return null;
      const limits = { ...LIMITS, ...(guard && { guard }) };
      const file = await download({ ...member, url, kind: 'wheel' }, cache, onBytes, undefined, limits);
      silent.delete(new URL(url).origin);
      return { url, ...file };
    } catch (error) {
      const { origin } = new URL(url);
      if (error instanceof Unreachable) silent.set(origin, (silent.get(origin) ?? 0) + 1);
      failure = error instanceof Error ? Object.assign(error, { message: `${url} ${error.message}` }) : error;
    }
  }
  throw failure;
}

/** How many files in a row each server has not answered for, with all attempts. */
const silent = new Map<string, number>();
/** After so many, a server is not asked again: without a network, all attempts for all files take hours. */
const MOST_SILENT = 3;
const isGivenUp = (url: string) => (silent.get(new URL(url).origin) ?? 0) >= MOST_SILENT;

function placesOf({ filename, url }: Member): string[] {
  if (given.from.length > 0) return urls.map((base) => base + encodeURIComponent(filename));
  if (url === null) throw new TransferError('is a wheel of Pinwheel’s own, which npm start builds', false);
  return [url];
}

/** The sets of `--set`, or all. */
function chosenOf(sets: readonly PackageSet[], place: string): readonly PackageSet[] {
  const flags = given.set ?? sets.map(({ flag }) => flag);
  const unknown = flags.find((name) => sets.every(({ flag }) => flag !== name));
  if (unknown !== undefined) throw new Error(`${place} has no package set ${unknown}`);
  return sets.filter(({ flag }) => flags.includes(flag));
}

/** Writes what is new of the files of `data/`'s sets into `data/files/`. */
async function record(seen: ReadonlyMap<string, SeenFile>): Promise<void> {
  const before = await loadMade('files');
  for (const set of chosenOf(await loadSets(), 'data/')) {
    const known = before.findLast((document) => document.set === set.flag)?.files ?? [];
    const document = filesDocument(set, seen, known);
    if (document === null) continue;
    await writeData(documentPath({ kind: 'files', name: subjectOf(document) }), formatJson(document));
  }
}

runResumable(main);
