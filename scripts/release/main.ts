/**
 * Builds the Pinwheel sets that `data/sources.json` names, publishes them into `data/`, and prints for each ABI what
 * was released, or all reasons why nothing was.
 */
import { parseArgs } from 'node:util';
import { orUsage, run } from '../command.ts';
import { isMade, loadDocuments, loadLog, writeData } from '../import/data-files.ts';
import { readSources } from '../import/sources.ts';
import { publishReleases, type Released } from './release-set.ts';

const USAGE = `npm run data:release   make Pinwheel's own package sets, of data/sources.json`;

async function main(): Promise<void> {
  orUsage(USAGE, () => parseArgs());
  const { own_releases, deployed } = await readSources();
  const log = (await loadLog()).slice(0, deployed);
  const documents = (await loadDocuments()).map(({ document }) => document);
  const imported = documents.filter(
    (document) => !isMade(document) && !('source' in document && document.source.registry === 'pinwheel'),
  );
  const { made, files, catalog } = await publishReleases(imported, own_releases, log);
  for (const released of made) for (const line of linesOf(released)) console.log(line);
  for (const [path, text] of files) await writeData(path, text);

  const head = catalog.log.at(-1);
  console.log(`revision ${head?.revision} ${head?.digest}`);
  if (!made.some(({ outcome }) => outcome.ok)) process.exitCode = 1;
}

function linesOf({ release, abi, base, outcome }: Released): string[] {
  if (!outcome.ok) {
    const head = `Nothing is released for ${abi} on ${release.released}, over ${base.flag}:`;
    return [head, ...outcome.errors.map((error) => `  ${error}`)];
  }
  const { set, losses } = outcome;
  const own = set.packages.filter(({ url }) => url === null);
  const known = new Set(base.packages.map(({ name, version }) => `${name} ${version}`));
  const older = set.packages.filter(
    ({ url, name, version }) => url !== null && !known.has(`${name} ${version}`),
  );
  return [
    `${set.flag} is released for ${abi}, over ${base.flag}:`,
    ...own.map(({ filename, sha256, depends }) => `  ${sha256}  ${filename}, needs ${depends.join(', ')}`),
    ...older.map(({ name, version, url }) => `  ${name} ${version}, from ${url}`),
    '  It is reached by its flag alone:',
    ...losses.map((loss) => `    ${loss}`),
  ];
}

run(main, 'Nothing was released');
