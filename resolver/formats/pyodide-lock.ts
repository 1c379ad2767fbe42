import type { Member, MemberKind } from '../catalog.ts';

/** What a lock says of the runtime it is for. */
export interface LockInfo {
  arch: 'wasm32';
  platform: string;
  version: string;
  python: string;
  abi_version?: string;
}

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
  /** Read by Pyodide 0.26 only, which then makes the library's symbols global. */
  shared_library: boolean;
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
 * A set, or some of its members, as a lock that Pyodide loads as it is. `wheelUrl` gives each file's URL,
 * which has to be absolute: a relative one would be looked for beside Pyodide's own files.
 */
export function toPyodideLock(
  set: { runtime: string; python: string; abi: string; platform: string },
  members: readonly Member[],
  wheelUrl: (member: Member) => string,
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
    };
  }
  return { info, packages };
}
