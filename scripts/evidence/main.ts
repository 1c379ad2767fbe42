/**
 * Runs packages of sets, and writes what was seen into `data/evidence/`. Each package whose files, and those of all it
 * needs, are at hand is loaded into an interpreter of its own, and the modules that its set names are imported.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { writeWhole } from '../../cli/common/folders.ts';
import { PackageSet } from '../../resolver/catalog.ts';
import { today } from '../../resolver/compatibility/date.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { EvidenceDocument, type EvidenceResult } from '../../resolver/evidence.ts';
import { summaryOf } from '../../resolver/evidence-level.ts';
import { formatSorted } from '../import/data-files.ts';
import { runResumable } from '../resumable.ts';
import { root } from '../root.ts';
import { options } from './options.ts';
import { sameInAllRuns } from './results.ts';
import { runSet } from './run.ts';
import { candidatesOf, fillShelf, type Shelf } from './shelf.ts';

const SAMPLE = 10;
const { to, ground } = options;

async function main(): Promise<void> {
  if (options.from.length === 0) {
    throw new Error('name a folder of pinned files: --from FOLDER, or PINNED_WHEELS');
  }
  // All that can be wrong with files is told before anything runs.
  const all = await Promise.all((options.set ?? (await documentedSets())).map(readAsked));
  const sets = all.map(({ set }) => set);
  const shelf = await fillShelf(options.from, sets, join(options.cache, 'wheels'));
  for (const name of options.package) {
    const pinning = sets.filter(({ packages }) => packages.some((member) => member.name === name));
    const flags = (pinning.length > 0 ? pinning : sets).map(({ flag }) => flag).join(', ');
    if (pinning.length === 0) throw new Error(`${flags}: no package ${name}`);
    const isHere = pinning.some((set) => candidatesOf(set, shelf).some(({ member }) => member.name === name));
    if (!isHere) throw new Error(`${flags}: not all files that ${name} needs are in these folders`);
  }
  for (const asked of all) await examine(asked, shelf);
}

async function documentedSets(): Promise<string[]> {
  const names = await readdir(to).catch(() => []);
  const end = `.${ground}.json`;
  const flags = names.filter((name) => name.endsWith(end)).map((name) => name.slice(0, -end.length));
  if (flags.length > 0) return flags.sort();
  throw new Error(`name a set: --set FLAG; ${to} has no evidence of ground ${ground}`);
}

type Asked = Awaited<ReturnType<typeof readAsked>>;

/**
 * A set, with the path of the document about it, and that itself if there is one.
 * @param named a set of `data/` by its flag, or one of a file
 */
async function readAsked(named: string) {
  const own = join(root, `data/sets/${named}.json`);
  const file = existsSync(own) ? own : named;
  if (!existsSync(file)) throw new Error(`${named} is neither a package flag of data/sets/ nor a file`);
  const set = await readAs(PackageSet, 'a package set', file);
  const path = join(to, `${set.flag}.${ground}.json`);
  const before = existsSync(path) ? await readAs(EvidenceDocument, 'a document of evidence', path) : null;
  return { set, path, before };
}

async function readAs<Document>(schema: z.ZodType<Document>, what: string, file: string): Promise<Document> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error).replace(/\s+/g, ' ') : error;
    throw new Error(`${file} is not ${what}: ${problem}`);
  }
}

async function examine({ set, path, before }: Asked, shelf: Shelf): Promise<void> {
  const all = candidatesOf(set, shelf);
  const known = new Set(all.map(({ member }) => member.name));
  const names = options.verify ? sampleOf(before, known, path) : options.package;
  const isPart = names.length > 0;
  const asked = isPart ? all.filter(({ member }) => names.includes(member.name)) : all;
  // The set has none of the packages that were named.
  if (isPart && asked.length === 0) return;
  const { flag, runtime } = set;
  const document: EvidenceDocument = {
    ...{ kind: 'evidence', set: flag, digest: await sha256(canonicalJson(set)), runtime, ground },
    ...(await runSet(set, shelf, asked, before?.results ?? [])),
    day: today(),
  };
  const { results } = document;
  report(set, document, all.length);
  const left = asked.length - results.length;
  if (left > 0) console.log(`  ${left} are left: the same command goes on from there`);
  if (options.verify) compare(before!.results, results, path);
  if (isPart) return;
  const ran = new Set(results.map(({ name }) => name));
  const lost = before?.results.filter(({ name }) => !ran.has(name)) ?? [];
  if (lost.length > 0 || results.length === 0) {
    const said =
      lost.length > 0
        ? `kept ${path}: it has ${lost.length} more packages, such as ${lost[0]!.name}`
        : 'nothing was written';
    console.error(`pinwheel: ${said}; the files of ${ran.size} packages of ${flag} were here and ran`);
    process.exitCode = 1;
    return;
  }
  // A document that differs by its day alone stays as it was.
  const same = before !== null && canonicalJson({ ...document, day: before.day }) === canonicalJson(before);
  const written = EvidenceDocument.parse(same ? before : document);
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, formatSorted(written));
  console.log(`${same ? 'same' : 'written'} ${path}`);
}

/** Packages from all over the list. */
function sampleOf(before: EvidenceDocument | null, all: ReadonlySet<string>, path: string): string[] {
  const names = before?.results.map(({ name }) => name).filter((name) => all.has(name)) ?? [];
  if (names.length === 0)
    throw new Error(`nothing to compare: ${path} names no package whose files are here`);
  const size = Math.min(SAMPLE, names.length);
  return Array.from({ length: size }, (_, at) => names[Math.floor((at * names.length) / size)]!);
}

function compare(before: readonly EvidenceResult[], results: readonly EvidenceResult[], path: string): void {
  const expected = new Map(before.map((result) => [result.name, sameInAllRuns(result)]));
  const others = results.filter((result) => expected.get(result.name) !== sameInAllRuns(result));
  for (const result of others) {
    console.error(
      `${result.name} differs\n  before ${expected.get(result.name)}\n  now    ${sameInAllRuns(result)}`,
    );
  }
  console.log(`${results.length - others.length} of ${results.length} are as in ${path}`);
  if (others.length > 0) process.exitCode = 1;
}

function report({ flag, packages }: PackageSet, document: EvidenceDocument, whole: number): void {
  const { results } = document;
  const { tested, imported, failures } = summaryOf(document, '');
  const tried = results.filter(({ imports }) => imports.length > 0).length;
  const smoked = results.filter(({ smoke }) => smoke !== null).length;
  console.log(
    `${flag}: ${packages.length} listed, ${whole} obtainable; of ${results.length} that ran, ${tried} have modules, ` +
      `${imported.length + tested.length} import, ${tested.length} of ${smoked} pass their smoke line`,
  );
  for (const { error, names } of failures) console.log(`  ${names.join(', ')}: ${error}`);
}

runResumable(main);
