/** A `pyodide-lock.json`: written from a package set, and read as one, so that requirements can be resolved in it. */
import type { ResolveAnswer } from '../answer.ts';
import type { Member, MemberKind } from '../catalog.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import type { Outcome } from '../issue.ts';
import { malformedSet } from '../issues/build.ts';
import { canonicalName } from '../requirements/name.ts';
import { sortedBy } from '../sorted-by.ts';
import { printable } from '../text/printable.ts';
import { statedPlatform } from '../wheels/platform.ts';
import { isTable, own } from './table.ts';

/** The runtime that a lock is for. */
export interface LockInfo {
  arch: 'wasm32';
  platform: string;
  version: string;
  python: string;
  abi_version?: string;
}

/** One package of a lock. */
export interface LockPackage {
  name: string;
  version: string;
  file_name: string;
  install_dir: string;
  sha256: string;
  package_type: 'package' | 'shared_library' | 'cpython_module';
  imports: string[];
  depends: string[];
  unvendored_tests: boolean;
  /** Only Pyodide 0.26 reads it: it makes the library's symbols global. */
  shared_library: boolean;
  /** The size in bytes, if it was asked for and is known. Pyodide does not read it. */
  size?: number;
}

/** The document that `loadPyodide({ lockFileContents })` takes. */
export interface PyodideLock {
  info: LockInfo;
  packages: Record<string, LockPackage>;
}

const PACKAGE_TYPES: Record<MemberKind, LockPackage['package_type']> = {
  package: 'package',
  shared_library: 'shared_library',
  standard_library: 'cpython_module',
};

/**
 * A set, or some of its members, as a lock that Pyodide loads as it is. `wheelUrl` gives each file's absolute URL (see
 * `fileUrls`): a relative one would be resolved against the folder of Pyodide's own files. With `sizes`, each package has
 * its size in bytes, if that is known.
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type PackageSet, toPyodideLock } from 'pinwheel-py';
 * const { packages } = set as PackageSet;
 * const lock = toPyodideLock(set as PackageSet, packages, ({ filename }) => `https://files.example/${filename}`);
 * lock.packages['idna']?.file_name; // → 'https://files.example/idna-3.10-py3-none-any.whl'
 * ```
 */
export function toPyodideLock(
  set: { runtime: string; python: string; abi: string; platform: string },
  members: readonly Member[],
  wheelUrl: (member: Member) => string,
  { sizes = false } = {},
): PyodideLock {
  const { platform, runtime: version, python, abi } = set;
  const info: LockInfo = { arch: 'wasm32', platform, version, python };
  if (/^\d{4}_\d+$/.test(abi)) info.abi_version = abi;
  const packages: PyodideLock['packages'] = {};
  for (const member of members) {
    packages[member.name] = {
      name: member.written_name,
      version: member.version,
      file_name: wheelUrl(member),
      install_dir: member.install_dir,
      sha256: member.sha256,
      package_type: PACKAGE_TYPES[member.kind],
      imports: member.imports,
      depends: member.written_depends,
      unvendored_tests: member.unvendored_tests,
      shared_library: member.kind !== 'package',
      ...(sizes && member.size !== null && { size: member.size }),
    };
  }
  return { info, packages };
}

/**
 * All members of a set by name, with the replacements and additions of a closure. Dependencies of extras are loaded with
 * the package.
 */
export function wholeSet(
  { members }: Pick<PreparedSet, 'members'>,
  { packages }: Pick<ResolveAnswer, 'packages'>,
  closure: readonly Member[],
): Member[] {
  const all = new Map(members.map((member) => [member.name, member]));
  for (const [at, member] of closure.entries()) {
    const { depends } = packages[at]!;
    const added = depends.filter((name) => !member.depends.includes(name));
    all.set(member.name, { ...member, written_depends: [...member.written_depends, ...added] });
  }
  return sortedBy(all.values(), ({ name }) => name);
}

export interface LockedPackages {
  /** The Pyodide version; null if the lock does not say. */
  pyodide: string | null;
  python: string;
  /** Null if the lock does not say, as before 0.26. */
  abi: string | null;
  platform: string;
  /** Sorted by canonical name. A file that is named by its path has no URL. */
  packages: Member[];
}

type LockEntry = Omit<LockPackage, 'package_type'> & { package_type: string };

const TEXTS = ['name', 'version', 'file_name', 'install_dir', 'package_type'];

function isEntry(value: unknown): value is LockEntry {
  if (!isTable(value)) return false;
  const isList = (key: string) => {
    const list = own(value, key);
    return Array.isArray(list) && list.every((item) => typeof item === 'string');
  };
  return (
    TEXTS.every((key) => typeof own(value, key) === 'string') &&
    /^[0-9a-f]{64}$/.test(String(own(value, 'sha256'))) &&
    isList('imports') &&
    isList('depends')
  );
}

/** @param name what messages call the file */
export function readPyodideLock(name: string, json: string): Outcome<LockedPackages> {
  const refuse = (problem: string): Outcome<never> => {
    return { ok: false, issues: [malformedSet({ file: name, problem })] };
  };
  let lock: unknown;
  try {
    lock = JSON.parse(json);
  } catch (error) {
    return refuse(`is not JSON: ${(error as Error).message}`);
  }
  const info = isTable(lock) ? own(lock, 'info') : undefined;
  const listed = isTable(lock) ? own(lock, 'packages') : undefined;
  const { version, python, platform, abi_version: abi = null } = isTable(info) ? info : {};
  const pyodide = typeof version === 'string' ? version : null;
  const isStated = typeof python === 'string' && typeof platform === 'string';
  if (!isStated || !isTable(listed))
    return refuse('lacks the packages, or the python and platform of info, of a pyodide-lock.json');
  const packages: Member[] = [];
  const seen = new Set<string>();
  for (const [key, entry] of Object.entries(listed)) {
    const member = isEntry(entry) ? memberOf(entry) : null;
    if (!member) return refuse(`has an entry that cannot be parsed: ${printable(key)}`);
    if (seen.has(member.name)) return refuse(`has two packages named ${member.name}`);
    seen.add(member.name);
    packages.push(member);
  }
  packages.sort((a, b) => (a.name < b.name ? -1 : 1));
  const stated = {
    pyodide,
    python,
    platform: statedPlatform(platform),
    abi: typeof abi === 'string' ? abi : null,
  };
  return { ok: true, value: { ...stated, packages } };
}

/** Null for an unknown kind of package. */
function memberOf(entry: LockEntry): Member | null {
  const [kind] = Object.entries(PACKAGE_TYPES).find(([, type]) => type === entry.package_type) ?? [];
  if (!kind) return null;
  const isUrl = /^https?:\/\//.test(entry.file_name);
  const path = isUrl ? entry.file_name.replace(/[?#].*/s, '') : entry.file_name;
  return {
    name: canonicalName(entry.name),
    written_name: entry.name,
    version: entry.version,
    kind: kind as MemberKind,
    filename: path.split('/').at(-1)!,
    url: isUrl ? entry.file_name : null,
    sha256: entry.sha256,
    size: Number.isSafeInteger(entry.size) && entry.size! >= 0 ? entry.size! : null,
    imports: entry.imports,
    depends: entry.depends.map(canonicalName),
    written_depends: entry.depends,
    install_dir: entry.install_dir,
    unvendored_tests: entry.unvendored_tests === true,
    patched: null,
  };
}
