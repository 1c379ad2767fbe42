/** Compares the hashes of requirements (`--hash=sha256:…`) with the wheels of a package set. */
import { parseRequirement, type ResolvedPackage, type Runtime } from '../../../resolver/index.ts';
import { hashMismatch } from '../../../resolver/issues/documents.ts';
import { markerEnvironment } from '../../../resolver/requirements/environment.ts';
import { evaluateMarker } from '../../../resolver/requirements/marker.ts';
import type { FileRequirement } from '../../ask/file-requirement.ts';
import type { LocatedIssue } from '../../common/failure.ts';
import type { Remark } from '../../common/listener.ts';

/** Of a package that is pinned. */
export type PinnedHash = Pick<ResolvedPackage, 'name'> & { sha256: string };

/**
 * The hashes that contradict the pinned files, and the requirements without a SHA-256, which cannot be checked.
 */
export function checkHashes(
  requirements: readonly FileRequirement[],
  pinned: readonly PinnedHash[],
  runtime: Runtime,
): { issues: LocatedIssue[]; remarks: Remark[] } {
  const issues: LocatedIssue[] = [];
  const remarks: Remark[] = [];
  const digests = new Map(pinned.map(({ name, sha256 }) => [name, sha256]));
  for (const { text, where, hashes } of requirements) {
    const parsed = hashes && parseRequirement(text);
    if (!parsed?.ok) continue;
    const { name, marker } = parsed.value;
    const digest = digests.get(name);
    if (digest === undefined) continue;
    if (marker !== null && evaluateMarker(marker, markerEnvironment(runtime)) === false) continue;
    const known = hashes!.flatMap((hash) =>
      hash.startsWith('sha256:') ? [hash.slice(7).toLowerCase()] : [],
    );
    if (known.length === 0) {
      const message = `${where}: the hashes of ${name} are not compared: none of them is a SHA-256.`;
      remarks.push({ severity: 'warning', message, fix: `The package set pins sha256:${digest}.` });
    } else if (!known.includes(digest)) {
      issues.push({ ...hashMismatch({ package: name, sha256: digest }), where });
    }
  }
  return { issues, remarks };
}
