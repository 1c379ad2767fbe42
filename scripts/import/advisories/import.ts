/** Makes the documents of `data/advisories/` of a checkout of pypa/advisory-database, or of its archive. */
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { readTar } from '../../../resolver/archives/tar.ts';
import { AdvisoriesDocument, type Advisory, Statement } from '../../../resolver/audit/advisories.ts';
import { isIn } from '../../../resolver/audit/known.ts';
import { canonicalJson, sha256 } from '../../../resolver/digest.ts';
import { dayOf } from '../../../resolver/publication.ts';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import { groupedBy } from '../../../resolver/sorted-by.ts';
import { formatJson, loadDocuments, loadMade, readData } from '../data-files.ts';
import { readSources, type Sources } from '../sources.ts';
import { mergeAliases, readRecord } from './records.ts';

/** Written by hand. */
const STATEMENTS = 'advisories/statements.json';
/**
 * The first names of the documents about packages beyond the sets, which stay as they are: a later document replaces
 * that of the same first name. For 207 projects with such packages, an audit reads two of these on average, 76 kB
 * gzipped, and parses them in 1.3 ms; all in one are 512 kB, and 22 ms. The gate takes lists of 1,000.
 */
const FIRST_NAMES = [
  ...['0', 'b', 'd', 'f', 'j', 'm', 'n', 'p', 'py', 'q', 't', 'tensorflow-cpu', 'tensorflow-gpu', 'u'],
];

interface ImportedAdvisories {
  /** The first is about the packages of all sets. */
  documents: AdvisoriesDocument[];
  /** What was left out, and where ranges and listed versions disagree, each with the record's file. */
  problems: string[];
}

/** @param isWhole whether documents about packages beyond the sets are made, too */
export async function importAdvisories(path: string, isWhole = true): Promise<ImportedAdvisories> {
  const { advisories: source } = await readSources();
  const documents = (await loadDocuments()).map(({ document }) => document);
  const members = documents.flatMap((document) => (document.kind === 'set' ? document.packages : []));
  // A library such as gdal is not what PyPI has under its name.
  const names = new Set(members.flatMap(({ kind, name }) => (kind === 'package' ? name : [])));
  const problems: string[] = [];
  const advisories: Advisory[] = [];
  for await (const { file, text } of recordsIn(path, source)) {
    if (!isWhole && !namesIn(text).some((name) => names.has(name))) continue;
    try {
      advisories.push(...readRecord(text, (problem) => problems.push(`${file}: ${problem}`)));
    } catch (error) {
      problems.push(`${file} is left out: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  const { repository, commit, day, license } = source;
  const shared = { kind: 'advisories', source: { repository, commit, day, license } };
  const merged = groupedBy(mergeAliases(advisories), (advisory) => names.has(advisory.package));
  const ofSets = AdvisoriesDocument.parse({
    ...shared,
    names: [...names].sort(),
    advisories: merged.get(true) ?? [],
    statements: await readStatements(),
  });
  const completes = dayOf(ofSets);
  const others = FIRST_NAMES.map((from, at) => {
    const range = { from, before: FIRST_NAMES[at + 1] ?? null, completes };
    const within = (merged.get(false) ?? []).filter((advisory) => isIn(range, advisory.package));
    return AdvisoriesDocument.parse({ ...shared, names: [], range, advisories: within, statements: [] });
  });
  return { documents: isWhole ? [ofSets, ...others] : [ofSets], problems };
}

/** With sorted keys, an advisory on each line. */
export function textOf(document: AdvisoriesDocument): string {
  return formatJson(JSON.parse(canonicalJson(document)));
}

/** The newest document of `data/` about the packages of all sets, with the statements as they are now. */
export async function withStatements(): Promise<ImportedAdvisories> {
  const made = (await loadMade('advisories')).filter((document) => !('range' in document));
  const document = AdvisoriesDocument.parse({ ...made.at(-1), statements: await readStatements() });
  return { documents: [document], problems: [] };
}

async function readStatements(): Promise<Statement[]> {
  return Statement.array().parse(JSON.parse((await readData(STATEMENTS))!).statements);
}

/** The names that a record may be about: reading YAML takes much longer. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/\bname["']?\s*:\s*["']?([\w.-]+)/g)].map(([, name]) => canonicalName(name!));
}

interface RecordFile {
  file: string;
  text: string;
}

/** The records of a checkout, or of an archive. */
export async function* recordsIn(path: string, source: Sources['advisories']): AsyncGenerator<RecordFile> {
  const isFolder = (await stat(path)).isDirectory();
  yield* isFolder ? checkedOut(path, source) : archived(path, source);
}

const isRecord = (path: string) => /(?:^|\/)vulns\/[^/]+\/[^/]+\.yaml$/.test(path);

async function* checkedOut(folder: string, { commit }: Sources['advisories']): AsyncGenerator<RecordFile> {
  const git = await promisify(execFile)('git', ['-C', folder, 'rev-parse', 'HEAD']);
  const head = git.stdout.trim();
  if (head !== commit) throw new Error(`${folder} is at ${head}, but data/sources.json names ${commit}`);
  const files = (await readdir(join(folder, 'vulns'), { recursive: true })).map((file) => `vulns/${file}`);
  for (const file of files.filter(isRecord).sort())
    yield { file, text: await readFile(join(folder, file), 'utf8') };
}

async function* archived(path: string, source: Sources['advisories']): AsyncGenerator<RecordFile> {
  const digest = await sha256(await readFile(path));
  if (digest !== source.sha256)
    throw new Error(`${path} has the SHA-256 ${digest}, but data/sources.json names ${source.sha256}`);
  for await (const { name, content } of readTar(createReadStream(path).pipe(createGunzip()))) {
    if (!isRecord(name)) continue;
    const pieces: Uint8Array[] = [];
    for await (const piece of content()) pieces.push(piece);
    yield { file: name.slice(name.indexOf('vulns/')), text: Buffer.concat(pieces).toString() };
  }
}
