import type { Member, MemberKind } from '../catalog.ts';

/**
 * What a lock says of the runtime it is for.
 *
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type LockInfo, type PackageSet, toPyodideLock } from 'pinwheel-py';
 *
 * const info: LockInfo = toPyodideLock(set as PackageSet, [], () => '').info;
 * info.abi_version; // → '2025_0'
 * ```
 */
export interface LockInfo {
  arch: 'wasm32';
  platform: string;
  version: string;
  python: string;
  abi_version?: string;
}

/**
 * One package of a lock.
 *
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type LockPackage, type PackageSet, toPyodideLock } from 'pinwheel-py';
 *
 * const { packages } = set as PackageSet;
 * const lock = toPyodideLock(set as PackageSet, packages, ({ filename }) => `https://files.example/${filename}`);
 * const numpy: LockPackage | undefined = lock.packages['numpy'];
 * numpy?.imports; // → ['numpy']
 * ```
 */
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
  /** In bytes, if that was asked for and is known. Pyodide does not read it. */
  size?: number;
}

/**
 * The document that `loadPyodide({ lockFileContents })` takes.
 *
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type PackageSet, type PyodideLock, toPyodideLock } from 'pinwheel-py';
 *
 * const lock: PyodideLock = toPyodideLock(set as PackageSet, [], () => '');
 * JSON.stringify(lock).startsWith('{"info":'); // → true
 * ```
 */
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
 * A set, or some of its members, as a lock that Pyodide loads as it is. `wheelUrl` gives each file's URL,
 * which has to be absolute (see `fileUrls`): a relative one would be resolved against the folder of Pyodide's own
 * files. With `sizes`, each package has its size in bytes, if that is known.
 *
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { fileUrls, type PackageSet, prepareSet, toPyodideLock } from 'pinwheel-py';
 *
 * const { members, packages } = prepareSet(set as PackageSet);
 * const urls = fileUrls(packages, null);
 * if (!urls.ok) throw new Error(urls.issues[0]?.message);
 * const lock = toPyodideLock(set as PackageSet, members, urls.value);
 * lock.packages['numpy']?.file_name.startsWith('https://cdn.jsdelivr.net/pyodide/'); // → true
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
