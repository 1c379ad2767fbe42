/** What each package set has of known vulnerabilities, and how much of it newer sets clear. */
import type { AdvisoriesDocument } from '../../../resolver/audit/advisories.ts';
import { isAffected } from '../../../resolver/audit/affected.ts';
import { SEVERITIES, severityOf } from '../../../resolver/audit/severity.ts';
import type { PackageSet } from '../../../resolver/catalog.ts';

/** A row for each set: packages and vulnerabilities by severity, and those that a newer set clears. */
export function setTable(sets: readonly PackageSet[], { advisories }: AdvisoriesDocument): string[] {
  const holding = advisories.filter(({ withdrawn }) => withdrawn === null);
  const versions = new Map(
    sets.map(({ flag, packages }) => [
      flag,
      new Map(packages.flatMap(({ kind, name, version }) => (kind === 'package' ? [[name, version]] : []))),
    ]),
  );
  return sets.map(({ flag, abi, released }) => {
    const hits = holding.filter((advisory) => {
      const version = versions.get(flag)!.get(advisory.package);
      return version !== undefined && isAffected(advisory, version);
    });
    const newer = sets.filter((set) => set.released > released);
    const clearedBy = (some: readonly PackageSet[]) =>
      hits.filter((advisory) =>
        some.some((set) => {
          const version = versions.get(set.flag)!.get(advisory.package);
          return version !== undefined && !isAffected(advisory, version);
        }),
      ).length;
    const rated = SEVERITIES.toReversed().map((level) => {
      const number = hits.filter(({ severity }) => severity && severityOf(severity.score) === level).length;
      return `${number} ${level}`;
    });
    const packages = new Set(hits.map((advisory) => advisory.package)).size;
    const cleared = [newer.filter((set) => set.abi === abi), newer].map(clearedBy);
    return `${flag}: ${packages} / ${hits.length} (${rated.slice(0, 2).join(', ')}), cleared ${cleared.join(' and ')}`;
  });
}
