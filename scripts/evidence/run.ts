/** Runs the packages of a set, several at once, and keeps each result: a run that is stopped goes on there. */
import { hash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../../cli/common/folders.ts';
import { together } from '../../cli/common/together.ts';
import type { PackageSet } from '../../resolver/catalog.ts';
import type { EvidenceDocument, EvidenceResult } from '../../resolver/evidence.ts';
import { failureOf } from '../../resolver/evidence-level.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import { showSteps } from '../command.ts';
import { root } from '../root.ts';
import { GROUNDS } from './grounds.ts';
import { options } from './options.ts';
import type { Ran } from './process.ts';
import { resultOf } from './results.ts';
import type { Candidate, Shelf } from './shelf.ts';

/** The most that `build` may take before nothing more begins: a set has hundreds of packages. */
const BUILD_MINUTES = 30;
/** The smoke lines, in files that are named after their package. */
const SMOKE = join(root, 'data/evidence/smoke');

/** @param before the results of an earlier run, whose buckets are kept if they still hold */
export async function runSet(
  set: PackageSet,
  shelf: Shelf,
  asked: readonly Candidate[],
  before: readonly EvidenceResult[],
): Promise<Pick<EvidenceDocument, 'programs' | 'results'>> {
  const ground = await GROUNDS[options.ground](set, shelf);
  const smoke = new Set(await readdir(SMOKE));
  const earlier = new Map(before.map((result) => [result.name, result]));
  const folder = join(options.cache, 'ran');
  await mkdir(folder, { recursive: true });

  const ends = options.ground === 'build' ? Date.now() + BUILD_MINUTES * 60_000 : Number.POSITIVE_INFINITY;
  /** Null if there is no time left. */
  const ranOnce = async (candidate: Candidate, line: string | null): Promise<Ran | null> => {
    const { member, closure } = candidate;
    const key = hash('sha256', JSON.stringify([ground.digest, member, closure, line]));
    const file = join(folder, `${key}.json`);
    const text = options.verify ? null : await readFile(file, 'utf8').catch(() => null);
    if (text !== null) return JSON.parse(text) as Ran;
    if (Date.now() > ends) return null;
    const ran = await ground.run(candidate, line);
    await writeWhole(file, JSON.stringify(ran));
    return ran;
  };

  const results: EvidenceResult[] = [];
  const { show, end } = showSteps();
  const say = () => {
    const failed = results.filter((result) => failureOf(result) !== null).length;
    show(`running ${set.flag} on ${options.ground} ${results.length} of ${asked.length}, ${failed} failed`);
  };
  say();
  // Packages with a smoke line come first, in case the time ends.
  const sorted = sortedBy(asked, ({ member }) => Number(!smoke.has(`${member.name}.py`)));
  await together(sorted, options.jobs, async (candidate) => {
    const { name } = candidate.member;
    const line = smoke.has(`${name}.py`) ? await readFile(join(SMOKE, `${name}.py`), 'utf8') : null;
    const ran = await ranOnce(candidate, line);
    if (ran === null) return;
    const digest = line === null ? null : hash('sha256', line);
    results.push(resultOf(candidate, ran, set, digest, earlier.get(name)));
    say();
  }).finally(end);
  return { programs: ground.programs, results: sortedBy(results, ({ name }) => name) };
}
