/** The package sets of Pyodide's and Cloudflare's lock files. */

import { hash } from 'node:crypto';
import { gte } from 'semver';
import * as z from 'zod';
import { readFromTarball, type Tarball } from '../../cli/packages/npm.ts';
import { type Member, PackageSet, type WorkerdDocument } from '../../resolver/catalog.ts';
import { memberOf } from '../../resolver/formats/read-pyodide-lock.ts';
import { statedPlatform } from '../../resolver/wheels/platform.ts';
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

const LockPackage = z.object({
  name: z.string(),
  version: z.string(),
  file_name: z.string(),
  install_dir: z.string(),
  sha256: z.string(),
  package_type: z.string(),
  imports: z.array(z.string()),
  depends: z.array(z.string()),
  unvendored_tests: z.boolean(),
});
type LockPackage = z.infer<typeof LockPackage>;

const PyodideLock = z.object({
  /** `info.version` is left out: it is wrong or missing in many releases. */
  info: z.object({ python: z.string(), platform: z.string(), abi_version: z.string().optional() }),
  packages: z.record(z.string(), LockPackage),
});
export type PyodideLock = z.infer<typeof PyodideLock>;

export function parseLock(text: string): PyodideLock {
  return PyodideLock.parse(JSON.parse(text));
}

/**
 * All packages of a lock as members, sorted by canonical name. Nothing is left out.
 * @param baseUrl the base of file names that are not URLs, with a slash at its end
 * @throws for an unknown kind of package, and for two packages of one name
 */
export function membersOf(lock: PyodideLock, baseUrl: string): Member[] {
  const members = Object.values(lock.packages).map((entry) => pinnedMember(entry, baseUrl));
  members.sort((a, b) => (a.name < b.name ? -1 : 1));
  const twin = members.find((member, index) => member.name === members[index + 1]?.name);
  if (twin) throw new Error(`the lock has two packages named ${twin.name}`);
  return members;
}

function pinnedMember(entry: LockPackage, baseUrl: string): Member {
  const member = memberOf(entry);
  if (!member) throw new Error(`${entry.name} is of the unknown type ${entry.package_type}`);
  return { ...member, url: member.url ?? baseUrl + entry.file_name };
}

export interface RuntimeFacts {
  python: string;
  abi: string;
  platform: string;
}

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

const LOCK = 'pyodide-lock.json';

/** @throws when `content` is not what was pinned; `name` says what it is */
function checkPin(name: string, content: string, pinned: string | undefined): void {
  const actual = hash('sha256', content);
  if (pinned !== undefined && actual !== pinned) {
    throw new Error(`${name} has the SHA-256 ${actual}, but ${pinned} is pinned`);
  }
}

export async function readPyodideLock(tarball: Tarball): Promise<string> {
  return (await readFromTarball(tarball.path, `package/${LOCK}`)).toString('utf8');
}

export function pyodideSet(release: PyodideRelease, text: string, sources: Sources): PackageSet {
  checkPin(`${LOCK} of Pyodide ${release.version}`, text, release.lock_sha256);
  const lock = parseLock(text);
  const { abi_version: abi } = lock.info;
  const python = release.python ?? lock.info.python;
  if (!abi) throw new Error(`the lock of Pyodide ${release.version} states no ABI`);
  const flag = release.flag ?? packageFlag(python, release.released);
  const released = dateOfFlag(flag);
  const members = membersOf(lock, `https://cdn.jsdelivr.net/pyodide/v${release.version}/full/`);
  return PackageSet.parse({
    kind: 'set',
    flag,
    python,
    abi,
    platform: statedPlatform(lock.info.platform),
    runtime: release.version,
    released,
    default_from: null,
    source: {
      registry: 'npm',
      package: PYODIDE_PACKAGE,
      version: release.version,
      file: LOCK,
      sha256: hash('sha256', text),
    },
    packages: members.map((member) => withPatch(member, release.version, sources)),
  });
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
  checkPin(`package lock ${source.tag}`, text, source.sha256);
  const runtime = runtimeOf(source.runtime);
  const day = source.tag.replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$1-$2-$3');
  const flag = packageFlag(runtime.python, day);
  const released = dateOfFlag(flag);
  return PackageSet.parse({
    kind: 'set',
    flag,
    ...runtime,
    runtime: source.runtime,
    released,
    default_from: released,
    source: {
      registry: 'npm',
      package: WORKERD_PACKAGE,
      version: source.workerd,
      file: `pyodide-lock_${source.tag}.json`,
      sha256: hash('sha256', text),
    },
    packages: membersOf(parseLock(text), `https://python-packages.edgeworker.net/${source.tag}/`),
  });
}
