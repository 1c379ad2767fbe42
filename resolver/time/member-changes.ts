/** What differs between two lists of packages. */
import type { Member } from '../catalog.ts';
import type { NamedVersion, PackageChanges, VersionChange } from './answers.ts';
import { compareWritten, differInMajor } from './version-order.ts';

export function memberChanges(from: readonly Member[], to: readonly Member[]): PackageChanges {
  const before = new Map(from.map((member) => [member.name, member]));
  const after = new Set(to.map(({ name }) => name));
  const changed: { change: VersionChange; harm: number }[] = [];
  const added: NamedVersion[] = [];
  for (const member of to) {
    const old = before.get(member.name);
    const direction = old && directionOf(old, member);
    if (!old) added.push(named(member));
    else if (direction) {
      const { name, version, kind } = member;
      const change = { name, from: old.version, to: version, direction, kind };
      changed.push({ change, harm: harmOf(change) });
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

function directionOf(from: Member, to: Member): VersionChange['direction'] | null {
  if (from.version === to.version && from.sha256 === to.sha256) return null;
  const order = compareWritten(from.version, to.version);
  return order < 0 ? 'up' : order > 0 ? 'down' : 'rebuilt';
}

/** A lower number is more likely to break something. */
function harmOf({ direction, from, to }: VersionChange): number {
  if (direction === 'down') return 0;
  if (direction === 'rebuilt') return 3;
  return differInMajor(from, to) ? 1 : 2;
}

function named({ name, version, kind }: Member): NamedVersion {
  return { name, version, kind };
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}
