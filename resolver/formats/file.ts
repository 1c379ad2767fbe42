/** The files that formats write, and the files of packages that they name. */
import type { Diagnostic, ResolveAnswer, ResolvedPackage } from '../answer.ts';
import type { Member } from '../catalog.ts';
import { type PreparedSet, wheelPath } from '../closure/prepare.ts';
import type { Outcome } from '../issue.ts';
import { noUpstreamUrl } from '../issues/documents.ts';
import type { PackageIndex } from '../solver/package-index.ts';
import { sortedBy } from '../sorted-by.ts';

/** A closure in another tool's format, and remarks about what the format cannot express. */
export interface WrittenFile {
  /** The whole file, with a line end at its end. */
  text: string;
  /** A remark for each kind of package that is left out. */
  diagnostics: Diagnostic[];
}

/** Sorted by name, so that the order of requirements does not change the file. */
export function byName(packages: readonly ResolvedPackage[]): ResolvedPackage[] {
  return sortedBy(packages, ({ name }) => name);
}

/** Pyodide unpacks archives (`.zip`, `.tar`, `.tar.gz`); Python's installers support only wheels. */
export function isWheel({ wheel }: ResolvedPackage): boolean {
  return wheel.filename.endsWith('.whl');
}

/**
 * The absolute URLs of the files of a closure or of a prepared set, which formats need: at the registry, or without one,
 * the pinned URLs; files of an index are at the index. Only registries serve Pinwheel-built wheels: without one, an issue
 * names them.
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { fileUrls, type PackageSet, prepareSet } from 'pinwheel-py';
 * const { members, pinned } = prepareSet(set as PackageSet);
 * const packages = members.map((_, index) => pinned(index));
 * const urls = fileUrls(packages, 'https://registry.example');
 * urls.ok && urls.value({ name: 'idna' }).startsWith('https://registry.example/wheels/'); // → true
 * ```
 */
export function fileUrls(
  packages: readonly Pick<ResolvedPackage, 'name' | 'origin' | 'wheel'>[],
  registry: string | null,
): Outcome<(member: { name: string }) => string> {
  const urls = new Map<string, string>();
  const unplaced: string[] = [];
  for (const resolved of packages) {
    const { name, wheel } = resolved;
    const isServed = registry !== null && !isBeyond(resolved);
    const url = isServed ? `${registry.replace(/\/$/, '')}${wheelPath(wheel)}` : wheel.upstream_url;
    if (url === null) unplaced.push(name);
    else urls.set(name, url);
  }
  if (unplaced.length === 0) return { ok: true, value: ({ name }) => urls.get(name)! };
  return { ok: false, issues: [noUpstreamUrl({ packages: unplaced })] };
}

/**
 * For `toPyodideLock`: the members of a closure, in load order. The modules of a package from an index are read from its
 * wheel, if `index` can do that.
 * @example
 * ```ts
 * import { closureMembers, type PackageSet, prepareSet, type ResolveAnswer } from 'pinwheel-py';
 * const membersOf = ({ packages }: ResolveAnswer, set: PackageSet) =>
 *   closureMembers(packages, prepareSet(set), null);
 * membersOf.length; // → 2
 * ```
 */
export async function closureMembers(
  packages: ResolveAnswer['packages'],
  { members, index: places }: Pick<PreparedSet, 'members' | 'index'>,
  index: PackageIndex | null,
): Promise<Member[]> {
  return Promise.all(
    packages.map(async (resolved) => {
      if (!isBeyond(resolved)) return members[places.get(resolved.name)!]!;
      const { name, version, depends, wheel } = resolved;
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

export function isBeyond({ origin = 'set' }: Pick<ResolvedPackage, 'origin'>): boolean {
  return origin !== 'set';
}
