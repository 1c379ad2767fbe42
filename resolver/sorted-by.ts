/** A copy in ascending order of what `key` gives; equals stay in their order. */
export function sortedBy<Item>(items: Iterable<Item>, key: (item: Item) => number | string): Item[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b))));
}
