/**
 * Every file that some sets pin, with what pages show of it, as one object of R2: pages about all packages, or about one
 * over all sets, read it instead of the sets' documents.
 */
import { type PackageSet, type PreparedSet, prepareSet } from '../../resolver/index.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import { isOfTests } from '../facts/tests.ts';
import type { Derived } from './derived.ts';
import { fileKindOf, type PinnedFile } from './packages.ts';

/** A file with the facts of its package in each set that pins it. */
export interface DescribedFile extends PinnedFile {
  /** The modules that can be imported. */
  imports: readonly string[];
  /** The number of packages that depend on it, for each of `sets`. */
  dependents: number[];
  /** Those of `sets` that lack a part of its closure. */
  incomplete: number[];
}

/** With the places of the sets, from 0, instead of their revisions: a set is published after this. */
export const PINNED_FILES: Derived<readonly DescribedFile[]> = {
  kind: 'pinned',
  empty: [],
  add: addToFiles,
  toJson: (files) => sortedBy(files, keyOf),
  fromJson: (json) => json as DescribedFile[],
};

/** The files with the revisions of the sets. */
export function withRevisions(
  files: readonly DescribedFile[],
  sets: readonly { revision: number }[],
): DescribedFile[] {
  const revisions = (places: readonly number[]) => places.map((at) => sets[at]!.revision);
  return files.map((file) => ({
    ...file,
    sets: revisions(file.sets),
    incomplete: revisions(file.incomplete),
  }));
}

/** The files of one more set, the `at`th. */
export function describedFiles(set: PreparedSet, at: number): DescribedFile[] {
  const whole = wholeIn(set);
  const dependents = dependentsIn(set);
  return set.members.map(({ name, version, kind, filename, imports }, member) => ({
    ...{ name, version, kind, file: fileKindOf(filename), imports },
    ...{ sets: [at], dependents: [dependents[member]!], incomplete: whole[member] ? [] : [at] },
  }));
}

function addToFiles(files: readonly DescribedFile[], set: PackageSet, at: number): DescribedFile[] {
  const after = new Map(files.map((file) => [keyOf(file), file]));
  for (const file of describedFiles(prepareSet(set), at)) {
    const known = after.get(keyOf(file));
    after.set(keyOf(file), known ? together(known, file) : file);
  }
  return [...after.values()];
}

function together(file: DescribedFile, more: DescribedFile): DescribedFile {
  return {
    ...file,
    sets: [...file.sets, ...more.sets],
    dependents: [...file.dependents, ...more.dependents],
    incomplete: [...file.incomplete, ...more.incomplete],
  };
}

const keyOf = ({ name, version, kind, file, imports }: DescribedFile) =>
  [name, version, kind, file, ...imports].join('\n');

/**
 * For each member, whether the set has its whole closure: one whose dependency is missing is incomplete, and so are its
 * dependents. In load order one pass is enough; cycles need further passes.
 */
function wholeIn({ edges, dangling }: PreparedSet): boolean[] {
  const whole = dangling.map((names) => names.length === 0);
  let changed = whole.includes(false);
  while (changed) {
    changed = false;
    for (const [at, needed] of edges.entries()) {
      if (!whole[at] || needed.every((one) => whole[one])) continue;
      whole[at] = false;
      changed = true;
    }
  }
  return whole;
}

/** For each member, the number of its dependents. */
function dependentsIn({ members, edges }: PreparedSet): number[] {
  const dependents = members.map(() => 0);
  for (const [at, needed] of edges.entries()) {
    if (!isOfTests(members[at]!)) for (const one of needed) dependents[one]!++;
  }
  return dependents;
}
