/** Runs the packages of a set on a ground, several at once, and keeps each result: a run that is stopped goes on there. */
import { hash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../../cli/common/folders.ts';
import type { EvidenceDocument, EvidenceResult } from '../../resolver/evidence.ts';
import { GROUNDS, type Setting } from './grounds.ts';
import type { Ran } from './process.ts';
import { resultOf } from './results.ts';
import { type Candidate, candidatesOf } from './shelf.ts';

export interface RunOptions extends Setting {
  ground: EvidenceDocument['ground'];
  /** The packages to run; all for null. */
  names: readonly string[] | null;
  smoke: ReadonlyMap<string, string>;
  jobs: number;
  /** Nothing begins after so many minutes; what did not begin is left out. */
  minutes: number;
  /** Whether to run also what has run before with the same files and programs. */
  fresh: boolean;
  /** The results of an earlier run, whose buckets are kept if they still hold. */
  before: readonly EvidenceResult[];
  onResult(result: EvidenceResult, done: number, all: number): void;
}

export async function runSet(
  options: RunOptions,
): Promise<{ programs: EvidenceDocument['programs']; results: EvidenceResult[] }> {
  const { set, shelf, names, smoke, jobs, minutes, cache, onResult } = options;
  const ground = await GROUNDS[options.ground](options);
  const before = new Map(options.before.map((result) => [result.name, result]));
  const isAsked = ({ member }: Candidate) => names?.includes(member.name) ?? true;
  // Packages with a smoke line come first, in case the time ends.
  const candidates = candidatesOf(set, shelf)
    .filter(isAsked)
    .sort((a, b) => Number(smoke.has(b.member.name)) - Number(smoke.has(a.member.name)));
  const folder = join(cache, 'ran');
  await mkdir(folder, { recursive: true });

  const ends = Date.now() + minutes * 60_000;
  /** Null if there is no time left. */
  const ranOnce = async (candidate: Candidate, line: string | null): Promise<Ran | null> => {
    const { member, closure } = candidate;
    const pins = closure.map(({ name, sha256, install_dir, depends }) => [
      name,
      sha256,
      install_dir,
      depends,
    ]);
    const key = hash('sha256', JSON.stringify([options.ground, ground.digest, pins, member.imports, line]));
    const file = join(folder, `${key}.json`);
    const text = options.fresh ? null : await readFile(file, 'utf8').catch(() => null);
    if (text !== null) return JSON.parse(text) as Ran;
    if (Date.now() > ends) return null;
    const ran = await ground.run(candidate, line);
    await writeWhole(file, JSON.stringify(ran));
    return ran;
  };

  const results: EvidenceResult[] = [];
  const left = candidates.values();
  const work = async () => {
    for (const candidate of left) {
      const { name } = candidate.member;
      const line = smoke.get(name) ?? null;
      const ran = await ranOnce(candidate, line);
      if (ran === null) continue;
      const digest = line === null ? null : hash('sha256', line);
      const result = resultOf(candidate, ran, set, digest, before.get(name));
      results.push(result);
      onResult(result, results.length, candidates.length);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  results.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { programs: ground.programs, results };
}
