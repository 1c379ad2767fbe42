/**
 * What a publication does to a catalog, as pure functions: the import scripts, the registry's publish path and
 * the command line all get the same revisions and digests because all of them come through here.
 */
import type {
  Catalog,
  CatalogFlag,
  CatalogPackageLock,
  CatalogPython,
  CatalogRelease,
  CatalogSet,
  Publication,
  RegistryDocument,
} from './catalog.ts';
import { isArchived } from './closure/archives.ts';
import { canonicalJson, sha256 } from './digest.ts';

export const emptyCatalog: Catalog = {
  log: [],
  pythons: [],
  flags: [],
  releases: [],
  package_locks: [],
  sets: [],
};

export function subjectOf(document: RegistryDocument): string {
  switch (document.kind) {
    case 'python':
      return document.python;
    case 'workerd':
      return document.workerd;
    case 'set':
      return document.flag;
  }
}

/** The log entry that publishing `document` on `published` would append after `previous`. */
export async function nextPublication(
  previous: Publication | undefined,
  document: RegistryDocument,
  published: string,
): Promise<Publication> {
  const entry = {
    revision: (previous?.revision ?? 0) + 1,
    published,
    kind: document.kind,
    subject: subjectOf(document),
    document: await sha256(canonicalJson(document)),
    previous: previous?.digest ?? null,
  };
  return { ...entry, digest: await sha256(canonicalJson(entry)) };
}

/** What a later document may say otherwise. */
interface Rows {
  pythons: CatalogPython[];
  flags: CatalogFlag[];
  releases: CatalogRelease[];
  package_locks: CatalogPackageLock[];
}

/** The rows that a publication adds to a catalog, and the rows whose facts end with it. */
export interface CatalogChange {
  publication: Publication;
  added: Rows & { sets: CatalogSet[] };
  withdrawn: Rows;
}

export function changeOf(
  catalog: Catalog,
  publication: Publication,
  document: RegistryDocument,
): CatalogChange {
  const lifetime = { revision: publication.revision, withdrawn: null };
  const change: CatalogChange = {
    publication,
    added: { pythons: [], flags: [], releases: [], package_locks: [], sets: [] },
    withdrawn: { pythons: [], flags: [], releases: [], package_locks: [] },
  };
  if (document.kind === 'python') {
    const { kind: _, ...fact } = document;
    change.added.pythons.push({ ...fact, ...lifetime });
    change.withdrawn.pythons = current(catalog.pythons).filter((row) => row.python === document.python);
  } else if (document.kind === 'workerd') {
    const flags = supersede(current(catalog.flags), document.flags, (fact) => fact.field);
    const releases = supersede(current(catalog.releases), document.releases, (fact) => fact.field);
    change.added.flags = flags.added.map((fact) => ({ ...fact, ...lifetime }));
    change.added.releases = releases.added.map((fact) => ({ ...fact, ...lifetime }));
    change.withdrawn.flags = flags.withdrawn;
    change.withdrawn.releases = releases.withdrawn;
    const locks = supersede(current(catalog.package_locks), document.package_locks, ({ tag }) => tag);
    change.added.package_locks = locks.added.map((fact) => ({ ...fact, ...lifetime }));
    change.withdrawn.package_locks = locks.withdrawn;
  } else {
    const { kind: _, packages, ...head } = document;
    change.added.sets.push({
      ...head,
      digest: publication.document,
      package_count: packages.length,
      archive_count: packages.filter(isArchived).length,
      ...lifetime,
    });
  }
  return change;
}

/** The catalog with a change carried out; the argument is left as it was. */
export function applyChange(catalog: Catalog, { publication, added, withdrawn }: CatalogChange): Catalog {
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
  };
}

/** Publishes a document into a catalog in memory. */
export async function publishInto(
  catalog: Catalog,
  document: RegistryDocument,
  published: string,
): Promise<Catalog> {
  const publication = await nextPublication(catalog.log.at(-1), document, published);
  return applyChange(catalog, changeOf(catalog, publication, document));
}

function current<Row extends { withdrawn: number | null }>(rows: Row[]): Row[] {
  return rows.filter((row) => row.withdrawn === null);
}

/** Compares a table of facts with its successor: a changed fact ends, and begins anew. */
function supersede<Fact extends object, Row extends Fact & { revision: number; withdrawn: number | null }>(
  rows: Row[],
  facts: Fact[],
  key: (fact: Fact) => string,
): { added: Fact[]; withdrawn: Row[] } {
  const bare = ({ revision: _r, withdrawn: _w, ...fact }: Row) => canonicalJson(fact);
  const next = new Map(facts.map((fact) => [key(fact), canonicalJson(fact)]));
  const before = new Map(rows.map((row) => [key(row), bare(row)]));
  return {
    added: facts.filter((fact) => before.get(key(fact)) !== next.get(key(fact))),
    withdrawn: rows.filter((row) => next.get(key(row)) !== before.get(key(row))),
  };
}
