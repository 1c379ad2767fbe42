/** The catalog at one revision, indexed for look-ups. */
import type { Diagnostic, RegistryStamp } from '../answer.ts';
import type {
  Catalog,
  CatalogAdvisories,
  CatalogEvidence,
  CatalogFlag,
  CatalogIndex,
  CatalogPython,
  CatalogRelease,
  CatalogSeen,
  CatalogSet,
  CatalogYank,
  FlagFact,
  Publication,
} from '../catalog.ts';
import { type Levels, levelsOf } from '../evidence-level.ts';
import type { Outcome } from '../issue.ts';
import { unknownRevision } from '../issues/target.ts';
import { groupedBy, sortedBy } from '../sorted-by.ts';
import { addDays } from './date.ts';

/** Days after the newest known workerd that are no forecast: workerd accepts dates up to a week after its own. */
const DAYS_KNOWN_AHEAD = 7;

/** The field of `python_workers`, without which no Python runs. */
export const PYTHON_WORKERS_FIELD = 'pythonWorkers';

/** The field that turns `python_workers` on if the main module is Python, as it always is here. */
export const AUTO_INJECT_FIELD = 'autoInjectPythonWorkers';

export interface NamedFlag {
  fact: CatalogFlag;
  side: 'enable' | 'disable';
}

export interface FlaggedRelease {
  flag: CatalogFlag;
  release: CatalogRelease;
}

/** A lock file of packages that workerd provides, or provided. */
export interface EmbeddedLock {
  tag: string;
  /** The versions of workerd that embed it, the oldest first. */
  workerds: string[];
}

/** A catalog at one revision, indexed; questions are answered from it. */
export interface CatalogView {
  /** The revision, and the root of the log that ends with it. */
  readonly stamp: RegistryStamp;
  /** In schema order, that is, by ordinal. */
  readonly flags: readonly CatalogFlag[];
  readonly flagByName: ReadonlyMap<string, NamedFlag>;
  /** The flags that affect the choice of the runtime, in schema order. */
  readonly runtimeFlags: readonly CatalogFlag[];
  /** By the field of the release flag. */
  readonly releases: ReadonlyMap<string, CatalogRelease>;
  /** The newest release without an experimental flag of each Python minor version. */
  readonly newestReleaseOf: ReadonlyMap<string, FlaggedRelease>;
  /** By package flag. */
  readonly sets: ReadonlyMap<string, CatalogSet>;
  /** By Pyodide version, the set that workerd pairs with it or that release's own, sorted by `default_from`. */
  readonly runtimeSets: ReadonlyMap<string, readonly CatalogSet[]>;
  /** Pinwheel's own sets of each ABI that have a `default_from`, sorted by it. */
  readonly defaultSets: ReadonlyMap<string, readonly CatalogSet[]>;
  /** By package flag. */
  readonly yankedSets: ReadonlyMap<string, CatalogYank>;
  /** The document of the files that were seen, by package flag; other sets have none. */
  readonly seenFiles: ReadonlyMap<string, CatalogSeen>;
  /** By SHA-256. */
  readonly yankedWheels: ReadonlyMap<string, CatalogYank>;
  /** By package flag, for each ground. */
  readonly evidence: ReadonlyMap<string, readonly CatalogEvidence[]>;
  readonly levels: Levels;
  /** The newest documents of known vulnerabilities: in the packages of all sets and, with a range, in others. */
  readonly advisories: readonly CatalogAdvisories[];
  /**
   * The lock files that some workerd up to this revision embeds, by the package flag of the first set that names it as
   * its source. Later ones may have changed packages.
   */
  readonly embeddedLocks: ReadonlyMap<string, EmbeddedLock>;
  /** The oldest first. */
  readonly pythons: readonly CatalogPython[];
  /** The last day for which the facts are certain; null without workerd facts. */
  readonly knownUntil: string | null;
  /** The newest workerd version, or null. */
  readonly workerd: string | null;
  /** The first revision of the whole catalog that knows a workerd, or null. */
  readonly firstWorkerdRevision: number | null;
  /** Remarks of each answer about the origin of the catalog. */
  readonly remarks?: readonly Diagnostic[];
}

/**
 * Views the catalog at a revision, by default the newest.
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import { type Catalog, viewCatalog } from 'pinwheel-py';
 * const view = viewCatalog(catalog as Catalog, 20);
 * view.ok && view.value.stamp.revision; // → 20
 * viewCatalog(catalog as Catalog, 1_000_000).ok; // → false
 * ```
 */
export function viewCatalog(catalog: Catalog, revision = catalog.log.length): Outcome<CatalogView> {
  const entry = catalog.log[revision - 1];
  if (!entry) return { ok: false, issues: [unknownRevision({ revision, newest: catalog.log.length })] };
  const facts = { ...catalog, workerds: workerdsOf(catalog.log, revision) };
  return { ok: true, value: viewIndex(facts, { revision, digest: entry.root }) };
}

/** Views an index, or the tables of a whole catalog, at the revision that `stamp` names. */
export function viewIndex(
  index: Omit<CatalogIndex, 'files' | 'catalog'>,
  { revision: at, digest }: RegistryStamp,
): CatalogView {
  const current = <Row extends Lifetime>(rows: Row[]): Row[] => rows.filter((row) => isCurrent(row, at));
  const flags = sortedBy(current(index.flags), ({ ordinal }) => ordinal);
  const releases = new Map(current(index.releases).map((release) => [release.field, release]));
  const sets = current(index.sets);
  const yanks = current(index.yanks);
  const workerds = index.workerds.filter(({ revision }) => revision <= at);
  const workerd = workerds.at(-1);
  const evidence = groupedBy(current(index.evidence), ({ set }) => set);
  const seenFiles = new Map(current(index.seen).map((row) => [row.set, row]));
  const known = new Set([...seenFiles.keys(), ...evidence.keys()]);
  return {
    stamp: { revision: at, digest },
    flags,
    flagByName: namesOf(flags),
    runtimeFlags: runtimeFlags(flags, releases),
    releases,
    newestReleaseOf: newestReleases(flags, releases),
    sets: new Map(sets.map((set) => [set.flag, set])),
    runtimeSets: defaultsBy(sets, 'runtime'),
    defaultSets: defaultsBy(sets, 'abi'),
    seenFiles,
    yankedSets: new Map(yanks.filter(({ sha256 }) => !sha256).map((yank) => [yank.subject, yank])),
    yankedWheels: new Map(yanks.filter(({ sha256 }) => sha256).map((yank) => [yank.sha256!, yank])),
    evidence,
    levels: new Map(
      [...known].flatMap((flag) => {
        const levels = levelsOf(evidence.get(flag) ?? [], seenFiles.get(flag));
        return levels.size > 0 ? [[flag, levels]] : [];
      }),
    ),
    advisories: current(index.advisories),
    embeddedLocks: embeddedLocks(index.package_locks, workerds, sets),
    pythons: sortedBy(current(index.pythons), ({ python }) => Number(python.slice(2))),
    knownUntil: workerd ? addDays(workerd.day, DAYS_KNOWN_AHEAD) : null,
    workerd: workerd?.name ?? null,
    firstWorkerdRevision: index.workerds[0]?.revision ?? null,
  };
}

type Lifetime = Pick<CatalogSet, 'revision' | 'withdrawn'>;

function isCurrent({ revision, withdrawn }: Lifetime, at: number): boolean {
  return revision <= at && (withdrawn ?? at + 1) > at;
}

/** `3.13` of `3.13.2`. */
export function minorOf(python: string): string {
  return python.split('.', 2).join('.');
}

function namesOf(flags: CatalogFlag[]): Map<string, NamedFlag> {
  const sides = ['enable', 'disable'] as const;
  const names = flags.flatMap((fact) => sides.map((side) => [fact[side], { fact, side }] as const));
  return new Map(names.filter((entry): entry is [string, NamedFlag] => Boolean(entry[0])));
}

/** The release flags, the flag that injects `python_workers`, and whatever implies any of them. */
export function runtimeFlags<Flag extends FlagFact>(
  flags: readonly Flag[],
  releases: ReadonlyMap<string, unknown>,
): Flag[] {
  const byField = new Map(flags.map((flag) => [flag.field, flag]));
  const fields = new Set([PYTHON_WORKERS_FIELD, AUTO_INJECT_FIELD, ...releases.keys()]);
  for (const field of fields) for (const by of byField.get(field)?.implied_by ?? []) fields.add(by);
  return flags.filter((flag) => fields.has(flag.field));
}

function newestReleases(flags: CatalogFlag[], releases: Map<string, CatalogRelease>) {
  const newest = new Map<string, FlaggedRelease>();
  for (const flag of flags) {
    const release = releases.get(flag.field);
    if (release && !flag.experimental) newest.set(minorOf(release.python), { flag, release });
  }
  return newest;
}

function embeddedLocks(
  locks: CatalogIndex['package_locks'],
  workerds: CatalogIndex['workerds'],
  sets: readonly CatalogSet[],
) {
  const embedded = new Map<string, EmbeddedLock>();
  for (const lock of locks) {
    const embedding = workerds.filter(({ revision }) => isCurrent(lock, revision));
    const set = embedding[0] && sets.find(({ source }) => source.sha256 === lock.sha256);
    if (!set) continue;
    const before = embedded.get(set.flag)?.workerds ?? [];
    const all = [...before, ...embedding.map(({ name }) => name)];
    embedded.set(set.flag, { tag: lock.tag, workerds: all });
  }
  return embedded;
}

/**
 * The first publication of each workerd, without announcements that were withdrawn by a revision. The facts of an
 * announced workerd hold at once. If a workerd changes past answers, its facts are published as a correction.
 */
export function workerdsOf(log: readonly Publication[], at = log.length): Publication[] {
  // Withdrawn revisions, and then the workerds that were found.
  const skipped = new Set(log.slice(0, at).map(({ kind, name }) => kind === 'withdrawal' && name));
  return log.filter(
    ({ name, revision }) =>
      /^1\.\d{8}\.\d+$/.test(name) && !skipped.has(`${revision}`) && !skipped.has(name) && skipped.add(name),
  );
}

/** The sets that have a `default_from`: Pinwheel's own by ABI, the others by runtime. */
function defaultsBy(sets: CatalogSet[], by: 'abi' | 'runtime'): Map<string, CatalogSet[]> {
  const defaults = sets.filter(
    ({ default_from, source }) =>
      default_from !== null && (source.registry === 'pinwheel') === (by === 'abi'),
  );
  const age = ({ default_from, released, flag }: CatalogSet) => `${default_from} ${released} ${flag}`;
  return groupedBy(sortedBy(defaults, age), (set) => set[by]);
}

/**
 * The version of the members of answers, and of their meaning. The data of an answer for the same question, `as_of`
 * and revision stay the same; a later version may add members or improve the prose.
 */
export const ANSWER_VERSION = 1;
