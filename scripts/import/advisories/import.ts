/** Makes the documents of `data/advisories/` of a checkout of pypa/advisory-database, or of its archive. */
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { readTar } from '../../../resolver/archives/tar.ts';
import { AdvisoriesDocument, type Advisory, Statement } from '../../../resolver/audit/advisories.ts';
import { isAffected } from '../../../resolver/audit/affected.ts';
import { isIn } from '../../../resolver/audit/findings.ts';
import { type Severity, severityOf } from '../../../resolver/audit/severity.ts';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { canonicalJson, sha256 } from '../../../resolver/digest.ts';
import { dayOf } from '../../../resolver/publication.ts';
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

/**
 * The documents, of which the first is about the packages of all sets; and what was left out, and where ranges and listed
 * versions disagree, each with the record's file.
 */
export async function importAdvisories(path: string) {
  const { advisories: source } = await readSources();
  const documents = (await loadDocuments()).map(({ document }) => document);
  const members = documents.flatMap((document) => (document.kind === 'set' ? document.packages : []));
  // A library such as gdal is not what PyPI has under its name.
  const names = new Set(members.flatMap(({ kind, name }) => (kind === 'package' ? name : [])));
  const problems: string[] = [];
  const advisories: Advisory[] = [];
  for await (const { file, text } of recordsIn(path, source)) {
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
  return { documents: [ofSets, ...others], problems };
}

/** With sorted keys, an advisory on each line. */
export function textOf(document: AdvisoriesDocument): string {
  return formatJson(JSON.parse(canonicalJson(document)));
}

/** The newest document of `data/` about the packages of all sets, with the statements as they are now. */
export async function withStatements() {
  const made = (await loadMade('advisories')).filter((document) => !('range' in document));
  const document = AdvisoriesDocument.parse({ ...made.at(-1), statements: await readStatements() });
  return { documents: [document], problems: [] };
}

async function readStatements(): Promise<Statement[]> {
  return Statement.array().parse(JSON.parse((await readData(STATEMENTS))!).statements);
}

/** The records of a checkout, or of an archive, with their files. */
export async function* recordsIn(path: string, source: Sources['advisories']) {
  const isFolder = (await stat(path)).isDirectory();
  const is = isFolder ? await headOf(path) : await sha256(await readFile(path));
  const expected = isFolder ? source.commit : source.sha256;
  if (is !== expected) throw new Error(`${path} is ${is}, but data/sources.json names ${expected}`);
  if (isFolder) {
    const files = (await readdir(join(path, 'vulns'), { recursive: true })).map((file) => `vulns/${file}`);
    for (const file of files.filter(isRecord).sort())
      yield { file, text: await readFile(join(path, file), 'utf8') };
  } else {
    for await (const { name, content } of readTar(createReadStream(path).pipe(createGunzip())))
      if (isRecord(name)) yield { file: name.slice(name.indexOf('vulns/')), text: await text(content()) };
  }
}

const isRecord = (path: string) => /(?:^|\/)vulns\/[^/]+\/[^/]+\.yaml$/.test(path);

async function headOf(folder: string): Promise<string> {
  const git = await promisify(execFile)('git', ['-C', folder, 'rev-parse', 'HEAD']);
  return git.stdout.trim();
}

/** For each set, its packages and vulnerabilities, by severity, and how many of these newer sets clear. */
export function setTable(sets: readonly PackageSet[], { advisories }: AdvisoriesDocument): string[] {
  const holding = advisories.filter(({ withdrawn }) => withdrawn === null);
  const pins = sets.map(({ packages }) => packages.filter(({ kind }) => kind === 'package'));
  const versions = new Map(
    sets.map((set, at) => [set, new Map(pins[at]!.map(({ name, version }) => [name, version]))]),
  );
  /** Undefined if the set does not have the package. */
  const has = (set: PackageSet, advisory: Advisory): boolean | undefined => {
    const version = versions.get(set)!.get(advisory.package);
    return version === undefined ? undefined : isAffected(advisory, version);
  };
  return sets.map((set) => {
    const hits = holding.filter((advisory) => has(set, advisory));
    const newer = sets.filter(({ released }) => released > set.released);
    const cleared = (by: readonly PackageSet[]) =>
      hits.filter((advisory) => by.some((other) => has(other, advisory) === false)).length;
    const rated = (level: Severity) =>
      hits.filter(({ severity }) => severity && severityOf(severity.score) === level).length;
    const packages = new Set(hits.map((advisory) => advisory.package)).size;
    const severe = `${rated('critical')} critical, ${rated('high')} high`;
    const sameAbi = newer.filter(({ abi }) => abi === set.abi);
    return `${set.flag}: ${packages} / ${hits.length} (${severe}), cleared ${cleared(sameAbi)} and ${cleared(newer)}`;
  });
}
