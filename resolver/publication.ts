/**
 * What a publication does to a catalog, as pure functions. The import scripts, the registry and the command line all
 * use them, and so get the same revisions and digests.
 */
import type {
  Catalog,
  CatalogFlag,
  CatalogIndex,
  CatalogPackageLock,
  CatalogPython,
  CatalogRelease,
  CatalogSet,
  CatalogYank,
  Publication,
  RegistryDocument,
  WithdrawalDocument,
} from './catalog.ts';
import { isArchived } from './closure/archives.ts';
import { workerdsOf } from './compatibility/view.ts';
import { canonicalJson, sha256 } from './digest.ts';
import { type MemberRow, provenRows, type RowProof } from './log/entries.ts';

/** A document that contains facts. */
export type FactDocument = Extract<RegistryDocument, { kind: 'python' | 'workerd' | 'set' | 'yank' }>;

export const emptyCatalog: Catalog = {
  log: [],
  pythons: [],
  flags: [],
  releases: [],
  package_locks: [],
  sets: [],
  yanks: [],
};

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
  }
}

/** The facts that a document adds; null for a withdrawal, which reverts another publication. */
export function factsOf(document: RegistryDocument): FactDocument | null {
  if (document.kind === 'withdrawal') return null;
  return document.kind === 'correction' || document.kind === 'announcement' ? document.document : document;
}

/** How a publication is made. */
export interface PublicationOptions {
  /** Whether the entry has the digest of the index. The first publications of `data/` have none. */
  indexed?: boolean;
}

/** The change that publishing `document` on `published` makes to a catalog, and the new catalog. */
export async function changeOf(
  catalog: Catalog,
  document: RegistryDocument,
  published: string,
  { indexed = true }: PublicationOptions = {},
): Promise<SealedChange> {
  const previous = catalog.log.at(-1);
  const facts = factsOf(document);
  const set = facts?.kind === 'set' ? facts : null;
  const json = canonicalJson(document);
  const digest = await sha256(json);
  const members = set && (await provenRows(set.packages));
  const entry = {
    revision: (previous?.revision ?? 0) + 1,
    published,
    kind: document.kind,
    subject: subjectOf(document),
    document: digest,
    members: members?.root ?? null,
    previous: previous?.digest ?? null,
  };
  const unsealed: Publication = { ...entry, catalog: '', digest: '' };
  const ofSet = set === null || set === document ? digest : await sha256(canonicalJson(set));
  const change = rowsOf(catalog, unsealed, document, ofSet);
  const after = applyChange(catalog, change);
  const whole = catalogDocument(after);
  const sealed = {
    ...entry,
    catalog: await sha256(whole),
    ...(indexed && { index: await sha256(canonicalJson(indexOf(after))) }),
  };
  const publication = { ...sealed, digest: await sha256(canonicalJson(sealed)) };
  return {
    ...change,
    publication,
    after: { ...after, log: [...catalog.log, publication] },
    stored: { document: json, catalog: whole, members: members?.rows ?? [] },
  };
}

/**
 * The canonical JSON of a catalog without its newest entry, which has the digest of it. So the digest of the entry
 * covers every fact and every earlier entry.
 */
export function catalogDocument({ log, ...facts }: Catalog): string {
  return canonicalJson({ log: log.slice(0, -1), ...facts });
}

/** The index of a catalog at its newest revision. */
export function indexOf(catalog: Catalog): CatalogIndex {
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
    workerds: workerdsOf(catalog.log).map(({ revision, published, subject }) => ({
      revision,
      published,
      subject,
    })),
  };
}

/** The newest publication with the facts that it vouches for: the index that it names, or else the whole catalog. */
export function newestOf(catalog: Catalog) {
  const publication = catalog.log.at(-1)!;
  return publication.index === undefined
    ? { publication, index: null, catalog }
    : { publication, index: indexOf(catalog), catalog: null };
}

/** The catalog at `revision`. */
export function catalogAt(catalog: Catalog, revision: number): Catalog {
  const then = <Row extends { revision: number; withdrawn: number | null }>(rows: Row[]): Row[] =>
    rows
      .filter((row) => row.revision <= revision)
      .map((row) => (row.withdrawn !== null && row.withdrawn > revision ? { ...row, withdrawn: null } : row));
  return {
    log: catalog.log.slice(0, revision),
    pythons: then(catalog.pythons),
    flags: then(catalog.flags),
    releases: then(catalog.releases),
    package_locks: then(catalog.package_locks),
    sets: then(catalog.sets),
    yanks: then(catalog.yanks),
  };
}

/** The tables whose facts a later document may change. */
interface Rows {
  pythons: CatalogPython[];
  flags: CatalogFlag[];
  releases: CatalogRelease[];
  package_locks: CatalogPackageLock[];
  yanks: CatalogYank[];
}

/** The rows that a publication adds to a catalog, and the rows that it ends. */
export interface CatalogChange {
  publication: Publication;
  added: Rows & { sets: CatalogSet[] };
  withdrawn: Rows;
}

/** A change whose entry has its digests, and the catalog with it. */
export interface SealedChange extends CatalogChange {
  after: Catalog;
  /** What the digests are of: canonical JSON, and the rows of a set's members. */
  stored: { document: string; catalog: string; members: (MemberRow & RowProof)[] };
}

/** @param digest of the set, if the document is or contains one */
function rowsOf(
  catalog: Catalog,
  publication: Publication,
  document: RegistryDocument,
  digest: string,
): CatalogChange {
  const lifetime = { revision: publication.revision, withdrawn: null };
  const change: CatalogChange = {
    publication,
    added: { ...noRows(), sets: [] },
    withdrawn: noRows(),
  };
  const facts = factsOf(document);
  if (facts === null) takeBack(catalog, document as WithdrawalDocument, change);
  else if (facts.kind === 'python') {
    const { kind: _, ...fact } = facts;
    change.added.pythons.push({ ...fact, ...lifetime });
    change.withdrawn.pythons = current(catalog.pythons).filter((row) => row.python === facts.python);
  } else if (facts.kind === 'yank') {
    const { kind: _, ...fact } = facts;
    change.added.yanks.push({ ...fact, ...lifetime });
    change.withdrawn.yanks = current(catalog.yanks).filter((row) => KEYS.yanks(row) === KEYS.yanks(fact));
  } else if (facts.kind === 'workerd') {
    const flags = supersede(current(catalog.flags), facts.flags, KEYS.flags);
    const releases = supersede(current(catalog.releases), facts.releases, KEYS.releases);
    change.added.flags = flags.added.map((fact) => ({ ...fact, ...lifetime }));
    change.added.releases = releases.added.map((fact) => ({ ...fact, ...lifetime }));
    change.withdrawn.flags = flags.withdrawn;
    change.withdrawn.releases = releases.withdrawn;
    const locks = supersede(current(catalog.package_locks), facts.package_locks, KEYS.package_locks);
    change.added.package_locks = locks.added.map((fact) => ({ ...fact, ...lifetime }));
    change.withdrawn.package_locks = locks.withdrawn;
  } else {
    const { kind: _, packages, ...head } = facts;
    change.added.sets.push({
      ...head,
      digest,
      package_count: packages.length,
      archive_count: packages.filter(isArchived).length,
      ...lifetime,
    });
  }
  return change;
}

/** Applies a change to a copy of the catalog. */
function applyChange(catalog: Catalog, { publication, added, withdrawn }: CatalogChange): Catalog {
  const end = <Row extends { withdrawn: number | null }>(rows: Row[], ended: Row[], more: Row[]): Row[] => {
    const gone = new Set(ended);
    return [
      ...rows.map((row) => (gone.has(row) ? { ...row, withdrawn: publication.revision } : row)),
      ...more,
    ];
  };
  return {
    log: [...catalog.log, publication],
    pythons: end(catalog.pythons, withdrawn.pythons, added.pythons),
    flags: end(catalog.flags, withdrawn.flags, added.flags),
    releases: end(catalog.releases, withdrawn.releases, added.releases),
    package_locks: end(catalog.package_locks, withdrawn.package_locks, added.package_locks),
    sets: [...catalog.sets, ...added.sets],
    yanks: end(catalog.yanks, withdrawn.yanks, added.yanks),
  };
}

/** Publishes a document into a catalog in memory. */
export async function publishInto(
  catalog: Catalog,
  document: RegistryDocument,
  published: string,
  options?: PublicationOptions,
): Promise<Catalog> {
  return (await changeOf(catalog, document, published, options)).after;
}

const noRows = (): Rows => ({ pythons: [], flags: [], releases: [], package_locks: [], yanks: [] });

/** The key by which a fact replaces another one. */
const KEYS: { [Table in keyof Rows]: (fact: Omit<Rows[Table][number], 'revision' | 'withdrawn'>) => string } =
  {
    pythons: ({ python }) => python,
    flags: ({ field }) => field,
    releases: ({ field }) => field,
    package_locks: ({ tag }) => tag,
    yanks: ({ subject, sha256 }) => `${subject} ${sha256}`,
  };

/**
 * Ends the facts that a publication introduced and that still hold, and restores those that it ended, unless they were
 * replaced. What it introduced also holds again if a later announcement that replaced it was withdrawn. A set is yanked
 * instead, because somebody may already use its flag.
 */
function takeBack(catalog: Catalog, { revision: taken, reason }: WithdrawalDocument, change: CatalogChange) {
  const { revision } = change.publication;
  const undo = <Table extends keyof Rows>(table: Table) => {
    type Row = Rows[Table][number];
    const rows = catalog[table] as Row[];
    const key = KEYS[table] as (row: Row) => string;
    const held = current(rows);
    const introduced = new Set(rows.filter((row) => row.revision === taken).map(bare));
    const isOfTaken = (row: Row) =>
      row.revision === taken ||
      (catalog.log[row.revision - 1]?.kind === 'withdrawal' && introduced.has(bare(row)));
    const gone = held.filter(isOfTaken);
    const kept = new Set(held.filter((row) => !isOfTaken(row)).map(key));
    const back = rows.filter((row) => row.withdrawn === taken && !kept.has(key(row)));
    (change.withdrawn[table] as Row[]).push(...gone);
    (change.added[table] as Row[]).push(...back.map((row) => ({ ...row, revision, withdrawn: null })));
  };
  for (const table of Object.keys(KEYS) as (keyof Rows)[]) undo(table);
  for (const { flag, released, default_from } of catalog.sets.filter((set) => set.revision === taken)) {
    const from = default_from ?? released;
    const before = current(catalog.yanks).filter((yank) => yank.subject === flag && yank.sha256 === null);
    change.withdrawn.yanks.push(...before);
    change.added.yanks.push({ subject: flag, sha256: null, reason, from, revision, withdrawn: null });
  }
}

function current<Row extends { withdrawn: number | null }>(rows: Row[]): Row[] {
  return rows.filter((row) => row.withdrawn === null);
}

/** A row without the revisions for which it holds. */
function bare({
  revision: _r,
  withdrawn: _w,
  ...fact
}: {
  revision: number;
  withdrawn: number | null;
}): string {
  return canonicalJson(fact);
}

/** Compares a table of facts with its successor. A changed fact ends, and a new row begins. */
function supersede<Fact extends object, Row extends Fact & { revision: number; withdrawn: number | null }>(
  rows: Row[],
  facts: Fact[],
  key: (fact: Fact) => string,
): { added: Fact[]; withdrawn: Row[] } {
  const next = new Map(facts.map((fact) => [key(fact), canonicalJson(fact)]));
  const before = new Map(rows.map((row) => [key(row), bare(row)]));
  return {
    added: facts.filter((fact) => before.get(key(fact)) !== next.get(key(fact))),
    withdrawn: rows.filter((row) => next.get(key(row)) !== before.get(key(row))),
  };
}
