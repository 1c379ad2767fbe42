import type { PreparedSet } from './prepare.ts';

/** Which members a closure holds, by index in load order, and which of them asked for each. */
export interface Closure {
  /** Ascending, that is, in load order. */
  members: number[];
  /** For each of `members`, the members of the closure that depend on it. */
  requiredBy: number[][];
}

/** Everything that `roots` need, cycles included. */
export function walk(set: PreparedSet, roots: Iterable<number>): Closure {
  const place = new Map<number, number>();
  const found: number[] = [];
  const reach = (member: number) => {
    if (place.has(member)) return;
    place.set(member, 0);
    found.push(member);
  };
  for (const root of roots) reach(root);
  for (let at = 0; at < found.length; at++) {
    for (const dependency of set.edges[found[at]!]!) reach(dependency);
  }
  const members = found.sort((a, b) => a - b);
  const requiredBy: number[][] = members.map((member, at) => {
    place.set(member, at);
    return [];
  });
  for (const member of members) {
    for (const dependency of set.edges[member]!) requiredBy[place.get(dependency)!]!.push(member);
  }
  return { members, requiredBy };
}
