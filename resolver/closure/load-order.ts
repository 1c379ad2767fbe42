/**
 * Depth-first post-order from the names in alphabetical order: dependencies first, and the same order for
 * every closure of the set, in whichever order it was requested. Iterative, because chains may be deeper than the
 * stack.
 * @param dependsOf undefined for an unknown name
 */
export function loadOrder(
  names: Iterable<string>,
  dependsOf: (name: string) => readonly string[] | undefined,
): string[] {
  const ordered: string[] = [];
  const seen = new Set<string>();
  for (const root of [...names].sort()) {
    const stack: { name: string; rest: Iterator<string> }[] = [];
    const enter = (name: string) => {
      const depends = dependsOf(name);
      if (!depends || seen.has(name)) return;
      seen.add(name);
      stack.push({ name, rest: depends.values() });
    };
    enter(root);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { value, done } = top.rest.next();
      if (done) ordered.push(stack.pop()!.name);
      else enter(value);
    }
  }
  return ordered;
}
