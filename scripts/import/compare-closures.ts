import type { PackageSet } from '../../resolver/catalog.ts';
import { prepareSet, walk } from '../../resolver/closure/prepare.ts';

interface Lock {
  packages: Record<string, { name: string; depends: string[] }>;
}

/**
 * The packages of a set whose closure, by the resolver, is not that of its lock file. Shares no code with the importers
 * and the resolver, so that it finds their errors.
 */
export function compareClosures(set: PackageSet, lockText: string): string[] {
  const lock: Lock = JSON.parse(lockText);
  const normal = (name: string) => name.replace(/[-_.]+/g, '-').toLowerCase();
  const depends = new Map(Object.values(lock.packages).map((entry) => [normal(entry.name), entry.depends]));
  const closureInLock = (name: string, closure = new Set<string>()): Set<string> => {
    if (closure.has(name)) return closure;
    closure.add(name);
    for (const needed of depends.get(name) ?? []) closureInLock(normal(needed), closure);
    return closure;
  };

  const prepared = prepareSet(set);
  const differences: string[] = [];
  for (const name of depends.keys()) {
    const index = prepared.index.get(name);
    const walked = index === undefined ? [] : walk(prepared, [index]).members;
    const ours = walked.map((member) => prepared.members[member]!.name).sort();
    const theirs = [...closureInLock(name)].sort();
    if (ours.join() !== theirs.join())
      differences.push(`${set.flag}: the closure of ${name} is not the lock's`);
  }
  if (depends.size !== set.packages.length)
    differences.push(`${set.flag} has not as many packages as its lock`);
  return differences;
}
