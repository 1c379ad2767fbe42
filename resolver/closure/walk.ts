import type { PreparedSet } from './prepare.ts';

/** Which members a closure holds, by index in load order, and which of them asked for each. */
export interface Closure {
  /** Ascending, that is, in load order. */
  members: number[];
  /** For each of `members`, the members of the closure that depend on it. */
  requiredBy: number[][];
}

/** Everything that `roots` need, cycles included. */
export function walk({ edges }: Pick<PreparedSet, 'edges'>, roots: Iterable<number>): Closure {
  // For each member of the set: 0, or 1 + its place in `members`.
  const places = new Uint32Array(edges.length);
  const members: number[] = [];
  const reach = (member: number) => {
    if (places[member] !== 0) return;
    places[member] = 1;
    members.push(member);
  };
  for (const root of roots) reach(root);
  for (let at = 0; at < members.length; at++) {
    for (const dependency of edges[members[at]!]!) reach(dependency);
  }
  members.sort((a, b) => a - b);

  const requiredBy: number[][] = [];
  for (let at = 0; at < members.length; at++) {
    places[members[at]!] = at + 1;
    requiredBy.push([]);
  }
  for (const member of members) {
    for (const dependency of edges[member]!) requiredBy[places[dependency]! - 1]!.push(member);
  }
  return { members, requiredBy };
}
