/** Fields of a question with which these packages of the set come from the index, besides those that it names already. */
export function alsoFromIndex(
  { unpin }: { unpin?: readonly string[] | null | undefined },
  names: Iterable<string>,
): { unpin: string[] } {
  return { unpin: [unpin ?? [], [...names]].flat() };
}
