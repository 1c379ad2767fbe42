/**
 * Asks only for the versions of names that some set has, and once for each. For others the registry answers 404, which
 * browsers would report as an error while you type.
 */
import type { CompareSource } from '../../../../resolver/index.ts';

/** The longest query of the registry’s search. */
const LONGEST_QUERY = 100;
/** More names than this are looked up without a search for each: that would be too many requests. */
const MOST_SEARCHED = 20;

type Pins = Awaited<ReturnType<CompareSource['readPins']>>;

export function withKnownNames<Source extends CompareSource>(source: Source): Source {
  const asked = new Map<string, Promise<Pins>>();
  const keep = (name: string, pins: Promise<Pins>) => {
    asked.set(name, pins);
    // The registry may be reachable again later.
    pins.catch(() => asked.delete(name));
  };
  const knownPins = async (name: string): Promise<Pins> =>
    (await isKnown(name)) ? source.readPins([name]) : new Map();
  return {
    ...source,
    async readPins(names: readonly string[]) {
      const fresh = [...new Set(names)].filter((name) => !asked.has(name));
      const all = fresh.length > MOST_SEARCHED ? source.readPins(fresh) : null;
      for (const name of fresh) keep(name, all ?? knownPins(name));
      const found = new Set(await Promise.all(names.map((name) => asked.get(name)!)));
      return new Map([...found].flatMap((pins) => [...pins]));
    },
  };
}

/** For canonical names: the search returns an exact match first. */
async function isKnown(name: string): Promise<boolean> {
  const query = new URLSearchParams({ query: name.slice(0, LONGEST_QUERY), limit: '1' });
  const response = await fetch(`/v1/packages?${query}`);
  // The request for the versions reports the error.
  if (!response.ok) return true;
  const { packages } = (await response.json()) as { packages: { name: string }[] };
  return packages[0]?.name === name;
}
