/** The package sets of Pyodide's and Cloudflare's lock files. */

import { hash } from 'node:crypto';
import { gte } from 'semver';
import { readFromTarball, type Tarball } from '../../cli/packages/npm.ts';
import { type Member, PackageSet, type WorkerdDocument } from '../../resolver/catalog.ts';
import { type LockedPackages, readPyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import {
  type CloudflareSource,
  PYODIDE_PACKAGE,
  type PyodideRelease,
  type Sources,
  WORKERD_PACKAGE,
} from './sources.ts';

/** The package flag for a Python (`3.12.7`) and a day (`2025-02-26`): `python_3.12_packages_2025_02_26`. */
export function packageFlag(python: string, day: string): string {
  const minor = python.split('.').slice(0, 2).join('.');
  return `python_${minor}_packages_${day.replaceAll('-', '_')}`;
}

/** The day that a package flag names. */
export function dateOfFlag(flag: string): string {
  return flag.slice(-10).replaceAll('_', '-');
}

const LOCK = 'pyodide-lock.json';

/** The contents of a lock. @throws if it is none, or has two packages of one name */
export function parseLock(text: string): LockedPackages {
  const read = readPyodideLock(LOCK, text);
  if (!read.ok) throw new Error(read.issues[0]!.message);
  return read.value;
}

/** The packages of a lock, with URLs. @param baseUrl of the files that it names by their paths, with a slash at its end */
export const membersOf = ({ packages }: LockedPackages, baseUrl: string): Member[] =>
  packages.map((member) => ({ ...member, url: member.url ?? baseUrl + member.filename }));

type RuntimeFacts = Pick<PackageSet, 'python' | 'abi' | 'platform'>;

/** @throws for a Pyodide version that is neither in the sets nor in `data/sources.json` */
export type RuntimeOf = (pyodide: string) => RuntimeFacts;

/** Runtimes from Pyodide's lock files; for a Pyodide that is not on npm, from `data/sources.json`. */
export function runtimesOf(pyodideSets: PackageSet[], sources: Sources): RuntimeOf {
  const runtimes = new Map<string, RuntimeFacts>();
  for (const { runtime, python, abi, platform } of pyodideSets)
    runtimes.set(runtime, { python, abi, platform });
  for (const { pyodide, python, abi, platform } of sources.runtimes) {
    runtimes.set(pyodide, { python, abi, platform });
  }
  return (pyodide) => {
    const facts = runtimes.get(pyodide);
    if (!facts)
      throw new Error(`which Python is Pyodide ${pyodide}? Add it to runtimes in data/sources.json`);
    return facts;
  };
}

/** The SHA-256 of a text. @throws if another one is pinned; `name` says what it is */
function digestOf(name: string, content: string, pinned: string | undefined): string {
  const actual = hash('sha256', content);
  if (pinned === undefined || actual === pinned) return actual;
  throw new Error(`${name} has the SHA-256 ${actual}, but ${pinned} is pinned`);
}

export async function lockIn(tarball: Tarball): Promise<string> {
  return (await readFromTarball(tarball.path, `package/${LOCK}`)).toString('utf8');
}

/** A set of a lock file in a package of npm, of the day that its flag names. */
function npmSet(
  facts: Omit<PackageSet, 'kind' | 'released' | 'source'>,
  source: Omit<PackageSet['source'], 'registry'>,
): PackageSet {
  const released = dateOfFlag(facts.flag);
  return PackageSet.parse({ kind: 'set', ...facts, released, source: { registry: 'npm', ...source } });
}

export function pyodideSet(release: PyodideRelease, text: string, sources: Sources): PackageSet {
  const { version } = release;
  const sha256 = digestOf(`${LOCK} of Pyodide ${version}`, text, release.lock_sha256);
  const lock = parseLock(text);
  const { abi, platform } = lock;
  const python = release.python ?? lock.python;
  if (abi === null) throw new Error(`the lock of Pyodide ${version} states no ABI`);
  const flag = release.flag ?? packageFlag(python, release.released);
  const members = membersOf(lock, `https://cdn.jsdelivr.net/pyodide/v${version}/full/`);
  const packages = members.map((member) => withPatch(member, version, sources));
  return npmSet(
    { flag, python, abi, platform, runtime: version, default_from: null, packages },
    { package: PYODIDE_PACKAGE, version, file: LOCK, sha256 },
  );
}

/** The default set of a runtime without Cloudflare's packages is that of its Pyodide release. */
export function withDefaults(
  sets: readonly PackageSet[],
  workerds: readonly WorkerdDocument[],
): PackageSet[] {
  const releases = workerds.flatMap((workerd) => workerd.releases);
  const bare = new Set(releases.flatMap(({ pyodide, packages_tag: tag }) => (tag === null ? pyodide : [])));
  return sets.map((set) => (bare.has(set.runtime) ? { ...set, default_from: set.released } : set));
}

/** In a lock, packages that Pyodide has patched have no dependencies. */
function withPatch(member: Member, pyodide: string, sources: Sources): Member {
  const isPatched = sources.patched_by_pyodide.some(
    ({ package: name, from }) => name === member.name && gte(pyodide, from) && member.depends.length === 0,
  );
  return isPatched ? { ...member, patched: { by: 'pyodide' } } : member;
}

/**
 * The lock's `info` does not describe the runtime that workerd pairs with the packages, so the Python and the ABI are
 * those of the runtime.
 */
export function cloudflareSet(source: CloudflareSource, text: string, runtimeOf: RuntimeOf): PackageSet {
  const { tag, workerd: version, runtime } = source;
  const sha256 = digestOf(`package lock ${tag}`, text, source.sha256);
  const facts = runtimeOf(runtime);
  const day = tag.replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$1-$2-$3');
  const flag = packageFlag(facts.python, day);
  const packages = membersOf(parseLock(text), `https://python-packages.edgeworker.net/${tag}/`);
  return npmSet(
    { flag, ...facts, runtime, default_from: dateOfFlag(flag), packages },
    { package: WORKERD_PACKAGE, version, file: `pyodide-lock_${tag}.json`, sha256 },
  );
}
