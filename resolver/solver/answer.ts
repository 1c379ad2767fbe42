/** From the versions that the solver chose to an answer: packages in load order, with their origin and reasons. */
import type { Diagnostic, ResolvedPackage } from '../answer.ts';
import { bitOf, type Listing } from './listing.ts';
import type { VersionSet } from './term.ts';
import { type PackageWorld, ROOT, splitKey } from './world.ts';

/**
 * One package of an answer, as `ResolvedPackage` of the core has it, and where it comes from. The URLs of a wheel from
 * an index are that index's.
 *
 * @example
 * ```ts
 * import type { SolvedPackage } from 'pinwheel-py/solver';
 *
 * const beyond = (packages: readonly SolvedPackage[]) =>
 *   packages.filter(({ origin }) => origin === 'index').map(({ name }) => name);
 * beyond([]); // → []
 * ```
 */
export interface SolvedPackage extends ResolvedPackage {
  origin: 'set' | 'index';
  wheel: ResolvedPackage['wheel'] & {
    /** When the index took the file in, as RFC 3339; null where it does not say, and for a wheel of the set. */
    upload_time: string | null;
  };
}

/** Packages in load order: each comes after what it depends on, cycles apart. */
export async function packagesOf(
  decisions: ReadonlyMap<string, VersionSet>,
  world: PackageWorld,
  requested: ReadonlySet<string>,
): Promise<SolvedPackage[]> {
  const depends = new Map<string, Set<string>>();
  for (const [key, version] of decisions) {
    if (key === ROOT) continue;
    const { name } = splitKey(key);
    const own = depends.get(name) ?? new Set();
    depends.set(name, own);
    const needed = await world.dependencies(key, version);
    if ('unusable' in needed) continue;
    for (const one of needed) own.add(splitKey(one.name).name);
    own.delete(name);
  }
  const requiredBy = new Map([...depends.keys()].map((name) => [name, [] as string[]]));
  const order = loadOrder(depends);
  for (const name of order) for (const one of depends.get(name)!) requiredBy.get(one)!.push(name);
  return order.map((name) => ({
    ...pinned(world.listing(name), decisions.get(name)!, world),
    requested: requested.has(name),
    required_by: requiredBy.get(name)!,
    depends: [...depends.get(name)!].sort(),
  }));
}

function pinned(
  listing: Listing,
  versions: VersionSet,
  { setting: { set } }: PackageWorld,
): Pick<SolvedPackage, 'name' | 'version' | 'kind' | 'origin' | 'wheel'> {
  if (listing.origin === 'index') {
    const { version, file } = listing.candidates[bitOf(versions)]!;
    const { filename, url, size, upload_time } = file;
    const wheel = {
      filename,
      url,
      upstream_url: url,
      sha256: file.sha256!,
      size,
      patched: null,
      upload_time,
    };
    return { name: listing.name, version: version.text, kind: 'package', origin: 'index', wheel };
  }
  const { name, version, kind, wheel } = set.packages[set.index.get(listing.name)!]!;
  return { name, version, kind, origin: 'set', wheel: { ...wheel, upload_time: null } };
}

/** Depth-first from the names in alphabetical order, as a set's load order is; without recursion. */
function loadOrder(depends: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const ordered: string[] = [];
  const seen = new Set<string>();
  for (const root of [...depends.keys()].sort()) {
    const stack: { name: string; rest: Iterator<string> }[] = [];
    const enter = (name: string) => {
      if (seen.has(name)) return;
      seen.add(name);
      stack.push({ name, rest: [...depends.get(name)!].sort()[Symbol.iterator]() });
    };
    enter(root);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { value, done } = top.rest.next();
      if (done) ordered.push(stack.pop()!.name);
      else enter(value);
    }
  }
  return ordered;
}

/** What there is to say of an answer. */
export async function remarksOn(
  packages: readonly SolvedPackage[],
  decisions: ReadonlyMap<string, VersionSet>,
  world: PackageWorld,
): Promise<Diagnostic[]> {
  const { set, unpin, index } = world.setting;
  const remarks: Diagnostic[] = [];
  const undated: string[] = [];
  for (const { name, version, origin, depends } of packages) {
    const listing = world.listing(name);
    const at = set.index.get(name);
    if (listing.origin === 'index') {
      const { file, shy } = listing.candidates[bitOf(decisions.get(name)!)]!;
      if (file.upload_time === null && !world.setting.direct.has(name)) undated.push(name);
      if (shy !== null) remarks.push(shyChosen(name, version, shy));
    }
    if (origin === 'index' && at !== undefined)
      remarks.push(unpinned(name, version, set.members[at]!.version, set.flag));
    const loose = origin === 'set' ? depends.filter((one) => unpin.has(one)) : [];
    if (loose.length > 0 && world.facts.unknownMembers.has(name)) remarks.push(unchecked(name, loose));
  }
  for (const name of [...unpin].sort()) {
    if (!set.index.has(name)) remarks.push(nothingToUnpin(name, set.flag));
  }
  for (const key of [...decisions.keys()].sort()) {
    const { name, extra } = splitKey(key);
    if (extra === null) continue;
    const listing = world.listing(name);
    if (listing.origin === 'index') {
      const { extras } = await world.facts.needs(listing, decisions.get(name)!);
      if (!extras.has(extra)) remarks.push(unknownExtra(name, extra, extras));
    } else if (world.facts.unknownMembers.has(name)) {
      remarks.push(extraNotRecorded(name, extra));
    }
  }
  if (undated.length > 0 && index) remarks.push(notReproducible(undated, index.url));
  return remarks;
}

function shyChosen(name: string, version: string, shy: 'pre_release' | 'yanked'): Diagnostic {
  const message =
    shy === 'yanked'
      ? `${name} ${version} was yanked from the index, but a requirement asks for exactly that version.`
      : `${name} ${version} is a pre-release: a requirement asks for one, or there is no other version.`;
  const severity = shy === 'yanked' ? 'warning' : 'info';
  return {
    severity,
    code: `${shy}_chosen`,
    message,
    fix: shy === 'yanked' ? 'Ask for another version.' : null,
  };
}

function unpinned(name: string, version: string, pin: string, flag: string): Diagnostic {
  return {
    severity: 'info',
    code: 'unpinned',
    message: `${name} ${version} comes from the index, in the place of the ${pin} that the package set ${flag} pins.`,
    fix: null,
  };
}

function unchecked(name: string, loose: readonly string[]): Diagnostic {
  return {
    severity: 'warning',
    code: 'unpinned_unchecked',
    message: `${name} comes from the package set, which does not say which versions of ${loose.join(', ')} it works with.`,
    fix: `Try the Worker, or unpin ${name} too.`,
  };
}

function nothingToUnpin(name: string, flag: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'nothing_to_unpin',
    message: `The package set ${flag} has no ${name} that could be unpinned.`,
    fix: `Leave out the unpinning of ${name}.`,
  };
}

function unknownExtra(name: string, extra: string, extras: ReadonlySet<string>): Diagnostic {
  const known = [...extras].sort().join(', ');
  return {
    severity: 'warning',
    code: 'unknown_extra',
    message: `${name} has no extra ${extra}, so that adds nothing.`,
    fix: known === '' ? `Ask for ${name} alone: it has no extras.` : `Ask for one of its extras: ${known}.`,
  };
}

function extraNotRecorded(name: string, extra: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'extras_not_recorded',
    message: `Neither the package set nor an index says what ${name}[${extra}] adds to ${name}.`,
    fix: 'Name the packages that the extra stands for as requirements of their own.',
  };
}

function notReproducible(names: readonly string[], url: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'no_upload_times',
    message: `The index ${url} does not say when it took in ${names.join(', ')}: the same question may have another answer later.`,
    fix: 'Use an index with upload times (PEP 700), or pin the versions.',
  };
}
