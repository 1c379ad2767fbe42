/** Reads a `pyodide-lock.json` as a package set, so that requirements can be resolved in it. */
import type { Member, MemberKind } from '../catalog.ts';
import type { Outcome } from '../issue.ts';
import { malformedSet } from '../issues/build.ts';
import { canonicalName } from '../requirements/name.ts';
import { printable } from '../text/printable.ts';
import { statedPlatform } from '../wheels/platform.ts';
import { type LockPackage, PACKAGE_TYPES } from './pyodide-lock.ts';
import { isTable, own } from './table.ts';

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
