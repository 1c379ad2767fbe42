/** Imports the advisories about the packages of all sets, the statements on them, and all others. */
import { parseArgs } from 'node:util';
import { documentPath, subjectOf } from '../../../resolver/publication.ts';
import { orUsage } from '../../options.ts';
import { loadDocuments, readData, writeData } from '../data-files.ts';
import { importAdvisories, setTable, textOf, withStatements } from './import.ts';

const USAGE = `npm run data:advisories -- FOLDER    read a checkout of github.com/pypa/advisory-database
npm run data:advisories -- ARCHIVE   read its .tar.gz
npm run data:advisories -- --table   show how many each package set has, and how many newer sets clear
npm run data:advisories              keep the advisories, and read data/advisories/statements.json again

data/sources.json names the commit, which has to be that of the checkout, and the SHA-256 of the archive. npm run
data:release then publishes it into data/catalog.json.`;

async function main(): Promise<void> {
  const { positionals, values } = orUsage(USAGE, () => {
    const parsed = parseArgs({ allowPositionals: true, options: { table: { type: 'boolean' } } });
    if (parsed.positionals.length > 1) throw new Error('name a folder or an archive');
    return parsed;
  });
  if (values.table) {
    const [document] = (await withStatements()).documents;
    const documents = (await loadDocuments()).map((entry) => entry.document);
    const sets = documents.flatMap((set) => (set.kind === 'set' ? set : []));
    return console.log(setTable(sets, document!).join('\n'));
  }
  const [source] = positionals;
  const read = source === undefined ? await withStatements() : await importAdvisories(source);
  for (const problem of read.problems) console.warn(problem);
  for (const document of read.documents) {
    const path = documentPath({ kind: 'advisories', name: subjectOf(document) });
    const text = textOf(document);
    const outcome = (await readData(path)) === text ? 'same' : 'written';
    await writeData(path, text);
    const { advisories, statements } = document;
    const packages = new Set(advisories.map((advisory) => advisory.package)).size;
    console.log(
      `${outcome} data/${path}: ${advisories.length} vulnerabilities of ${packages} packages, ${statements.length} statements`,
    );
  }
}

main().catch((error: Error) => {
  console.error(`The import failed: ${error.message}`);
  process.exitCode = 1;
});
