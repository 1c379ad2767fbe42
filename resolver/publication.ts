/**
 * Publications to a catalog, as pure functions. The import scripts, the registry and the command line all use them, and
 * so get the same revisions and digests.
 */
import type { AdvisoriesDocument } from './audit/advisories.ts';
import { base64 } from './bytes.ts';
import type {
  Catalog,
  CatalogIndex,
  CatalogSet,
  NewestIndex,
  PackageSet,
  Publication,
  RegistryDocument,
  WithdrawalDocument,
} from './catalog.ts';
import { isArchived } from './closure/archives.ts';
import { seenIn } from './closure/seen.ts';
import { workerdsOf } from './compatibility/view.ts';
import { canonicalJson, sha256 } from './digest.ts';
import { summaryOf } from './evidence-level.ts';
import { catalogDocument, peaksOf, withEntry } from './log/entries.ts';
import { emptyTable, type FileTable, tableDigest, withSet } from './pinned-files.ts';
import { compareWritten } from './time/version-order.ts';

export type FactDocument = Extract<
  RegistryDocument,
  { kind: 'python' | 'workerd' | 'set' | 'yank' | 'files' | 'evidence' | 'advisories' }
>;

export const emptyCatalog: Catalog = { log: [], ...noRows() };

export function subjectOf(document: RegistryDocument): string {
  switch (document.kind) {
    case 'python':
      return document.python;
    case 'workerd':
      return document.workerd;
    case 'set':
      return document.flag;
    case 'yank':
      return document.subject;
    case 'correction':
    case 'announcement':
      return subjectOf(document.document);
    case 'withdrawal':
      return String(document.revision);
    case 'files':
      return `${document.set}.${document.day}`;
    case 'evidence':
      return `${document.set}.${document.ground}`;
    case 'advisories':
      return document.range ? `${dayOf(document)}.${document.range.from}` : dayOf(document);
  }
}

/** The day of advisories: that of the database, of the newest statement, or of the document that they complete. */
export function dayOf({
  source,
  statements,
  range,
}: Pick<AdvisoriesDocument, 'source' | 'statements' | 'range'>): string {
  return [source.day, range?.completes ?? '', ...statements.map(({ day }) => day)].sort().at(-1)!;
}

export type Named = Pick<Publication, 'kind' | 'name'>;

/** A published document's path inside the package's `data/`. */
export function documentPath({ kind, name }: Named): string {
  const isCounted = /^(?:set|yank|correction|announcement|withdrawal)$/.test(kind);
  return `${kind}${isCounted ? 's' : ''}/${name}.json`;
}

/** The facts that a document adds; null for a withdrawal, which reverts another publication. */
export function factsOf(document: RegistryDocument): FactDocument | null {
  if (document.kind === 'withdrawal') return null;
  return document.kind === 'correction' || document.kind === 'announcement' ? document.document : document;
}

/**
 * The change that a publisher's `document` makes to a catalog on a day, and the new catalog.
 * @param table the files of the catalog's sets; only a further set needs it
 * @param openSet the document of a set of the catalog; only one about its files needs it
 */
export async function changeOf(
  catalog: Catalog,
  document: RegistryDocument,
  { day, publisher }: Pick<Publication, 'day' | 'publisher'>,
  table: FileTable = emptyTable,
  openSet?: OpenSet,
): Promise<SealedChange> {
  const revision = catalog.log.length + 1;
  const facts = factsOf(document);
  const set = facts?.kind === 'set' ? facts : null;
  const json = canonicalJson(document);
  const digest = await sha256(json);
  const named = { revision, day, kind: document.kind, name: subjectOf(document), digest };
  const entry = publisher === undefined ? named : { ...named, publisher };
  const ofFacts = facts === null || facts === document ? digest : await sha256(canonicalJson(facts));
  const head = facts?.kind === 'files' ? catalog.sets.find(({ flag }) => flag === facts.set) : undefined;
  const change = rowsOf(catalog, revision, document, ofFacts, head && (await openSet!(head)));
  const files = set === null ? null : withSet(table, set, revision);
  if (files) {
    change.added.files.push({ digest: await tableDigest(files), revision, withdrawn: null });
    change.withdrawn.files.push(...current(catalog.files));
  }
  // The digest of the catalog does not cover its newest entry.
  const unsealed = applyChange(catalog, change, [...catalog.log, { ...entry, index: '', root: '' }]);
  const index = await sha256(canonicalJson(await indexOf(unsealed)));
  const log = await withEntry(catalog.log, { ...entry, index });
  return {
    ...change,
    publication: log.at(-1)!,
    after: { ...unsealed, log },
    table: files ?? table,
    document: json,
  };
}

export async function indexOf(catalog: Catalog): Promise<CatalogIndex> {
  const locks = new Set(catalog.package_locks.map(({ sha256 }) => sha256));
  return {
    pythons: current(catalog.pythons),
    flags: current(catalog.flags),
    releases: current(catalog.releases),
    package_locks: catalog.package_locks,
    sets: catalog.sets.map((set) =>
      locks.has(set.source.sha256!) ? set : { ...set, source: { ...set.source, sha256: null } },
    ),
    yanks: current(catalog.yanks),
    workerds: workerdsOf(catalog.log).map(({ revision, day, name }) => ({ revision, day, name })),
    seen: current(catalog.seen),
    files: current(catalog.files)[0]?.digest ?? null,
    evidence: current(catalog.evidence),
    advisories: current(catalog.advisories),
    catalog: await sha256(catalogDocument(catalog)),
  };
}

export async function newestOf(catalog: Catalog, checkpoint: string | null = null): Promise<NewestIndex> {
  const before = (await peaksOf(catalog.log.slice(0, -1))).map(base64);
  return { publication: catalog.log.at(-1)!, before, index: await indexOf(catalog), checkpoint };
}

export type OpenSet = (head: CatalogSet) => PackageSet | Promise<PackageSet>;

type Tables = Omit<Catalog, 'log'>;

/** The rows that a publication adds to a catalog, and those that it ends. */
export interface CatalogChange {
  added: Tables;
  withdrawn: Tables;
}

/** A change with its entry of the log, and the catalog with it. */
export interface SealedChange extends CatalogChange {
  publication: Publication;
  after: Catalog;
  /** The files of all sets with it. */
  table: FileTable;
  document: string;
}

/**
 * @param digest of the document's facts, which another document may contain
 * @param described the set whose files it describes, if there is one
 */
function rowsOf(
  catalog: Catalog,
  revision: number,
  document: RegistryDocument,
  digest: string,
  described: PackageSet | undefined,
): CatalogChange {
  const lifetime = { revision, withdrawn: null };
  const change: CatalogChange = { added: noRows(), withdrawn: noRows() };
  if (document.kind === 'withdrawal') {
    takeBack(catalog, revision, document, change);
    return change;
  }
  /** A changed fact ends, and a new row begins. Without a row of its key, an old fact ends only if the facts are all. */
  const supersede = <Table extends keyof Keys>(table: Table, facts: Fact<Table>[], areAll = false) => {
    const key = KEYS[table];
    const rows = current(catalog[table] as Row<Table>[]);
    const next = new Map(facts.map((fact) => [key(fact), canonicalJson(fact)]));
    const before = new Map(rows.map((row) => [key(row), bare(row)]));
    const isNew = (fact: Fact<Table>) => !areAll || before.get(key(fact)) !== next.get(key(fact));
    const added = facts.filter(isNew).map((fact) => ({ ...fact, ...lifetime }));
    (change.added[table] as unknown[]).push(...added);
    const isOver = (row: Row<Table>) =>
      areAll ? next.get(key(row)) !== before.get(key(row)) : next.has(key(row));
    (change.withdrawn[table] as unknown[]).push(...rows.filter(isOver));
  };
  const { kind: _, ...fact } = factsOf(document)!;
  if ('first_release' in fact) supersede('pythons', [fact]);
  else if ('subject' in fact) supersede('yanks', [fact]);
  else if ('results' in fact) supersede('evidence', [summaryOf(fact, digest)]);
  else if ('advisories' in fact) {
    const row = { day: dayOf(fact), document: digest };
    if (fact.range === undefined) supersede('advisories', [row]);
    else {
      // In one order, however the document was read: the catalog is a file, too.
      const { from, before, completes } = fact.range;
      supersede('advisories', [{ ...row, range: { from, before, completes } }]);
    }
  } else if ('files' in fact) supersede('seen', described ? [seenIn(described, fact, digest)] : []);
  else if ('workerd' in fact) {
    supersede('flags', fact.flags, true);
    supersede('releases', fact.releases, true);
    supersede('package_locks', fact.package_locks, true);
  } else {
    const { packages, ...head } = fact;
    const archive_count = packages.filter(isArchived).length;
    change.added.sets.push({ ...head, digest, package_count: packages.length, archive_count, ...lifetime });
  }
  return change;
}

function applyChange(catalog: Catalog, { added, withdrawn }: CatalogChange, log: Publication[]): Catalog {
  const { revision } = log.at(-1)!;
  const tables = Object.keys(added).map((name) => {
    const table = name as keyof Tables;
    const gone = new Set<object>(withdrawn[table]);
    const rows = catalog[table].map((row) => (gone.has(row) ? { ...row, withdrawn: revision } : row));
    return [table, [...rows, ...added[table]]];
  });
  return { log, ...(Object.fromEntries(tables) as Tables) };
}

function noRows(): Tables {
  return {
    pythons: [],
    flags: [],
    releases: [],
    package_locks: [],
    sets: [],
    yanks: [],
    files: [],
    seen: [],
    evidence: [],
    advisories: [],
  };
}

/** The tables whose facts a later document may change. */
type Keys = Omit<Tables, 'sets' | 'files'>;
type Row<Table extends keyof Keys> = Keys[Table][number];
type Fact<Table extends keyof Keys> = Omit<Row<Table>, 'revision' | 'withdrawn'>;

const KEYS: { [Table in keyof Keys]: (fact: Fact<Table>) => string } = {
  pythons: ({ python }) => python,
  flags: ({ field }) => field,
  releases: ({ field }) => field,
  package_locks: ({ tag }) => tag,
  yanks: ({ subject, sha256 }) => `${subject} ${sha256}`,
  seen: ({ set }) => set,
  evidence: ({ set, ground }) => `${set} ${ground}`,
  advisories: ({ range }) => range?.from ?? '',
};

/**
 * Ends the facts that a publication introduced and that still hold, and restores those that it ended, unless they were
 * replaced. What it introduced also holds again if a later announcement that replaced it was withdrawn. A set is yanked
 * instead, because somebody may already use its flag.
 */
function takeBack(
  catalog: Catalog,
  revision: number,
  { revision: taken, reason }: WithdrawalDocument,
  change: CatalogChange,
) {
  const undo = <Table extends keyof Keys>(table: Table) => {
    const rows = catalog[table] as Row<Table>[];
    const key = KEYS[table];
    const held = current(rows);
    const introduced = new Set(rows.filter((row) => row.revision === taken).map(bare));
    const isOfTaken = (row: Row<Table>) =>
      row.revision === taken ||
      (catalog.log[row.revision - 1]?.kind === 'withdrawal' && introduced.has(bare(row)));
    const gone = held.filter(isOfTaken);
    const kept = new Set(held.filter((row) => !isOfTaken(row)).map(key));
    const back = rows.filter((row) => row.withdrawn === taken && !kept.has(key(row)));
    (change.withdrawn[table] as unknown[]).push(...gone);
    (change.added[table] as unknown[]).push(...back.map((row) => ({ ...row, revision, withdrawn: null })));
  };
  for (const table of Object.keys(KEYS) as (keyof Keys)[]) undo(table);
  for (const { flag, released, default_from } of catalog.sets.filter((set) => set.revision === taken)) {
    const from = default_from ?? released;
    const before = current(catalog.yanks).filter((yank) => yank.subject === flag && yank.sha256 === null);
    change.withdrawn.yanks.push(...before);
    change.added.yanks.push({ subject: flag, sha256: null, reason, from, revision, withdrawn: null });
  }
}

type Lifetime = Pick<CatalogSet, 'revision' | 'withdrawn'>;

function current<Row extends Lifetime>(rows: Row[]): Row[] {
  return rows.filter((row) => row.withdrawn === null);
}

/** A row without the revisions for which it holds. */
function bare({ revision: _r, withdrawn: _w, ...fact }: Lifetime): string {
  return canonicalJson(fact);
}

/** Whether a publisher of this registry published it. What comes with Pinwheel has none. */
export function isOperators({ log }: Pick<Catalog, 'log'>, { revision }: { revision: number }): boolean {
  return log[revision - 1]!.publisher !== undefined;
}

/** The losses of a Worker if `set` replaced `before`, one sentence for each package. */
export function lossesBeside(set: PackageSet, before: PackageSet): string[] {
  const versions = new Map(set.packages.map(({ name, version }) => [name, version]));
  return before.packages.flatMap(({ name, version, kind }) => {
    // Libraries may be renamed or linked in; only packages need them.
    if (kind === 'shared_library') return [];
    const now = versions.get(name);
    if (now === undefined) return [`${name} ${version} of ${before.flag} is missing`];
    return compareWritten(now, version) < 0
      ? [`${name} ${now} is older than ${version} of ${before.flag}`]
      : [];
  });
}
