/** Every reason to reject a document. Stores nothing, throws nothing. */

import { addDays, isCalendarDay } from '../../../resolver/compatibility/date.ts';
import { type CatalogView, viewCatalog } from '../../../resolver/compatibility/view.ts';
import { canonicalJson, sha256 } from '../../../resolver/digest.ts';
import type { Catalog, Issue, PackageSet, Publication } from '../../../resolver/index.ts';
import * as issues from '../../../resolver/issues/publication.ts';
import { allFiles, type FileTable } from '../../../resolver/pinned-files.ts';
import { upstreamGuard } from '../../../resolver/public-host.ts';
import { type FactDocument, factsOf, isOperators, lossesBeside } from '../../../resolver/publication.ts';
import type {
  AnnouncementDocument,
  FilesDocument,
  PythonDocument,
  RegistryDocument,
  WithdrawalDocument,
  WorkerdDocument,
  YankDocument,
} from '../../../resolver/schemas.ts';
import { compareWritten } from '../../../resolver/time/version-order.ts';
import { readDocument, readFiles, readSet } from '../../storage/documents.ts';
import { openTable } from '../../storage/files.ts';
import type { RegistryStorage } from '../../storage/signed-head.ts';
import { type BuiltWheels, checkBuiltWheels } from '../built-wheels.ts';
import { advisoriesIssues } from './advisories.ts';
import { evidenceIssues, unseenIssues } from './evidence.ts';
import { requirementIssues, runtimeIssues, setIssues } from './set.ts';

/** Python has one release a year. Changes of each later publication are looked for at the end of each one's support. */
const MOST_PYTHONS = 30;

/** The registry that a document is checked against. */
export interface RegistryState {
  storage: RegistryStorage;
  catalog: Catalog;
  /** The view of `catalog`; null while that is empty. */
  view: CatalogView | null;
  published: string;
}

export function registryStateOf(
  storage: RegistryStorage,
  catalog: Catalog,
  published: string,
): RegistryState {
  const outcome = viewCatalog(catalog);
  return { storage, catalog, view: outcome.ok ? outcome.value : null, published };
}

/** The issues of a document, except changes to answers for past dates. */
export async function documentIssues(
  state: RegistryState,
  document: RegistryDocument,
  wheels: BuiltWheels,
): Promise<Issue[]> {
  const { published } = state;
  const problems: Issue[] = [];
  if (document.kind === 'announcement') problems.push(...effectIssues(document, published));
  const facts = factsOf(document);
  const ofFacts = facts
    ? await factIssues(state, facts, wheels, document)
    : await withdrawalIssues(state, document as WithdrawalDocument);
  return [...problems, ...ofFacts];
}

/**
 * The issue of a set that is published already with the same content: if it was yanked since, or if it was announced and
 * now is not, or for another day.
 * @param there the entry of the same document
 */
export async function sameSetIssue(
  { storage, catalog, view, published }: RegistryState,
  document: RegistryDocument,
  there: Publication | undefined,
): Promise<Issue | null> {
  const set = factsOf(document);
  if (set?.kind !== 'set') return null;
  const earlier = catalog.sets.find(({ flag }) => flag === set.flag);
  if (!earlier || earlier.digest !== (await sha256(canonicalJson(set)))) return null;
  const yank = view?.yankedSets.get(set.flag);
  if (yank) {
    const { subject, reason, revision } = yank;
    return issues.wasYanked({ subject, reason, revision });
  }
  if (there) return null;
  const { revision } = earlier;
  const entry = catalog.log[revision - 1]!;
  const day = entry.kind === 'announcement' ? await dayOfEffect(storage, entry) : published;
  return issues.sameSet({ package_set: set.flag, revision, takes_effect: day > published ? day : null });
}

async function factIssues(
  state: RegistryState,
  facts: FactDocument,
  wheels: BuiltWheels,
  document: RegistryDocument,
): Promise<Issue[]> {
  const corrects = document.kind === 'correction';
  const effect = document.kind === 'announcement' ? document.takes_effect : null;
  switch (facts.kind) {
    case 'set':
      return wholeSetIssues(state, facts, wheels, effect ?? state.published);
    case 'python':
      return pythonIssues(state, facts);
    case 'workerd':
      return workerdIssues(state, facts, corrects);
    case 'evidence':
      return evidenceIssues(state.storage.STORE, state.view, state.published, facts);
    case 'advisories':
      return advisoriesIssues(state.storage.STORE, state.view, state.published, facts);
    case 'yank': {
      const problems = await yankIssues(state, facts, corrects);
      if (effect !== null && facts.sha256 !== null) {
        const problem = 'the yank of a wheel takes effect at once, and cannot be announced';
        problems.push(issues.invalidField({ path: 'document', problem }));
      }
      return problems;
    }
    case 'files':
      return filesIssues(state, facts, corrects);
  }
}

/** The issues of a set: those of the set alone, and those that need storage. */
export async function wholeSetIssues(
  { storage, catalog, view, published }: RegistryState,
  set: PackageSet,
  wheels: BuiltWheels,
  effect = published,
): Promise<Issue[]> {
  const earlier = catalog.sets.find(({ flag }) => flag === set.flag);
  const { revision = 0 } = earlier ?? {};
  const own = await checkBuiltWheels(storage.STORE, set, wheels);
  return [
    ...(earlier ? [issues.setExists({ package_set: set.flag, revision })] : []),
    ...setIssues(
      set,
      withoutOperators(catalog, view),
      published,
      effect,
      upstreamGuard(storage.UPSTREAM_HOSTS),
    ),
    ...own.issues,
    ...(await requirementIssues(storage, set, own.metadata)),
    ...(view ? await lossIssues(storage, view, set) : []),
  ];
}

/**
 * The view without the sets of this registry's publishers. If a publisher's set is wrong about a Pyodide, its Python or
 * its ABI, that must not refuse what upstream says of them.
 */
function withoutOperators(catalog: Catalog, view: CatalogView | null): CatalogView | null {
  const sets = [...(view?.sets ?? [])].filter(([, set]) => !isOperators(catalog, set));
  return view && { ...view, sets: new Map(sets) };
}

/**
 * A default must not remove or downgrade packages of those before it: of its ABI for a set of Pinwheel's own, and else
 * of its runtime. Those after it must not either. One of Pinwheel's own also needs evidence that what they import can be
 * imported.
 */
async function lossIssues({ STORE }: RegistryStorage, view: CatalogView, set: PackageSet): Promise<Issue[]> {
  const { flag, default_from } = set;
  if (default_from === null) return [];
  const { sets, runtimeSets, yankedSets } = view;
  const others =
    set.source.registry === 'pinwheel'
      ? [...sets.values()].filter((other) => other.abi === set.abi && other.default_from !== null)
      : (runtimeSets.get(set.runtime) ?? []);
  const problems: Issue[] = [];
  const before: PackageSet[] = [];
  for (const other of others) {
    const isAfter = other.default_from! > default_from;
    const yanked = yankedSets.get(other.flag);
    // A yanked one counts while it is the default.
    if (yanked && yanked.from <= (isAfter ? other.default_from! : default_from)) continue;
    const document = await readSet(STORE, other);
    if (!isAfter) before.push(document);
    const losses = isAfter
      ? lossesBeside(document, set).map(
          (loss) => `from ${other.default_from} on, when ${other.flag} is the default, ${loss}`,
        )
      : lossesBeside(set, document);
    problems.push(...losses.map((loss) => issues.takesAway({ package_set: flag, loss })));
  }
  const unseen = set.source.registry === 'pinwheel' ? await unseenIssues(STORE, view, set, before) : [];
  // First, as only the first of many are told.
  return [...unseen, ...problems];
}

function pythonIssues(
  { view }: RegistryState,
  { python, first_release, supported_until }: PythonDocument,
): Issue[] {
  const problems: Issue[] = [];
  const invalid = (problem: string) => problems.push(issues.invalidField({ path: 'python', problem }));
  const known = view?.pythons ?? [];
  if (known.length >= MOST_PYTHONS && known.every((fact) => fact.python !== python)) {
    invalid(`the registry has ${known.length} Pythons, the limit`);
  }
  if (!/^3\.(0|[1-9]\d{0,2})$/.test(python)) invalid('a version of Python is one such as 3.14');
  if (first_release >= supported_until) {
    const first = `the first release of Python ${python}, ${first_release}`;
    problems.push(issues.backwardDates({ first, next: `The end of its support, ${supported_until}` }));
  }
  return problems;
}

async function workerdIssues(
  { storage, catalog, view, published }: RegistryState,
  document: WorkerdDocument,
  corrects: boolean,
): Promise<Issue[]> {
  const { workerd, flags, releases, package_locks } = document;
  const problems: Issue[] = [];
  const invalid = (path: string, problem: string) => problems.push(issues.invalidField({ path, problem }));
  const earlier = corrects ? undefined : inForce(catalog.log).findLast(({ name }) => name === workerd);
  if (earlier) {
    const before = factsOf(JSON.parse(await readDocument(storage.STORE, earlier.digest)));
    if (canonicalJson(before) !== canonicalJson(document)) {
      problems.push(issues.workerdExists({ workerd, revision: earlier.revision }));
    }
  }
  const [, year, month, day] = /^1\.(\d{4})(\d{2})(\d{2})\.\d{1,9}$/.exec(workerd) ?? [];
  const date = `${year}-${month}-${day}`;
  if (year === undefined) invalid('workerd', 'a version is 1.YYYYMMDD.N');
  else if (!isCalendarDay(date)) problems.push(issues.impossibleDate({ path: 'workerd', date }));
  else if (date > published) {
    const next = `Its publication, on ${published}`;
    problems.push(issues.backwardDates({ first: `workerd ${workerd}, of ${date}`, next }));
  } else if (view?.workerd && compareWritten(workerd, view.workerd) < 0 && !corrects) {
    const first = `that of the newest, ${view.workerd}`;
    problems.push(issues.backwardDates({ first, next: `The day of workerd ${workerd}, ${date}` }));
  }
  const known = withoutOperators(catalog, view);
  const fields = new Map(flags.map((flag) => [flag.field, flag]));
  const names = flags.flatMap(({ enable, disable }) => [enable, disable].filter((name) => name !== null));
  const repeated = names.find((name, at) => names.indexOf(name) < at);
  for (const [path, what, values] of [
    ['flags', 'field', flags.map(({ field }) => field)],
    ['flags', 'ordinal', flags.map(({ ordinal }) => ordinal)],
    ['releases', 'field', releases.map(({ field }) => field)],
    ['package_locks', 'tag', package_locks.map(({ tag }) => tag)],
  ] as const) {
    if (new Set<unknown>(values).size < values.length) invalid(path, `several have the same ${what}`);
  }
  for (const { field, implied_by } of flags) {
    const unknown = implied_by.find((by) => !fields.has(by));
    if (unknown !== undefined) invalid('flags', `${field} is implied by ${unknown}, which is no field`);
  }
  if (repeated !== undefined) invalid('flags', `several have the name ${repeated}`);
  for (const name of names)
    if (!/^[a-z0-9_-]+$/i.test(name)) invalid('flags', `${name} is not a name of a flag`);
  for (const release of releases) {
    if (!fields.get(release.field)?.release) invalid('releases', `${release.field} is not a release flag`);
    problems.push(...runtimeIssues({ ...release, runtime: release.pyodide }, known, corrects));
  }
  return problems;
}

async function yankIssues(
  { storage, catalog, view, published }: RegistryState,
  { subject, sha256: hash, from }: YankDocument,
  corrects: boolean,
): Promise<Issue[]> {
  const state = hash === null ? view?.yankedSets.get(subject) : view?.yankedWheels.get(hash);
  const { revision = 0, reason = '' } = state ?? {};
  const isThere =
    hash === null
      ? view?.sets.has(subject)
      : isPinned(await openTable(storage.STORE, catalog), hash, subject);
  const problems: Issue[] = [];
  if (!isThere)
    problems.push(issues.unknownSubject({ subject: hash === null ? subject : `${subject} (${hash})` }));
  if (state && !corrects) problems.push(issues.wasYanked({ subject, reason, revision }));
  if (hash === null && from <= published && !corrects) {
    problems.push(issues.earlyEffect({ day: from, earliest: addDays(published, 1) }));
  }
  return problems;
}

/** Sizes follow from digests: a set's later document has all files of the one before, unless it corrects that. */
async function filesIssues(
  { storage, view, published }: RegistryState,
  { set: flag, day, files }: FilesDocument,
  corrects: boolean,
): Promise<Issue[]> {
  const head = view?.sets.get(flag);
  if (!head) return [issues.unknownSubject({ subject: flag })];
  const problems: Issue[] = [];
  const invalid = (path: string, problem: string) => problems.push(issues.invalidField({ path, problem }));
  if (day > published) {
    problems.push(
      issues.backwardDates({
        first: `the files, seen on ${day}`,
        next: `Their publication, on ${published}`,
      }),
    );
  }
  const { packages } = await readSet(storage.STORE, head);
  const pinned = new Map(packages.map((member) => [member.sha256, member]));
  const sizes = new Map<string, number>();
  for (const [at, { sha256: hash, size }] of files.entries()) {
    const member = pinned.get(hash);
    if (!member) invalid(`files.${at}.sha256`, `${flag} pins no file with this SHA-256`);
    else if ((member.size ?? size) !== size) invalid(`files.${at}.size`, `the set says ${member.size}`);
    if (sizes.has(hash)) invalid(`files.${at}.sha256`, 'another one has it');
    sizes.set(hash, size);
  }
  const earlier = corrects ? undefined : view?.seenFiles.get(flag);
  if (!earlier) return problems;
  for (const { sha256: hash, size } of await readFiles(storage.STORE, earlier.digest)) {
    if (sizes.get(hash) === size) continue;
    problems.push(issues.lostFiles({ sha256: hash, size, revision: earlier.revision }));
  }
  return problems;
}

function effectIssues({ takes_effect }: AnnouncementDocument, published: string): Issue[] {
  if (takes_effect > published) return [];
  return [issues.earlyEffect({ day: takes_effect, earliest: addDays(published, 1) })];
}

async function withdrawalIssues(
  { storage, catalog, published }: RegistryState,
  { revision }: WithdrawalDocument,
): Promise<Issue[]> {
  const entry = catalog.log[revision - 1];
  const earlier = catalog.log.find(({ kind, name }) => kind === 'withdrawal' && name === String(revision));
  const refuse = (problem: string, fix: string) => [issues.notWithdrawable({ revision, problem, fix })];
  if (!entry) return refuse('there is no such revision', 'Name one that /v1/log lists as an announcement.');
  const { kind } = entry;
  if (kind !== 'announcement') return refuse(`its kind is ${kind}, not announcement`, insteadOf(kind));
  if (earlier) return [issues.alreadyWithdrawn({ announcement: revision, revision: earlier.revision })];
  const takes_effect = await dayOfEffect(storage, entry);
  const isOfSet = catalog.sets.some((set) => set.revision === revision);
  if (takes_effect <= published) {
    return refuse(`it took effect on ${takes_effect}`, insteadOf(isOfSet ? 'set' : kind));
  }
  const next = replacementOf(catalog, entry);
  if (!next) return [];
  const first = `Withdraw revision ${next.revision} first.`;
  const isOpen = next.kind === 'announcement' && (await dayOfEffect(storage, next)) > published;
  const fix = isOpen ? first : insteadOf(next.kind);
  return refuse(`revision ${next.revision} has replaced what it announced`, fix);
}

/** The way to take back a publication that cannot be withdrawn. */
function insteadOf(kind: Publication['kind']): string {
  switch (kind) {
    case 'set':
      return 'Publish a yank of its set.';
    case 'evidence':
    case 'advisories':
      return `Publish newer ${kind} in its place.`;
    case 'withdrawal':
      return 'Announce what it withdrew for another day, or its set under a new date.';
    default:
      return 'Publish a correction with the facts that hold.';
  }
}

/** The newest publication of facts that replaced those of an announcement. Sets are never replaced. */
function replacementOf({ log, sets }: Catalog, { revision, name }: Publication): Publication | undefined {
  if (sets.some((set) => set.revision === revision)) return undefined;
  // A workerd has the facts of all before it.
  const isAlike = (other: string) => other === name || (isWorkerd(name) && isWorkerd(other));
  return inForce(log).findLast((entry) => entry.revision > revision && isAlike(entry.name));
}

/** The publications of facts, without those that were withdrawn. */
function inForce(log: readonly Publication[]): Publication[] {
  const withdrawn = new Set(log.flatMap(({ kind, name }) => (kind === 'withdrawal' ? [name] : [])));
  return log.filter(({ kind, revision }) => kind !== 'withdrawal' && !withdrawn.has(`${revision}`));
}

const isWorkerd = (name: string) => /^1\.\d{8}\.\d+$/.test(name);

const isPinned = (table: FileTable, hash: string, filename: string): boolean =>
  allFiles(table).some((file) => file.sha256 === hash && file.filename === filename);

async function dayOfEffect({ STORE }: RegistryStorage, announcement: Publication): Promise<string> {
  const text = await readDocument(STORE, announcement.digest);
  return (JSON.parse(text) as AnnouncementDocument).takes_effect;
}
