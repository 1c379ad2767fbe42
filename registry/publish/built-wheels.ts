/**
 * Pinwheel-built wheels of a set. They have no upstream, so the publisher sends their bytes with the set. Each is
 * compared with the set before anything is stored: its bytes, and the patch that it says it has. That the patch makes
 * these bytes, `npm run patch:build -- --set FILE` verifies: a Worker has neither the patches nor the upstream wheels.
 */
import { readAtMost } from '../../resolver/bytes.ts';
import { canonicalJson, sha256 as sha256Of } from '../../resolver/digest.ts';
import type { Issue, Member, PackageSet } from '../../resolver/index.ts';
import { missingWheel, otherWheel, refusedWheel, strayWheel } from '../../resolver/issues/publication.ts';
import { shortened } from '../../resolver/text/printable.ts';
import type { WheelMetadata } from '../../resolver/wheels/files.ts';
import { getWheel, headWheel, storeFile } from '../storage/wheels.ts';
import { type InspectedWheel, inspectWheel, wholeAllowance } from './gate/wheel-file.ts';

/** The limit of a stored wheel that is read again. Today's have 300 kB. */
const MOST_BYTES = 8 * 1024 * 1024;

/** The wheels that are sent with a document. */
export interface BuiltWheels {
  /** Bytes by the file name that the set pins. Files that are in R2 already may be left out. */
  given?: ReadonlyMap<string, Uint8Array>;
  /**
   * The treatment of a set with a built wheel that is neither given nor in R2: it is rejected, except in a seed, which
   * repeats earlier publications and may store the bytes later.
   */
  absent?: 'refused' | 'later';
}

export function builtMembers({ packages }: PackageSet): Member[] {
  return packages.filter(({ url }) => url === null);
}

/**
 * The issues of publishing a set with these wheels, and the METADATA of the given wheels by file name. Stores nothing.
 */
export async function checkBuiltWheels(
  store: R2Bucket,
  set: PackageSet,
  { given = new Map(), absent = 'refused' }: BuiltWheels,
): Promise<{ issues: Issue[]; metadata: Map<string, WheelMetadata> }> {
  const members = new Map(builtMembers(set).map((member) => [member.filename, member]));
  const issues: Issue[] = [];
  const metadata = new Map<string, WheelMetadata>();
  const allowance = wholeAllowance();
  for (const [filename, bytes] of given) {
    const member = members.get(filename);
    if (!member) {
      issues.push(strayWheel({ filename, package_set: set.flag }));
      continue;
    }
    issues.push(...(await issuesOfBytes(member, bytes)));
    const inspected = await inspectWheel(filename, bytes, allowance);
    const problems = inspected.problems.length > 0 ? inspected.problems : patchProblems(member, inspected);
    issues.push(...problems.map((problem) => refusedWheel({ filename, problem: shortened(problem) })));
    if (inspected.metadata) metadata.set(filename, inspected.metadata);
  }
  if (absent === 'later') return { issues, metadata };
  for (const member of members.values()) {
    const { filename, sha256, patched } = member;
    if (given.has(filename)) continue;
    if (!(await headWheel(store, sha256))) issues.push(missingWheel({ filename }));
    else if (patched?.by === 'pinwheel') {
      const bytes = await readAtMost((await getWheel(store, sha256))?.body ?? null, MOST_BYTES);
      const problems = bytes
        ? patchProblems(member, await inspectWheel(filename, bytes))
        : ['it is too large'];
      issues.push(...problems.map((problem) => refusedWheel({ filename, problem })));
    }
  }
  return { issues, metadata };
}

/**
 * Stores wheels that {@link checkBuiltWheels} has accepted. They are content-addressed, so repeating it is harmless.
 */
export async function storeBuiltWheels(
  storage: { DB: D1Database; STORE: R2Bucket },
  set: PackageSet,
  { given = new Map() }: BuiltWheels,
): Promise<void> {
  for (const { filename, sha256 } of builtMembers(set)) {
    const bytes = given.get(filename);
    if (bytes) await storeFile(storage, { sha256, filename, url: null }, bytes);
  }
}

/** The problem of a wheel that does not say of itself what the set says of its patch. */
function patchProblems({ patched }: Member, { statement = 'null' }: InspectedWheel): string[] {
  if (patched?.by !== 'pinwheel') return [];
  const { patch, release, recipe, upstream } = patched;
  const pinned = { upstream, recipe: { patch: `data/patches/${patch}`, release, sha256: recipe } };
  try {
    const said = JSON.parse(statement) as Partial<typeof pinned> | null;
    if (canonicalJson({ upstream: said?.upstream, recipe: said?.recipe }) === canonicalJson(pinned))
      return [];
  } catch {
    // A build of Pinwheel writes valid JSON.
  }
  return ['its PINWHEEL.json does not name the patch, the recipe and the upstream wheel of the set'];
}

async function issuesOfBytes({ filename, sha256, size }: Member, bytes: Uint8Array): Promise<Issue[]> {
  const actual = await sha256Of(bytes);
  const wrong: string[] = [];
  if (size !== null && bytes.length !== size) wrong.push(`${bytes.length} bytes, but the set pins ${size}`);
  if (actual !== sha256) wrong.push(`the SHA-256 ${actual}, but the set pins ${sha256}`);
  return wrong.map((difference) => otherWheel({ filename, found: difference }));
}
