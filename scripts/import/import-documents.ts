/** Imports every document that `data/sources.json` names from npm. */

import { fetchTarballs } from '../../cli/packages/npm.ts';
import type { PackageSet, RegistryDocument, WorkerdDocument } from '../../resolver/catalog.ts';
import { npmCache } from '../root.ts';
import { cloudflareSet } from './cloudflare-set.ts';
import { readPackageLock } from './package-locks.ts';
import { PYODIDE_PACKAGE, pyodideSet, readPyodideLock, withDefaults } from './pyodide-set.ts';
import { pythonDocument } from './python-version.ts';
import { runtimesOf } from './runtimes.ts';
import type { CloudflareSource, Sources } from './sources.ts';
import { readWorkerdBinary, WORKERD_PACKAGE, workerdDocument } from './workerd.ts';

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
    ...new Set([...sources.workerd, ...workerdsOfSets(sources)].map(({ version }) => version)),
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
    const lock = await readPyodideLock(tarballs[index]!);
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

function workerdsOfSets(sources: Sources): { version: string }[] {
  return sources.cloudflare_sets.map(({ workerd }) => ({ version: workerd }));
}
