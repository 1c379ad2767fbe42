/**
 * Places in the list of all sets, from 0 on, as text: `0-3,7` are the first four sets and the eighth. A package stays in
 * the same version over many sets, so this is short, and costs nothing to parse until it is asked for.
 */
export type Places = string;

/** With one more place, which comes after all of them; of none if the text is empty. */
export function withPlace(places: Places, at: number): Places {
  if (places === '') return String(at);
  const [, others, first, last = first] = /^(.*?)(\d+)(?:-(\d+))?$/.exec(places)!;
  return Number(last) === at - 1 ? `${others}${first}-${at}` : `${places},${at}`;
}

/** In ascending order. */
export function placesIn(places: Places): number[] {
  const found: number[] = [];
  for (const span of places === '' ? [] : places.split(',')) {
    const [first, last = first] = span.split('-').map(Number);
    for (let at = first!; at <= last!; at++) found.push(at);
  }
  return found;
}
