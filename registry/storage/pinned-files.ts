/**
 * Every file that some sets pin, and which sets pin it, as one object of R2: pages that list all packages read it
 * instead of all rows of D1.
 */
import type { PackageSet } from '../../resolver/catalog.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import type { Derived } from './derived.ts';
import { fileKindOf, type PinnedFile } from './packages.ts';

/** By {@link keyOf}, with the places of the sets, from 0, instead of their revisions: a set is published after this. */
type FilesBySet = ReadonlyMap<string, PinnedFile>;

export const PINNED_FILES: Derived<FilesBySet> = {
  kind: 'files',
  empty: new Map(),
  add: addToFiles,
  toJson: (files) => sortedBy([...files.values()], keyOf),
  fromJson: (json) => new Map((json as PinnedFile[]).map((file) => [keyOf(file), file])),
};

/** The files with the revisions of the sets. */
export function withRevisions(files: FilesBySet, sets: readonly { revision: number }[]): PinnedFile[] {
  return [...files.values()].map((file) => ({ ...file, sets: file.sets.map((at) => sets[at]!.revision) }));
}

function addToFiles(files: FilesBySet, { packages }: PackageSet, at: number): FilesBySet {
  const after = new Map(files);
  for (const { name, version, kind, filename } of packages) {
    const file = { name, version, kind, file: fileKindOf(filename), sets: [at] };
    const known = after.get(keyOf(file));
    after.set(keyOf(file), known ? { ...known, sets: [...known.sets, at] } : file);
  }
  return after;
}

const keyOf = ({ name, version, kind, file }: Omit<PinnedFile, 'sets'>) =>
  [name, version, kind, file].join('\n');
