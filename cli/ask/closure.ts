/** A closure with everything that writing or installing it requires: the location of its files, and lock entries. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { archivesAmong, wheelSets } from '../../resolver/closure/archives.ts';
import { toFlag } from '../../resolver/closure/candidates.ts';
import { neededLibraries } from '../../resolver/closure/needed-libraries.ts';
import { prepareSet } from '../../resolver/closure/prepare.ts';
import { shortestChains } from '../../resolver/closure/why.ts';
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import { closureMembers, isBeyond } from '../../resolver/formats/file.ts';
import type {
  Asked,
  Diagnostic,
  Member,
  PackageSet,
  Pinwheel,
  ResolveAnswer,
  ResolvedPackage,
  ResolveQuestion,
  Target,
} from '../../resolver/index.ts';
import { noWheels } from '../../resolver/issues/documents.ts';
import type { Fix } from '../../resolver/issues/fix.ts';
import { remark } from '../../resolver/issues/fixes.ts';
import type { PackageIndex } from '../../resolver/solver/index.ts';
import type { Credentials } from '../common/credentials.ts';
import { answered } from '../common/failure.ts';
import { pathFrom } from '../common/folders.ts';
import { filesAtHand } from '../packages/at-hand.ts';
import type { BuildPackage } from '../worker/inputs.ts';
import { type Backend, type CacheOptions, urlsOf } from './backend.ts';
import { setHead } from './package-set.ts';

export interface Closure {
  /** Who has answered; for a set of one's own, without a registry: none has its files. */
  backend: Backend;
  answer: ResolveAnswer;
  /** The whole question, constraints included. */
  question: Asked<ResolveQuestion>;
  index: PackageIndex | null;
  set: PackageSet | null;
  credentials: Credentials;
  /** Folders whose files need not be downloaded, if they have the pinned bytes. */
  findLinks: readonly string[];
  /** The folders whose code is among the packages, by the URLs of their wheels. */
  folders: ReadonlyMap<string, string>;
}

export async function setOfClosure({ backend: { pinwheel }, answer, set }: Closure) {
  if (set) return { head: set, prepared: prepareSet(set) };
  const head = await setHead(pinwheel, answer.target, answer.registry);
  return { head, prepared: await pinwheel.source.openSet(head) };
}

/** The packages as lock entries. The modules of packages from an index are read from their wheels. */
export async function membersOfClosure(closure: Closure): Promise<Member[]> {
  const { prepared } = await setOfClosure(closure);
  return closureMembers(closure.answer.packages, prepared, closure.index);
}

/** The names of packages that a file for pip or uv would lack: they know wheels only. */
export function withoutWheels(packages: readonly ResolvedPackage[]): string[] {
  const libraries = neededLibraries(packages).map(({ library }) => library);
  return [...new Set([...archivesAmong(packages), ...libraries])];
}

/** An issue with what a file for pip or uv would lack, which proposes a set with wheels of all that is asked for. */
export async function lackOfWheels(
  pinwheel: Pinwheel,
  { packages, target }: { packages: readonly ResolvedPackage[]; target: Target },
  question: Asked<ResolveQuestion>,
) {
  const names = withoutWheels(packages);
  if (names.length === 0) return [];
  const wheels = await setOfWheels(pinwheel, target, question, names);
  const native = neededLibraries(packages).length > 0;
  return [noWheels({ packages: names, package_set: target.package_set.flag, wheels, native })];
}

async function setOfWheels(
  pinwheel: Pinwheel,
  target: Target,
  question: Asked<ResolveQuestion>,
  lacking: readonly string[],
): Promise<Fix[]> {
  const { compatibility_date, compatibility_flags, package_set } = target;
  const view = answered(await pinwheel.source.view(question.revision ?? undefined));
  const head = question.set ? undefined : view.sets.get(package_set.flag);
  const kept = compatibility_flags.filter((flag) => !isPackageFlag(flag));
  for (const { flag } of head ? wheelSets(view, head) : []) {
    const flags = [...kept, flag];
    const asked = { ...question, pyodide: null, compatibility_date, compatibility_flags: flags };
    const outcome = await pinwheel.safeResolve(asked);
    if (!outcome.ok || withoutWheels(outcome.value.packages).length > 0) continue;
    const pinned = outcome.value.packages.filter((resolved) => !isBeyond(resolved));
    const requested = pinned.filter((resolved) => resolved.requested);
    // If all that is requested is from an index, the set is for what that needs.
    const needed = requested[0] ? requested : pinned.filter(({ name }) => lacking.includes(name));
    const has = needed.map(({ name, version }) => ({ name, version }));
    const written = { compatibility_flags, pyodide: question.pyodide };
    return [{ ...toFlag(written, target, outcome.value.target), has }];
  }
  return [];
}

export function builtHere(packages: readonly Pick<ResolvedPackage, 'wheel'>[]): Diagnostic[] {
  const names = packages.flatMap(({ wheel: { upstream_url, patched, filename } }) =>
    upstream_url === null && patched?.by === 'pinwheel' ? filename : [],
  );
  return inCache(names, 'For a lock that other machines can use, name a registry with --registry URL.');
}

/** A warning about the wheels of folders, where a lock names them by their place in the cache. */
export function onlyHere(
  packages: readonly Pick<ResolvedPackage, 'name' | 'wheel'>[],
  folders: Closure['folders'],
): Diagnostic[] {
  const names = packages.flatMap(({ name, wheel }) => (folders.has(wheel.url) ? name : []));
  return inCache(names, 'Use --format pylock, which names the folders.');
}

function inCache(names: readonly string[], fix: string): Diagnostic[] {
  const message = `Built on this machine, where the lock finds them: ${names.join(', ')}.`;
  return names.length === 0 ? [] : [remark('warning', 'built_here', message, fix)];
}

/** For a lock that is written into `folder`, by default the current one: the files and folders of the project by their paths from it. */
export function placesIn(
  urlOf: (member: { name: string }) => string,
  packages: readonly ResolvedPackage[],
  folders: Closure['folders'],
  folder = '',
): (member: { name: string }) => string {
  const own = packages.filter(({ origin, wheel }) => origin === 'file' && wheel.url.startsWith('file:'));
  const places = new Map(
    own.map(({ name, wheel }) => {
      const path = pathFrom(folder, folders.get(wheel.url) ?? fileURLToPath(wheel.url));
      return [name, path.startsWith('../') ? path : `./${path}`];
    }),
  );
  return (member) => places.get(member.name) ?? urlOf(member);
}

/** The packages of a closure that `vendor` and `build` install, in load order. */
export async function packagesOfClosure(closure: Closure, options: CacheOptions): Promise<BuildPackage[]> {
  const { packages } = closure.answer;
  const { prepared } = await setOfClosure(closure);
  // Installing needs no list of modules, so the index is not asked again.
  const members = await closureMembers(packages, prepared, null);
  const urlOf = await urlsOf(closure.backend, packages, options);
  const { paths } = await filesAtHand(closure.findLinks, members);
  return members.map((member, at) => {
    const { name, version, kind, install_dir, imports, filename, sha256 } = member;
    const { size, patched } = packages[at]!.wheel;
    const path = paths.get(sha256);
    const url = path === undefined ? urlOf({ name }) : pathToFileURL(path).href;
    const chain = shortestChains(packages, name).chains[0] ?? [name];
    return { name, version, kind, install_dir, imports, filename, sha256, size, patched, url, chain };
  });
}
