/**
 * Depth-first post-order from the names in alphabetical order: dependencies first, and the same order for
 * every closure of the set, in whichever order it was requested. Iterative, because chains may be deeper than the
 * stack.
 * @param byName names that it lacks are left out
 */
export function loadOrder<Item extends { depends: readonly string[] }>(
  byName: ReadonlyMap<string, Item>,
): Item[] {
  const ordered: Item[] = [];
  const seen = new Set<Item>();
  for (const root of [...byName.keys()].sort()) {
    const stack: { item: Item; rest: Iterator<string> }[] = [];
    const enter = (name: string) => {
      const item = byName.get(name);
      if (!item || seen.has(item)) return;
      seen.add(item);
      stack.push({ item, rest: item.depends.values() });
    };
    enter(root);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { value, done } = top.rest.next();
      if (done) ordered.push(stack.pop()!.item);
      else enter(value);
    }
  }
  return ordered;
}
