/**
 * Runs packages of sets, and writes what was seen into `data/evidence/`. Each package whose files, and those of all it
 * needs, are at hand is loaded into an interpreter of its own, and its modules imported.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeWhole } from '../../cli/common/folders.ts';
import { PackageSet } from '../../resolver/catalog.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { EvidenceDocument, type EvidenceResult } from '../../resolver/evidence.ts';
import { groupedBy } from '../../resolver/sorted-by.ts';
import { formatJson } from '../import/data-files.ts';
import { orUsage } from '../options.ts';
import { npmCache, root } from '../root.ts';
import { killAll, type Limits } from './process.ts';
import { firstError, sameInAllRuns } from './results.ts';
import { runSet } from './run.ts';
import { candidatesOf, fillShelf } from './shelf.ts';
import { readSmokeLines } from './smoke.ts';

const USAGE = `npm run evidence   run packages, and write what was seen into data/evidence/

  -- --from FOLDER     a folder of pinned files, also in folders below it; several are possible
                       (default: PINNED_WHEELS)
     --set FLAG        a package flag, or the file of a set; several are possible
                       (default: those of data/evidence/)
     --ground GROUND   pyodide: npm's Pyodide in Node (default); build: a built Worker on workerd
     --package NAME    only this package, and write nothing; several are possible
     --verify          run a sample of ten again, and compare it with data/evidence/; write nothing
     --jobs NUMBER     how many run at once (default: one for each core)
     --minutes NUMBER  begin nothing after so long; the same command goes on from there
                       (default: 30 for build)
     --seconds NUMBER  the most that a package may take (default: 120)
     --memory MIB      the most memory that Python may have (default: 512)
     --to FOLDER       write there instead of into data/evidence/
     --cache FOLDER    where Pyodide, files and results are kept (default: .cache/evidence)`;

const SAMPLE = 10;
const MIB = 1 << 20;
const BUILD_MINUTES = '30';
const NO_END = '999999';

const { values: given } = orUsage(USAGE, () =>
  parseArgs({
    options: {
      from: { type: 'string', multiple: true },
      set: { type: 'string', multiple: true },
      ground: { type: 'string', default: 'pyodide' },
      package: { type: 'string', multiple: true },
      verify: { type: 'boolean', default: false },
      jobs: { type: 'string', default: String(availableParallelism()) },
      minutes: { type: 'string' },
      seconds: { type: 'string', default: '120' },
      memory: { type: 'string', default: '512' },
      to: { type: 'string', default: join(root, 'data/evidence') },
      cache: { type: 'string' },
    },
  }),
);
const cache = given.cache ?? join(root, '.cache/evidence');
const tarballs = given.cache === undefined ? npmCache : join(given.cache, 'npm');

async function main(): Promise<void> {
  const ground = orUsage(USAGE, () => EvidenceDocument.shape.ground.parse(given.ground));
  const minutes = given.minutes ?? (ground === 'build' ? BUILD_MINUTES : NO_END);
  const numbers = { jobs: given.jobs, minutes, seconds: given.seconds, memory: given.memory };
  const [jobs, budget, seconds, memory] = orUsage(USAGE, () =>
    Object.entries(numbers).map(([name, text]) => positive(name, text)),
  ) as [number, number, number, number];
  const folders = given.from ?? (process.env.PINNED_WHEELS ? [process.env.PINNED_WHEELS] : []);
  if (folders.length === 0) throw new Error('name a folder of pinned files: --from FOLDER, or PINNED_WHEELS');
  const sets = await Promise.all((given.set ?? (await documentedSets(ground))).map(readSet));
  const shelf = await fillShelf(folders, sets, join(cache, 'wheels'));
  for (const set of sets) {
    const limits: Limits = { seconds, memory: memory * MIB };
    await examine({ set, shelf, limits, ground, jobs, minutes: budget });
  }
}

function positive(name: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new Error(`--${name} is a number, not ${JSON.stringify(text)}`);
}

async function documentedSets(ground: string): Promise<string[]> {
  const names = await readdir(given.to).catch(() => []);
  const end = `.${ground}.json`;
  const flags = names.filter((name) => name.endsWith(end)).map((name) => name.slice(0, -end.length));
  if (flags.length > 0) return flags.sort();
  throw new Error(`name a set: --set FLAG; ${given.to} has no evidence of ground ${ground}`);
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

type Given = Pick<Parameters<typeof runSet>[0], 'set' | 'shelf' | 'limits' | 'ground' | 'jobs' | 'minutes'>;

async function examine(asked: Given): Promise<void> {
  const { set, ground } = asked;
  const path = join(given.to, `${set.flag}.${ground}.json`);
  const before = await readDocument(path);
  const all = candidatesOf(set, asked.shelf).map(({ member }) => member.name);
  const names = given.verify ? sampleOf(before, all, path) : (given.package ?? null);
  const unknown = names?.filter((name) => !all.includes(name)) ?? [];
  if (unknown.length > 0) {
    throw new Error(`${set.flag}: not all files that ${unknown.join(', ')} needs are in these folders`);
  }
  const smoke = await readSmokeLines(join(root, 'data/evidence/smoke'));
  const { programs, results } = await runSet({
    ...asked,
    names,
    smoke,
    cache,
    tarballs,
    fresh: given.verify,
    before: before?.results ?? [],
    say: (line) => console.error(`pinwheel: ${line}`),
    onResult: progressOf(`${set.flag} on ${ground}`),
  });
  report(set, results, all.length);
  const left = (names ?? all).length - results.length;
  if (left > 0) console.log(`  ${left} are left: the same command goes on from there`);
  if (given.verify) compare(before!.results, results, path);
  if (names !== null) return;
  const digest = await sha256(canonicalJson(set));
  const day = new Date().toISOString().slice(0, 10);
  const made = {
    kind: 'evidence',
    set: set.flag,
    digest,
    runtime: set.runtime,
    ground,
    programs,
    day,
    results,
  };
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
function sampleOf(before: EvidenceDocument | null, all: readonly string[], path: string): string[] {
  const names = before?.results.map(({ name }) => name).filter((name) => all.includes(name)) ?? [];
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

/** On a terminal, one line that is repainted; elsewhere, a line after the first and after every 25 packages. */
function progressOf(what: string): (result: EvidenceResult, done: number, all: number) => void {
  let failed = 0;
  return (result, done, all) => {
    if (firstError(result) !== null) failed++;
    const line = `${what}: ${done} of ${all}, ${failed} failed`;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${line}${done === all ? '\n' : ''}`);
    else if (done === 1 || done % 25 === 0 || done === all) console.error(line);
  };
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
