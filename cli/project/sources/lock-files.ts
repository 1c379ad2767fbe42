/**
 * The packages of a `pylock.toml` (PEP 751) or a `pyodide-lock.json` as requirements, each with its version and marker.
 */
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isArchived } from '../../../resolver/closure/archives.ts';
import {
  type LockedPackages,
  type PyodideLock,
  readPyodideLock,
} from '../../../resolver/formats/pyodide-lock.ts';
import { isTable, own, type Table } from '../../../resolver/formats/table.ts';
import type { Member, PackageSet, Pinwheel, Target } from '../../../resolver/index.ts';
import { malformedLock } from '../../../resolver/issues/files.ts';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import { listed } from '../../../resolver/text/printable.ts';
import type { FileRequirement } from '../../ask/requirement.ts';
import { answered } from '../../common/failure.ts';
import type { Listener, Remark } from '../../common/listener.ts';
import { inputError, nameOf, parseToml, readText } from '../../common/read-text.ts';
import type { SourcedRequirement } from './lower.ts';
import { placeAt } from './uv-sources.ts';

export interface Pylock {
  requirements: SourcedRequirement[];
  /** `requires-python`, which the target's Python should satisfy. */
  requiresPython: FileRequirement | null;
  remarks: Remark[];
}

const SHOWN = 5;

/** `pylock.toml`, or `pylock.NAME.toml`. */
export function isPylock(path: string): boolean {
  return /^pylock(?:\.[^.]+)?\.toml$/.test(basename(path));
}

/** `folder`: what its paths are relative to. */
export async function parsePylock(file: string, text: string, folder = dirname(file)): Promise<Pylock> {
  const top = await parseToml(file, text, malformedLock);
  const version = own(top, 'lock-version');
  if (typeof version !== 'string' || !/^1\.\d+$/.test(version)) {
    throw inputError([malformedLock({ problem: 'no_version', file })]);
  }
  const packages = own(top, 'packages');
  if (!Array.isArray(packages) || !packages.every(isNamed)) {
    throw inputError([malformedLock({ problem: 'no_packages', file })]);
  }
  const locked = packages.map((entry, at) =>
    requirementOf(entry, `${file}, packages, entry ${at + 1}`, folder),
  );
  // Archives and repositories have no version.
  const skipped = packages.flatMap(({ name }, at) => (locked[at] === null ? name : []));
  const message = `${file} has no versions of these packages, which are skipped: ${listed(skipped, SHOWN)}.`;
  const fix = 'Name a wheel or another folder of each: code beside the lock goes into the Worker as it is.';
  const python = own(top, 'requires-python');
  return {
    requirements: locked.filter((requirement) => requirement !== null),
    requiresPython: typeof python === 'string' ? { text: python, where: `${file}, requires-python` } : null,
    remarks: skipped.length > 0 ? [{ severity: 'warning', message, fix }] : [],
  };
}

type Named = Table & { name: string };

function isNamed(value: unknown): value is Named {
  return isTable(value) && typeof own(value, 'name') === 'string';
}

function requirementOf(locked: Named, where: string, folder: string): SourcedRequirement | null {
  const [version, marker] = [own(locked, 'version'), own(locked, 'marker')];
  const condition = typeof marker === 'string' ? `; ${marker}` : '';
  const path = [own(locked, 'directory'), own(locked, 'wheels') ?? []]
    .flat()
    .flatMap((file) => (isTable(file) ? (own(file, 'path') ?? []) : []))
    .find((written) => typeof written === 'string');
  // The project that the lock is of: its code is that of the Worker.
  if (path !== undefined && resolve(folder, path) === resolve(folder)) return null;
  if (path !== undefined) {
    const place = placeAt(resolve(folder, path), path);
    return { text: `${locked.name} @ ${path}${condition}`, where, place };
  }
  return typeof version === 'string' ? { text: `${locked.name}==${version}${condition}`, where } : null;
}

/** Pyodide's tests that are split off from wheels, and what is no package, are added automatically. */
export function lockedRequirements(file: string, text: string): FileRequirement[] {
  const { packages } = answered(readPyodideLock(file, text));
  return packages
    .filter((locked) => locked.kind === 'package' && (locked.filename.endsWith('.whl') || isArchived(locked)))
    .map(({ name, version }) => ({ text: `${name}==${version}`, where: `${file}, packages.${name}` }));
}

/** A package with its key in the lock, and how that writes its file. A path has a URL, too. */
export interface LockedEntry extends Member {
  key: string;
  written: string;
  url: string;
}

export interface SetFile extends Omit<LockedPackages, 'packages'> {
  file: string;
  packages: LockedEntry[];
}

export async function readSetFile(file: string): Promise<SetFile> {
  const text = await readText(file);
  const lock = answered(readPyodideLock(nameOf(file), text));
  const written = Object.entries((JSON.parse(text) as PyodideLock).packages);
  const byName = new Map(written.map(([key, entry]) => [canonicalName(entry.name), { key, entry }]));
  const packages = lock.packages.map((member): LockedEntry => {
    const { key, entry } = byName.get(member.name)!;
    const url = member.url ?? pathToFileURL(resolve(dirname(file), entry.file_name)).href;
    return { ...member, key, written: entry.file_name, url };
  });
  return { ...lock, file, packages };
}

/**
 * The Pyodide of a lock; null if it is like none. Locks since Pyodide 0.29.5 do not say it, and those of 0.28 name one that
 * was never released: then the newest of the ABI that has most of the files.
 */
export async function pyodideOf(
  { source }: Pinwheel,
  { file, pyodide, abi, platform, packages }: SetFile,
  listener: Pick<Listener, 'remarks'>,
): Promise<string | null> {
  const { sets } = answered(await source.view());
  if (pyodide !== null && [...sets.values()].some(({ runtime }) => runtime === pyodide)) return pyodide;
  const digests = new Set(packages.map(({ sha256 }) => sha256));
  let best: { runtime: string; shared: number } | null = null;
  for (const set of sets.values()) {
    const isAlike = abi === null ? set.platform === platform : set.abi === abi;
    if (!isAlike || set.source.package !== 'pyodide') continue;
    const { members } = await source.openSet(set);
    const shared = members.filter(({ sha256 }) => digests.has(sha256)).length;
    if (shared >= (best?.shared ?? 0)) best = { runtime: set.runtime, shared };
  }
  if (best === null) return pyodide;
  const { runtime, shared } = best;
  const stated =
    pyodide === null ? 'does not say its Pyodide' : `is for Pyodide ${pyodide}, which has no package set`;
  const likest =
    shared === 0 ? 'the newest of its ABI' : `that of its ABI with most of its files, ${shared},`;
  const message = `${file} ${stated}: ${likest} is ${runtime}.`;
  listener.remarks([{ severity: 'info', message, fix: 'Name another one with --pyodide.' }]);
  return runtime;
}

/** The lock as a set for a target. */
export function setOf(lock: SetFile, target: Pick<Target, 'runtime' | 'package_set'>): PackageSet {
  const { file, python, platform, abi } = lock;
  const { runtime, package_set } = target;
  const source = { registry: 'pinwheel', package: file, version: '', file, sha256: null } as const;
  return {
    ...{ kind: 'set', flag: file, python, abi: abi ?? runtime.abi, platform, runtime: runtime.pyodide },
    ...{ released: package_set.released, default_from: null, source },
    packages: lock.packages.map(({ key: _, written: __, ...member }) => member),
  };
}
