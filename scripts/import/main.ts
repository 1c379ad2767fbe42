/**
 * Imports the documents of `data/` from npm, builds Pinwheel's own sets from them, and publishes all of them, and the
 * evidence that is there, into `data/catalog.json`. With `--verify`, writes nothing, and reports the files that differ from an import.
 */
import { parseArgs } from 'node:util';
import { fetchTarballs } from '../../cli/packages/npm.ts';
import {
  type PackageSet,
  PythonDocument,
  type RegistryDocument,
  type WorkerdDocument,
} from '../../resolver/catalog.ts';
import { orUsage, run } from '../command.ts';
import { publishReleases } from '../release/release-set.ts';
import { npmCache } from '../root.ts';
import { compareClosures } from './compare-closures.ts';
import { loadLog, readData, writeData } from './data-files.ts';
import type { DataFiles } from './publish-documents.ts';
import { cloudflareSet, lockIn, pyodideSet, runtimesOf, withDefaults } from './sets.ts';
import {
  type CloudflareSource,
  PYODIDE_PACKAGE,
  type PythonSource,
  readSources,
  type Sources,
  WORKERD_PACKAGE,
} from './sources.ts';
import { readPackageLock, readWorkerdBinary, workerdDocument } from './workerd.ts';

const USAGE = `npm run data:import   read all data again, and write data/
npm run data:verify   read all data again, and compare it with data/`;

async function main(): Promise<void> {
  const { verify } = orUsage(USAGE, () =>
    parseArgs({ options: { verify: { type: 'boolean', default: false } } }),
  ).values;
  const started = performance.now();
  const sources = await readSources();
  const log = (await loadLog()).slice(0, sources.deployed);
  const imported = await importDocuments(sources, (line) => console.log(line));
  const data = await publishReleases(imported.documents, sources.own_releases, log);

  const differences = verify ? [...(await compareFiles(data)), ...compareAllClosures(imported)] : [];
  if (!verify) for (const [path, text] of data.files) await writeData(path, text);

  const packages = data.catalog.sets.reduce((sum, set) => sum + set.package_count, 0);
  const seconds = (performance.now() - started) / 1000;
  const compared = differences.length > 0 ? `${differences.length} differ` : 'no differences';
  const head = data.catalog.log.at(-1);
  console.log(
    `${verify ? compared : 'written'}: ${data.documents.length} documents, ${packages} packages, ${seconds.toFixed(1)} s, ` +
      `${(imported.downloaded / 1e6).toFixed(1)} MB downloaded; revision ${head?.revision} ${head?.root}`,
  );
  for (const difference of differences) console.error(difference);
  if (differences.length) process.exitCode = 1;
}

/** Compares the closure of every package, by the resolver, with the lock file of its set. */
function compareAllClosures({ documents, locks }: Import): string[] {
  const differences: string[] = [];
  let closures = 0;
  for (const set of documents.filter((document) => document.kind === 'set')) {
    differences.push(...compareClosures(set, locks.get(set.flag)!));
    closures += set.packages.length;
  }
  console.log(`${closures - differences.length} of ${closures} closures match ${locks.size} lock files`);
  return differences;
}

/** Compares the files of an import with `data/`, byte for byte, and returns those that differ. */
async function compareFiles({ catalog, files }: DataFiles): Promise<string[]> {
  const digests = ['', ...catalog.log.map((entry) => entry.digest)];
  const differences: string[] = [];
  for (const [index, [path, text]] of [...files].entries()) {
    const same = (await readData(path)) === text;
    console.log(`${same ? 'same' : 'DIFFERENT'} data/${path} ${digests[index + 1] ?? ''}`.trimEnd());
    if (!same) differences.push(`data/${path} does not match the import`);
  }
  return differences;
}

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

interface Import {
  documents: RegistryDocument[];
  /** The texts of the lock files, by the package flag of their set. */
  locks: Map<string, string>;
  /** Downloaded bytes. */
  downloaded: number;
}

/**
 * Imports every document that `data/sources.json` names from npm.
 * @param report takes a line about each download
 */
async function importDocuments(sources: Sources, report: (line: string) => void): Promise<Import> {
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

if (import.meta.main) run(main, 'The import failed');
