/** Imports every document that `data/sources.json` names from npm. */

import { fetchTarballs } from '../../cli/packages/npm.ts';
import {
  type PackageSet,
  PythonDocument,
  type RegistryDocument,
  type WorkerdDocument,
} from '../../resolver/catalog.ts';
import { npmCache } from '../root.ts';
import { cloudflareSet, lockIn, pyodideSet, runtimesOf, withDefaults } from './sets.ts';
import {
  type CloudflareSource,
  PYODIDE_PACKAGE,
  type PythonSource,
  type Sources,
  WORKERD_PACKAGE,
} from './sources.ts';
import { readPackageLock, readWorkerdBinary, workerdDocument } from './workerd.ts';

const SUPPORTED_YEARS = 5;

export function pythonDocument({ python, first_release, pep }: PythonSource): PythonDocument {
  const [year, month, day] = first_release.split('-');
  return PythonDocument.parse({
    kind: 'python',
    python,
    first_release,
    supported_until: `${Number(year) + SUPPORTED_YEARS}-${month}-${day}`,
    source: {
      registry: 'pep',
      package: `PEP ${pep}`,
      version: python,
      file: `Python ${python} Release Schedule`,
      sha256: null,
    },
  });
}

export interface Import {
  documents: RegistryDocument[];
  /** The texts of the lock files, by the package flag of their set. */
  locks: Map<string, string>;
  /** Downloaded bytes. */
  downloaded: number;
}

/** @param report takes a line about each download */
export async function importDocuments(sources: Sources, report: (line: string) => void): Promise<Import> {
  const releases = sources.pyodide_releases;
  const binaries = [
    ...new Set([
      ...sources.workerd.map(({ version }) => version),
      ...sources.cloudflare_sets.map(({ workerd }) => workerd),
    ]),
  ];
  const tarballs = await fetchTarballs(
    [
      ...releases.map(({ version }) => ({ name: PYODIDE_PACKAGE, version })),
      ...binaries.map((version) => ({ name: WORKERD_PACKAGE, version })),
    ],
    report,
    npmCache,
  );

  const locks = new Map<string, string>();
  const pyodideSets: PackageSet[] = [];
  for (const [index, release] of releases.entries()) {
    const lock = await lockIn(tarballs[index]!);
    const set = pyodideSet(release, lock, sources);
    pyodideSets.push(set);
    locks.set(set.flag, lock);
  }

  const workerds: WorkerdDocument[] = [];
  const cloudflareSets: PackageSet[] = [];
  const runtimeOf = runtimesOf(pyodideSets, sources);
  // One binary at a time: each is more than 100 MB.
  for (const [index, version] of binaries.entries()) {
    const binary = await readWorkerdBinary(tarballs[releases.length + index]!);
    const workerd = workerdDocument(version, binary, runtimeOf);
    if (sources.workerd.some((entry) => entry.version === version)) workerds.push(workerd);
    for (const source of sources.cloudflare_sets.filter((entry) => entry.workerd === version)) {
      checkPairing(source, workerd);
      const lock = readPackageLock(binary, source.tag);
      const set = cloudflareSet(source, lock, runtimeOf);
      cloudflareSets.push(set);
      locks.set(set.flag, lock);
    }
  }
  const documents: RegistryDocument[] = [
    ...sources.pythons.map(pythonDocument),
    ...withDefaults(pyodideSets, workerds),
    ...workerds,
    ...cloudflareSets,
  ];
  return { documents, locks, downloaded: tarballs.reduce((sum, tarball) => sum + tarball.downloaded, 0) };
}

/** @throws if the binary runs the packages on another Pyodide than `data/sources.json` says */
function checkPairing({ tag, runtime }: CloudflareSource, { workerd, releases }: WorkerdDocument): void {
  const release = releases.find(({ packages_tag }) => packages_tag === tag);
  if (release?.pyodide !== runtime) {
    throw new Error(`workerd ${workerd} pairs ${tag} with Pyodide ${release?.pyodide}, not ${runtime}`);
  }
}
