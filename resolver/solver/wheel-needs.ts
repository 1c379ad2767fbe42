/** The requirements of a wheel, from its METADATA. */
import type { MarkerEnvironment } from '../requirements/environment.ts';
import { evaluateMarker } from '../requirements/marker.ts';
import { canonicalName } from '../requirements/name.ts';
import { type DirectRequirement, parseDirectRequirement } from '../requirements/requirement.ts';
import { compareVersions, parseVersion, type Version } from '../requirements/version.ts';
import { printable } from '../text/printable.ts';
import { parseMetadata } from '../wheels/metadata.ts';
import { admitsPython } from './candidates.ts';
import { IndexError } from './index-error.ts';
import type { IndexFile, PackageIndex } from './package-index.ts';

export interface WheelNeeds {
  requirements: readonly DirectRequirement[];
  extras: ReadonlySet<string>;
  /** Why the wheel is not available, or null. */
  unusable: string | null;
}

/** A wheel with more requirements is rejected. */
const MOST_REQUIREMENTS = 5_000;

/** Reads METADATA, which has to be of this project and version. */
export async function readNeeds(
  index: PackageIndex,
  file: IndexFile,
  name: string,
  version: Version,
  python: string,
): Promise<WheelNeeds> {
  const metadata = parseMetadata(await index.metadataOf(file));
  const said = parseVersion(metadata.version ?? '');
  if (canonicalName(metadata.name ?? '') !== name || said === null || compareVersions(said, version) !== 0) {
    throw new IndexError('other_project', {
      url: file.url,
      found:
        `METADATA of ${printable(metadata.name ?? 'nothing')} ${printable(metadata.version ?? '')}`.trim(),
      wanted: `that of ${name} ${version.text}`,
    });
  }
  if (metadata.requires_dist.length > MOST_REQUIREMENTS) {
    const found = `${metadata.requires_dist.length} requirements`;
    throw new IndexError('too_large', { url: file.url, found, wanted: `${MOST_REQUIREMENTS} at most` });
  }
  const needs = {
    requirements: [] as DirectRequirement[],
    extras: new Set(metadata.provides_extra.map(canonicalName)),
  };
  if (!admitsPython(metadata.requires_python, python)) {
    return { ...needs, unusable: `requires Python ${printable(metadata.requires_python!)}` };
  }
  for (const text of metadata.requires_dist) {
    const parsed = parseDirectRequirement(text);
    if (!parsed.ok)
      return { ...needs, unusable: `has a requirement that cannot be read: ${printable(text)}` };
    needs.requirements.push(parsed.value);
  }
  return { ...needs, unusable: null };
}

/** The requirements without an extra, or those that an extra adds. */
export function applying(
  { requirements }: WheelNeeds,
  environment: MarkerEnvironment,
  extra: string | null,
): DirectRequirement[] | { unusable: string } {
  const found: DirectRequirement[] = [];
  for (const requirement of requirements) {
    const { marker, text } = requirement;
    const plain = marker === null || evaluateMarker(marker, environment);
    const holds = extra === null || marker === null ? plain : evaluateMarker(marker, environment, extra);
    if (plain === null || holds === null) {
      return { unusable: `has a marker that cannot be evaluated: ${printable(text)}` };
    }
    if (holds && (extra === null || !plain)) found.push(requirement);
  }
  return found;
}
