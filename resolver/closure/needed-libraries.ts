/** The shared libraries that packages of a closure load. */
import type { Diagnostic, ResolveAnswer, ResolvedPackage } from '../answer.ts';
import { nativeLibrary } from '../issues/documents.ts';
import { remark } from '../issues/fixes.ts';

export interface NeededLibrary {
  library: string;
  version: string;
  /** The packages whose files load it, themselves or through another library. */
  by: string[];
}

/**
 * The shared libraries that packages load. Those that only modules of the standard library load come with the runtime,
 * as the modules do.
 */
export function neededLibraries(
  packages: readonly Pick<ResolvedPackage, 'name' | 'version' | 'kind' | 'depends'>[],
): NeededLibrary[] {
  const libraries = new Map(
    packages.flatMap(({ name, version, kind, depends }) =>
      kind === 'shared_library' ? [[name, { version, depends, by: new Set<string>() }] as const] : [],
    ),
  );
  const load = (names: readonly string[], by: string): void => {
    for (const name of names) {
      const library = libraries.get(name);
      if (!library || library.by.has(by)) continue;
      library.by.add(by);
      load(library.depends, by);
    }
  };
  for (const { name, kind, depends } of packages) if (kind === 'package') load(depends, name);
  return [...libraries].flatMap(([name, { version, by }]) =>
    by.size > 0 ? [{ library: name, version, by: [...by] }] : [],
  );
}

/** The libraries that a Worker on the platform would lack; none if workerd has the packages, or the Worker its own Python. */
export function libraryRemarks({
  target,
  packages,
}: Pick<ResolveAnswer, 'target' | 'packages'>): Diagnostic[] {
  const { runtime, package_set } = target;
  if (package_set.delivery.by === 'workerd' || runtime.workerd_bundle === null) return [];
  return neededLibraries(packages).map((library) => {
    const { code, message, fixes } = nativeLibrary(library);
    return remark('warning', code, message, fixes);
  });
}
