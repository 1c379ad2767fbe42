/** Checks the pins of a set against the requirements in its wheels' METADATA, as far as that is available. */
import { type Issue, MAX_REQUIREMENTS, type PackageSet } from '../../../resolver/index.ts';
import { contradictedPin } from '../../../resolver/issues/publication.ts';
import { shortened } from '../../../resolver/text/printable.ts';
import { checkWheel } from '../../../resolver/wheels/check-wheel.ts';
import { parseMetadata, type WheelMetadata } from '../../../resolver/wheels/files.ts';
import { isWheel } from '../../../resolver/wheels/read-metadata.ts';
import type { RegistryStorage } from '../../storage/log-files.ts';
import { readStoredMetadata, storedAmong } from '../../storage/wheels.ts';

/** How many METADATA are read at once. */
const AT_ONCE = 20;

/** @param given METADATA of wheels that come with the set, by file name */
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
  const issues: Issue[] = [];
  for (let at = 0; at < set.packages.length; at += AT_ONCE) {
    const checked = set.packages.slice(at, at + AT_ONCE).map(async ({ name, sha256, filename }) => {
      const metadata =
        given.get(filename) ?? (stored.has(sha256) ? await storedMetadata(STORE, sha256) : null);
      if (!metadata) return [];
      const count = metadata.requires_dist.length;
      if (count > MAX_REQUIREMENTS) {
        const clause = `it has ${count} requirements, more than ${MAX_REQUIREMENTS}`;
        return [contradictedPin({ package: name, clause })];
      }
      const { issues, missing } = checkWheel(metadata, set, versions);
      const clauses = isPinwheelSet ? issues : issues.filter((clause) => !missing.includes(clause));
      return clauses.map((clause) => contradictedPin({ package: name, clause: shortened(clause) }));
    });
    issues.push(...(await Promise.all(checked)).flat());
  }
  return issues;
}

async function storedMetadata(store: R2Bucket, sha256: string): Promise<WheelMetadata | null> {
  const { metadata } = (await readStoredMetadata(store, sha256)) ?? {};
  return metadata?.ok ? parseMetadata(new TextDecoder().decode(metadata.bytes)) : null;
}
