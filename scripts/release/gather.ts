/**
 * The newest compatible wheel of each package from all sets of an ABI. Newer sets sometimes drop packages, whose wheels
 * for the same ABI still run.
 */
import type { Member, PackageSet } from '../../resolver/catalog.ts';
import { groupedBy } from '../../resolver/sorted-by.ts';
import { compareWritten } from '../../resolver/time/version-order.ts';

/** A wheel from another set than the base, with its shared libraries and its tests from that set. */
interface Addition {
  wheel: Member;
  companions: Member[];
}

/**
 * The members of `base`, and wheels of the other sets that are newer or that it lacks. The dependencies of each
 * addition have to be there: in rounds, each addition without them is replaced by its next older wheel, until all have
 * them.
 * @param sets all of one ABI, with or without the base
 * @param admits whether a wheel may be added, by more than names
 */
export function gather(
  base: PackageSet,
  sets: readonly PackageSet[],
  admits: (wheel: Member) => boolean,
): Member[] {
  const candidates = candidatesOf(base, sets, admits);
  for (;;) {
    const members = new Map(base.packages.map((member) => [member.name, member]));
    const added = candidates.flatMap(([newest]) => newest ?? []);
    for (const { wheel, companions } of added) {
      // The base's tests are for another version.
      members.delete(testsOf(wheel));
      for (const member of [wheel, ...companions]) members.set(member.name, member);
    }
    const lacking = ({ wheel, companions }: Addition) =>
      [wheel, ...companions].some(({ depends }) => depends.some((name) => !members.has(name)));
    const falling = candidates.filter(([newest]) => newest && lacking(newest));
    if (falling.length === 0) return [...members.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const wheels of falling) wheels.shift();
  }
}

/** The wheels of each package, the newest version first; of one version, that of the newest set. */
function candidatesOf(
  base: PackageSet,
  sets: readonly PackageSet[],
  admits: (wheel: Member) => boolean,
): Addition[][] {
  const pinned = new Map(base.packages.map(({ name, version }) => [name, version]));
  const isNewer = ({ name, version }: Member) =>
    !pinned.has(name) || compareWritten(version, pinned.get(name)!) > 0;
  const newestFirst = sets.toSorted((a, b) => (a.released < b.released ? 1 : -1));
  const additions = newestFirst.flatMap((set) =>
    set.packages
      .filter((wheel) => isWheel(wheel) && isNewer(wheel) && admits(wheel))
      .map((wheel) => ({ wheel, companions: companionsOf(wheel, set) })),
  );
  const byName = groupedBy(additions, ({ wheel }) => wheel.name);
  return [...byName.values()].map((wheels) =>
    wheels.sort((a, b) => compareWritten(b.wheel.version, a.wheel.version)),
  );
}

function companionsOf(wheel: Member, set: PackageSet): Member[] {
  const archives = new Map(
    set.packages.flatMap((member) => (isWheel(member) ? [] : [[member.name, member] as const])),
  );
  const companions = new Set<Member>();
  const names = [testsOf(wheel), ...wheel.depends];
  for (const name of names) {
    const archive = archives.get(name);
    if (!archive || companions.has(archive)) continue;
    companions.add(archive);
    names.push(...archive.depends);
  }
  return [...companions];
}

/** Pyodide's name for the tests that it has split off a wheel. */
function testsOf({ name }: Member): string {
  return `${name}-tests`;
}

function isWheel({ filename }: Member): boolean {
  return filename.endsWith('.whl');
}
