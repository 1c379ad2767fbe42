/** Builds the package sets of releases, one for each ABI: the newest wheels of Pyodide, some replaced by patched ones. */
import { type BuiltWheel, buildVersion } from '../../cli/packages/patch/built-wheel.ts';
import { type Member, PackageSet, type Publication, type RegistryDocument } from '../../resolver/catalog.ts';
import { prepareSet } from '../../resolver/closure/prepare.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { lossesBeside } from '../../resolver/publication.ts';
import { groupedBy } from '../../resolver/sorted-by.ts';
import { compareWritten } from '../../resolver/time/version-order.ts';
import { type Checked, checkWheel } from '../../resolver/wheels/check-wheel.ts';
import { parseMetadata, type WheelMetadata } from '../../resolver/wheels/files.ts';
import { isWheel, readMetadata } from '../../resolver/wheels/read-metadata.ts';
import { loadAllMade } from '../import/data-files.ts';
import { type DataFiles, publishDocuments } from '../import/publish-documents.ts';
import { packageFlag } from '../import/sets.ts';
import { PYODIDE_PACKAGE, type SetRelease } from '../import/sources.ts';
import { wheelCache } from '../root.ts';

type WheelRequirements = Pick<WheelMetadata, 'requires_dist' | 'requires_python'>;

export async function readRequirements(wheel: Uint8Array): Promise<WheelRequirements> {
  const read = await readMetadata(wheel.length, async (from, length) => wheel.subarray(from, from + length));
  if (!read.ok) throw new Error(`the METADATA of the wheel cannot be read: ${read.issue}`);
  const { requires_dist, requires_python } = parseMetadata(new TextDecoder().decode(read.bytes));
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
type ReleaseSet = { ok: true; set: PackageSet; losses: string[] } | { ok: false; errors: string[] };

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

/** A wheel from another set than the base, with its shared libraries and its tests from that set. */
interface Addition {
  wheel: Member;
  companions: Member[];
}

/**
 * The members of `base`, and wheels of the other sets that are newer or that it lacks: newer sets sometimes drop packages,
 * whose wheels for the same ABI still run. The dependencies of each addition have to be there: in rounds, each addition
 * without them is replaced by its next older wheel, until all have them.
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
      .filter((wheel) => isWheel(wheel.filename) && isNewer(wheel) && admits(wheel))
      .map((wheel) => ({ wheel, companions: companionsOf(wheel, set) })),
  );
  const byName = groupedBy(additions, ({ wheel }) => wheel.name);
  return [...byName.values()].map((wheels) =>
    wheels.sort((a, b) => compareWritten(b.wheel.version, a.wheel.version)),
  );
}

function companionsOf(wheel: Member, set: PackageSet): Member[] {
  const archives = new Map(
    set.packages.flatMap((member) => (isWheel(member.filename) ? [] : [[member.name, member] as const])),
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

export interface Released {
  release: SetRelease;
  abi: string;
  /** The set that the new one is based on. */
  base: PackageSet;
  outcome: ReleaseSet;
}

/**
 * The files of `data/` with documents of others, Pinwheel's own sets made of these, and what was seen and imported besides.
 * @param imported without sets that are Pinwheel-built
 * @param log the entries that must not change: a release in it is built from what was published before it
 * @throws if a wheel cannot be built, or an ABI has no base set
 */
export async function publishReleases(
  imported: readonly RegistryDocument[],
  releases: readonly SetRelease[],
  log: readonly Publication[],
): Promise<DataFiles & { made: Released[]; documents: RegistryDocument[] }> {
  const sets = imported.filter((document) => document.kind === 'set');
  const own: PackageSet[] = [];
  const made: Released[] = [];
  for (const release of releases) {
    const ingredients: Ingredient[] = [];
    for (const version of release.wheels) {
      const wheel = await buildVersion(version, wheelCache);
      ingredients.push({ wheel, requirements: await readRequirements(wheel.bytes) });
    }
    for (const abi of release.abis) {
      const plan = planOf(release, abi, [...sets, ...own], log);
      const outcome = await makeReleaseSet({ ...plan, ingredients });
      made.push({ release, abi, base: plan.base, outcome });
      if (outcome.ok) own.push(outcome.set);
    }
  }
  const documents = [...imported, ...own, ...(await loadAllMade())];
  return { made, documents, ...(await publishDocuments(documents, log)) };
}

/** Uses what is known on the day of the release or, for a published one, what was known then. */
function planOf(
  { released }: SetRelease,
  abi: string,
  sets: readonly PackageSet[],
  log: readonly Publication[],
): Omit<Plan, 'ingredients'> {
  const ofAbi = sets.filter((set) => set.abi === abi && set.released <= released);
  const entryOf = (flag: string) => log.find(({ kind, name }) => kind === 'set' && name === flag);
  const own = ofAbi[0] && entryOf(packageFlag(ofAbi[0].python, released));
  const known = own
    ? ofAbi.filter(({ flag }) => (entryOf(flag)?.revision ?? Infinity) < own.revision)
    : ofAbi;
  const [base, ...others] = known
    .filter(({ source }) => source.registry === 'npm' && source.package === PYODIDE_PACKAGE)
    .sort((a, b) => (a.released < b.released ? 1 : -1));
  if (!base) throw new Error(`there is no set of ABI ${abi} up to ${released} to build upon`);
  const defaults = known.filter(({ default_from }) => default_from !== null);
  return { base, others, defaults, released };
}
