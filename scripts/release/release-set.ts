/** Builds a Pinwheel set: the newest wheels of an ABI, some replaced by patched ones. */

import type { BuiltWheel } from '../../cli/packages/patch/built-wheel.ts';
import { readWheel } from '../../cli/packages/patch/wheel-archive.ts';
import { type Member, PackageSet } from '../../resolver/catalog.ts';
import { prepareSet } from '../../resolver/closure/prepare.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { lossesBeside } from '../../resolver/publication.ts';
import { type Checked, checkWheel } from '../../resolver/wheels/check-wheel.ts';
import { parseMetadata, type WheelMetadata } from '../../resolver/wheels/files.ts';
import { packageFlag } from '../import/sets.ts';
import { gather } from './gather.ts';

export type WheelRequirements = Pick<WheelMetadata, 'requires_dist' | 'requires_python'>;

export async function readRequirements(wheel: Uint8Array): Promise<WheelRequirements> {
  const files = await readWheel(wheel);
  const path = [...files.keys()].find((name) => /^[^/]+\.dist-info\/METADATA$/.test(name));
  if (!path) throw new Error('the wheel has no METADATA');
  const { requires_dist, requires_python } = parseMetadata(new TextDecoder().decode(files.get(path)));
  return { requires_dist, requires_python };
}

export interface Ingredient {
  wheel: BuiltWheel;
  requirements: WheelRequirements;
}

export interface Plan {
  /** The newest set of Pyodide of its ABI. */
  base: PackageSet;
  /** The other sets of Pyodide of its ABI. */
  others: readonly PackageSet[];
  /** The sets that are defaults of its ABI, or of a runtime of its ABI, before it. */
  defaults: readonly PackageSet[];
  ingredients: readonly Ingredient[];
  released: string;
}

/** The set, with sentences about what keeps it from being a default. Or all errors. */
export type ReleaseSet = { ok: true; set: PackageSet; losses: string[] } | { ok: false; errors: string[] };

/** A default replaces what Workers run, so that it takes evidence, of which there is none yet. */
const NO_EVIDENCE = 'no evidence says that what the default imports can be imported from it';

export async function makeReleaseSet(plan: Plan): Promise<ReleaseSet> {
  const { base, others, defaults, ingredients, released } = plan;
  const gathered = gather(base, others, (wheel) =>
    ingredients.every((ingredient) => agrees(ingredient, wheel, base)),
  );
  const versions = new Map(gathered.map(({ name, version }) => [name, version]));
  for (const { wheel } of ingredients) {
    const { package: name } = wheel.patch.manifest;
    if (versions.has(name)) versions.set(name, wheel.version);
  }

  const members = new Map(gathered.map((member) => [member.name, member]));
  const errors: string[] = [];
  for (const { wheel, requirements } of ingredients) {
    const { package: name } = wheel.patch.manifest;
    const replaced = members.get(name);
    const checked = checkBuilt(wheel, requirements, base, versions);
    const issues = replaced ? checked.issues : [...checked.issues, `the set has no ${name} to replace`];
    for (const issue of issues) errors.push(`${name} ${wheel.version} is refused for ${base.abi}: ${issue}`);
    if (replaced) members.set(name, builtMember(replaced, wheel, checked));
  }
  if (errors.length > 0) return { ok: false, errors };

  const set = PackageSet.parse({
    ...base,
    flag: packageFlag(base.python, released),
    released,
    default_from: null,
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
  if (broken.length > 0) return { ok: false, errors: broken };
  const losses = defaults.flatMap((before) => lossesBeside(set, before));
  return { ok: true, set, losses: [NO_EVIDENCE, ...losses] };
}

/** Like {@link checkWheel}; patched wheels must also be pure. */
function checkBuilt(wheel: BuiltWheel, ...against: Parameters<typeof checkWheel>): Checked {
  const checked = checkWheel(...against);
  const pure = wheel.filename.endsWith('-none-any.whl');
  return pure
    ? checked
    : { ...checked, issues: ['its tag is not that of every platform', ...checked.issues] };
}

/** Whether an added wheel does not replace a patched one, and has a version that this one accepts. */
function agrees({ wheel: own, requirements }: Ingredient, added: Member, base: PackageSet): boolean {
  if (added.name === own.patch.manifest.package) return false;
  const versions = new Map(base.packages.map(({ name, version }) => [name, version]));
  const accepted = checkBuilt(own, requirements, base, versions).issues.length;
  return (
    checkBuilt(own, requirements, base, versions.set(added.name, added.version)).issues.length <= accepted
  );
}

/** Members with dependencies that the set does not have. */
function brokenClosures(set: PackageSet): string[] {
  const { members, dangling } = prepareSet(set);
  return members.flatMap(({ name }, at) =>
    dangling[at]!.map((needed) => `${set.flag} is refused: ${name} needs ${needed}, which it does not have`),
  );
}

function builtMember(replaced: Member, wheel: BuiltWheel, { depends, written_depends }: Checked): Member {
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
