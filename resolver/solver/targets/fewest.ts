import type { Effort } from '../effort.ts';

/** The smallest set of names that has one of each list; among equals, the one with the first names of lists. */
export function fewestIn(lists: readonly (readonly string[])[], effort: Effort): string[] {
  for (let most = 0; ; most++) {
    const found = within(most, lists, [], effort);
    if (found) return found;
  }
}

function within(
  most: number,
  lists: readonly (readonly string[])[],
  chosen: readonly string[],
  effort: Effort,
): string[] | null {
  effort.spend(1 + lists.length);
  const open = lists.find((list) => !list.some((name) => chosen.includes(name)));
  if (!open) return [...chosen];
  if (chosen.length === most) return null;
  for (const name of open) {
    const found = within(most, lists, [...chosen, name], effort);
    if (found) return found;
  }
  return null;
}
