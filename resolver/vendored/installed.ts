/** The packages of a `python_modules` folder, read from the `.dist-info` folders that installers write. */

import { canonicalName } from '../requirements/name.ts';
import { parseRecord } from '../wheels/files.ts';

/** The parts of a folder of vendored packages that are read. */
export interface VendoredFolder {
  /** The paths of all files, relative to the folder, separated by `/`. */
  paths: readonly string[];
  /** By path: the `WHEEL` and `RECORD` of each `.dist-info` folder that has them. */
  texts: ReadonlyMap<string, string>;
}

/** A package in that folder. */
export interface InstalledPackage {
  /** Canonical. */
  name: string;
  version: string;
  /** Its `.dist-info` folder. */
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
    const files = [...listed].flatMap((file) => installedPath(file) ?? []);
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
  packages.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { packages, stray: [...compiled].sort() };
}

/** Where a file of a wheel is once it is unpacked: those of `NAME.data/purelib` and `platlib` go to the root. */
function installedPath(file: string): string | null {
  const [, scheme, path] = /^[^/]+\.data\/([^/]+)\/(.+)$/.exec(file) ?? [];
  if (scheme === undefined) return file;
  return scheme === 'purelib' || scheme === 'platlib' ? path! : null;
}

function tagsOf(wheel: string): string[] {
  return [...wheel.matchAll(/^Tag:[ \t]*([0-9A-Za-z_.-]+)[ \t]*\r?$/gm)].map(([, tag]) => tag!.toLowerCase());
}
