/** A package set as `GET /v1/sets/{flag}` answers. */
import type { RegistryStamp, Target } from '../resolver/answer.ts';
import type { CatalogSet, Member } from '../resolver/catalog.ts';
import { canonicalJson } from '../resolver/digest.ts';
import type { Pinwheel } from '../resolver/pinwheel/pinwheel.ts';
import { answered } from './failure.ts';

/** The members are sorted by name. */
export type SetAnswer = Omit<CatalogSet, 'archive_count' | 'revision' | 'withdrawn'> & { packages: Member[] };

/** The set of a target, without its members. */
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
  const head = await setHead(pinwheel, target, registry);
  const { flag, python, abi, runtime, released, default_from, digest, source, package_count, platform } =
    head;
  const { members } = await pinwheel.source.openSet(head);
  const packages = members.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    ...{ flag, python, abi, runtime, released, default_from, digest, source, package_count, platform },
    // Registries store sets as canonical JSON, so their members' keys are sorted.
    packages: JSON.parse(canonicalJson(packages)),
  };
}
