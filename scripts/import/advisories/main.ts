/** Imports the advisories about the packages of all sets, the statements on them, and all others. */
import { parseArgs } from 'node:util';
import { documentPath, subjectOf } from '../../../resolver/publication.ts';
import { orUsage } from '../../options.ts';
import { formatSorted, loadMade, loadSets, writeData } from '../data-files.ts';
import { importAdvisories, setTable } from './import.ts';

const USAGE = `npm run data:advisories -- FOLDER    read a checkout of github.com/pypa/advisory-database
npm run data:advisories -- ARCHIVE   read its .tar.gz
npm run data:advisories -- --table   show how many each package set has, and how many newer sets clear

data/sources.json names the commit, which the checkout has to have, and the SHA-256 of the archive. The
statements are those of data/advisories/statements.json. npm run data:release then publishes all.`;

async function main(): Promise<void> {
  const source = orUsage(USAGE, () => {
    const options = { table: { type: 'boolean' } } as const;
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    if (positionals.length !== (values.table ? 0 : 1)) throw new Error('name a folder or an archive');
    return positionals[0];
  });
  if (source === undefined) {
    const ofSets = (await loadMade('advisories')).filter((document) => !('range' in document));
    return console.log(setTable(await loadSets(), ofSets.at(-1)!).join('\n'));
  }
  const { documents, problems } = await importAdvisories(source);
  for (const problem of problems) console.warn(problem);
  for (const document of documents) {
    const path = documentPath({ kind: 'advisories', name: subjectOf(document) });
    const outcome = await writeData(path, formatSorted(document));
    const { advisories, statements } = document;
    console.log(
      `${outcome} data/${path}: ${advisories.length} vulnerabilities, ${statements.length} statements`,
    );
  }
}

main().catch((error: Error) => {
  console.error(`The import failed: ${error.message}`);
  process.exitCode = 1;
});
