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
  // For each member of the set: 0, or 1 + its index in `members`.
  const places = new Uint32Array(edges.length);
  const reached: number[] = [];
  const reach = (member: number) => {
    if (places[member] !== 0) return;
    places[member] = 1;
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
    if (places[member] === 0) continue;
    places[member] = members.push(member);
    requiredBy.push([]);
  }
  for (const member of members) {
    for (const dependency of edges[member]!) requiredBy[places[dependency]! - 1]!.push(member);
  }
  return { members, requiredBy };
}
