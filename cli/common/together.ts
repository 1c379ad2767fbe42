/** The results of work on each item, in their order, with so many at once. After a failure, no more is begun. */
export async function together<Item, Result>(
  items: Iterable<Item>,
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  // A loop that fails ends the generator for the others.
  const queue = (function* () {
    let at = 0;
    for (const item of items) yield [at++, item] as const;
  })();
  const loop = async () => {
    for (const [at, item] of queue) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: most }, loop));
  return results;
}
