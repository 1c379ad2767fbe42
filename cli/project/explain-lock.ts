/** Explains the entries of a hand-made `pyodide-lock.json` beside the set of their Pyodide, or moves them to another. */
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isBeyond } from '../../resolver/formats/file.ts';
import { type PyodideLock, toPyodideLock, wholeSet } from '../../resolver/formats/pyodide-lock.ts';
import type { Member, Pinwheel } from '../../resolver/index.ts';
import { foreignWheel } from '../../resolver/issues/build.ts';
import { wrongBytes } from '../../resolver/issues/documents.ts';
import { fixed } from '../../resolver/issues/fixes.ts';
import type { CatalogSet } from '../../resolver/schemas.ts';
import { listed } from '../../resolver/text/printable.ts';
import { compareWritten } from '../../resolver/time/version-order.ts';
import { canRun, parseWheelName } from '../../resolver/wheels/wheel-name.ts';
import { type Backend, urlsOf } from '../ask/backend.ts';
import { membersOfClosure } from '../ask/closure.ts';
import { openIndexes } from '../ask/open.ts';
import { NO_CREDENTIALS } from '../common/credentials.ts';
import { answered, type LocatedIssue, misused, unanswered } from '../common/failure.ts';
import { filesAtHand } from '../packages/at-hand.ts';
import { hashFile } from '../packages/cache.ts';
import { askWhole, type ClosureOptions } from './closure.ts';
import { isPylock, type LockedEntry, pyodideOf, readSetFile, type SetFile } from './sources/lock-files.ts';

const SHOWN = 5;

export interface ExplainOptions extends ClosureOptions {
  findLinks?: string[];
  indexUrl?: string[];
  /** Whether files that are not on this machine are downloaded, to compare their bytes. */
  download?: true;
  /** The file that a moved lock goes into; by default, nobody knows which. */
  output?: string;
}

/**
 * `redundant`: the set pins the same file; `behind`: the set pins a newer version; `needed`: the set has none, an older
 * version, or another file of that version.
 */
export type Verdict = 'redundant' | 'behind' | 'needed' | 'wrong_digest' | 'other_abi';

export interface ExplainedEntry extends Pick<Member, 'name' | 'version' | 'filename'> {
  verdict: Verdict;
  /** The version that the set pins; null if it has none. */
  in_set: string | null;
  /** For `wrong_digest`: the SHA-256 of the file, or that the set pins for it; null if neither is known. */
  sha256: string | null;
  /** The other file for which the set has the digest of the entry. */
  digest_of: string | null;
  /** The key that the entry has, if it is not its canonical name, by which Pyodide looks it up. */
  wrong_key: string | null;
  /** The dependencies that the lock lacks: Pyodide then does not load the entry. */
  lacking: string[];
}

export interface ExplainedLock {
  lock: SetFile;
  set: CatalogSet;
  entries: ExplainedEntry[];
  /** How many entries have a file whose bytes were neither compared nor pinned by the set. */
  unseen: number;
}

async function setOfPyodide({ source, safeTarget }: Pinwheel, pyodide: string) {
  const question = { compatibility_date: null, compatibility_flags: [], pyodide };
  const { registry, package_set } = answered(await safeTarget(question));
  const { sets } = answered(await source.view(registry.revision));
  return { set: sets.get(package_set.flag)!, prepared: await source.openSet(package_set) };
}

export async function explainLock(
  { pinwheel }: Backend,
  file: string,
  options: ExplainOptions,
): Promise<ExplainedLock> {
  if (isPylock(file)) {
    const command = 'pinwheel lock --check';
    throw misused({ problem: 'lock_as_other', path: file, wanted: 'a pyodide-lock.json', command });
  }
  const lock = await readSetFile(file);
  const pyodide = options.pyodide ?? (await pyodideOf(pinwheel, lock, options.listener));
  if (pyodide === null) throw misused({ problem: 'lock_without_runtime', file });
  const { set, prepared } = await setOfPyodide(pinwheel, pyodide);
  const { members, index } = prepared;
  const runner = { python: lock.python, abi: lock.abi ?? set.abi, platform: lock.platform };
  const names = new Set(lock.packages.map(({ name }) => name));
  const digests = await digestsOf(lock, options);
  const files = new Map(members.map((member) => [member.sha256, member]));
  const explained = lock.packages.map((entry): ExplainedEntry => {
    const { name, version, filename, sha256 } = entry;
    const pinned = members[index.get(name) ?? -1];
    const digest = digests.get(entry) ?? (pinned?.filename === filename ? pinned.sha256 : sha256);
    const same = files.get(sha256);
    // In a URL, the name of a file may be encoded.
    const filenames = same ? [same.filename, encodeURIComponent(same.filename)] : [];
    const isOther = same && !(name === same.name && version === same.version && filenames.includes(filename));
    const verdict = (): Verdict => {
      if (digest !== sha256 || isOther) return 'wrong_digest';
      if (same) return 'redundant';
      const wheel = parseWheelName(filename);
      if (wheel && !canRun(runner, wheel)) return 'other_abi';
      return pinned && compareWritten(version, pinned.version) < 0 ? 'behind' : 'needed';
    };
    return {
      ...{ name, version, filename, verdict: verdict(), in_set: pinned?.version ?? null },
      sha256: digest === sha256 ? null : digest,
      digest_of: isOther ? same.filename : null,
      wrong_key: entry.key === name ? null : entry.key,
      lacking: entry.depends.filter((other) => !names.has(other)),
    };
  });
  const unseen = lock.packages.filter(
    (entry, at) => !digests.has(entry) && explained[at]!.verdict !== 'redundant',
  ).length;
  return { lock, set, entries: explained, unseen };
}

/** The digests of the files that are beside the lock, in folders, or downloaded; the lock may say other ones. */
async function digestsOf(
  { packages }: SetFile,
  { findLinks = [], download, listener }: ExplainOptions,
): Promise<Map<LockedEntry, string>> {
  const { paths, others } = await filesAtHand(findLinks, packages);
  const index = download ? await openIndexes({ ...NO_CREDENTIALS, urls: [] }, [], listener) : null;
  const digests = new Map<LockedEntry, string>();
  for (const entry of packages) {
    const { sha256, url, filename } = entry;
    const isHere = url.startsWith('file:');
    const named = isHere ? await hashFile(fileURLToPath(url)) : null;
    const other = named ?? (paths.has(sha256) ? null : await hashFile(others.get(filename) ?? ''));
    if (other) digests.set(entry, other.hash.digest('hex'));
    else if (paths.has(sha256)) digests.set(entry, sha256);
    else if (index && !isHere && parseWheelName(filename))
      digests.set(entry, (await index.fileAt!(url)).sha256!);
  }
  return digests;
}

/**
 * The lock for another Pyodide: its whole set, and of these entries those that the set lacks or has older, with the same
 * file where that runs there, else from the index. Each of them is resolved in that set.
 */
export async function rebaseLock(
  backend: Backend,
  { lock, entries }: Pick<ExplainedLock, 'lock' | 'entries'>,
  version: string,
  options: ExplainOptions,
): Promise<PyodideLock> {
  const { pinwheel } = backend;
  const { file, packages } = lock;
  const { set: head, prepared } = await setOfPyodide(pinwheel, version);
  const kept = new Map<string, LockedEntry>();
  const sought: string[] = [];
  const gone: string[] = [];
  const issues: LocatedIssue[] = [];
  for (const [at, entry] of packages.entries()) {
    const { name, filename } = entry;
    const { verdict, in_set, sha256: digest, digest_of: other } = entries[at]!;
    const pinned = prepared.members[prepared.index.get(name) ?? -1];
    if (other !== null && digest === null) {
      issues.push(
        wrongBytes({ problem: 'locked_for_another', file, filename, version: entry.version, other }),
      );
      continue;
    }
    if (pinned && compareWritten(entry.version, pinned.version) <= 0) continue;
    const wheel = parseWheelName(filename);
    // Packages of the old Pyodide that the new one lacks are no requirements: a package that needs one says so.
    const isOfSet = verdict === 'redundant' || verdict === 'behind' || (digest && in_set === entry.version);
    const isOwn = !isOfSet && entry.kind === 'package' && !name.endsWith('-tests');
    if (!isOwn && pinned === undefined && !name.endsWith('-tests')) gone.push(name);
    else if (!isOwn) continue;
    else if (verdict === 'wrong_digest') issues.push(otherBytes(file, entry, digest!));
    else if (wheel && canRun(head, wheel)) kept.set(name, entry);
    else if (options.index || options.indexUrl || options.findLinks) sought.push(name);
    else if (!pinned) {
      const { runtime: pyodide, python, abi } = head;
      const issue = foreignWheel({ filename, set: file, pyodide, python, abi });
      issues.push({ ...issue, ...fixed([{ kind: 'use_index', requirement: null, packages: [] }]) });
    }
  }
  if (issues.length > 0) throw unanswered(issues);
  const named = [...[...kept.values()].map(({ name, url }) => `${name} @ ${url}`), ...sought];
  const said = [
    ...(kept.size > 0 ? [`Kept: ${listed([...kept.keys()], SHOWN)}.`] : []),
    ...(sought.length > 0 ? [`From the index: ${listed(sought, SHOWN)}.`] : []),
    `All else is the set of Pyodide ${version}${gone.length > 0 ? `, which lacks ${listed(gone, SHOWN)}` : ''}.`,
  ];
  options.listener.remarks([{ severity: 'info', message: said.join(' '), fix: null }]);
  const instead = sought.filter((name) => prepared.index.has(name));
  const unpinned = instead.length > 0 && { unpin: instead };
  const asked = { ...options, requirements: [], pyodide: version, ...unpinned };
  const closure = named.length > 0 ? await askWhole(named, asked, backend) : null;
  const resolved = closure?.answer.packages ?? [];
  const changed = resolved.flatMap(({ name, wheel }) => {
    const entry = kept.get(name);
    return entry && entry.sha256 !== wheel.sha256 ? otherBytes(file, entry, wheel.sha256) : [];
  });
  if (changed.length > 0) throw unanswered(changed);
  const needed = closure ? await membersOfClosure(closure) : [];
  const members = needed.map((member) => {
    const { imports = [] } = kept.get(member.name) ?? {};
    return imports.length > 0 ? { ...member, imports } : member;
  });
  const ofSet = prepared.members.map((_, at) => prepared.pinned(at));
  const urlOf = await urlsOf(backend, [...ofSet, ...resolved.filter(isBeyond)]);
  const placeOf = (member: Member) => {
    const entry = kept.get(member.name);
    if (entry) return movedPath(entry.written, file, options.output);
    const url = urlOf(member);
    return url.startsWith('file:') ? fileURLToPath(url) : url;
  };
  return toPyodideLock(head, wholeSet(prepared, { packages: resolved }, members), placeOf, { sizes: true });
}

/** A path of a lock, for one in another folder: absolute if nobody knows in which. */
function movedPath(written: string, from: string, to: string | undefined): string {
  const home = dirname(resolve(from));
  const place = resolve(home, written);
  const folder = to === undefined ? resolve() : dirname(resolve(to));
  if (URL.canParse(written) || isAbsolute(written) || folder === home) return written;
  return to === undefined ? place : relative(folder, place);
}

const otherBytes = (file: string, { filename, sha256 }: LockedEntry, found: string) =>
  wrongBytes({ problem: 'locked', file, filename, found, pinned: sha256 });
