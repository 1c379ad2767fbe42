/**
 * Runs packages of sets, and writes what was seen into `data/evidence/`. Each package whose files, and those of all it
 * needs, are at hand is loaded into an interpreter of its own, and its modules imported.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeWhole } from '../../cli/common/folders.ts';
import { PackageSet } from '../../resolver/catalog.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { EvidenceDocument, type EvidenceResult } from '../../resolver/evidence.ts';
import { groupedBy } from '../../resolver/sorted-by.ts';
import { formatJson } from '../import/data-files.ts';
import { root } from '../root.ts';
import { options } from './options.ts';
import { killAll } from './process.ts';
import { firstError, sameInAllRuns } from './results.ts';
import { runSet } from './run.ts';
import { candidatesOf, fillShelf, type Shelf } from './shelf.ts';

const SAMPLE = 10;
const { to, ground } = options;

async function main(): Promise<void> {
  if (options.from.length === 0) {
    throw new Error('name a folder of pinned files: --from FOLDER, or PINNED_WHEELS');
  }
  const sets = await Promise.all((options.set ?? (await documentedSets())).map(readSet));
  const shelf = await fillShelf(options.from, sets, join(options.cache, 'wheels'));
  for (const set of sets) await examine(set, shelf);
}

async function documentedSets(): Promise<string[]> {
  const names = await readdir(to).catch(() => []);
  const end = `.${ground}.json`;
  const flags = names.filter((name) => name.endsWith(end)).map((name) => name.slice(0, -end.length));
  if (flags.length > 0) return flags.sort();
  throw new Error(`name a set: --set FLAG; ${to} has no evidence of ground ${ground}`);
}

/** A set of `data/` by its flag, or one of a file. */
async function readSet(named: string): Promise<PackageSet> {
  const own = join(root, `data/sets/${named}.json`);
  const file = existsSync(own) ? own : named;
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new Error(`${named} is neither a package flag of data/sets/ nor a file of a set`, { cause: error });
  });
  try {
    return PackageSet.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${file} is not a package set: ${(error as Error).message}`, { cause: error });
  }
}

async function examine(set: PackageSet, shelf: Shelf): Promise<void> {
  const path = join(to, `${set.flag}.${ground}.json`);
  const before = await readDocument(path);
  const all = candidatesOf(set, shelf);
  const known = new Set(all.map(({ member }) => member.name));
  const names = options.verify ? sampleOf(before, known, path) : (options.package ?? null);
  const unknown = names?.filter((name) => !known.has(name)) ?? [];
  if (unknown.length > 0) {
    throw new Error(`${set.flag}: not all files that ${unknown.join(', ')} needs are in these folders`);
  }
  const asked = names === null ? all : all.filter(({ member }) => names.includes(member.name));
  const { programs, results } = await runSet(set, shelf, asked, before?.results ?? []);
  report(set, results, all.length);
  const left = asked.length - results.length;
  if (left > 0) console.log(`  ${left} are left: the same command goes on from there`);
  if (options.verify) compare(before!.results, results, path);
  if (names !== null) return;
  const digest = await sha256(canonicalJson(set));
  const day = new Date().toISOString().slice(0, 10);
  const { flag, runtime } = set;
  const made = { kind: 'evidence', set: flag, digest, runtime, ground, programs, day, results };
  const document = EvidenceDocument.parse({ ...made, ...(sameAs(before, made) && { day: before!.day }) });
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, formatJson(JSON.parse(canonicalJson(document))));
  console.log(`${canonicalJson(document) === canonicalJson(before) ? 'same' : 'written'} ${path}`);
}

async function readDocument(path: string): Promise<EvidenceDocument | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : EvidenceDocument.parse(JSON.parse(text));
}

/** Whether it is what was seen before, on another day. */
function sameAs(before: EvidenceDocument | null, made: object): boolean {
  return before !== null && canonicalJson({ ...before, day: '' }) === canonicalJson({ ...made, day: '' });
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

function report({ flag, packages }: PackageSet, results: readonly EvidenceResult[], whole: number): void {
  const tried = results.filter(({ imports }) => imports.length > 0);
  const imported = tried.filter((result) => firstError(result) === null);
  const smoked = results.filter(({ smoke }) => smoke !== null);
  const tested = smoked.filter(({ smoke }) => smoke!.error === null);
  console.log(
    `${flag}: ${packages.length} listed, ${whole} obtainable; ` +
      `of ${results.length} that ran, ${tried.length} have modules, ${imported.length} import, ` +
      `${tested.length} of ${smoked.length} pass their smoke line`,
  );
  const groups = groupedBy(results, (result) => {
    const error = firstError(result) ?? result.smoke?.error ?? null;
    return error && `${error.type}: ${error.message}`;
  });
  for (const [error, failed] of groups) {
    if (error !== null) console.log(`  ${failed.map(({ name }) => name).join(', ')}: ${error}`);
  }
}

process.once('exit', killAll);
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    console.error('\npinwheel: stopped. No document was written; the same command goes on from here.');
    process.exit(code);
  });
}
await main().catch((error: Error) => {
  console.error(`pinwheel: ${error.message}`);
  process.exitCode = 1;
});
