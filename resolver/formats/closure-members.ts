/** The packages of an answer as lock members: those of the set, and those of an index. */
import type { ResolveAnswer, ResolvedPackage } from '../answer.ts';
import type { Member } from '../catalog.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import type { PackageIndex } from '../solver/package-index.ts';

/**
 * For `toPyodideLock`: the members of a closure, in load order. The modules of a package from an index are read from
 * its wheel, if `index` can do that.
 *
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { closureMembers, type PackageSet, prepareSet, type ResolveAnswer, toPyodideLock } from 'pinwheel-py';
 * import type { PackageIndex } from 'pinwheel-py/solver';
 *
 * const lockOf = async ({ packages }: ResolveAnswer, index: PackageIndex) => {
 *   const members = await closureMembers(packages, prepareSet(set as PackageSet), index);
 *   return toPyodideLock(set as PackageSet, members, ({ url }) => url!);
 * };
 * lockOf.length; // → 2
 * ```
 */
export async function closureMembers(
  packages: ResolveAnswer['packages'],
  { members, index: places }: Pick<PreparedSet, 'members' | 'index'>,
  index: PackageIndex | null,
): Promise<Member[]> {
  return Promise.all(
    packages.map(async (one) => {
      if (!isBeyond(one)) return members[places.get(one.name)!]!;
      const { name, version, depends, wheel } = one;
      const { filename, upstream_url: url, sha256, size, upload_time = null } = wheel;
      const file = { filename, url: url!, sha256, size, upload_time };
      const imports = await index?.modulesOf?.({
        ...file,
        requires_python: null,
        yanked: false,
        metadata: null,
      });
      return {
        ...{ name, written_name: name, version, kind: 'package', filename, url, sha256, size },
        ...{ imports: imports ?? [], depends, written_depends: depends, install_dir: 'site' },
        ...{ unvendored_tests: false, patched: null },
      };
    }),
  );
}

/** Whether a package is not from the set. */
export function isBeyond({ origin = 'set' }: Pick<ResolvedPackage, 'origin'>): boolean {
  return origin !== 'set';
}
