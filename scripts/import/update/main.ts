/**
 * Asks npm for new releases of Pyodide and workerd, imports them into `data/`, and prints what changed and what to
 * review. With `--dry-run`, writes nothing. Publishes nothing.
 */

import { parseArgs } from 'node:util';
import { compare, gt, gte, prerelease, rsort, valid } from 'semver';
import { reasonOf, runNpm } from '../../../cli/packages/npm.ts';
import { today } from '../../../resolver/compatibility/date.ts';
import { order } from '../../../resolver/sorted-by.ts';
import { orUsage, run } from '../../command.ts';
import { loadCatalog, loadDocuments, writeData } from '../data-files.ts';
import { PYODIDE_PACKAGE, readSources, type Sources, WORKERD_PACKAGE } from '../sources.ts';
import { reportLines } from './report.ts';
import { makeUpdate, type Release } from './update.ts';

/** Asks the registry of the user's npm configuration. */
export async function releasesOf(name: string): Promise<Release[]> {
  let view: { versions?: string | string[]; time?: Record<string, string> };
  try {
    view = JSON.parse(await runNpm(['view', name, 'versions', 'time']));
  } catch (error) {
    throw new Error(`npm cannot list the versions of ${name}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  const { versions = [], time = {} } = view;
  return [versions].flat().flatMap((version) => {
    const published = time[version]?.slice(0, 10);
    return published === undefined ? [] : [{ version, published }];
  });
}

/**
 * Releases of Pyodide that are not imported, in the order in which they came out; none from before the first that is.
 */
export function newPyodides(releases: readonly Release[], { pyodide_releases: known }: Sources): Release[] {
  const names = new Set(known.map(({ version }) => version));
  const first = known.map(({ version }) => version).sort(compare)[0] ?? '0.0.0';
  return stable(releases)
    .filter(({ version }) => gte(version, first) && !names.has(version))
    .sort((a, b) => order(a.published, b.published) || compare(a.version, b.version));
}

/**
 * The newest workerd, if it is newer than all that are imported. Each version carries all that was decided before it,
 * so that the ones between are not downloaded.
 */
export function newWorkerd(releases: readonly Release[], { workerd: known }: Sources): Release | undefined {
  const newest = stable(releases)
    .sort((a, b) => compare(a.version, b.version))
    .at(-1);
  return newest && known.every(({ version }) => gt(newest.version, version)) ? newest : undefined;
}

function stable(releases: readonly Release[]): Release[] {
  return releases.filter(({ version }) => valid(version) && !prerelease(version));
}

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
  for (const line of reportLines(held, update, today())) console.log(line);
  if (!dryRun) for (const [path, text] of update.files) await writeData(path, text);
  const files = `${update.files.size} files of data/`;
  console.error(dryRun ? `A dry run: ${files} would change.` : `${files} are written.`);
  if (update.left.length > 0) process.exitCode = 1;
}

function newestOf(list: readonly { version: string }[]): string | undefined {
  return rsort(list.map(({ version }) => version))[0];
}

run(main, 'The update failed');
