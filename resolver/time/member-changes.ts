/** What differs between two lists of packages. */
import type { CatalogYank, Member } from '../catalog.ts';
import type { NamedVersion, PackageChanges, VersionChange } from './answers.ts';
import { versionStep } from './version-order.ts';

/** @param yanks of wheels, by their SHA-256 */
export function memberChanges(
  from: readonly Member[],
  to: readonly Member[],
  yanks?: ReadonlyMap<string, CatalogYank>,
): PackageChanges {
  const yankOf = ({ sha256 }: Member) => {
    const yank = yanks?.get(sha256);
    return yank && { yanked: yank.reason };
  };
  const named = (member: Member): NamedVersion => {
    const { name, version, kind } = member;
    return { name, version, kind, ...yankOf(member) };
  };
  const before = new Map(from.map((member) => [member.name, member]));
  const after = new Set(to.map(({ name }) => name));
  const changed: { change: VersionChange; harm: number }[] = [];
  const added: NamedVersion[] = [];
  for (const member of to) {
    const old = before.get(member.name);
    if (!old) added.push(named(member));
    else if (old.version !== member.version || old.sha256 !== member.sha256) {
      const { name, version, kind } = member;
      const { direction, harm } = changeOf(old.version, version);
      const change = { name, from: old.version, to: version, direction, kind, ...yankOf(member) };
      changed.push({ change, harm });
    }
  }
  const removed = from.filter(({ name }) => !after.has(name)).map(named);
  changed.sort((a, b) => a.harm - b.harm || byName(a.change, b.change));
  return {
    removed: removed.sort(byName),
    changed: changed.map(({ change }) => change),
    added: added.sort(byName),
  };
}

/** The lower the harm, the more likely the change breaks something. */
function changeOf(from: string, to: string): { direction: VersionChange['direction']; harm: number } {
  const { order, isMajor } = versionStep(from, to);
  if (order > 0) return { direction: 'down', harm: 0 };
  if (order === 0) return { direction: 'rebuilt', harm: 3 };
  return { direction: 'up', harm: isMajor ? 1 : 2 };
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}
