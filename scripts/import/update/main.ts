/**
 * Asks npm for new releases of Pyodide and workerd, imports them into `data/`, and prints what changed and what to
 * review. With `--dry-run`, writes nothing. Publishes nothing.
 */
import { parseArgs } from 'node:util';
import { compare } from 'semver';
import { orUsage } from '../../options.ts';
import { loadCatalog, loadDocuments, writeData } from '../data-files.ts';
import { PYODIDE_PACKAGE } from '../pyodide-set.ts';
import { readSources } from '../sources.ts';
import { WORKERD_PACKAGE } from '../workerd.ts';
import { newPyodides, newWorkerd, releasesOf } from './known.ts';
import { reportLines } from './report.ts';
import { makeUpdate } from './update.ts';

const USAGE = `npm run data:update   import what is new on npm into data/, and print a review

  -- --dry-run        write nothing`;

async function main(): Promise<void> {
  const { 'dry-run': dryRun } = orUsage(USAGE, () =>
    parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } }),
  ).values;
  const sources = await readSources();
  const pyodides = newPyodides(await releasesOf(PYODIDE_PACKAGE), sources);
  const workerd = newWorkerd(await releasesOf(WORKERD_PACKAGE), sources);
  if (pyodides.length === 0 && !workerd) {
    const [pyodide, binary] = [sources.pyodide_releases, sources.workerd].map(newestOf);
    console.log(`Nothing new: data/ has Pyodide ${pyodide} and workerd ${binary}.`);
    return;
  }
  const documents = (await loadDocuments()).map(({ document }) => document);
  const held = { sources, catalog: await loadCatalog(), documents };
  // Only the report goes to standard output, as the text of a pull request.
  const update = await makeUpdate(held, pyodides, workerd, (line) => console.error(line));
  for (const line of reportLines(held, update, new Date().toISOString().slice(0, 10))) console.log(line);
  if (!dryRun) for (const [path, text] of update.files) await writeData(path, text);
  const files = `${update.files.size} files of data/`;
  console.error(dryRun ? `A dry run: ${files} would change.` : `${files} are written.`);
  if (update.left.length > 0) process.exitCode = 1;
}

function newestOf(list: readonly { version: string }[]): string | undefined {
  return list
    .map(({ version }) => version)
    .sort(compare)
    .at(-1);
}

main().catch((error: Error) => {
  console.error(`The update failed: ${error.message}`);
  process.exitCode = 1;
});
