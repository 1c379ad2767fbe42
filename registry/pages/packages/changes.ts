import type { PreparedSet } from '../../../resolver/index.ts';
import type { NamedVersion } from '../../../resolver/time/answers.ts';
import { memberChanges } from '../../../resolver/time/changes.ts';

/** The changes of packages from another set. A rebuild of the same version does not count. */
export interface Since {
  flag: string;
  /** By name: the version before, or null for a package that is new. */
  before: ReadonlyMap<string, string | null>;
  removed: readonly NamedVersion[];
}

export function changesSince(since: PreparedSet, set: PreparedSet): Since {
  const { added, changed, removed } = memberChanges(since.members, set.members);
  const before = new Map<string, string | null>(added.map(({ name }) => [name, null]));
  for (const { name, from, direction } of changed) if (direction !== 'rebuilt') before.set(name, from);
  return { flag: since.flag, before, removed };
}
