/** Caches the facts of the index: each page and each METADATA is requested once. */
import { comparePublic, parseVersion, type Version } from '../requirements/version.ts';
import { parseWheelName } from '../wheels/wheel-name.ts';
import { cutoffOf } from './asked.ts';
import { type Candidates, candidatesOf, narrowed } from './candidates.ts';
import type { Effort } from './effort.ts';
import { bitOf, type Indexed } from './listing.ts';
import { cacheKey, type IndexFile, projectOf } from './package-index.ts';
import type { SolverInput } from './solve-question.ts';
import type { VersionSet } from './term.ts';
import { readNeeds, type WheelNeeds } from './wheel-needs.ts';

/** The steps that reading METADATA counts for: by default, 60,000 files are too many. */
const METADATA_STEPS = 500;

export class Facts {
  readonly #input: SolverInput;
  readonly #candidates = new Map<string, Promise<Candidates | null>>();
  readonly #needs = new Map<string, Promise<WheelNeeds>>();
  /** What was done for the question so far. */
  readonly effort: Effort;
  /** Members of the set whose METADATA was needed but is unknown. */
  readonly unknownMembers = new Set<string>();

  constructor(input: SolverInput, effort: Effort) {
    this.#input = input;
    this.effort = effort;
  }

  /** The versions of a name in the index, or the one file that a requirement names. */
  candidates(name: string, direct: IndexFile | undefined): Promise<Candidates | null> {
    return once(this.#candidates, name, async () => {
      const { index, runner, asked, constraints } = this.#input;
      const cutoff = cutoffOf(asked, name);
      const files = direct ? [direct] : await index?.versionsOf(name, cutoff);
      if (!files) return null;
      this.effort.spend(files.length);
      const found = candidatesOf(name, files, runner, direct ? null : cutoff);
      return narrowed(found, constraints.get(name) ?? []);
    });
  }

  needs({ name, candidates }: Indexed, version: VersionSet): Promise<WheelNeeds> {
    const candidate = candidates[bitOf(version)]!;
    return this.#read(candidate.file, name, candidate.version);
  }

  /** The requirements of a member of the set according to the index, by its public version; null if unknown. */
  async needsOfMember(name: string, written: string): Promise<WheelNeeds | null> {
    const version = parseVersion(written);
    const files = (version && (await this.#input.index?.versionsOf(name))) ?? [];
    for (const file of files) {
      if (projectOf(file) !== name) continue;
      const found = parseVersion(parseWheelName(file.filename)?.version ?? '');
      if (found && comparePublic(found, version!) === 0) return this.#read(file, name, found);
    }
    this.unknownMembers.add(name);
    return null;
  }

  #read(file: IndexFile, name: string, version: Version): Promise<WheelNeeds> {
    return once(this.#needs, cacheKey(file), async () => {
      const { index, runner } = this.#input;
      this.effort.spend(METADATA_STEPS);
      return readNeeds(index!, file, name, version, runner.python);
    });
  }
}

function once<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  find: () => Promise<Value>,
): Promise<Value> {
  const value = known.get(key) ?? find();
  known.set(key, value);
  // A failure reaches those who await it later; until then, it must not count as unhandled.
  value.catch(() => {});
  return value;
}
