/** A workerd binary as a document: its flags, its Python releases and its package locks. */
import { hash } from 'node:crypto';
import { readFromTarball, type Tarball } from '../../cli/packages/npm.ts';
import {
  type FlagFact,
  type PackageLockFact,
  type ReleaseFact,
  WorkerdDocument,
} from '../../resolver/catalog.ts';
import { FIRST_DATE } from '../../resolver/compatibility/date.ts';
import { DEVELOPMENT } from '../../resolver/compatibility/workerd.ts';
import { type Annotation, fieldsOf, findConstant, findNode, Struct, textOf } from './capnp.ts';
import type { RuntimeOf } from './sets.ts';
import { WORKERD_PACKAGE } from './sources.ts';

const BINARY = 'bin/workerd';

export function readWorkerdBinary(tarball: Tarball): Promise<Buffer> {
  return readFromTarball(tarball.path, `package/${BINARY}`);
}

export function workerdDocument(version: string, binary: Buffer, runtimeOf: RuntimeOf): WorkerdDocument {
  const flags = decodeFlags(binary);
  const releases = decodeReleases(binary, flags, runtimeOf);
  return WorkerdDocument.parse({
    kind: 'workerd',
    workerd: version,
    flags: flags.map(({ fact }) => fact),
    releases,
    package_locks: packageLocks(binary, releases),
    source: {
      registry: 'npm',
      package: WORKERD_PACKAGE,
      version,
      file: BINARY,
      sha256: hash('sha256', binary),
    },
  });
}

/** The lock file of the built-in packages with `tag`, such as `20240829.4`. */
export function readPackageLock(binary: Buffer, tag: string): string {
  const lock = locksIn(binary).get(tag);
  if (!lock) throw new Error(`the binary has no package lock ${tag}`);
  return lock;
}

/** Every lock file that the binary embeds, except those of the standard library alone. */
function packageLocks(binary: Buffer, releases: readonly ReleaseFact[]): PackageLockFact[] {
  const locks = locksIn(binary);
  // Older binaries have no table but one lock file, for the only tag of their releases.
  const only = findConstant(binary, 'pyodide_extra.capnp:pyodideLock')?.text(0);
  const [first, ...others] = new Set(releases.map(({ packages_tag }) => packages_tag));
  if (only && locks.size === 0) {
    if (!first || others.length > 0) throw new Error('nothing says which tag the one package lock has');
    locks.set(first, only);
  }
  return [...locks].map(([tag, text]) => ({ tag, sha256: hash('sha256', text) }));
}

function locksIn(binary: Buffer): Map<string, string> {
  const locks = findConstant(binary, 'pyodide_extra.capnp:packageLocks')?.structs(0) ?? [];
  return new Map(locks.map((lock) => [lock.text(0) ?? '', lock.text(1) ?? '']));
}

/** The schema ids of the annotations in workerd's compatibility-date.capnp. */
const ENABLE_FLAG = 0xb6dabbc87cd1b03en;
const DISABLE_FLAG = 0xd145cf1adc42577cn;
const ENABLE_DATE = 0x91a5d5d7244cf6d0n;
const ENABLE_ALL_DATES = 0x9a1d37c8030d9418n;
const IMPLIED_BY_AFTER_DATE = 0xe3e5a63e76284d89n;
const EXPERIMENTAL = 0xe3e5a63e76284d88n;
const PYTHON_SNAPSHOT_RELEASE = 0xef74c0cc5d18cc0cn;

/** A flag, and the annotations of its field, which have further facts. */
interface DeclaredFlag {
  fact: FlagFact;
  annotations: Annotation[];
}

/** All flags, in the order of the schema. */
export function decodeFlags(binary: Buffer): DeclaredFlag[] {
  const node = findNode(binary, 'compatibility-date.capnp:CompatibilityFlags');
  if (!node) throw new Error('the binary has no schema of compatibility flags');
  return fieldsOf(node).map(({ name, ordinal, annotations }) => {
    const find = (id: bigint) => annotations.find((annotation) => annotation.id === id);
    const text = (id: bigint) => textOf(find(id)?.value ?? null);
    const implication = impliedBy(find(IMPLIED_BY_AFTER_DATE));
    return {
      fact: {
        field: name,
        ordinal,
        enable: text(ENABLE_FLAG),
        disable: text(DISABLE_FLAG),
        enable_date: find(ENABLE_ALL_DATES) ? FIRST_DATE : text(ENABLE_DATE),
        implied_by: implication.fields,
        implied_date: implication.date,
        experimental: find(EXPERIMENTAL) !== undefined,
        obsolete: name.startsWith('obsolete'),
        release: find(PYTHON_SNAPSHOT_RELEASE) !== undefined,
      },
      annotations,
    };
  });
}

/** The annotation has a date and one name or, in later schemas, a list of names. */
function impliedBy(annotation: Annotation | undefined): { fields: string[]; date: string | null } {
  const value = annotation?.value;
  if (!(value instanceof Struct)) return { fields: [], date: null };
  const isList = value.uint16(0) === 1;
  const names = isList ? value.list(0).map(textOf) : [value.text(0)];
  return { fields: names.filter((name) => name !== null), date: value.text(1) };
}

interface SnapshotRelease extends Pick<ReleaseFact, 'field' | 'id' | 'workerd_bundle' | 'packages_tag'> {
  /** The Pyodide behind `dev`; null if the binary does not say. */
  realPyodide: string | null;
}

/**
 * The releases, in the order of the binary.
 * @throws if the releases are not exactly those of the release flags, or a Python is unknown
 */
export function decodeReleases(binary: Buffer, flags: DeclaredFlag[], runtimeOf: RuntimeOf): ReleaseFact[] {
  // Since 2025, the releases are a table, in which each names the field of its flag.
  const rows = findConstant(binary, 'pyodide_extra.capnp:releases')?.structs(0);
  const releases = rows?.map((row) => readRelease(row, row.text(5))) ?? readAnnotations(flags);
  const fields = new Set(flags.filter(({ fact }) => fact.release).map(({ fact }) => fact.field));
  if (releases.length !== fields.size || !releases.every(({ field }) => fields.has(field))) {
    throw new Error(`the releases (${releases.map(({ field }) => field)}) are not those of the flags`);
  }
  return releases.map((release) => {
    const { realPyodide, ...facts } = release;
    const pyodide = realPyodide ?? realPyodideOf(release, releases);
    return { ...facts, pyodide, ...runtimeOf(pyodide) };
  });
}

/** Before 2025, each release was an annotation of its flag's field. */
function readAnnotations(flags: DeclaredFlag[]): SnapshotRelease[] {
  return flags.flatMap(({ fact, annotations }) =>
    annotations
      .filter(({ id }) => id === PYTHON_SNAPSHOT_RELEASE)
      .map(({ value }) => readRelease(value, fact.field)),
  );
}

function readRelease(release: unknown, field: string | null): SnapshotRelease {
  const id = release instanceof Struct ? release.text(0) : null;
  if (!(release instanceof Struct) || field === null || id === null) {
    throw new Error('a Python release has no flag or no Pyodide version');
  }
  const bundle = `${id}_${release.text(1) ?? ''}_${release.uint64(0)}`;
  return {
    field,
    id,
    workerd_bundle: id === DEVELOPMENT ? DEVELOPMENT : bundle,
    packages_tag: release.text(2) || null,
    realPyodide: release.text(6) || null,
  };
}

/** A `dev` without a version uses the packages, and therefore the Pyodide, of another release. */
function realPyodideOf(release: SnapshotRelease, releases: SnapshotRelease[]): string {
  if (release.id !== DEVELOPMENT) return release.id;
  const twin = releases.find((other) => other !== release && other.packages_tag === release.packages_tag);
  if (!twin) throw new Error('nothing says which Pyodide the development release is');
  return twin.id;
}
