/**
 * Makes the package sets of Pinwheel's own that `data/sources.json` names, publishes them into `data/`, and
 * says of each ABI what was released, or everything that stands in its way.
 */
import { loadCatalog, loadDocuments, writeData } from '../import/data-files.ts';
import { publishDocuments } from '../import/publish-documents.ts';
import { readSources } from '../import/sources.ts';
import { makeReleases, type Released } from './release.ts';

async function main(): Promise<void> {
  const published = await loadCatalog();
  const documents = (await loadDocuments()).map(({ document }) => document);
  const sets = documents.filter((document) => document.kind === 'set');
  const made = await makeReleases((await readSources()).own_releases, sets);
  for (const released of made) for (const line of linesOf(released)) console.log(line);

  const own = made.flatMap(({ outcome }) => (outcome.ok ? [outcome.set] : []));
  const flags = new Set(own.map(({ flag }) => flag));
  const others = documents.filter((document) => document.kind !== 'set' || !flags.has(document.flag));
  const data = await publishDocuments([...others, ...own], published);
  for (const [path, text] of data.files) await writeData(path, text);

  const head = data.catalog.log.at(-1);
  console.log(`revision ${head?.revision} ${head?.digest}`);
  if (own.length === 0) process.exitCode = 1;
}

function linesOf({ release, abi, base, outcome }: Released): string[] {
  if (!outcome.ok) {
    const head = `Nothing is released for ${abi} on ${release.released}, over ${base.flag}:`;
    return [head, ...outcome.refusals.map((refusal) => `  ${refusal}`)];
  }
  const own = outcome.set.packages.filter(({ url }) => url === null);
  return [
    `${outcome.set.flag} is released for ${abi}, over ${base.flag}:`,
    ...own.map(({ filename, sha256, depends }) => `  ${sha256}  ${filename}, needs ${depends.join(', ')}`),
  ];
}

main().catch((error: Error) => {
  console.error(`Nothing was released: ${error.message}`);
  process.exitCode = 1;
});
