import type { PreparedSet } from './prepare.ts';

/** The members of a closure, by index in load order, and their dependents. */
export interface Closure {
  /** Ascending, that is, in load order. */
  members: number[];
  /** For each of `members`, the members of the closure that depend on it. */
  requiredBy: number[][];
}

/** Everything that `roots` need, cycles included. */
export function walk({ edges }: Pick<PreparedSet, 'edges'>, roots: Iterable<number>): Closure {
  // By member of the set; a hole if it is not reached.
  const dependents: (number[] | undefined)[] = Array(edges.length);
  const reached: number[] = [];
  const reach = (member: number) => {
    if (dependents[member]) return;
    dependents[member] = [];
    reached.push(member);
  };
  for (const root of roots) reach(root);
  for (let at = 0; at < reached.length; at++) {
    for (const dependency of edges[reached[at]!]!) reach(dependency);
  }

  // Faster than sorting the reached members.
  const members: number[] = [];
  const requiredBy: number[][] = [];
  for (let member = 0; members.length < reached.length; member++) {
    const by = dependents[member];
    if (!by) continue;
    members.push(member);
    requiredBy.push(by);
    for (const dependency of edges[member]!) dependents[dependency]!.push(member);
  }
  return { members, requiredBy };
}
