/** The lock of a project: the `pylock.toml` that `pinwheel lock` writes, else the `uv.lock` of uv. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isWheel } from '../../../resolver/formats/file.ts';
import { isTable, own, tableAt } from '../../../resolver/formats/table.ts';
import type { ResolveAnswer, ResolvedPackage, Runtime, Target } from '../../../resolver/index.ts';
import { foreignLock, malformedLock, staleLock } from '../../../resolver/issues/files.ts';
import { evaluateMarker, markerEnvironment } from '../../../resolver/requirements/marker.ts';
import { parseRequirement, type Requirement } from '../../../resolver/requirements/requirement.ts';
import { satisfies } from '../../../resolver/requirements/specifier.ts';
import { listed } from '../../../resolver/text/printable.ts';
import { unanswered } from '../../common/failure.ts';
import type { Remark } from '../../common/listener.ts';
import { parseToml, readText } from '../../common/read-text.ts';
import type { Edit } from '../edits.ts';
import { commandWith } from '../options.ts';
import { parsePylock } from './lock-files.ts';
import type { UvSources } from './uv-sources.ts';

export interface ProjectLock {
  file: string;
  text: string;
  /** Each package of a set or an index with its version, and where that applies. */
  requirements: Requirement[];
  /** As `--targets` has them; null for that of uv. */
  targets: string[] | null;
}

/** Where a lock of pinwheel is in a project. */
export const lockFileIn = (home: string): string => join(home, 'pylock.toml');

/** The lock that `pinwheel lock` wrote; null if there is none, or only one that another tool made for installers. */
export async function readOwnLock(home: string): Promise<ProjectLock | null> {
  const file = lockFileIn(home);
  if (!existsSync(file)) return null;
  const text = await readText(file);
  const top = await parseToml(file, text, malformedLock);
  if (own(top, 'created-by') !== 'pinwheel') return null;
  const { requirements } = await parsePylock(file, text);
  const targets = tableAt(top, 'tool', 'pinwheel')?.targets;
  return {
    ...{ file, text, requirements: parsed(requirements.map(({ text }) => text)) },
    targets: Array.isArray(targets) ? targets.map(String) : [],
  };
}

export async function readProjectLock(home: string, uv: UvSources): Promise<ProjectLock | null> {
  const ours = await readOwnLock(home);
  const file = await uv.lockFile();
  if (ours !== null || !existsSync(file)) return ours;
  const text = await readText(file);
  const packages = own(await parseToml(file, text, malformedLock), 'package');
  const requirements = Array.isArray(packages) ? parsed(packages.flatMap(ofUv)) : [];
  return { file, text, requirements, targets: null };
}

/** The edit after which a project has this lock. Throws if another tool wrote the one that is there. */
export function lockEdits(home: string, before: ProjectLock | null, text: string): Edit[] {
  const file = lockFileIn(home);
  if (before === null && existsSync(file)) throw unanswered([foreignLock({ file })]);
  return before?.text === text ? [] : [{ file, before: before?.text ?? '', after: text }];
}

/** Throws if the lock of a project is not this text, in which the answers are. */
export function checkLock(
  home: string,
  options: object,
  before: ProjectLock | null,
  text: string,
  answers: readonly { target: Target; answer: Pick<ResolveAnswer, 'packages'> }[],
): void {
  if (before?.text === text) return;
  const stale = { file: lockFileIn(home), command: commandWith(options, 'lock') };
  if (before === null) throw unanswered([staleLock({ problem: 'missing', ...stale })]);
  const other = answers.flatMap(({ target, answer }) => unlocked(before, answer.packages, target.runtime));
  throw unanswered([staleFor(other, stale)]);
}

/** `other`: the packages whose versions the lock does not have. */
function staleFor(other: readonly ResolvedPackage[], stale: { file: string; command: string }) {
  if (other.length === 0) return staleLock({ problem: 'other_settings', ...stale });
  return staleLock({ problem: 'other_versions', ...stale, names: namesOf(other) });
}

/** Without the code of folders, which has a place and no version. */
function parsed(texts: readonly string[]): ProjectLock['requirements'] {
  return texts.flatMap((text) => {
    const read = parseRequirement(text);
    return read.ok ? read.value : [];
  });
}

/** Only what comes from an index has a version that another index could give, too. */
function ofUv(entry: unknown): string[] {
  const { name, version, source, 'resolution-markers': markers = [] } = isTable(entry) ? entry : {};
  const isOfIndex = isTable(source) && own(source, 'registry') !== undefined;
  if (typeof name !== 'string' || typeof version !== 'string' || !isOfIndex) return [];
  const marker = [markers].flat().map((text) => `(${text})`);
  return [`${name}==${version}${marker.length > 0 ? `; ${marker.join(' or ')}` : ''}`];
}

function lockedFor({ requirements }: ProjectLock, runtime: Runtime): Requirement[] {
  const environment = markerEnvironment(runtime);
  return requirements.filter(({ marker }) => !marker || evaluateMarker(marker, environment));
}

/** The packages of an answer whose versions the lock does not have for this Python. */
export function unlocked(
  lock: ProjectLock,
  packages: readonly ResolvedPackage[],
  runtime: Runtime,
): ResolvedPackage[] {
  const locked = lockedFor(lock, runtime);
  return packages.filter((resolved) => {
    if (resolved.origin === 'file' || !isWheel(resolved)) return false;
    const same = locked.filter(({ name }) => name === resolved.name);
    // uv locks what the project asks for on other machines, too.
    if (same.length === 0) return lock.targets !== null;
    return !same.some(({ specifiers }) => satisfies(resolved.version, specifiers));
  });
}

const SHOWN = 5;

const namesOf = (packages: readonly ResolvedPackage[]) =>
  listed([...new Set(packages.map(({ name, version }) => `${name} ${version}`))], SHOWN);

/** Remarks on a lock that lacks packages of an answer, or has more. */
export function lockRemarks(
  lock: ProjectLock,
  packages: readonly ResolvedPackage[],
  runtime: Runtime,
  options: object,
): Remark[] {
  const { file, targets } = lock;
  const other = unlocked(lock, packages, runtime);
  if (other.length > 0 && targets === null) {
    const message = `${file} has other versions of what is pinned here: ${namesOf(other)}.`;
    return [{ severity: 'info', message, fix: null }];
  }
  const needed = new Set(packages.map(({ name }) => name));
  // Packages that other targets need may be in the lock, too.
  const isLarger =
    targets?.join() === 'worker' && lockedFor(lock, runtime).some(({ name }) => !needed.has(name));
  if (other.length === 0 && !isLarger) return [];
  const command = commandWith(options, 'lock');
  return [{ severity: 'warning', ...staleFor(other, { file, command }) }];
}
