/** Negative if `a` comes before `b`, positive if after it. */
export function order<Value extends number | bigint | string>(a: Value, b: Value): number {
  return a < b ? -1 : Number(a > b);
}

/** A copy in ascending order of `key`; equal elements keep their order. */
export function sortedBy<Item>(items: Iterable<Item>, key: (item: Item) => number | string): Item[] {
  return [...items].sort((a, b) => order(key(a), key(b)));
}

/** Items by their keys, as `Map.groupBy` of Node 21 has it: the command line and the library run on Node 20, too. */
export function groupedBy<Item, Key>(items: Iterable<Item>, key: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
