/** A `pyodide-lock.json`, and its packages as members of a set. */
import { z } from 'zod';
import type { Member, MemberKind } from '../../resolver/catalog.ts';

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

const kinds: Record<string, MemberKind> = {
  package: 'package',
  shared_library: 'shared_library',
  cpython_module: 'standard_library',
};

/**
 * All packages of a lock as members, sorted by canonical name. Nothing is left out.
 * @param baseUrl where file names that are not URLs themselves are found, with its closing slash
 * @throws for a kind of package that no set has had, and for two packages of one name
 */
export function membersOf(lock: PyodideLock, baseUrl: string): Member[] {
  const members = Object.values(lock.packages).map((entry) => memberOf(entry, baseUrl));
  members.sort((a, b) => (a.name < b.name ? -1 : 1));
  const twin = members.find((member, index) => member.name === members[index + 1]?.name);
  if (twin) throw new Error(`the lock has two packages named ${twin.name}`);
  return members;
}

function memberOf(entry: LockPackage, baseUrl: string): Member {
  const kind = kinds[entry.package_type];
  if (!kind) throw new Error(`${entry.name} is of the unknown type ${entry.package_type}`);
  const isUrl = /^https:\/\//.test(entry.file_name);
  return {
    name: canonicalName(entry.name),
    written_name: entry.name,
    version: entry.version,
    kind,
    filename: isUrl ? new URL(entry.file_name).pathname.split('/').at(-1)! : entry.file_name,
    url: isUrl ? entry.file_name : baseUrl + entry.file_name,
    sha256: entry.sha256,
    size: null,
    imports: entry.imports,
    depends: entry.depends.map(canonicalName),
    written_depends: entry.depends,
    install_dir: entry.install_dir,
    unvendored_tests: entry.unvendored_tests,
    patched: null,
  };
}

/** PEP 503. */
export function canonicalName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}
