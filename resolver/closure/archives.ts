/** Packages for which a set has no wheel, but an archive that Pyodide and `pinwheel vendor` unpack. */
import type { Diagnostic, ResolveAnswer, ResolvedPackage } from '../answer.ts';
import type { CatalogSet, Member } from '../catalog.ts';
import { daysBetween } from '../compatibility/date.ts';
import type { CatalogView } from '../compatibility/view.ts';
import { remark } from '../issues/fixes.ts';
import { remembered } from '../remembered.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { sortedBy } from '../sorted-by.ts';
import { listed } from '../text/printable.ts';
import type { resolveClosure } from './closure.ts';
import { metByPins, pinsMeeting } from './meeting.ts';
import type { ResolveSource } from './source.ts';

const SHOWN = 5;

/** Tests that Pyodide split off from wheels are archives in every set, and not installed. */
export function isArchived({ kind, name, filename }: Pick<Member, 'kind' | 'name' | 'filename'>): boolean {
  return kind === 'package' && !filename.endsWith('.whl') && !name.endsWith('-tests');
}

/** Results by view and package flag, cached because sorting all sets takes longer than an answer. */
const wheelSetsOf = remembered((_: CatalogView) => new Map<string, CatalogSet[]>());

/**
 * The sets without archives that run where `set` does, the most similar first: the one of the same Pyodide, else the
 * nearest by day, and the newest, which has the most packages.
 */
export function wheelSets(view: CatalogView, set: CatalogSet): CatalogSet[] {
  const known = wheelSetsOf(view);
  const before = known.get(set.flag);
  if (before) return before;
  const days = ({ released }: CatalogSet) => daysBetween(released, set.released);
  const sets = [...view.sets.values()].filter((other) => other.abi === set.abi && other.archive_count === 0);
  const [nearest] = sortedBy(sets, days);
  const likest = sets.find(({ runtime }) => runtime === set.runtime) ?? nearest;
  const newest = sortedBy(sets, ({ released }) => released).at(-1);
  const similar = [...new Set([likest, newest])].filter((choice) => choice !== undefined);
  known.set(set.flag, similar);
  return similar;
}

/**
 * The remark on an answer from the set `head`; null if every package is a wheel. A set is tried before it is proposed.
 * @param resolve an import of it here would split the code that every question loads
 */
export async function remarkOnArchives(
  view: CatalogView,
  source: Pick<ResolveSource, 'openSet' | 'readPins' | 'tellsWhole'>,
  head: CatalogSet,
  { target, packages }: ResolveAnswer,
  requirements: readonly Requirement[],
  resolve: typeof resolveClosure,
): Promise<Diagnostic | null> {
  const names = archivesAmong(packages);
  if (names.length === 0) return null;
  const pins = source.tellsWhole ? await source.readPins(requirements.map(({ name }) => name)) : null;
  const meeting = pins && pinsMeeting(view, pins);
  for (const wheels of wheelSets(view, head)) {
    const isMet = meeting
      ? metByPins(requirements, meeting, { runtime: target.runtime, package_set: wheels })
      : resolve(view, target, await source.openSet(wheels), requirements).ok;
    if (isMet) return archivesRemark(names, wheels);
  }
  return archivesRemark(names, null);
}

export function archivesAmong(
  packages: readonly Pick<ResolvedPackage, 'name' | 'kind' | 'wheel'>[],
): string[] {
  const archives = packages.filter(({ name, kind, wheel }) =>
    isArchived({ name, kind, filename: wheel.filename }),
  );
  return archives.map(({ name }) => name);
}

/** Null without archives. `wheels` is a set of wheels that satisfies the same requirements. */
export function archivesRemark(names: readonly string[], wheels: CatalogSet | null): Diagnostic | null {
  if (names.length === 0) return null;
  const vendor = 'pinwheel vendor unpacks them.';
  const message = `pip, uv and pylock.toml need wheels, but the set has archives of ${listed(names, SHOWN)}.`;
  const fix = wheels ? `${vendor} Or name ${wheels.flag}, a set of wheels for the same ABI.` : vendor;
  return remark('info', 'archives_not_wheels', message, fix);
}
