/** The eligible versions of a project among an index's files, and why others are not. */
import { canonicalName } from '../requirements/name.ts';
import { parseSpecifiers, type Specifier, satisfies } from '../requirements/specifier.ts';
import { compareVersions, FINAL_PHASE, parseVersion, type Version } from '../requirements/version.ts';
import { order } from '../sorted-by.ts';
import { fitOf, parseWheelName, type Runner } from '../wheels/wheel-name.ts';
import type { IndexFile } from './package-index.ts';

export interface Candidate {
  readonly version: Version;
  readonly file: IndexFile;
  /** Left out unless requirements ask for it (PEP 440 and 592). */
  readonly shy: 'pre_release' | 'yanked' | null;
}

/** A version of the index that is not eligible for this question, or not yet. */
export interface LeftOut {
  readonly version: Version;
  readonly reason: 'constraint' | 'too_new' | 'python' | 'no_sha256' | 'other_platforms' | 'no_wheel';
  readonly file: IndexFile;
}

export interface Candidates {
  /** The oldest first. */
  readonly candidates: readonly Candidate[];
  readonly leftOut: readonly LeftOut[];
}

interface Listed {
  version: Version;
  file: IndexFile;
  fit: number;
  build: string;
  /** Why the file is not eligible; null if it is. */
  reason: LeftOut['reason'] | null;
}

/** The most informative reason first, if the files of a version are left out for different ones. */
const REASONS = ['too_new', 'python', 'no_sha256', 'other_platforms', 'no_wheel'];

/** @param cutoff the latest upload time that counts, in milliseconds since 1970; null if all uploads count */
export function candidatesOf(
  name: string,
  files: readonly IndexFile[],
  runner: Runner,
  cutoff: number | null,
  constraints: readonly Specifier[],
): Candidates {
  const listed = files.flatMap((file) => listedOf(name, file, runner, cutoff) ?? []);
  listed.sort((a, b) => compareVersions(a.version, b.version));
  const candidates: Candidate[] = [];
  const leftOut: LeftOut[] = [];
  for (let start = 0, end = 0; start < listed.length; start = end) {
    while (end < listed.length && compareVersions(listed[end]!.version, listed[start]!.version) === 0) end++;
    const [best] = listed.slice(start, end).sort(compareFiles) as [Listed];
    const { version, file } = best;
    const reason = best.reason ?? (satisfies(version, constraints) ? null : 'constraint');
    const shy = file.yanked ? 'yanked' : isPreRelease(version) ? 'pre_release' : null;
    if (reason) leftOut.push({ version, file, reason });
    else candidates.push({ version, file, shy });
  }
  return { candidates, leftOut };
}

/** Null for a file that is neither a wheel nor a source distribution of the project. */
function listedOf(name: string, file: IndexFile, runner: Runner, cutoff: number | null): Listed | null {
  const wheel = parseWheelName(file.filename);
  if (wheel && canonicalName(wheel.project) !== name) return null;
  const text = wheel?.version ?? sourceVersion(name, file.filename);
  const version = text === undefined ? null : parseVersion(text);
  if (version === null) return null;
  const fit = wheel ? fitOf(runner, wheel) : 0;
  const reason = wheel ? reasonOf(file, fit, runner, cutoff) : 'no_wheel';
  return { version, file, fit, build: wheel?.build ?? '', reason };
}

function reasonOf(
  { sha256, requires_python, upload_time }: IndexFile,
  fit: number,
  { python }: Runner,
  cutoff: number | null,
): LeftOut['reason'] | null {
  if (fit === 0) return 'other_platforms';
  if (sha256 === null) return 'no_sha256';
  if (!admitsPython(requires_python, python)) return 'python';
  return cutoff !== null && upload_time !== null && Date.parse(upload_time) > cutoff ? 'too_new' : null;
}

/** Whether a Python satisfies `Requires-Python`. As in pip, an invalid value excludes nothing. */
export function admitsPython(requires: string | null, python: string): boolean {
  if (requires === null) return true;
  const specifiers = parseSpecifiers(requires);
  return !specifiers.ok || satisfies(python, specifiers.value);
}

function sourceVersion(name: string, filename: string): string | undefined {
  const [, project, version] = /^(.{1,100})-([^-]{1,128})\.(?:tar\.gz|zip)$/.exec(filename) ?? [];
  return project !== undefined && canonicalName(project) === name ? version : undefined;
}

export function isPreRelease({ phase, dev }: Version): boolean {
  return phase < FINAL_PHASE || dev !== Number.POSITIVE_INFINITY;
}

/** The best file of one version first. */
function compareFiles(a: Listed, b: Listed): number {
  const rank = ({ reason }: Listed) => (reason ? 1 + REASONS.indexOf(reason) : 0);
  return (
    rank(a) - rank(b) ||
    Number(a.file.yanked) - Number(b.file.yanked) ||
    b.fit - a.fit ||
    buildNumber(b) - buildNumber(a) ||
    order(b.build, a.build) ||
    order(a.file.filename, b.file.filename)
  );
}

/** The number at the start of a build tag. The rest of the tag is compared as text. */
const buildNumber = ({ build }: Listed) => (build === '' ? -1 : Number.parseInt(build, 10));
