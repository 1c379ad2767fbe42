/** Caches the facts of the index: each page and each METADATA is requested once. */

import { evaluateMarker, type MarkerEnvironment } from '../requirements/marker.ts';
import { canonicalName } from '../requirements/name.ts';
import { type DirectRequirement, parseDirectRequirement } from '../requirements/requirement.ts';
import { comparePublic, compareVersions, parseVersion, type Version } from '../requirements/version.ts';
import { printable } from '../text/printable.ts';
import { parseMetadata } from '../wheels/files.ts';
import { parseWheelName } from '../wheels/wheel-name.ts';
import { admitsPython, type Candidates, candidatesOf } from './candidates.ts';
import type { VersionSet } from './incompatibility.ts';
import { bitOf, type Indexed } from './listing.ts';
import { cacheKey, type IndexFile, once, type PackageIndex, projectOf, refuse } from './package-index.ts';
import type { Effort } from './pubgrub.ts';
import { cutoffOf, type SolverInput } from './solve-question.ts';

/** The steps that reading METADATA counts for: by default, 60,000 files are too many. */
const METADATA_STEPS = 500;

export class Facts {
  readonly #input: SolverInput;
  readonly #candidates = new Map<string, Promise<Candidates | null>>();
  readonly #needs = new Map<string, Promise<WheelNeeds>>();
  readonly effort: Effort;
  /** Members of the set whose METADATA was needed but is unknown. */
  readonly unknownMembers = new Set<string>();

  constructor(input: SolverInput, effort: Effort) {
    this.#input = input;
    this.effort = effort;
  }

  /** The versions of a name in the index, or the one file that a requirement names. */
  candidates(name: string, direct: IndexFile | undefined): Promise<Candidates | null> {
    return once(this.#candidates, name, async () => {
      const { index, runner, asked, constraints } = this.#input;
      const cutoff = cutoffOf(asked, name);
      const files = direct ? [direct] : await index?.versionsOf(name, cutoff);
      if (!files) return null;
      this.effort.spend(files.length);
      return candidatesOf(name, files, runner, direct ? null : cutoff, constraints.get(name) ?? []);
    });
  }

  needs({ name, candidates }: Indexed, version: VersionSet): Promise<WheelNeeds> {
    const candidate = candidates[bitOf(version)]!;
    return this.#read(candidate.file, name, candidate.version);
  }

  /** The requirements of a member of the set according to the index, by its public version; null if unknown. */
  async needsOfMember(name: string, written: string): Promise<WheelNeeds | null> {
    const version = parseVersion(written);
    const files = (version && (await this.#input.index?.versionsOf(name))) ?? [];
    for (const file of files) {
      if (projectOf(file) !== name) continue;
      const offered = parseVersion(parseWheelName(file.filename)?.version ?? '');
      if (offered && comparePublic(offered, version!) === 0) return this.#read(file, name, offered);
    }
    this.unknownMembers.add(name);
    return null;
  }

  #read(file: IndexFile, name: string, version: Version): Promise<WheelNeeds> {
    return once(this.#needs, cacheKey(file), async () => {
      const { index, runner } = this.#input;
      this.effort.spend(METADATA_STEPS);
      return readNeeds(index!, file, name, version, runner.python);
    });
  }
}

export interface WheelNeeds {
  requirements: readonly DirectRequirement[];
  extras: ReadonlySet<string>;
  unusable: string | null;
}

const MOST_REQUIREMENTS = 5_000;

/** Reads METADATA, which has to be of this project and version. */
async function readNeeds(
  index: PackageIndex,
  file: IndexFile,
  name: string,
  version: Version,
  python: string,
): Promise<WheelNeeds> {
  const metadata = parseMetadata(await index.metadataOf(file));
  const said = parseVersion(metadata.version ?? '');
  if (canonicalName(metadata.name ?? '') !== name || said === null || compareVersions(said, version) !== 0) {
    const found = `METADATA of ${printable(metadata.name ?? 'nothing')} ${printable(metadata.version ?? '')}`;
    refuse('other_project', file.url, found.trim(), `that of ${name} ${version.text}`);
  }
  if (metadata.requires_dist.length > MOST_REQUIREMENTS) {
    const amount = `${metadata.requires_dist.length} requirements`;
    refuse('too_large', file.url, amount, `${MOST_REQUIREMENTS} at most`);
  }
  const requirements: DirectRequirement[] = [];
  const extras = new Set(metadata.provides_extra.map(canonicalName));
  const needs = (unusable: string | null) => ({ requirements, extras, unusable });
  if (!admitsPython(metadata.requires_python, python)) {
    return needs(`requires Python ${printable(metadata.requires_python!)}`);
  }
  for (const text of metadata.requires_dist) {
    const parsed = parseDirectRequirement(text);
    if (!parsed.ok) return needs(`has a requirement that cannot be read: ${printable(text)}`);
    requirements.push(parsed.value);
  }
  return needs(null);
}

/** The requirements without an extra, or those that an extra adds. */
export function applying(
  { requirements, unusable }: WheelNeeds,
  environment: MarkerEnvironment,
  extra: string | null,
): DirectRequirement[] | { unusable: string } {
  if (unusable !== null) return { unusable };
  const applicable: DirectRequirement[] = [];
  for (const requirement of requirements) {
    const { marker, text } = requirement;
    const plain = marker === null || evaluateMarker(marker, environment);
    const holds = extra === null || marker === null ? plain : evaluateMarker(marker, environment, extra);
    if (plain === null || holds === null) {
      return { unusable: `has a marker that cannot be evaluated: ${printable(text)}` };
    }
    if (holds && (extra === null || !plain)) applicable.push(requirement);
  }
  return applicable;
}
