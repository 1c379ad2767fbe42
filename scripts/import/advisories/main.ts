/** Imports the advisories about the packages of all sets, and the statements on them, into `data/advisories.json`. */
import { parseArgs } from 'node:util';
import { orUsage } from '../../options.ts';
import { readData, writeData } from '../data-files.ts';
import { ADVISORIES, importAdvisories, withStatements } from './import.ts';

const USAGE = `npm run data:advisories -- FOLDER    read a checkout of github.com/pypa/advisory-database
npm run data:advisories -- ARCHIVE   read its .tar.gz
npm run data:advisories              keep the advisories, and read data/advisories/statements.json again

data/sources.json names the commit, which has to be that of the checkout, and the SHA-256 of the archive.`;

async function main(): Promise<void> {
  const { positionals } = orUsage(USAGE, () => {
    const parsed = parseArgs({ allowPositionals: true });
    if (parsed.positionals.length > 1) throw new Error('name a folder or an archive');
    return parsed;
  });
  const [source] = positionals;
  const { text, document, problems } =
    source === undefined ? await withStatements() : await importAdvisories(source);
  for (const problem of problems) console.warn(problem);
  const outcome = (await readData(ADVISORIES)) === text ? 'same' : 'written';
  await writeData(ADVISORIES, text);
  const packages = new Set(document.advisories.map((advisory) => advisory.package)).size;
  const { advisories, statements } = document;
  console.log(
    `${outcome} data/${ADVISORIES}: ${advisories.length} vulnerabilities of ${packages} packages, ${statements.length} statements`,
  );
}

main().catch((error: Error) => {
  console.error(`The import failed: ${error.message}`);
  process.exitCode = 1;
});
