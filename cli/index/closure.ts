/** A closure with all that whoever writes or installs it has to know: where its files are, and what a lock says. */
import type { ResolveAnswer, ResolvedPackage } from '../../resolver/answer.ts';
import type { Member, PackageSet } from '../../resolver/catalog.ts';
import { type PreparedSet, prepareSet } from '../../resolver/closure/prepare.ts';
import { closureMembers } from '../../resolver/formats/closure-members.ts';
import { type Backend, urlsOf } from '../backend.ts';
import { setHead } from '../package-set.ts';
import type { Beyond } from './beyond.ts';

export interface Closure extends Pick<Beyond, 'index' | 'set' | 'credentials'> {
  answer: ResolveAnswer;
}

/** A package of a closure, and the file that it is installed from. */
export type ClosurePackage = Pick<
  Member,
  'name' | 'version' | 'kind' | 'install_dir' | 'imports' | 'filename'
> &
  Pick<Member, 'sha256' | 'size' | 'patched'> & { url: string };

/** What a closure was chosen from. */
export async function setOfClosure(
  { pinwheel }: Backend,
  { answer, set }: Closure,
): Promise<{ head: Omit<PackageSet, 'packages' | 'kind'>; prepared: PreparedSet }> {
  if (set) return { head: set, prepared: prepareSet(set) };
  const head = await setHead(pinwheel, answer.target, answer.registry);
  return { head, prepared: await pinwheel.source.openSet(head) };
}

/** As a lock has its packages. What can be imported from those of an index is read out of their wheels. */
export async function membersOfClosure(backend: Backend, closure: Closure): Promise<Member[]> {
  const { prepared } = await setOfClosure(backend, closure);
  return closureMembers(closure.answer.packages, prepared, closure.index);
}

/** Where the files of packages are. No registry has those of a set of one's own. */
export function urlsOfClosure(
  backend: Backend,
  { set }: Pick<Closure, 'set'>,
  packages: readonly ResolvedPackage[],
): (one: { name: string }) => string {
  return urlsOf(set ? { ...backend, registry: null } : backend, packages);
}

/** What is installed of a closure, in load order: the same for `vendor` and `build`. */
export async function packagesOfClosure(backend: Backend, closure: Closure): Promise<ClosurePackage[]> {
  const { packages } = closure.answer;
  const { prepared } = await setOfClosure(backend, closure);
  // Nobody imports from a package by what a lock says: the index need not be asked again.
  const members = await closureMembers(packages, prepared, null);
  const urlOf = urlsOfClosure(backend, closure, packages);
  return members.map((member, at) => {
    const { name, version, kind, install_dir, imports, filename, sha256 } = member;
    const { size, patched } = packages[at]!.wheel;
    const url = urlOf({ name });
    return { name, version, kind, install_dir, imports, filename, sha256, size, patched, url };
  });
}
