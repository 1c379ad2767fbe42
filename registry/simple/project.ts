/** The page of a project: from the set, other sets, and stored wheels. */
import { sha256 as digestOf } from '../../resolver/digest.ts';
import { type CatalogView, canonicalName, type Member, wheelPath } from '../../resolver/index.ts';
import type { CatalogSet } from '../../resolver/schemas.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import { printable } from '../../resolver/text/printable.ts';
import { parseMetadata } from '../../resolver/wheels/files.ts';
import { canRun, parseWheelName, type Runner } from '../../resolver/wheels/wheel-name.ts';
import type { Bindings } from '../env.ts';
import { historyOf, openSet } from '../storage/history.ts';
import { readStoredMetadata } from '../storage/wheels.ts';
import { logWarning } from '../structured-log.ts';
import type { ProjectPage } from './describe.ts';

export interface Described {
  page: ProjectPage;
  /** Whether nothing more can become known about its wheels until the catalog changes. */
  settled: boolean;
  /** Whether R2 could not be reached. */
  stale: boolean;
}

/** A wheel that some set pins, and that set. */
interface Pinned extends Pick<Member, 'filename' | 'sha256' | 'size' | 'patched'> {
  set: CatalogSet;
}

export async function describeProject(
  env: Bindings,
  view: CatalogView,
  set: CatalogSet,
  member: Member,
): Promise<Described> {
  const reason = whyUnlisted(member, set);
  const pinned = reason === null ? { ...member, set } : await findSameVersion(env, view, set, member);
  const known = pinned && (await askAbout(env, view, member.name, pinned));
  // Absolute: micropip does not resolve relative URLs in JSON.
  const urlOf = (file: Pick<Member, 'filename' | 'sha256'>) => new URL(wheelPath(file), env.PUBLIC_URL).href;
  const files: ProjectPage['files'] = [];
  if (pinned && known) {
    const { requires_python, size, uploaded, metadata } = known;
    files.push({
      filename: pinned.filename,
      url: urlOf(pinned),
      hashes: { sha256: pinned.sha256 },
      ...(requires_python !== null && { 'requires-python': requires_python }),
      ...(size !== null && { size }),
      ...(uploaded !== null && { 'upload-time': `${uploaded}T00:00:00Z` }),
      yanked: whyYanked(view, pinned) ?? false,
      'core-metadata': metadata,
      'dist-info-metadata': metadata,
      _taken_in: set.released,
      ...(pinned.set !== set && { _pinned_by: pinned.set.flag }),
      ...(pinned.patched !== null && { _patched: pinned.patched }),
    });
  }
  const page: ProjectPage = {
    meta: { 'api-version': files.every(({ size }) => size !== undefined) ? INDEX_API_VERSION : '1.0' },
    name: member.name,
    versions: [member.version],
    files,
  };
  if (reason !== null) {
    page._not_listed = [
      {
        filename: printable(member.filename),
        url: urlOf(member),
        upstream_url: member.url === null ? null : printable(member.url),
        hashes: { sha256: member.sha256 },
        reason,
      },
    ];
  }
  return { page, settled: known?.settled ?? true, stale: known?.stale ?? false };
}

/** Why an installer cannot use the member's file, as the end of a sentence; null if it can. */
function whyUnlisted(member: Member, runner: Runner): string | null {
  const { kind, filename, name, version } = member;
  const wheel = parseWheelName(filename);
  if (!wheel) {
    return kind === 'package'
      ? 'is what the set pins, but it is not a wheel, so no installer can install it.'
      : 'is what the set pins: a part of the runtime, not a wheel, so no installer can install it.';
  }
  if (canonicalName(wheel.project) !== name || wheel.version !== version) {
    return 'is what the set pins, but its name is that of another project or version.';
  }
  return canRun(runner, wheel)
    ? null
    : 'is what the set pins, but its tags are not those of the set’s runtime.';
}

function whyYanked({ yankedSets, yankedWheels }: CatalogView, { sha256, set }: Pinned): string | null {
  return (yankedWheels.get(sha256) ?? yankedSets.get(set.flag))?.reason ?? null;
}

/**
 * A wheel of the same version from another set, that the runtime of `set` can run. Sets of the same runtime come first,
 * then those of the same ABI, then pure wheels of any set; of equals, the one that was published first.
 */
async function findSameVersion(
  env: Bindings,
  view: CatalogView,
  set: CatalogSet,
  member: Member,
): Promise<Pinned | undefined> {
  const versions = await publishedVersions(env, view, member.name);
  let best: CatalogSet | undefined;
  let bestRank = 0;
  for (const { flag, version, filename } of versions) {
    const other = view.sets.get(flag);
    if (!other || version !== member.version) continue;
    if (whyUnlisted({ ...member, filename }, set) !== null) continue;
    const rank = other.runtime === set.runtime ? 3 : other.abi === set.abi ? 2 : 1;
    if (rank <= bestRank) continue;
    best = other;
    bestRank = rank;
  }
  if (!best) return undefined;
  const { members, index } = await openSet(env, best);
  return { ...members[index.get(member.name)!]!, set: best };
}

/** Versions in the order of publication: a set that is published late with an earlier day leaves others alone. */
async function publishedVersions(env: Bindings, view: CatalogView, name: string) {
  return sortedBy(await historyOf(env, view, name), ({ flag }) => view.sets.get(flag)!.revision);
}

/** Known facts of a wheel: its first release, and the rest once it is stored. */
interface Known {
  /** The day of the first published release with these bytes, for ever; null if it cannot be looked up now. */
  uploaded: string | null;
  /** Null until the wheel is stored. */
  size: number | null;
  /** True until the wheel is stored: a request for its METADATA stores it. False if it has no METADATA. */
  metadata: { sha256: string } | boolean;
  /** `Requires-Python` of its METADATA; null if it is unknown or missing. */
  requires_python: string | null;
  settled: boolean;
  stale: boolean;
}

async function askAbout(env: Bindings, view: CatalogView, name: string, file: Pinned): Promise<Known> {
  const { sha256 } = file;
  const known: Known = {
    ...{ uploaded: null, size: file.size, metadata: true, requires_python: null },
    ...{ settled: false, stale: false },
  };
  try {
    const versions = await publishedVersions(env, view, name);
    known.uploaded = versions.find((version) => version.sha256 === sha256)?.released ?? null;
    const stored = await readStoredMetadata(env.STORE, sha256);
    if (!stored) return known;
    const { size, metadata } = stored;
    const settled = { ...known, size, settled: true };
    if (!metadata.ok) return { ...settled, metadata: false };
    const requires_python = requiresPythonOf(new TextDecoder().decode(metadata.bytes));
    return { ...settled, metadata: { sha256: await digestOf(metadata.bytes) }, requires_python };
  } catch (error) {
    logWarning('R2 could not be asked about a wheel of the simple index', error);
    return { ...known, stale: true };
  }
}

const LONGEST_SPECIFIER = 200;

/**
 * `Requires-Python` of a wheel's METADATA. Null if it is missing, or has characters that no version specifier has:
 * installers could not read it.
 */
export function requiresPythonOf(metadata: string): string | null {
  const value = parseMetadata(metadata).requires_python;
  if (value === null || value.length > LONGEST_SPECIFIER) return null;
  return /^[0-9a-z .,<>=!~*+_-]+$/i.test(value) ? value : null;
}

/** The version of the API that requires a size for every file (PEP 700). */
export const INDEX_API_VERSION = '1.1';

/** The index of a set, from the registry's root. */
export const indexPath = (flag: string) => `/simple/${flag}/`;
