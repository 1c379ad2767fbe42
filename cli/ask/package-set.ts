/** A package set as `GET /v1/sets/{flag}` answers. */

import { openSeen } from '../../resolver/closure/seen.ts';
import { canonicalJson } from '../../resolver/digest.ts';
import type { Member, Pinwheel, RegistryStamp, Target } from '../../resolver/index.ts';
import type { CatalogSet } from '../../resolver/schemas.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import { answered } from '../common/failure.ts';

export interface SetAnswer extends Omit<CatalogSet, 'archive_count' | 'revision' | 'withdrawn'> {
  yanked?: { reason: string; from: string };
  packages: Member[];
}

export async function setHead(
  pinwheel: Pinwheel,
  target: Target,
  { revision }: Pick<RegistryStamp, 'revision'>,
): Promise<CatalogSet> {
  const { sets } = answered(await pinwheel.source.view(revision));
  return sets.get(target.package_set.flag)!;
}

export async function packageSet(
  pinwheel: Pinwheel,
  target: Target,
  registry: Pick<RegistryStamp, 'revision'>,
): Promise<SetAnswer> {
  const view = answered(await pinwheel.source.view(registry.revision));
  const head = view.sets.get(target.package_set.flag)!;
  const yank = view.yankedSets.get(head.flag);
  const { flag, python, abi, runtime, released, default_from, digest, package_count, platform } = head;
  const { members, source } = await openSeen(view, head, pinwheel.source);
  const packages = sortedBy(members, ({ name }) => name);
  // Registries store documents as canonical JSON, so the keys within are sorted.
  const sorted = <Value>(value: Value): Value => JSON.parse(canonicalJson(value));
  return {
    ...{ flag, python, abi, runtime, released, default_from, digest, source: sorted(source!) },
    ...{ package_count, platform },
    ...(yank && { yanked: { reason: yank.reason, from: yank.from } }),
    packages: sorted(packages),
  };
}
