/**
 * Imports the documents of `data/` from npm, builds Pinwheel's own sets from them, and publishes all of them, and the
 * evidence that is there, into `data/catalog.json`. With `--verify`, writes nothing, and reports the files that differ from an import.
 */
import { parseArgs } from 'node:util';
import { orUsage } from '../options.ts';
import { makeReleases } from '../release/release-set.ts';
import { compareClosures } from './compare-closures.ts';
import { loadAllMade, loadLog, readData, writeData } from './data-files.ts';
import { type Import, importDocuments } from './import-documents.ts';
import { type DataFiles, publishDocuments } from './publish-documents.ts';
import { readSources } from './sources.ts';

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
  const upstream = imported.documents.filter((document) => document.kind === 'set');
  const made = await makeReleases(sources.own_releases, upstream, log);
  const own = made.flatMap(({ outcome }) => (outcome.ok ? [outcome.set] : []));
  const documents = [...imported.documents, ...own, ...(await loadAllMade())];
  const data = await publishDocuments(documents, log);

  const differences = verify ? [...(await compareFiles(data)), ...compareAllClosures(imported)] : [];
  if (!verify) for (const [path, text] of data.files) await writeData(path, text);

  const packages = data.catalog.sets.reduce((sum, set) => sum + set.package_count, 0);
  const seconds = (performance.now() - started) / 1000;
  const outcome = !verify
    ? 'written'
    : differences.length
      ? `${differences.length} differ`
      : 'no differences';
  const head = data.catalog.log.at(-1);
  console.log(
    `${outcome}: ${documents.length} documents, ${packages} packages, ${seconds.toFixed(1)} s, ` +
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

main().catch((error: Error) => {
  console.error(`The import failed: ${error.message}`);
  process.exitCode = 1;
});
