import type { ResolveAnswer } from '../answer.ts';
import type { Member, MemberKind } from '../catalog.ts';
import type { PreparedSet } from '../closure/prepare.ts';

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

export const PACKAGE_TYPES: Record<MemberKind, LockPackage['package_type']> = {
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
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
