/** Makes a document of `data/advisories/` of a checkout of pypa/advisory-database, or of its archive. */
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { readTar } from '../../../resolver/archives/tar.ts';
import { AdvisoriesDocument, type Advisory, Statement } from '../../../resolver/audit/advisories.ts';
import { canonicalJson, sha256 } from '../../../resolver/digest.ts';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import { formatJson, loadDocuments, loadMade, readData } from '../data-files.ts';
import { readSources, type Sources } from '../sources.ts';
import { mergeAliases, readRecord } from './records.ts';

/** Written by hand. */
const STATEMENTS = 'advisories/statements.json';

interface ImportedAdvisories {
  document: AdvisoriesDocument;
  text: string;
  /** What was left out, and where ranges and listed versions disagree, each with the record's file. */
  problems: string[];
}

export async function importAdvisories(path: string): Promise<ImportedAdvisories> {
  const { advisories: source } = await readSources();
  const documents = (await loadDocuments()).map(({ document }) => document);
  const members = documents.flatMap((document) => (document.kind === 'set' ? document.packages : []));
  // A library such as gdal is not what PyPI has under its name.
  const names = new Set(members.flatMap(({ kind, name }) => (kind === 'package' ? name : [])));
  const problems: string[] = [];
  const advisories: Advisory[] = [];
  for await (const { file, text } of recordsIn(path, source)) {
    if (!namesIn(text).some((name) => names.has(name))) continue;
    try {
      const read = readRecord(text, (problem) => problems.push(`${file}: ${problem}`));
      advisories.push(...read.filter((advisory) => names.has(advisory.package)));
    } catch (error) {
      problems.push(`${file} is left out: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  const { repository, commit, day, license } = source;
  const document = AdvisoriesDocument.parse({
    kind: 'advisories',
    source: { repository, commit, day, license },
    names: [...names].sort(),
    advisories: mergeAliases(advisories),
    statements: await readStatements(),
  });
  return { document, text: textOf(document), problems };
}

/** With sorted keys, an advisory on each line. */
function textOf(document: AdvisoriesDocument): string {
  return formatJson(JSON.parse(canonicalJson(document)));
}

/** The newest document of `data/`, with the statements as they are now. */
export async function withStatements(): Promise<ImportedAdvisories> {
  const document = AdvisoriesDocument.parse({
    ...(await loadMade('advisories')).at(-1),
    statements: await readStatements(),
  });
  return { document, text: textOf(document), problems: [] };
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

/** Those of a checkout, or of an archive. */
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
