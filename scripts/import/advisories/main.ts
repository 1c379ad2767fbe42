/** Imports the advisories about the packages of all sets, the statements on them, and all others. */
import { execFileSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { readTar } from '../../../resolver/archives/tar.ts';
import { AdvisoriesDocument, type Advisory } from '../../../resolver/audit/advisories.ts';
import { findingsIn, isIn, type KnownFinding, keyOf } from '../../../resolver/audit/findings.ts';
import type { Severity } from '../../../resolver/audit/severity.ts';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { sha256 } from '../../../resolver/digest.ts';
import { dayOf, documentPath, subjectOf } from '../../../resolver/publication.ts';
import { orUsage, run } from '../../command.ts';
import { formatSorted, loadMade, loadSets, readData, writeData } from '../data-files.ts';
import { readSources, type Sources } from '../sources.ts';
import { mergeAliases, readRecord } from './records.ts';

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

/**
 * The first names of the documents about packages beyond the sets, which stay as they are: a later document replaces
 * that of the same first name. For 207 projects with such packages, an audit reads two of these on average, 76 kB
 * gzipped, and parses them in 1.3 ms; all in one are 512 kB, and 22 ms. The gate takes lists of 1,000.
 */
const FIRST_NAMES = '0 b d f j m n p py q t tensorflow-cpu tensorflow-gpu u'.split(' ');

/**
 * The documents, of which the first is about the packages of all sets; and what was left out, and where ranges and listed
 * versions disagree, each with the record's file.
 */
export async function importAdvisories(path: string) {
  const { advisories: source } = await readSources();
  const members = (await loadSets()).flatMap(({ packages }) => packages);
  // A library such as gdal is not what PyPI has under its name.
  const names = new Set(members.flatMap(({ kind, name }) => (kind === 'package' ? name : [])));
  const problems: string[] = [];
  const records: Advisory[] = [];
  for await (const { file, text } of recordsIn(path, source)) {
    try {
      records.push(...readRecord(text, (problem) => problems.push(`${file}: ${problem}`)));
    } catch (error) {
      problems.push(`${file} is left out: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  const all = mergeAliases(records);
  const { repository, commit, day, license } = source;
  const document = (about: Partial<AdvisoriesDocument>, isAbout: (name: string) => boolean) => {
    const advisories = all.filter((advisory) => isAbout(advisory.package));
    const found = { repository, commit, day, license };
    const made = { kind: 'advisories', source: found, names: [], advisories, statements: [], ...about };
    return AdvisoriesDocument.parse(made);
  };
  const { statements } = JSON.parse((await readData('advisories/statements.json'))!);
  const ofSets = document({ names: [...names].sort(), statements }, (name) => names.has(name));
  const completes = dayOf(ofSets);
  const others = FIRST_NAMES.map((from, at) => {
    const range = { from, before: FIRST_NAMES[at + 1] ?? null, completes };
    return document({ range }, (name) => !names.has(name) && isIn(range, name));
  });
  return { documents: [ofSets, ...others], problems };
}

/** The records of the commit that `data/sources.json` names, in a checkout or its archive, with their files. */
export async function* recordsIn(path: string, { commit, sha256: expected }: Sources['advisories']) {
  const isFolder = (await stat(path)).isDirectory();
  const read = isFolder ? archiveOf(path, commit) : await readFile(path);
  const digest = isFolder ? expected : await sha256(read);
  if (digest !== expected) throw new Error(`${path} is ${digest}, but data/sources.json names ${expected}`);
  for await (const { name, content } of readTar(Readable.from([isFolder ? read : gunzipSync(read)]))) {
    const [file] = /(?<=^|\/)vulns\/[^/]+\/[^/]+\.yaml$/.exec(name) ?? [];
    if (file) yield { file, text: await text(content()) };
  }
}

/** As git has the commit, whatever the working tree has. */
const archiveOf = (checkout: string, commit: string) =>
  execFileSync('git', ['-C', checkout, 'archive', commit, 'vulns'], { maxBuffer: Infinity, stdio: 'pipe' });

/** A table of sets: their packages and vulnerabilities, by severity, and how many of these newer sets clear. */
export function setTable(sets: readonly PackageSet[], document: AdvisoriesDocument): string[] {
  const rows = sets.map((set) => {
    const names = new Set(set.packages.map(({ name }) => name));
    // Nothing is withdrawn later.
    const target = { as_of: '9999-12-31', runtime: { pyodide: set.runtime } };
    const findings = findingsIn(set.packages, target, document);
    const keys = new Set(findings.map(keyOf));
    const clears = (known: KnownFinding) => names.has(known.name) && !keys.has(keyOf(known));
    return { set, findings, clears };
  });
  return rows.map(({ set, findings }) => {
    const newer = rows.filter((row) => row.set.released > set.released);
    const sameAbi = newer.filter((row) => row.set.abi === set.abi);
    const cleared = (by: typeof rows) =>
      findings.filter((finding) => by.some(({ clears }) => clears(finding))).length;
    const rated = (level: Severity) => findings.filter(({ severity }) => severity === level).length;
    const packages = new Set(findings.map(({ name }) => name)).size;
    const severe = `${rated('critical')} critical, ${rated('high')} high`;
    return `${set.flag}: ${packages} / ${findings.length} (${severe}), cleared ${cleared(sameAbi)} and ${cleared(newer)}`;
  });
}

if (import.meta.main) run(main, 'The import failed');
