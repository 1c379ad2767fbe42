/**
 * Imports the documents of `data/` from npm and publishes them into `data/catalog.json`.
 * With `--verify`, writes nothing, and says of each file whether it is what an import writes.
 */
import { parseArgs } from 'node:util';
import type { Catalog, PackageSet } from '../../resolver/catalog.ts';
import { makeReleases } from '../release/release.ts';
import { compareClosures } from './compare-closures.ts';
import { loadCatalog, loadDocument, readData, writeData } from './data-files.ts';
import { type Import, importDocuments } from './import-documents.ts';
import { type DataFiles, publishDocuments } from './publish-documents.ts';
import { readSources, type Sources } from './sources.ts';

async function main(): Promise<void> {
  const { verify } = parseArgs({ options: { verify: { type: 'boolean', default: false } } }).values;
  const started = performance.now();
  const published = await loadCatalog();
  const sources = await readSources();
  const imported = await importDocuments(sources, (line) => console.log(line));
  const own = await ownSets(published);
  const made = verify ? await makeAgain(own, imported, sources) : own;
  const documents = [...imported.documents, ...made];
  const data = await publishDocuments(documents, published);

  const differences = verify ? [...(await compareFiles(data)), ...compareAllClosures(imported)] : [];
  if (!verify) for (const [path, text] of data.files) await writeData(path, text);

  const packages = data.catalog.sets.reduce((sum, set) => sum + set.package_count, 0);
  const seconds = (performance.now() - started) / 1000;
  const outcome = !verify ? 'written' : differences.length ? `${differences.length} differ` : 'all the same';
  const head = data.catalog.log.at(-1);
  console.log(
    `${outcome}: ${documents.length} documents, ${packages} packages, ${seconds.toFixed(1)} s, ` +
      `${(imported.downloaded / 1e6).toFixed(1)} MB downloaded; revision ${head?.revision} ${head?.digest}`,
  );
  for (const difference of differences) console.error(difference);
  if (differences.length) process.exitCode = 1;
}

/** Compares what the resolver makes of every set with what its lock file says, for every package. */
function compareAllClosures({ documents, locks }: Import): string[] {
  const differences: string[] = [];
  let closures = 0;
  for (const set of documents.filter((document) => document.kind === 'set')) {
    differences.push(...compareClosures(set, locks.get(set.flag)!));
    closures += set.packages.length;
  }
  console.log(
    `${closures - differences.length} of ${closures} closures are those of ${locks.size} lock files`,
  );
  return differences;
}

/** Sets that are not imported, but made and published here, stay as they are. */
async function ownSets(published: Catalog): Promise<PackageSet[]> {
  const own = published.sets.filter(({ source }) => source.registry === 'pinwheel');
  const documents = await Promise.all(own.map(({ flag }) => loadDocument({ kind: 'set', subject: flag })));
  return documents.filter((document) => document.kind === 'set');
}

/** The same sets, made of the imported ones and of wheels built anew. */
async function makeAgain(own: PackageSet[], { documents }: Import, sources: Sources): Promise<PackageSet[]> {
  const sets = documents.filter((document) => document.kind === 'set');
  const made = await makeReleases(sources.own_releases, [...sets, ...own]);
  return own.map(({ flag }) => {
    const again = made.find(({ outcome }) => outcome.ok && outcome.set.flag === flag)?.outcome;
    if (!again?.ok) throw new Error(`no release of data/sources.json makes ${flag}`);
    return again.set;
  });
}

/** Compares what an import makes with `data/`, byte for byte, and says which differ. */
async function compareFiles({ catalog, files }: DataFiles): Promise<string[]> {
  const digests = ['', ...catalog.log.map((entry) => entry.document)];
  const differences: string[] = [];
  for (const [index, [path, text]] of [...files].entries()) {
    const same = (await readData(path)) === text;
    console.log(`${same ? 'same' : 'DIFFERENT'} data/${path} ${digests[index + 1] ?? ''}`.trimEnd());
    if (!same) differences.push(`data/${path} is not what the import makes`);
  }
  return differences;
}

main().catch((error: Error) => {
  console.error(`The import failed: ${error.message}`);
  process.exitCode = 1;
});
