/** The page of a project: from the set, other sets, and stored wheels. */
import { drizzle } from 'drizzle-orm/d1';
import { type CatalogView, canonicalName, type Member, wheelPath } from '../../resolver/index.ts';
import type { CatalogSet } from '../../resolver/schemas.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import { canRun, parseWheelName, type Runner } from '../../resolver/wheels/wheel-name.ts';
import type { Bindings } from '../env.ts';
import { historyOf } from '../storage/history.ts';
import { openSet } from '../storage/isolate.ts';
import { getMetadata } from '../storage/wheel-objects.ts';
import { readWheelRows } from '../storage/wheels.ts';
import { logWarning } from '../structured-log.ts';
import type { IndexedWheel, ProjectPage, UnlistedFile } from './page.ts';
import { requiresPythonOf } from './requires-python.ts';

export interface Described {
  page: ProjectPage;
  /** Whether nothing more can become known about its wheels until the catalog changes. */
  settled: boolean;
  /** D1 could not be reached. */
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
  const known = pinned && (await askAbout(env, view, member.name, pinned.sha256));
  const wheels: IndexedWheel[] = [];
  if (pinned && known) {
    wheels.push({
      filename: pinned.filename,
      path: wheelPath(pinned),
      sha256: pinned.sha256,
      size: pinned.size ?? known.size,
      uploaded: known.uploaded,
      takenIn: set.released,
      metadata: known.metadata,
      requiresPython: known.requiresPython,
      yanked: whyYanked(view, pinned),
      pinnedBy: pinned.set === set ? null : pinned.set.flag,
      patched: pinned.patched,
    });
  }
  const unlisted: UnlistedFile[] = [];
  if (reason !== null) {
    unlisted.push({ ...member, path: wheelPath(member), upstreamUrl: member.url, reason });
  }
  const page = { name: member.name, version: member.version, wheels, unlisted };
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

/** The yank of the wheel, or of the set that pins it. */
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
  let found: CatalogSet | undefined;
  let foundRank = 0;
  for (const { flag, version, filename } of versions) {
    const other = view.sets.get(flag);
    if (!other || version !== member.version) continue;
    if (whyUnlisted({ ...member, filename }, set) !== null) continue;
    const rank = other.runtime === set.runtime ? 3 : other.abi === set.abi ? 2 : 1;
    if (rank <= foundRank) continue;
    found = other;
    foundRank = rank;
  }
  if (!found) return undefined;
  const { members, index } = await openSet(env, found.digest);
  return { ...members[index.get(member.name)!]!, set: found };
}

/** In the order of publication: a set that is published late with an earlier day changes nothing of the others. */
async function publishedVersions(env: Bindings, view: CatalogView, name: string) {
  return sortedBy(await historyOf(env, view, name), ({ flag }) => view.sets.get(flag)!.revision);
}

/** What is known of a wheel: its first release, and the rest once it is stored. */
interface Known extends Pick<IndexedWheel, 'uploaded' | 'size' | 'metadata' | 'requiresPython'> {
  settled: boolean;
  stale: boolean;
}

const NOTHING = { size: null, metadata: 'on demand', requiresPython: null, settled: false } as const;

async function askAbout(env: Bindings, view: CatalogView, name: string, sha256: string): Promise<Known> {
  let uploaded: string | null = null;
  try {
    // First, because the isolate may have it without D1.
    const versions = await publishedVersions(env, view, name);
    uploaded = versions.find((one) => one.sha256 === sha256)?.released ?? null;
    const facts = (await readWheelRows(drizzle(env.DB), [sha256])).get(sha256);
    if (!facts) return { ...NOTHING, uploaded, stale: false };
    const { size, metadata_sha256 } = facts;
    const known = { uploaded, size, settled: true, stale: false };
    if (metadata_sha256 === null) return { ...known, metadata: null, requiresPython: null };
    const metadata = await getMetadata(env.STORE, sha256, metadata_sha256);
    // METADATA that R2 does not have as the row says is stored again when somebody requests it.
    if (!metadata) return { ...NOTHING, ...known, settled: false };
    const requiresPython = requiresPythonOf(new TextDecoder().decode(metadata.bytes));
    return { ...known, metadata: { sha256: metadata_sha256 }, requiresPython };
  } catch (error) {
    logWarning('D1 or R2 could not be asked about a wheel of the simple index', error);
    return { ...NOTHING, uploaded, stale: true };
  }
}
