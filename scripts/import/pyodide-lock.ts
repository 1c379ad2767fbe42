/** A `pyodide-lock.json`, and its packages as members of a set. */
import * as z from 'zod';
import type { Member } from '../../resolver/catalog.ts';
import { memberOf } from '../../resolver/formats/read-pyodide-lock.ts';

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
