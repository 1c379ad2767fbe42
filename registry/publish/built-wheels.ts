/**
 * Pinwheel-built wheels of a set. They have no upstream, so the publisher sends their bytes with the set. Each is
 * compared with the set before anything is stored.
 */
import { sha256 as sha256Of } from '../../resolver/digest.ts';
import type { Issue, Member, PackageSet } from '../../resolver/index.ts';
import { missingWheel, otherWheel, refusedWheel, strayWheel } from '../../resolver/issues/publication.ts';
import { shortened } from '../../resolver/text/printable.ts';
import type { WheelMetadata } from '../../resolver/wheels/files.ts';
import { headWheel, storeFile } from '../storage/wheels.ts';
import { inspectWheel, wholeAllowance } from './gate/wheel-file.ts';

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

/** The members that Pinwheel has built. */
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
    issues.push(
      ...inspected.problems.map((problem) => refusedWheel({ filename, problem: shortened(problem) })),
    );
    if (inspected.metadata) metadata.set(filename, inspected.metadata);
  }
  if (absent === 'later') return { issues, metadata };
  for (const { filename, sha256 } of members.values()) {
    if (!given.has(filename) && !(await headWheel(store, sha256))) issues.push(missingWheel({ filename }));
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

async function issuesOfBytes({ filename, sha256, size }: Member, bytes: Uint8Array): Promise<Issue[]> {
  const actual = await sha256Of(bytes);
  const wrong: string[] = [];
  if (size !== null && bytes.length !== size) wrong.push(`${bytes.length} bytes, but the set pins ${size}`);
  if (actual !== sha256) wrong.push(`the SHA-256 ${actual}, but the set pins ${sha256}`);
  return wrong.map((difference) => otherWheel({ filename, found: difference }));
}
