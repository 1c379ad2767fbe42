/** The packages of a `python_modules` folder, read from the `.dist-info` folders that installers write. */
import type { RegistryStamp, ResolveAnswer, Target } from '../answer.ts';
import { canonicalName } from '../requirements/name.ts';
import { sortedBy } from '../sorted-by.ts';
import { destinationOf, parseRecord } from '../wheels/files.ts';

/** The parts of a folder of vendored packages that are read. */
export interface VendoredFolder {
  /** The paths of all files, relative to the folder, separated by `/`. */
  paths: readonly string[];
  /** By path: the `WHEEL` and `RECORD` of each `.dist-info` folder that has them. */
  texts: ReadonlyMap<string, string>;
}

export interface InstalledPackage {
  /** Canonical. */
  name: string;
  version: string;
  /** The `.dist-info` folder. */
  path: string;
  /** The tags of the wheel that it comes from, such as `cp313-cp313-pyodide_2025_0_wasm32`; empty if unknown. */
  tags: readonly string[];
  /** Paths of all its files that its `RECORD` lists, and of the compiled ones among them. */
  files: readonly string[];
  compiled: readonly string[];
}

export interface Installed {
  /** Sorted by name. */
  packages: readonly InstalledPackage[];
  /** Compiled files that belong to none of them. */
  stray: readonly string[];
}

const COMPILED = /\.(?:so(?:\.\d+)*|pyd|dll|dylib)$/;
const DIST_INFO = /^([A-Za-z0-9](?:[A-Za-z0-9._]*[A-Za-z0-9])?)-([A-Za-z0-9.!+_]+)\.dist-info$/;

/** Whether a file of a `.dist-info` folder is among the texts that {@link readInstalled} reads. */
export function isInstallRecord(path: string): boolean {
  return /^[^/]+\.dist-info\/(?:WHEEL|RECORD)$/.test(path);
}

export function isCompiled(path: string): boolean {
  return COMPILED.test(path);
}

export function readInstalled({ paths, texts }: VendoredFolder): Installed {
  const compiled = new Set(paths.filter(isCompiled));
  const folders = new Set(paths.map((path) => path.split('/', 1)[0]!));
  const packages: InstalledPackage[] = [];
  for (const path of folders) {
    const [, name, version] = DIST_INFO.exec(path) ?? [];
    if (name === undefined || version === undefined) continue;
    const listed = parseRecord(texts.get(`${path}/RECORD`) ?? '')?.keys() ?? [];
    const files = [...listed].flatMap((file) => destinationOf(file).path ?? []);
    const tags = tagsOf(texts.get(`${path}/WHEEL`) ?? '');
    packages.push({
      name: canonicalName(name),
      version: version.replaceAll('_', '-'),
      path,
      tags,
      files,
      compiled: files.filter((file) => compiled.delete(file)),
    });
  }
  return { packages: sortedBy(packages, ({ name }) => name), stray: [...compiled].sort() };
}

function tagsOf(wheel: string): string[] {
  return [...wheel.matchAll(/^Tag:[ \t]*([0-9A-Za-z_.-]+)[ \t]*\r?$/gm)].map(([, tag]) => tag!.toLowerCase());
}

export const MARKER_FILE = '.pinwheel.json';

/** The start of a marker, to recognize the file. */
export const MADE_BY = 'pinwheel vendor';

export interface VendorMarker {
  made_by: typeof MADE_BY;
  pinwheel: string;
  registry: RegistryStamp;
  target: Pick<Target, 'compatibility_date' | 'compatibility_flags' | 'workerd_flags'> & {
    runtime: Target['runtime'];
  };
  package_set: Pick<Target['package_set'], 'flag' | 'released' | 'digest'>;
  packages: { name: string; version: string; filename: string; sha256: string }[];
}

/** The marker of a closure, always with the same bytes. */
export function vendorMarker(
  pinwheel: string,
  { registry, target }: Pick<ResolveAnswer, 'registry' | 'target'>,
  packages: VendorMarker['packages'],
): VendorMarker {
  const { compatibility_date, compatibility_flags, workerd_flags, runtime } = target;
  const { flag, released, digest } = target.package_set;
  return {
    made_by: MADE_BY,
    pinwheel,
    registry,
    target: { compatibility_date, compatibility_flags, workerd_flags, runtime },
    package_set: { flag, released, digest },
    packages: packages.map(({ name, version, filename, sha256 }) => ({ name, version, filename, sha256 })),
  };
}

/** Old markers have no packages. */
export type ReadMarker = Pick<VendorMarker, 'target' | 'package_set'> &
  Partial<Pick<VendorMarker, 'packages'>>;

/** The part of a marker that a check compares; null for other files, and for old markers without it. */
export function readMarker(text: string): ReadMarker | null {
  try {
    const value: unknown = JSON.parse(text);
    const { made_by, target, package_set } = (value ?? {}) as Partial<Record<keyof VendorMarker, unknown>>;
    const runtime = memberOf(target, 'runtime');
    const isKnown =
      made_by === MADE_BY &&
      ['python', 'abi', 'pyodide'].every((key) => typeof memberOf(runtime, key) === 'string') &&
      ['flag', 'digest'].every((key) => typeof memberOf(package_set, key) === 'string');
    return isKnown ? (value as VendorMarker) : null;
  } catch {
    return null;
  }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
