/** Negative if `a` comes before `b`, positive if after it. */
export function order<Value extends number | bigint | string>(a: Value, b: Value): number {
  return a < b ? -1 : Number(a > b);
}

/** A copy in ascending order of `key`; equal elements keep their order. */
export function sortedBy<Item>(items: Iterable<Item>, key: (item: Item) => number | string): Item[] {
  return [...items].sort((a, b) => order(key(a), key(b)));
}
