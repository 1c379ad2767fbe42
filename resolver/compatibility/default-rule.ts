/** Whether a Pinwheel set may be a default. */
import type { PackageSet } from '../catalog.ts';
import { compareWritten } from '../time/version-order.ts';

/** What a Worker would lose if `set` replaced `before`, one sentence for each package. */
export function lossesBeside(set: PackageSet, before: PackageSet): string[] {
  const versions = new Map(set.packages.map(({ name, version }) => [name, version]));
  return before.packages.flatMap(({ name, version, kind }) => {
    // Libraries may be renamed or linked in; only packages need them.
    if (kind === 'shared_library') return [];
    const now = versions.get(name);
    if (now === undefined) return [`${name} ${version} of ${before.flag} is missing`];
    return compareWritten(now, version) < 0
      ? [`${name} ${now} is older than ${version} of ${before.flag}`]
      : [];
  });
}
