/** The issues of a package set, alone, compared with the registry, and with the METADATA of its wheels. */
import { pathIssue, sameFileKey } from '../../../resolver/archives/entry-path.ts';
import { addDays, isCalendarDay } from '../../../resolver/compatibility/date.ts';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import {
  type CatalogView,
  canonicalName,
  type Issue,
  MAX_REQUIREMENTS,
  type Member,
  type PackageSet,
  prepareSet,
} from '../../../resolver/index.ts';
import * as issues from '../../../resolver/issues/publication.ts';
import { type UpstreamProblem, upstreamGuard } from '../../../resolver/public-host.ts';
import { isName } from '../../../resolver/requirements/name.ts';
import { parseVersion } from '../../../resolver/requirements/version.ts';
import { groupedBy } from '../../../resolver/sorted-by.ts';
import { shortened } from '../../../resolver/text/printable.ts';
import { checkWheel } from '../../../resolver/wheels/check-wheel.ts';
import { parseMetadata, type WheelMetadata } from '../../../resolver/wheels/files.ts';
import { abiOfPlatform, emscriptenOf } from '../../../resolver/wheels/platform.ts';
import { isWheel } from '../../../resolver/wheels/read-metadata.ts';
import { canRun, LONGEST_FILENAME, parseWheelName } from '../../../resolver/wheels/wheel-name.ts';
import type { RegistryStorage } from '../../storage/signed-head.ts';
import { readStoredMetadata, storedAmong } from '../../storage/wheels.ts';

const PLATFORM = /^(emscripten(_\d+){3}|pyemscripten_\d{4}_\d+)(_wasm32)?$/;

/** The archives that Pyodide has, in addition to wheels. */
const ARCHIVE = /^[a-z0-9][a-z0-9._+~!-]*\.(tar|tgz|tar\.gz|tar\.bz2|zip)$/i;

/**
 * @param view the registry before the publication; null for an empty one
 * @param effect the day on which the publication takes effect, if that is later
 * @param guard against URLs from which no file may come
 */
export function* setIssues(
  set: PackageSet,
  view: CatalogView | null,
  published: string,
  effect = published,
  guard: UpstreamProblem = upstreamGuard(),
): Generator<Issue> {
  const { flag, packages, released } = set;
  yield* flagIssues(set);
  if (released > effect) {
    const next = `Its publication, on ${effect}`;
    yield issues.backwardDates({ first: `the release of ${flag}, ${released}`, next });
  }
  yield* runtimeIssues(set, view);
  yield* defaultIssues(set, view, effect > published ? effect : addDays(published, 1));
  if (packages.length === 0) yield issues.emptySet({ package_set: flag });
  yield* orderIssues(packages);
  for (const member of packages) yield* memberIssues(member, set, guard);
  yield* closureIssues(set);
}

function* flagIssues({ flag, python, released }: PackageSet): Generator<Issue> {
  const [, minor, year, month, day] =
    /^python_(3\.\d+)_packages_(\d{4})_(\d{2})_(\d{2})(?:_|$)/.exec(flag) ?? [];
  // The schema checks its form.
  if (minor === undefined) return;
  const date = `${year}-${month}-${day}`;
  const wrong = (problem: string) => issues.invalidField({ path: 'flag', problem });
  if (!isCalendarDay(date)) yield issues.impossibleDate({ path: 'flag', date });
  if (date !== released) yield wrong(`it names ${date}, but the set was released on ${released}.`);
  if (minorOf(python) !== minor) yield wrong(`it names Python ${minor}, but the set is of ${python}.`);
}

/**
 * The issues of the Python and the ABI of a set, or of a runtime of workerd.
 * @param corrects whether what is known of its Pyodide may be what is corrected
 */
export function runtimeIssues(
  { python, abi, platform, runtime }: Pick<PackageSet, 'python' | 'abi' | 'platform' | 'runtime'>,
  view: CatalogView | null,
  corrects = false,
): Issue[] {
  const forms = [
    ['python', python, /^3\.\d+\.\d+$/, 'a version of Python is one such as 3.13.2'],
    ['platform', platform, PLATFORM, 'a platform is one such as emscripten_4_0_9 or pyemscripten_2026_0'],
    ['runtime', runtime, /^\d+\.\d+\.\d+[a-z0-9.]*$/, 'a version of Pyodide is one such as 0.28.2'],
  ] as const;
  const malformed = forms.filter(([, text, form]) => !form.test(text));
  if (malformed.length > 0)
    return malformed.map(([path, , , problem]) => issues.invalidField({ path, problem }));
  const minor = minorOf(python);
  const fact = view?.pythons.find((entry) => entry.python === minor);
  if (!fact) {
    return [issues.unknownPython({ python, known: view?.pythons.map((entry) => entry.python) ?? [] })];
  }
  const runtimes = [
    ...[...view!.releases.values()].map((release) => ({ ...release, runtime: release.pyodide })),
    ...view!.sets.values(),
  ];
  const abis = (some: typeof runtimes) => [...new Set(some.map((entry) => entry.abi))];
  const known = abis(runtimes.filter((entry) => minorOf(entry.python) === minor));
  const ofRuntime = abis(runtimes.filter((entry) => !corrects && entry.runtime === runtime));
  const isKnown = known.includes(abi) || isFirst(abi, platform, fact.first_release, known);
  if (!isKnown || ofRuntime.some((other) => other !== abi)) {
    return [issues.unknownAbi({ abi, python, known: ofRuntime.length > 0 ? ofRuntime : known })];
  }
  const same = corrects ? undefined : runtimes.find((entry) => entry.runtime === runtime);
  if (same && same.python !== python) {
    const problem = `it is ${python}, but Pyodide ${runtime} has Python ${same.python}`;
    return [issues.invalidField({ path: 'python', problem })];
  }
  const stated = abiOfPlatform(platform);
  const other = runtimes.find((entry) => entry.abi === abi && !isSamePlatform(entry.platform, platform));
  if (!other && (stated === null || stated === abi)) return [];
  const problem = `it is ${platform}, but ABI ${abi} is of ${other?.platform ?? `pyemscripten_${abi}`}`;
  return [issues.invalidField({ path: 'platform', problem })];
}

/** Two names of a platform, after its Emscripten or its ABI. Of an ABI with an unknown Emscripten, any can be. */
function isSamePlatform(a: string, b: string): boolean {
  const [known, other] = [emscriptenOf(a), emscriptenOf(b)];
  return known === null || other === null || known === other;
}

/**
 * Each Python has one numbered ABI of Pyodide, named after the year of that Python's release or the year after it.
 * Before these, the ABI was that of Emscripten.
 */
function isFirst(abi: string, platform: string, firstRelease: string, known: readonly string[]): boolean {
  if (/^emscripten_\d+_\d+_\d+$/.test(abi)) return abi === platform && firstRelease < '2024';
  const year = Number(/^(\d{4})_\d+$/.exec(abi)?.[1]) - Number(firstRelease.slice(0, 4));
  return (year === 0 || year === 1) && !known.some((earlier) => /^\d{4}_/.test(earlier));
}

/** A default begins on a future day, unless it is the first: a late import does not correct earlier answers. */
function* defaultIssues(set: PackageSet, view: CatalogView | null, earliest: string): Generator<Issue> {
  const { flag, runtime, released, default_from, source } = set;
  if (default_from === null || !isCalendarDay(default_from)) return;
  if (default_from < released) {
    const next = `The default_from, ${default_from}`;
    yield issues.backwardDates({ first: `the release of ${flag}, ${released}`, next });
  }
  const isFirstOfRuntime = source.registry !== 'pinwheel' && !view?.runtimeSets.has(runtime);
  if (default_from < earliest && !isFirstOfRuntime) {
    yield issues.earlyDefault({ package_set: flag, default_from, earliest });
  }
}

function* orderIssues(packages: readonly Member[]): Generator<Issue> {
  for (const [field, key] of [
    ['name', ({ name }: Member) => canonicalName(name)],
    ['filename', ({ filename }: Member) => sameFileKey(filename)],
  ] as const) {
    for (const [first, ...others] of groupedBy(packages, key).values()) {
      if (others.length > 0) yield issues.repeatedMember({ field, value: first![field] });
    }
  }
  const at = packages.findIndex(({ name }, place) => place > 0 && packages[place - 1]!.name > name);
  if (at > 0) yield issues.unsortedPackages({ before: packages[at - 1]!.name, after: packages[at]!.name });
}

function* memberIssues(member: Member, set: PackageSet, guard: UpstreamProblem): Generator<Issue> {
  const { name, written_name, depends, written_depends, filename, url, install_dir, patched } = member;
  if (!isName(written_name) || canonicalName(written_name) !== name) {
    yield issues.otherName({ package: name, written: written_name });
  }
  yield* writtenIssues(name, depends, written_depends);
  if (!/^(site|dynlib|stdlib)$/.test(install_dir)) {
    const problem = `the install_dir of ${name} is not site, dynlib or stdlib`;
    yield issues.invalidField({ path: 'packages', problem });
  }
  const named = filenameProblem(member);
  if (named !== null) yield issues.invalidFilename({ package: name, filename, problem: named });
  const wheel = parseWheelName(filename);
  if (wheel && !canRun(set, wheel)) yield issues.foreignTags({ filename, abi: set.abi });
  if (patched?.by === 'pinwheel' && url !== null) {
    const problem = `${name} has a url, but is patched by Pinwheel, whose wheels are sent with their set`;
    yield issues.invalidField({ path: 'packages', problem });
  }
  const located = url === null ? null : urlProblem(url, guard);
  if (located !== null) yield issues.unusableUrl({ package: name, url: url!, problem: located });
}

/** A lock file that Pyodide loads has the names as they are written. */
function writtenIssues(name: string, depends: readonly string[], written: readonly string[]): Issue[] {
  if (depends.length !== written.length) {
    const problem = `${name} has ${depends.length} depends, but ${written.length} written_depends`;
    return [issues.invalidField({ path: 'packages', problem })];
  }
  return depends.flatMap((needs, at) =>
    canonicalName(written[at]!) === needs
      ? []
      : [issues.otherName({ package: needs, written: written[at]! })],
  );
}

function filenameProblem({ name, version, filename }: Member): string | null {
  if (filename.length > LONGEST_FILENAME) return `has more than ${LONGEST_FILENAME} characters`;
  const path = pathIssue(filename) ?? (filename.includes('/') ? 'has a slash' : null);
  if (path !== null) return path;
  const wheel = parseWheelName(filename);
  if (!wheel) return ARCHIVE.test(filename) ? null : 'is neither the name of a wheel nor of an archive';
  if (canonicalName(wheel.project) !== name) return 'names another package';
  if (wheel.version !== version) return `names another version than ${version}`;
  return parseVersion(version) ? null : 'names a version that is none (PEP 440)';
}

function urlProblem(text: string, guard: UpstreamProblem): string | null {
  if (!URL.canParse(text)) return 'cannot be read';
  // A URL's parser leaves some of these characters out.
  if (/[\s\p{C}\\]/u.test(text)) return 'has a space, a control character or a backslash';
  return guard(new URL(text));
}

function closureIssues(set: PackageSet): Issue[] {
  const { members, dangling } = prepareSet(set);
  return members.flatMap(({ name }, at) =>
    dangling[at]!.map((needs) => issues.danglingDependency({ package: name, needs })),
  );
}

/** How many METADATA are read at once. */
const AT_ONCE = 20;

/**
 * Checks the pins of a set against the requirements in its wheels' METADATA, as far as that is available.
 * @param given METADATA of wheels that come with the set, by file name
 */
export async function requirementIssues(
  { DB, STORE }: RegistryStorage,
  set: PackageSet,
  given: ReadonlyMap<string, WheelMetadata>,
): Promise<Issue[]> {
  const versions = new Map(set.packages.map(({ name, version }) => [name, version]));
  const stored = await storedAmong(
    DB,
    set.packages.filter(({ filename }) => isWheel(filename)).map(({ sha256 }) => sha256),
  );
  // Pyodide's locks leave out what its runtime does not need; Pinwheel's own sets do not.
  const isPinwheelSet = set.source.registry === 'pinwheel';
  const problems: Issue[] = [];
  for (let at = 0; at < set.packages.length; at += AT_ONCE) {
    const checked = set.packages.slice(at, at + AT_ONCE).map(async ({ name, sha256, filename }) => {
      const metadata =
        given.get(filename) ?? (stored.has(sha256) ? await storedMetadata(STORE, sha256) : null);
      if (!metadata) return [];
      const count = metadata.requires_dist.length;
      if (count > MAX_REQUIREMENTS) {
        const clause = `it has ${count} requirements, more than ${MAX_REQUIREMENTS}`;
        return [issues.contradictedPin({ package: name, clause })];
      }
      const { issues: all, missing } = checkWheel(metadata, set, versions);
      const clauses = isPinwheelSet ? all : all.filter((clause) => !missing.includes(clause));
      return clauses.map((clause) => issues.contradictedPin({ package: name, clause: shortened(clause) }));
    });
    problems.push(...(await Promise.all(checked)).flat());
  }
  return problems;
}

async function storedMetadata(store: R2Bucket, sha256: string): Promise<WheelMetadata | null> {
  const { metadata } = (await readStoredMetadata(store, sha256)) ?? {};
  return metadata?.ok ? parseMetadata(new TextDecoder().decode(metadata.bytes)) : null;
}
