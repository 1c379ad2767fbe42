/** A package set of Pinwheel's own: an upstream set with patched wheels in the place of its own. */
import { type Member, PackageSet } from '../../resolver/catalog.ts';
import { prepareSet } from '../../resolver/closure/prepare.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { packageFlag } from '../import/package-flag.ts';
import { type Checked, checkWheel } from './check-wheel.ts';
import type { OwnWheel } from './own-wheel.ts';
import type { WheelRequirements } from './wheel-requirements.ts';

export interface Ingredient {
  wheel: OwnWheel;
  requirements: WheelRequirements;
}

/** The set, or everything that stands in its way, each as a sentence. */
export type OwnSet = { ok: true; set: PackageSet } | { ok: false; refusals: string[] };

export async function makeOwnSet(
  base: PackageSet,
  ingredients: readonly Ingredient[],
  released: string,
): Promise<OwnSet> {
  const versions = new Map(base.packages.map(({ name, version }) => [name, version]));
  for (const { wheel } of ingredients) {
    const { package: name } = wheel.patch.manifest;
    if (versions.has(name)) versions.set(name, wheel.version);
  }

  const members = new Map(base.packages.map((member) => [member.name, member]));
  const refusals: string[] = [];
  for (const { wheel, requirements } of ingredients) {
    const { package: name } = wheel.patch.manifest;
    const replaced = members.get(name);
    const checked = checkWheel(wheel, requirements, base, versions);
    const issues = replaced ? checked.issues : [...checked.issues, `the set has no ${name} to replace`];
    for (const issue of issues)
      refusals.push(`${name} ${wheel.version} is refused for ${base.abi}: ${issue}`);
    if (replaced) members.set(name, ownMember(replaced, wheel, checked));
  }
  if (refusals.length > 0) return { ok: false, refusals };

  const set = PackageSet.parse({
    ...base,
    flag: packageFlag(base.python, released),
    released,
    default_from: released,
    source: {
      registry: 'pinwheel',
      package: base.flag,
      version: base.runtime,
      file: `sets/${base.flag}.json`,
      sha256: await sha256(canonicalJson(base)),
    },
    packages: [...members.values()],
  });
  const broken = brokenClosures(set);
  return broken.length > 0 ? { ok: false, refusals: broken } : { ok: true, set };
}

/** Members that need what the set does not have. */
function brokenClosures(set: PackageSet): string[] {
  const { members, dangling } = prepareSet(set);
  return members.flatMap(({ name }, at) =>
    dangling[at]!.map((needed) => `${set.flag} is refused: ${name} needs ${needed}, which it does not have`),
  );
}

function ownMember(replaced: Member, wheel: OwnWheel, { depends, written_depends }: Checked): Member {
  const { manifest, recipe } = wheel.patch;
  const { filename, sha256 } = wheel.upstream;
  return {
    ...replaced,
    version: wheel.version,
    filename: wheel.filename,
    url: null,
    sha256: wheel.sha256,
    size: wheel.bytes.length,
    depends,
    written_depends,
    unvendored_tests: false,
    patched: {
      by: 'pinwheel',
      patch: manifest.package,
      release: manifest.release,
      upstream: { filename, sha256 },
      recipe,
    },
  };
}
